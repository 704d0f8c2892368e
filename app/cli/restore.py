"""`flask portal restore` and `restore-drill`: an archive into an empty database."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import flask_migrate
import psycopg
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import URL, make_url

from app.cli import pgtools
from app.cli.archive import BLOBS, opened
from app.cli.contents import blobs_named, compare, read
from app.cli.database import open_log, prepare_database
from app.kernel.blobs import intact
from app.kernel.sealed_content import key_of
from app.security.database import DatabaseRole, libpq_address, role_name
from config import DRIVER, as_role, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.cli.archive import Archive

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
WIDTH = 44
SAMPLE = 20  # files that show whether the keys are the right ones
SCRATCH = "portal"
OF_LOGINS = " ACL public FUNCTION portal_access("  # the one right that a login holds by itself


@click.command("restore")
@FILE
@with_appcontext
def restore(file: Path) -> None:
    """Восстановить архив FILE в пустую базу данных из DATABASE_OWNER_URL и файлы в PORTAL_DATA."""
    settings = current_app.config
    with opened(file) as archive:
        _check(archive)
        if archive.prefix != settings["DB_ROLE_PREFIX"]:
            raise click.ClickException(
                f"Роли базы данных в архиве начинаются с «{archive.prefix}», а настроено"
                f" «{settings['DB_ROLE_PREFIX']}». Задайте PORTAL_ROLE_PREFIX={archive.prefix}."
            )
        _refuse_full(settings["ADMIN_DATABASE_URI"])
        prepare_database(
            settings["ADMIN_DATABASE_URI"], settings["SQLALCHEMY_DATABASE_URI"], archive.prefix
        )
        differences = load(archive, settings["ADMIN_DATABASE_URI"])
        differences += _put_files(archive, Path(settings["PORTAL_DATA"]) / BLOBS)
        _end_sessions(settings["OWNER_DATABASE_URI"])
        _renew_feed(settings["OWNER_DATABASE_URI"])
    if differences:
        raise click.ClickException("Восстановлено не то, что было сохранено: см. выше.")
    click.echo(
        "Восстановлено всё. Дальше: flask db upgrade, flask portal sync-roles, запуск."
        " Войти всем придётся заново."
    )


@click.command("restore-drill")
@FILE
@with_appcontext
def restore_drill(file: Path) -> None:
    """Проверить архив FILE: восстановить его во временную базу данных и сравнить.

    Работающую базу данных и её файлы команда не трогает.
    """
    with opened(file) as archive, _scratch(archive.prefix) as address:
        _check(archive)
        wrong = load(archive, address)
        with psycopg.connect(libpq_address(address)) as connection:
            lost = archive.check_blobs(blobs_named(connection))
        for line in lost:
            click.echo(line)
        wrong += len(lost)
        _migrate(address, archive.prefix)
    if wrong:
        raise click.ClickException(f"Архив не годится: различий {wrong}, см. выше.")
    files = len(archive.manifest["blobs"])
    click.echo(f"Архив годится: база данных восстановлена и обновлена, файлов проверено {files}.")


def _check(archive: Archive) -> None:
    """Refuse what cannot be restored, before anything is written."""
    if not archive.check_dump():
        raise click.ClickException(
            "Выгрузка базы данных в архиве испорчена: её контрольная сумма не та, что записана"
            " при сохранении. Возьмите другой архив."
        )
    _refuse_other_keys(archive)
    config = current_app.extensions["migrate"].migrate.get_config()
    try:
        ScriptDirectory.from_config(config).get_revision(archive.contents.head)
    except CommandError as unknown:
        raise click.ClickException(
            f"Архив сделан другой версией портала ({archive.manifest['portal']}, миграция"
            f" {archive.contents.head}), этот портал её не знает. Поставьте ту версию или новее."
        ) from unknown


def _refuse_other_keys(archive: Archive) -> None:
    """Files that the present keys do not open would be refused one by one, as if damaged."""
    sealed = (pair for pair in archive.blobs() if key_of(pair[1]) is not None)
    opens = [intact(content, name) for name, content in islice(sealed, SAMPLE)]
    if opens and not any(opens):
        raise click.ClickException(
            "Файлы архива не открываются этими ключами. Верните прежний sealing-keys (или"
            " PORTAL_KEYS): без него не прочитать ни файлы, ни СНИЛС."
        )


def _refuse_full(address: str) -> None:
    """Data are never mixed: the database must have no tables yet."""
    query = (
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind in ('r', 'p', 'v', 'm')"
        " and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
    )
    try:
        with psycopg.connect(libpq_address(address)) as connection:
            tables = connection.execute(query).fetchone()
            name = connection.info.dbname
    except psycopg.OperationalError as failure:
        raise click.ClickException(f"База данных недоступна: {failure}") from failure
    if tables != (0,):
        raise click.ClickException(
            f"База данных {name} не пуста. Восстановление идёт только в пустую: создайте новую"
            " (CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8') и укажите"
            " её в DATABASE_URL и DATABASE_OWNER_URL."
        )


def load(archive: Archive, admin: str) -> int:
    """Load the dump, compare, print the comparison; gives the number of differences.

    Args:
        archive: what to load.
        admin: SQLAlchemy address of one who may act as the owner role, in an empty database.
    """
    owner = role_name(DatabaseRole.OWNER, archive.prefix)
    address = libpq_address(admin)
    with psycopg.connect(address) as connection:
        server = pgtools.major(connection.info.server_version)
    folder, _version = pgtools.programs(max(server, int(archive.manifest["tool"])))
    options = ("--single-transaction", "--exit-on-error", f"--role={owner}")
    program = folder / "pg_restore"
    with archive.dump() as content, _without_logins(program, archive) as chosen:
        pgtools.run(program, address, *options, f"--use-list={chosen}", feed=content)
    with psycopg.connect(address, autocommit=True) as connection:
        open_log(connection, archive.prefix)
    # The owner's own policies show it every row; it need not be above row security.
    with psycopg.connect(libpq_address(admin, owner)) as connection:
        lines = compare(archive.contents, read(connection, owner=True))
    click.echo(_line("", "в архиве", "в базе", ""))
    for line in lines:
        verdict = "совпало" if line.same else "РАЗЛИЧИЕ"
        click.echo(_line(line.name, line.expected, line.found, verdict))
    return sum(not line.same for line in lines)


@contextmanager
def _without_logins(program: Path, archive: Archive) -> Iterator[str]:
    """The list of what is loaded: all but rights of login roles, who have other names here."""
    with archive.dump() as content:
        listed = pgtools.run(program, "", "--list", feed=content)
    lines = [line for line in listed.splitlines(keepends=True) if OF_LOGINS not in line]
    with tempfile.TemporaryDirectory() as folder:
        chosen = Path(folder) / "list"
        chosen.write_text("".join(lines))
        yield str(chosen)


def _line(name: str, expected: str, found: str, verdict: str) -> str:
    return f"{name:<{WIDTH}} {expected:>22} {found:>22}  {verdict}".rstrip()


def _migrate(address: str, prefix: str) -> None:
    """Bring the restored copy to the present version, as the next upgrade would."""
    config = current_app.config
    kept = config["OWNER_DATABASE_URI"]
    owner = role_name(DatabaseRole.OWNER, prefix)
    config["OWNER_DATABASE_URI"] = text(as_role(make_url(address), owner))
    try:
        flask_migrate.upgrade()
    except SystemExit as failure:
        raise click.ClickException("Миграции на восстановленной копии не прошли.") from failure
    finally:
        config["OWNER_DATABASE_URI"] = kept


def _put_files(archive: Archive, root: Path) -> int:
    """Put the stored files back under their names; gives how many are not what they were."""
    wrong = 0
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in archive.blobs():
        path = root / name[:2] / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=".incoming-", buffering=0
        ) as draft:
            shutil.copyfileobj(content, draft)
            os.fsync(draft.fileno())
            draft.seek(0)
            if intact(os.fdopen(os.dup(draft.fileno()), "rb"), name):
                path.unlink(missing_ok=True)
                os.link(draft.name, path)
            else:
                click.echo(f"файл {name}: содержимое испорчено")
                wrong += 1
    return wrong


def _end_sessions(owner: str) -> None:
    """Sessions that were ended after the archive was made must not come back with it."""
    with psycopg.connect(libpq_address(owner)) as connection:
        connection.execute("delete from user_session")


def _renew_feed(owner: str) -> None:
    """What programs have read after the archive was made has not happened in this database."""
    with psycopg.connect(libpq_address(owner)) as connection:
        found = connection.execute("select to_regprocedure('portal_renew_feed()')").fetchone()
        if found != (None,):  # an older archive learns of the feed by its migrations
            connection.execute("select portal_renew_feed()")


@contextmanager
def _scratch(prefix: str) -> Iterator[str]:
    """Address of a new empty database on a server of its own, which is gone afterwards."""
    from tools.embedded import (  # noqa: PLC0415 - only the drill starts a server
        SETTINGS_THROWAWAY,
        SUPERUSER,
        DatabaseFailure,
        EmbeddedServer,
    )

    with tempfile.TemporaryDirectory(prefix="portal-drill-") as folder:
        Path(folder).chmod(0o711)  # the server's own account passes through
        server = EmbeddedServer(Path(folder, "pg"), Path(folder, "log"), SETTINGS_THROWAWAY)
        try:
            server.start()
            server.ensure_database(SCRATCH)
            address = text(
                URL.create(
                    DRIVER,
                    username=SUPERUSER,
                    database=SCRATCH,
                    query={"host": str(server.sockets)},
                )
            )
            # Rights in the dump name the role that signs in for this portal.
            login = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).username
            prepare_database(address, text(make_url(address).set(username=login)), prefix)
            yield address
        except DatabaseFailure as failure:
            raise click.ClickException(str(failure)) from failure
        finally:
            server.stop()
