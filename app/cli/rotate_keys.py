"""`flask portal rotate-keys`: everything that is sealed, sealed anew with the first key."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext

from app.cli import resealing
from app.kernel.blobs import Blobs
from app.kernel.errors import Unavailable
from app.kernel.sealed_content import key_of
from app.kernel.sealing import cipher
from app.security.database import DatabaseRole, libpq_address, role_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

SHELVES = ("files", "uploads", "reports", "results")
LOCK = 493_0600  # any fixed number: one rotation at a time
EVERY = 10_000  # rows between two signs of life
OPEN = "без ключа"
LOG = "журнал изменений"


@click.command("rotate-keys")
@click.option("--dry-run", is_flag=True, help="Только сосчитать, что каким ключом зашифровано.")
@click.option(
    "--index", is_flag=True, help="Заново вычислить и отпечатки для поиска: сменён index."
)
@with_appcontext
def rotate_keys(*, dry_run: bool, index: bool) -> None:
    """Перешифровать всё первым ключом PORTAL_KEYS; портал работает, прерывать и повторять можно.

    Ни версий, ни строк истории не появляется. В конце сказано, какие ключи ещё нужны.
    """
    settings = current_app.config
    owner = role_name(DatabaseRole.OWNER, settings["DB_ROLE_PREFIX"])
    address = libpq_address(settings["ADMIN_DATABASE_URI"], owner)
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
            raise click.ClickException("Ключи уже меняет другая команда. Дождитесь её конца.")
        connection.execute(resealing.QUIET)
        data = Path(settings["PORTAL_DATA"])
        click.echo(f"Первый ключ: {cipher().current}.")
        closed = 0 if dry_run else _reseal(connection, data, index=index)
        needed = _told(connection, data)
    old = sorted(set(needed) - {cipher().current, OPEN})
    if closed:
        raise click.ClickException(
            f"Не открылось ни одним ключом: {closed}. Верните недостающие ключи и повторите."
        )
    click.echo(
        f"Ещё нужны: {', '.join([cipher().current, *old])}."
        if old
        else f"Нужен только {cipher().current} (и index): остальные ключи можно убрать."
    )


def _reseal(connection: Connection, data: Path, *, index: bool) -> int:
    """Everything, place by place; gives what could not be opened."""
    closed = 0
    for place in resealing.places():
        closed += resealing.reseal(connection, place, _telling(place.title), index=index)
    closed += resealing.reseal_log(connection, _telling(LOG), index=index)
    for shelf, names in _shelves(data):
        tell = _telling(shelf.root.name)
        for name in names:
            try:
                tell(int(shelf.renew(name)))
            except Unavailable:
                closed += 1
    return closed


def _telling(title: str) -> Callable[[int], None]:
    """Tells from time to time how far it is."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if more and done // EVERY != (done - more) // EVERY:
            click.echo(f"  {title}: {done}")

    return tell


def _told(connection: Connection, data: Path) -> Counter[str]:
    """Print what each key has sealed; gives it."""
    whole: Counter[str] = Counter()
    found = {place.title: resealing.keys_in(connection, place) for place in resealing.places()}
    found[LOG] = resealing.keys_in_log(connection)
    for shelf, names in _shelves(data):
        found[f"файлы {shelf.root.name}"] = Counter(_key(shelf, name) for name in names)
    for title, keys in found.items():
        words = ", ".join(f"{key} — {number}" for key, number in sorted(keys.items()))
        click.echo(f"{title:<40} {words or 'пусто'}")
        whole += keys
    return whole


def _shelves(data: Path) -> Iterator[tuple[Blobs, Iterator[str]]]:
    for name in SHELVES:
        shelf = Blobs(data / name)
        yield shelf, shelf.names()


def _key(shelf: Blobs, name: str) -> str:
    try:
        with shelf.path(name).open("rb") as file:
            return key_of(file) or OPEN
    except FileNotFoundError:
        return cipher().current  # nobody needed it any more, and it went meanwhile
