"""What the database itself allows each of its roles, whatever the application does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import errors, sql

from app.cli.database import prepare_database
from app.kernel.catalogue import record_named, records
from app.kernel.record import Reading
from app.security.database import DatabaseRole
from tests.security.raw import (
    BOUND,
    DENIED,
    SCOPED,
    TABLES,
    acting,
    count,
    login,
    school,
    value,
)

if TYPE_CHECKING:
    import psycopg

    from tests.conftest import Portal

OWN = tuple(r.__tablename__ for r in records() if r.about.reading is Reading.OWN)
LEARNERS = tuple(r.__tablename__ for r in records() if r.about.reading is Reading.LEARNER)
OPEN = tuple(r.__tablename__ for r in records() if r.about.reading is Reading.EVERYBODY)
GUARDED = tuple(r.__tablename__ for r in records() if r.about.group != "open")
LOGS = ("activity", "access_log")


def all_tables(portal: Portal) -> list[str]:
    with portal.cluster.connect(portal.database) as base:
        rows = base.execute(
            "select c.relname from pg_class c where c.relkind in ('r', 'p', 'v', 'm')"
            " and c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    return [row[0] for row in rows]


def groups(table: str) -> str:
    return "{" + record_named(table).about.group + "}"


def test_login_without_a_role_may_read_no_table(portal: Portal) -> None:
    tables = all_tables(portal)
    assert set(tables) > {*TABLES, *LOGS, "ab_user", "user_session"}
    for table in tables:
        with login(portal) as connection, pytest.raises(DENIED):
            count(connection, table)


# The demo data hold none: nobody has imported, renamed or declared anything there.
WITHOUT_ROWS = {
    "organisation_accreditation_decision",
    "organisation_name_history",
    "organisation_absence",
}


@pytest.mark.parametrize("role", SCOPED)
@pytest.mark.parametrize("table", TABLES)
def test_role_without_settings_sees_no_guarded_row(
    portal: Portal, role: DatabaseRole, table: str
) -> None:
    with acting(portal, role) as connection:
        seen = count(connection, table)
    guarded = table in GUARDED or (table in (*OWN, *LEARNERS) and role in BOUND)
    assert (seen == 0) is (guarded or table in WITHOUT_ROWS)


@pytest.mark.parametrize("role", BOUND)
@pytest.mark.parametrize("table", OWN)
def test_bound_role_sees_own_rows_only(portal: Portal, role: DatabaseRole, table: str) -> None:
    own, second = school(portal, "school-1"), school(portal, "school-2")
    both = f"organisation_id in ({own}, {second})"
    with portal.cluster.connect(portal.database) as base:
        there = count(base, table, both)
    with acting(portal, role, orgs=f"{{{own},{second}}}", groups=groups(table)) as connection:
        assert count(connection, table) == there > 0
        assert count(connection, table, f"not {both}") == 0
    if record_named(table).about.group != "open":
        with acting(portal, role, orgs=f"{{{own}}}") as connection:
            assert count(connection, table) == 0, "without the access group"
    with acting(portal, role, groups=groups(table)) as connection:
        assert count(connection, table) == 0, "without organisations"


@pytest.mark.parametrize("settings", ["{}", "", "{999999999}"])
def test_empty_or_unknown_scope_sees_nothing(portal: Portal, settings: str) -> None:
    with acting(portal, DatabaseRole.ORG, orgs=settings, groups="{bank}") as connection:
        assert count(connection, "organisation_bank_account") == 0


@pytest.mark.parametrize("role", [*SCOPED, DatabaseRole.AUTH])
@pytest.mark.parametrize("table", [*TABLES, *LOGS])
def test_nobody_removes_rows_for_good(portal: Portal, role: DatabaseRole, table: str) -> None:
    for statement in ("delete from {}", "truncate {}"):
        with acting(portal, role, write="on", orgs="{1}") as connection, pytest.raises(DENIED):
            connection.execute(sql.SQL(statement).format(sql.Identifier(table)))


def changed(connection: psycopg.Connection, table: str, column: str, ident: int) -> int:
    """Rows changed by writing a column of the row onto itself."""
    statement = sql.SQL("update {0} set {1} = {1} where id = %s")
    names = sql.Identifier(table), sql.Identifier(column)
    return connection.execute(statement.format(*names), (ident,)).rowcount


def test_school_changes_direct_columns_of_its_own_row_only(portal: Portal) -> None:
    own, foreign = school(portal, "school-1"), school(portal, "school-3")
    scope = {"orgs": f"{{{own}}}", "writable": f"{{{own}}}", "groups": "{bank}"}
    with acting(portal, DatabaseRole.ORG, **scope) as connection:
        assert changed(connection, "organisation", "phone", own) == 1
        assert changed(connection, "organisation", "phone", foreign) == 0
    with acting(portal, DatabaseRole.ORG, **{**scope, "writable": "{}"}) as connection:
        assert changed(connection, "organisation", "phone", own) == 0


@pytest.mark.parametrize(
    "column",
    ["full_name", "inn", "deleted_at", "version", "uid", "parent_id", "source_id", "created_by"],
)
def test_school_cannot_change_other_columns_in_any_way(portal: Portal, column: str) -> None:
    own = school(portal, "school-1")
    with (
        acting(portal, DatabaseRole.ORG, orgs=f"{{{own}}}", writable=f"{{{own}}}") as connection,
        pytest.raises(DENIED),
    ):
        changed(connection, "organisation", column, own)


@pytest.mark.parametrize("role", BOUND)
@pytest.mark.parametrize("table", TABLES)
def test_bound_role_adds_no_row(portal: Portal, role: DatabaseRole, table: str) -> None:
    own = school(portal, "school-1")
    scope = {"orgs": f"{{{own}}}", "writable": f"{{{own}}}", "write": "on", "groups": "{bank}"}
    with acting(portal, role, **scope) as connection, pytest.raises(DENIED):
        connection.execute(sql.SQL("insert into {} default values").format(sql.Identifier(table)))


@pytest.mark.parametrize("role", [DatabaseRole.TEACHER, DatabaseRole.PERSON, DatabaseRole.CASE])
@pytest.mark.parametrize("table", TABLES)
def test_readers_change_no_row(portal: Portal, role: DatabaseRole, table: str) -> None:
    own = school(portal, "school-1")
    scope = {"orgs": f"{{{own}}}", "writable": f"{{{own}}}", "write": "on", "groups": "{bank}"}
    with acting(portal, role, **scope) as connection, pytest.raises(DENIED):
        changed(connection, table, "deleted_at", own)


@pytest.mark.parametrize("table", TABLES)
def test_region_without_the_right_to_write_writes_nothing(portal: Portal, table: str) -> None:
    with acting(portal, DatabaseRole.REGION, write="off", groups="{bank}") as connection:
        statement = sql.SQL("update {} set deleted_at = now()").format(sql.Identifier(table))
        assert connection.execute(statement).rowcount == 0
    with acting(portal, DatabaseRole.REGION, groups="{bank}") as connection:
        statement = sql.SQL("update {} set deleted_at = now()").format(sql.Identifier(table))
        assert connection.execute(statement).rowcount == 0, "no setting at all"


@pytest.mark.parametrize("write", ["off", "on", ""])
def test_region_adds_rows_only_with_the_right_to_write(portal: Portal, write: str) -> None:
    statement = "insert into organisation (uid, full_name) values (gen_random_uuid(), 'Проба')"
    with acting(portal, DatabaseRole.REGION, write=write) as connection:
        if write == "on":
            assert connection.execute(statement).rowcount == 1
            return
        with pytest.raises(DENIED, match="row-level security"):
            connection.execute(statement)


def test_technical_columns_cannot_be_forged(portal: Portal) -> None:
    """Version and stamps are the triggers' own, whoever writes and whatever is sent."""
    own = school(portal, "school-1")
    with acting(portal, DatabaseRole.REGION, write="on", user_id=1) as connection:
        before = connection.execute(
            "select version, created_at, created_by from organisation where id = %s", (own,)
        ).fetchone()
        connection.execute(
            "update organisation set version = 900, created_at = now(), created_by = 77,"
            " updated_by = 77, updated_at = '2000-01-01' where id = %s",
            (own,),
        )
        after = connection.execute(
            "select version, created_at, created_by, updated_by, updated_at > '2020-01-01'"
            " from organisation where id = %s",
            (own,),
        ).fetchone()
    assert before
    assert after == (before[0] + 1, before[1], before[2], 1, True)


@pytest.mark.parametrize("role", [*SCOPED, DatabaseRole.AUTH])
@pytest.mark.parametrize("table", LOGS)
def test_logs_cannot_be_written_directly(portal: Portal, role: DatabaseRole, table: str) -> None:
    for statement in ("insert into {} default values", "update {} set user_id = 1"):
        with acting(portal, role, orgs="{1}", write="on") as connection, pytest.raises(DENIED):
            connection.execute(sql.SQL(statement).format(sql.Identifier(table)))


def test_history_is_seen_for_own_rows_only(portal: Portal) -> None:
    own = school(portal, "school-1")
    with acting(portal, DatabaseRole.ORG, orgs=f"{{{own}}}", groups="{bank}") as connection:
        assert count(connection, "activity") > 0
        assert count(connection, "activity", f"organisation_id is distinct from {own}") == 0
    with acting(portal, DatabaseRole.ORG) as connection:
        assert count(connection, "activity") == 0
    for role in (DatabaseRole.TEACHER, DatabaseRole.PERSON, DatabaseRole.CASE):
        with acting(portal, role, orgs=f"{{{own}}}") as connection, pytest.raises(DENIED):
            count(connection, "activity")


def test_history_of_guarded_rows_needs_the_access_group(portal: Portal) -> None:
    own = school(portal, "school-1")
    with acting(portal, DatabaseRole.ORG, orgs=f"{{{own}}}") as connection:
        assert count(connection, "activity", "table_name = 'organisation_bank_account'") == 0


@pytest.fixture(scope="module")
def prepared(portal: Portal) -> None:
    """A copy of a database does not keep the rights on the database itself: give them again."""
    prepare_database(
        portal.app.config["ADMIN_DATABASE_URI"],
        portal.app.config["SQLALCHEMY_DATABASE_URI"],
        portal.app.config["DB_ROLE_PREFIX"],
    )


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("role", [*SCOPED, DatabaseRole.AUTH])
def test_no_role_makes_objects_of_its_own(portal: Portal, role: DatabaseRole) -> None:
    """A table of one's own, even a temporary one, would do as a stand for the log's triggers."""
    for statement in (
        "create table mine (id bigint)",
        "create temporary table mine (id bigint)",
        "create function mine() returns int language sql as 'select 1'",
        "alter table organisation disable row level security",
        "drop policy organisation_owner on organisation",
        "copy organisation to program 'true'",
    ):
        with (
            acting(portal, role, write="on") as connection,
            pytest.raises((DENIED, errors.WrongObjectType)),
        ):
            connection.execute(statement)


def test_account_role_reads_no_record(portal: Portal) -> None:
    """Names of places for the choice of capacities, and nothing else of the records."""
    for table in TABLES:
        with acting(portal, DatabaseRole.AUTH) as connection, pytest.raises(DENIED):
            connection.execute(sql.SQL("select * from {}").format(sql.Identifier(table)))
    with acting(portal, DatabaseRole.AUTH) as connection:
        assert value(connection, "select count(full_name) from organisation") > 0


@pytest.mark.parametrize("role", SCOPED)
@pytest.mark.parametrize("column", ["password", "username", "email", "login_count", "active"])
def test_accounts_are_closed_to_scoped_roles(
    portal: Portal, role: DatabaseRole, column: str
) -> None:
    with acting(portal, role) as connection, pytest.raises(DENIED):
        connection.execute(sql.SQL("select {} from ab_user").format(sql.Identifier(column)))
