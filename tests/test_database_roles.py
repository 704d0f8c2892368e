"""`flask portal init-db`: who may do what in the database before any record is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import psycopg
import pytest
from psycopg import sql

from app.cli.database import prepare_database
from app.security.database import SCOPES, DatabaseRole, libpq_address, role_name
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.database import Cluster

DATABASE = f"{PREFIX}roles"
LOGIN = role_name(DatabaseRole.LOGIN, PREFIX)
OWNER = role_name(DatabaseRole.OWNER, PREFIX)


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    prepare_database(
        cluster.url(database).render_as_string(hide_password=False),
        cluster.url(database, user=LOGIN).render_as_string(hide_password=False),
        PREFIX,
    )


@pytest.fixture(scope="module")
def prepared(cluster: Cluster) -> Iterator[Cluster]:
    cluster.create(DATABASE)
    prepare(cluster)
    with cluster.connect(DATABASE, OWNER) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS pupil (name text)")
        connection.execute("INSERT INTO pupil VALUES ('Ёлкина')")
    yield cluster
    cluster.drop(DATABASE)


@pytest.fixture
def login(prepared: Cluster) -> Iterator[psycopg.Connection]:
    url = prepared.url(DATABASE, user=LOGIN)
    address = libpq_address(url.render_as_string(hide_password=False))
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def roles(cluster: Cluster) -> list[tuple[object, ...]]:
    query = (
        "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole, m.roleid"
        " FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid"
        " WHERE starts_with(rolname, %s) ORDER BY rolname, m.roleid"
    )
    with cluster.connect(DATABASE) as connection:
        return connection.execute(query, (PREFIX,)).fetchall()


def test_repeating_changes_nothing(prepared: Cluster) -> None:
    before = roles(prepared)
    prepare(prepared)
    assert roles(prepared) == before
    assert len({row[0] for row in before}) == len(DatabaseRole)


def test_only_the_login_signs_in_and_only_the_backup_passes_row_security(
    prepared: Cluster,
) -> None:
    found = roles(prepared)
    assert {row[0] for row in found if row[1]} == {LOGIN}
    assert {row[0] for row in found if row[4]} == {role_name(DatabaseRole.BACKUP, PREFIX)}
    assert not any(row[3] or row[5] for row in found)


def test_login_without_a_role_reads_nothing(login: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute("SELECT * FROM pupil")


def test_login_inherits_no_right_of_the_roles_it_may_take(
    prepared: Cluster, login: psycopg.Connection
) -> None:
    org = sql.Identifier(role_name(DatabaseRole.ORG, PREFIX))
    with prepared.connect(DATABASE, OWNER) as owner:
        owner.execute(sql.SQL("GRANT SELECT ON pupil TO {}").format(org))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute("SELECT * FROM pupil")
    login.execute(sql.SQL("SET ROLE {}").format(org))
    assert login.execute("SELECT name FROM pupil").fetchall() == [("Ёлкина",)]


@pytest.mark.parametrize("role", SCOPES)
def test_login_may_take_each_scope(login: psycopg.Connection, role: DatabaseRole) -> None:
    login.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role_name(role, PREFIX))))


@pytest.mark.parametrize("role", [DatabaseRole.OWNER, DatabaseRole.BACKUP])
def test_login_may_not_become_owner_or_backup(
    login: psycopg.Connection, role: DatabaseRole
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role_name(role, PREFIX))))


@pytest.mark.parametrize("role", SCOPES)
def test_no_scope_may_create_tables(login: psycopg.Connection, role: DatabaseRole) -> None:
    login.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role_name(role, PREFIX))))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute("CREATE TABLE mine (id int)")


def test_a_database_that_does_not_fold_cyrillic_is_refused(cluster: Cluster) -> None:
    name = f"{PREFIX}plain"
    cluster.drop(name)
    with cluster.connect(str(cluster.admin.database)) as connection:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER libc LOCALE 'C'"
            ).format(sql.Identifier(name))
        )
    try:
        with pytest.raises(click.ClickException, match="не различает регистр русских букв"):
            prepare(cluster, name)
    finally:
        cluster.drop(name)


def test_one_who_may_create_roles_needs_not_be_a_superuser(cluster: Cluster) -> None:
    name, admin = f"{PREFIX}modest", "portal_modest_admin"
    cluster.drop(name)
    with cluster.connect(str(cluster.admin.database)) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'only-for-tests'").format(
                sql.Identifier(admin)
            )
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(admin)
            )
        )
    prefix = "portal_modest_"
    try:
        for _ in range(2):
            prepare_database(
                cluster.url(name, user=admin).render_as_string(hide_password=False),
                cluster.url(name, user=f"{prefix}login").render_as_string(hide_password=False),
                prefix,
            )
        with cluster.connect(name) as connection:
            made = connection.execute(
                "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, %s)"
                " AND rolname <> %s AND rolname <> %s",
                (prefix, admin, f"{prefix}backup"),
            ).fetchone()
        assert made == (len(DatabaseRole) - 1,)
    finally:
        cluster.drop(name)
        with cluster.connect(str(cluster.admin.database)) as connection:
            for role in [*(f"{prefix}{role}" for role in DatabaseRole), admin]:
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
