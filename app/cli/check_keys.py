"""Checks that the keys at hand open what is stored: a sample of restricted values, and of files."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from app.cli.archive import BLOBS
from app.cli.contents import blobs_named
from app.cli.finding import bad, good, warn
from app.kernel.blobs import intact
from app.kernel.catalogue import records
from app.kernel.sealed_content import key_of
from app.kernel.sealing import Unreadable, cipher
from app.security.database import DatabaseRole, libpq_address, role_name
from app.services.saved_views import restricted_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from app.cli.finding import Finding

SAMPLE = 200  # files
OLDEST_AND_NEWEST = sql.SQL(
    "(select {column} from {table} where {column} is not null order by id limit 5) union all"
    " (select {column} from {table} where {column} is not null order by id desc limit 5)"
)


def key_checks(settings: Mapping[str, Any], data: Path) -> Iterator[Finding]:
    """Findings about restricted values and about the store of files."""
    owner = role_name(DatabaseRole.OWNER, settings["DB_ROLE_PREFIX"])
    try:
        with psycopg.connect(libpq_address(settings["ADMIN_DATABASE_URI"], owner)) as connection:
            values, named = list(_values(connection)), sorted(blobs_named(connection))
            telling = _telling_views(connection)
    except psycopg.Error:
        yield warn("хранилище файлов", "не проверено", "запустите с DATABASE_OWNER_URL")
        return
    yield _opened(values)
    yield _views(telling)
    yield _files(data / BLOBS, named)


def _values(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    for record in records():
        table = sql.Identifier("public", record.__tablename__)
        for name, kind in record.sealed.items():
            query = OLDEST_AND_NEWEST.format(column=sql.Identifier(name), table=table)
            for (stored,) in connection.execute(query).fetchall():
                yield kind, stored


def _telling_views(connection: psycopg.Connection) -> list[int]:
    """The saved views that name a restricted value."""
    known = {record.__tablename__: record for record in records()}
    rows = connection.execute("select id, record, query from saved_view order by id").fetchall()
    return [
        ident for ident, name, query in rows if name in known and restricted_in(known[name], query)
    ]


def _views(telling: list[int]) -> Finding:
    if telling:
        numbers = ", ".join(map(str, telling))
        return bad(
            "сохранённые представления",
            f"со СНИЛС или номерами документов в открытом виде: saved_view {numbers}",
            "удалите эти строки таблицы saved_view: сохранить такие портал больше не даёт",
        )
    return good("сохранённые представления", "без СНИЛС и номеров документов")


def _opened(values: list[tuple[str, str]]) -> Finding:
    closed = [stored.partition(":")[0] for kind, stored in values if not _opens(kind, stored)]
    if closed:
        names = ", ".join(sorted(set(closed)))
        return bad(
            "зашифрованные значения",
            f"из {len(values)} проверенных не читаются {len(closed)} (ключи: {names})",
            "верните в PORTAL_KEYS ключи, которыми они зашифрованы",
        )
    return good("зашифрованные значения", f"проверено {len(values)}, ключи подходят")


def _opens(kind: str, stored: str) -> bool:
    try:
        cipher().unseal(kind, stored)
    except Unreadable:
        return False
    return True


def _files(root: Path, named: list[str]) -> Finding:
    """A sample of what rows refer to: is it there, is it what it was, is it sealed?"""
    sample = random.sample(named, min(SAMPLE, len(named)))
    paths = [root / name[:2] / name for name in sample]
    if wrong := [path.name for path in paths if not _sound(path)]:
        return bad(
            "хранилище файлов",
            f"из {len(sample)} проверенных нет, испорчено или не открывается ключами {len(wrong)},"
            f" например {wrong[0]}",
            "верните их из резервной копии, а ключи — в PORTAL_KEYS; проверьте диск",
        )
    if plain := sum(not _sealed(path) for path in paths):
        return warn(
            "хранилище файлов",
            f"из {len(sample)} проверенных не зашифровано {plain}",
            "обработчик заданий зашифрует их в течение часа; сразу: flask portal rotate-keys",
        )
    return good("хранилище файлов", f"файлов {len(named)}, проверено {len(sample)}")


def _sound(path: Path) -> bool:
    try:
        return intact(path.open("rb"), path.name)
    except OSError:
        return False


def _sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return key_of(file) is not None
