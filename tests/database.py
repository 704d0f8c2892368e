"""Databases for tests: one server, one prepared template, quick copies of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from app.security.database import libpq_address
from tools.embedded import SETTINGS_THROWAWAY, SUPERUSER, EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVER = "postgresql+psycopg"
PREFIX = "portal_test_"


@dataclass(frozen=True)
class Cluster:
    """A server on which tests may create databases and roles; `admin` is its superuser."""

    admin: URL

    def url(self, database: str, user: str | None = None, role: str | None = None) -> URL:
        """SQLAlchemy address of a database there, by default of the superuser."""
        url = self.admin.set(database=database)
        if user:
            url = url.set(username=user, password=PASSWORD)
        return url.update_query_dict({"options": f"-crole={role}"}) if role else url

    def connect(self, database: str, role: str | None = None) -> psycopg.Connection:
        """An autocommit connection of the superuser, acting as the role if one is given."""
        address = self.url(database).render_as_string(hide_password=False)
        return psycopg.connect(libpq_address(address, role), autocommit=True)

    def create(self, name: str, template: str = "template0") -> None:
        """Create the database as a copy of the template, instead of any of that name."""
        self.drop(name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self.connect(str(self.admin.database)) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop(self, name: str) -> None:
        """Remove the database, whoever is still connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with self.connect(str(self.admin.database)) as connection:
            connection.execute(statement.format(sql.Identifier(name)))


PASSWORD = "only-for-tests"


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """The server of TEST_DATABASE_URL (a superuser's address), or an embedded one for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Cluster(make_url(given).set(drivername=DRIVER))
        return
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o711)  # the server's own account passes through
    server = EmbeddedServer(folder / "pg", folder / "database.log", SETTINGS_THROWAWAY)
    try:
        server.start()
        yield Cluster(
            URL.create(
                DRIVER,
                username=SUPERUSER,
                database=SUPERUSER,
                query={"host": str(server.sockets)},
            )
        )
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
