"""Plain SQL through the login role, as one who got past the whole application would send it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from app.kernel.catalogue import records
from app.security.database import DatabaseRole, libpq_address, role_name
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

DENIED = psycopg.errors.InsufficientPrivilege  # a missing grant and a policy say the same
BOUND = (DatabaseRole.ORG, DatabaseRole.TEACHER, DatabaseRole.PERSON, DatabaseRole.CASE)
SCOPED = (DatabaseRole.REGION, *BOUND)
TABLES = tuple(record.__tablename__ for record in records())


def name_of(role: DatabaseRole) -> str:
    """The role's name in the cluster of the tests."""
    return role_name(role, PREFIX)


def login(portal: Portal) -> psycopg.Connection:
    """A connection as the web process has it."""
    url = portal.cluster.url(portal.database, user=name_of(DatabaseRole.LOGIN))
    return psycopg.connect(libpq_address(url.render_as_string(hide_password=False)))


@contextmanager
def acting(portal: Portal, role: DatabaseRole, **settings: object) -> Iterator[psycopg.Connection]:
    """A transaction in a role with settings as the application tells them; rolled back."""
    with login(portal) as connection:
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(name_of(role))))
        for name, value in settings.items():
            connection.execute("select set_config(%s, %s, true)", (f"app.{name}", str(value)))
        yield connection
        connection.rollback()


def count(connection: psycopg.Connection, table: str, condition: str = "true") -> int:
    """Number of rows of a table that are seen."""
    statement = sql.SQL("select count(*) from {} where ").format(sql.Identifier(table))
    found = connection.execute(statement + sql.SQL(condition)).fetchone()
    return int(found[0]) if found else 0


def value(connection: psycopg.Connection, query: str, *values: Any) -> Any:
    """The first column of the first row."""
    found = connection.execute(query, values).fetchone()
    return found[0] if found else None


def school(portal: Portal, key: str) -> int:
    """The id of a demo organisation."""
    with portal.cluster.connect(portal.database) as base:
        found: int = value(base, "select id from organisation where source_id = %s", key)
        return found
