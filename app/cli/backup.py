"""`flask portal backup`: database and files as one archive of one moment."""

from __future__ import annotations

import tempfile
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext

from app.cli import archive, pgtools
from app.cli.contents import blobs_named, read
from app.kernel.clock import now
from app.security.database import DatabaseRole, libpq_address, role_name
from config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from app.cli.contents import Contents

_PASSES = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"


@click.command("backup")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Сколько последних архивов оставить.")
@with_appcontext
def backup(folder: Path | None, keep: int | None) -> None:
    """Сохранить базу данных и файлы одним архивом в каталог FOLDER.

    Архив читает только его владелец: внутри персональные данные. Он появляется под своим именем,
    лишь когда записан целиком.
    """
    target = folder or Path(current_app.config["BACKUP_FOLDER"])
    try:
        path, manifest = make(target)
    except OSError as failure:
        raise click.ClickException(
            f"Архив не записан: {failure.strerror or failure}. Проверьте место на диске и права"
            f" на каталог {target}; прежние архивы не тронуты."
        ) from failure
    rows = sum(table["rows"] for table in manifest["contents"]["tables"].values())
    click.echo(
        f"Архив готов: {path}, {path.stat().st_size / 1e6:.1f} МБ, строк {rows},"
        f" файлов {len(manifest['blobs'])}."
    )
    if keep:
        for old in archive.rotate(target, keep):
            click.echo(f"Удалён старый архив: {old.name}")
    if unsound := manifest["damaged_blobs"] + manifest["missing_blobs"]:
        raise click.ClickException(
            f"В хранилище файлов нет или испорчено содержимое {len(unsound)} файлов, например"
            f" {unsound[0]}. Архив сделан без них: верните их из прежнего архива."
        )


def make(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Make an archive in the folder; gives its path and its manifest.

    Raises:
        click.ClickException: it cannot be made whole; says why.
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive.clear_leftovers(folder)
    settings = current_app.config
    with tempfile.TemporaryDirectory(prefix=archive.WORK, dir=folder) as work:
        dump = Path(work, archive.DUMP)
        manifest, named = _dump(dump)
        path = folder / archive.name_of(now())
        if path.exists():
            raise click.ClickException(f"Архив {path} уже есть: он сделан в эту же секунду.")
        blobs = Path(settings["PORTAL_DATA"]) / archive.BLOBS
        draft = Path(work, path.name)
        manifest = archive.write(draft, dump, blobs, manifest)
        manifest["missing_blobs"] = sorted(named - manifest["blobs"].keys())
        draft.replace(path)
    archive.settle(folder)
    return path, manifest


def _dump(dump: Path) -> tuple[dict[str, Any], set[str]]:
    """Dump the database and read what it holds at the same moment."""
    settings = current_app.config
    with reader(settings) as (connection, address):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("select pg_export_snapshot()").fetchone()
        contents, named = read(connection), blobs_named(connection)
        if not contents.head:
            raise click.ClickException(
                "База данных пуста: в ней нет таблиц портала. Проверьте адрес в"
                " DATABASE_OWNER_URL; новой базе сначала нужна команда flask db upgrade."
            )
        server = pgtools.major(connection.info.server_version)
        folder, tool = pgtools.programs(server)
        options = ("--format=custom", "--lock-wait-timeout=60s", f"--file={dump}")
        told = f"--snapshot={snapshot[0] if snapshot else ''}"
        pgtools.run(folder / "pg_dump", address, *options, told)
        _refuse_gaps(folder, dump, contents)
    manifest = {
        "format": archive.FORMAT,
        "made_at": now().isoformat(),
        "portal": version(),
        "prefix": settings["DB_ROLE_PREFIX"],
        "server": server,
        "tool": tool,
        "contents": contents.as_json(),
    }
    return manifest, named


def _refuse_gaps(folder: Path, dump: Path, contents: Contents) -> None:
    """Every table that has rows must have its rows in the dump."""
    listed = pgtools.run(folder / "pg_restore", "", "--list", str(dump))
    there = {
        words[6]
        for line in listed.splitlines()
        if "TABLE DATA public" in line and len(words := line.split()) > 6  # noqa: PLR2004 - its name
    }
    missing = [name for name, table in contents.tables.items() if table.rows and name not in there]
    if missing:
        raise click.ClickException(f"В выгрузке нет строк таблиц: {', '.join(missing)}.")


@contextmanager
def reader(settings: dict[str, Any]) -> Iterator[tuple[Connection, str]]:
    """A connection which row security hides nothing from, and its address for programs.

    Raises:
        click.ClickException: there is none; a copy without the hidden rows would be worthless.
    """
    given = settings["BACKUP_DATABASE_URI"] or settings["ADMIN_DATABASE_URI"]
    role = role_name(DatabaseRole.BACKUP, settings["DB_ROLE_PREFIX"])
    for address in (libpq_address(given, role), libpq_address(given)):
        try:
            connection = psycopg.connect(address)
        except psycopg.OperationalError as failure:
            if address != libpq_address(given):
                continue  # there is no such role, or it may not be taken
            raise click.ClickException(f"База данных недоступна: {failure}") from failure
        with connection:
            if connection.execute(_PASSES).fetchone() == (True,):
                connection.rollback()
                yield connection, address
                return
    raise click.ClickException(
        "Границы строк скрыли бы данные, и архив вышел бы пустым: нужна роль с BYPASSRLS."
        " Один раз выполните от имени суперпользователя PostgreSQL:\n"
        f"  CREATE ROLE {role} NOLOGIN BYPASSRLS;  -- если её ещё нет\n"
        f"  GRANT pg_read_all_data TO {role};\n"
        f"  GRANT {role} TO роль_из_DATABASE_BACKUP_URL_или_DATABASE_OWNER_URL;"
    )


def version() -> str:
    """Version of the portal."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
