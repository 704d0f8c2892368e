"""The database of the bench: the embedded server, prepared as for the portal, and many rows."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from config import Config, data_directory
from tools.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

ROWS = (Path(__file__).parent / "rows.sql").read_text()
TABLES = (
    "organisation",
    "organisation_address",
    "organisation_licence",
    "organisation_accreditation",
    "organisation_founder",
    "organisation_governing_body",
    "education_program",
    "organisation_document",
    "organisation_agreement",
    "organisation_language",
)


@contextmanager
def running(*, keep: bool) -> Iterator[EmbeddedServer]:
    """The server on its own data folder, removed afterwards unless it is to be kept."""
    folder = data_directory()
    if not keep:
        remove(folder)
    folder.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(folder / "pg", folder / "database.log")
    try:
        server.start()
        server.ensure_database("portal")
        yield server
    finally:
        server.stop()
        if not keep:
            remove(folder)


def remove(folder: Path) -> None:
    """Remove the data, also where the server keeps them elsewhere and only a link is here."""
    data = folder / "pg"
    if data.is_symlink():
        shutil.rmtree(data.resolve().parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def owner_url() -> str:
    """Address of the database for the owner of the tables, to whom no scope applies."""
    return Config.OWNER_DATABASE_URI


def grow(rows: int) -> int:
    """Make the organisations up to this number; gives how many were added."""
    engine = create_engine(owner_url())
    added = fill(engine, rows)
    engine.dispose()
    return added


def fill(engine: Engine, rows: int) -> int:
    """Make the organisations up to this number there, as the owner of the tables.

    Stamps and the log are left out while the rows are made, so that it takes minutes and not hours.
    """
    with engine.begin() as connection:
        there = connection.scalar(text("select count(*) from organisation where source = 'bench'"))
        if there >= rows:
            return 0
        for table in TABLES:
            connection.exec_driver_sql(f"alter table {table} disable trigger user")
        for statement in ROWS.split(";\n"):
            if statement.strip():
                connection.execute(text(statement), {"first": there + 1, "last": rows})
        for table in TABLES:
            connection.exec_driver_sql(f"alter table {table} enable trigger user")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"vacuum analyze {table}")
    return rows - there


def samples(number: int) -> tuple[int, list[int]]:
    """Id of the school of the demo clerk, and ids of other organisations all over the table."""
    engine = create_engine(owner_url())
    with engine.connect() as connection:
        own = connection.scalar(text("select id from organisation where source_id = 'school-1'"))
        spread = connection.scalars(
            text(
                "select id from (select id, row_number() over (order by id) as n, count(*) over ()"
                " as total from organisation where source = 'bench') o"
                " where n % greatest(total / :number, 1) = 0 limit :number"
            ),
            {"number": number},
        ).all()
    engine.dispose()
    return own, list(spread)
