"""The database's own catalogue: policies, grants and roles are those the declarations ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from app.kernel.catalogue import record_named, records
from app.kernel.record import Reading, Writing
from app.security.database import DatabaseRole
from app.security.migrating import guard_of
from app.security.policies import protect, show_words
from tests.database import PREFIX
from tests.security.raw import SCOPED, TABLES, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.conftest import Portal

# Beside what a record's declaration gives: the names of places that the choice of capacities shows.
MORE = {
    ("organisation", "organisation_read_auth"),
    ("municipality", "municipality_read_auth"),
}
WORDS = tuple(record.__tablename__ for record in records() if record.about.words)
# Read by scoped roles without row security: names of accounts, for "who changed it".
WITHOUT_ROWS = {"ab_user"}
GRANTS = """
select part, grantee::regrole::text, privilege_type from (
    select '' as part, g.* from pg_class c, aclexplode(c.relacl) g where c.oid = %(table)s::regclass
    union all
    select a.attname, g.* from pg_attribute a, aclexplode(a.attacl) g
    where a.attrelid = %(table)s::regclass
) found where grantee::regrole::text <> all (%(others)s)
"""


@pytest.fixture(scope="module")
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    with portal.cluster.connect(portal.database) as connection:
        yield connection


def policies(base: psycopg.Connection, schema: str, table: str) -> set[tuple[Any, ...]]:
    rows = base.execute(
        "select policyname, permissive, array_to_string(roles, ','), cmd, qual, with_check"
        " from pg_policies where schemaname = %s and tablename = %s",
        (schema, table),
    ).fetchall()
    return {tuple(row) for row in rows}


def grants(base: psycopg.Connection, table: str) -> set[tuple[Any, ...]]:
    """Rights of all but the owner and the account role, column by column."""
    others = [name_of(DatabaseRole.OWNER), name_of(DatabaseRole.AUTH), "postgres"]
    rows = base.execute(GRANTS, {"table": table, "others": others}).fetchall()
    return {tuple(row) for row in rows}


@pytest.mark.parametrize("table", TABLES)
def test_policies_and_grants_are_those_of_the_declaration(
    base: psycopg.Connection, table: str
) -> None:
    """The statements of the declaration are run on an empty twin; both must then be alike."""
    step = guard_of(record_named(table))
    twin = sql.Identifier("twin", table)
    with base.transaction(force_rollback=True):
        base.execute("create schema twin")
        base.execute(
            sql.SQL("create table {} (like public.{})").format(twin, sql.Identifier(table))
        )
        base.execute("set local search_path = twin, public")
        for statement in protect(
            table,
            PREFIX,
            reading=Reading(step.reading),
            writing=Writing(step.writing),
            group=step.group,
            direct_columns=step.direct,
            reserved=step.reserved,
            learner=step.learner,
            holder=step.holder,
            holder_writes=step.holder_writes,
        ):
            base.execute(statement.encode())
        wanted, allowed = policies(base, "twin", table), grants(base, f"twin.{table}")
        present = {p for p in policies(base, "public", table) if (table, p[0]) not in MORE}
        assert present == wanted
        assert grants(base, f"public.{table}") == allowed
        assert wanted
        assert allowed


@pytest.mark.parametrize("table", WORDS)
def test_words_are_under_the_policies_of_their_record(base: psycopg.Connection, table: str) -> None:
    about, twin = record_named(table).about, sql.Identifier("twin", f"{table}_word")
    name = f"{table}_word"
    with base.transaction(force_rollback=True):
        base.execute("create schema twin")
        base.execute(sql.SQL("create table {} (like public.{})").format(twin, sql.Identifier(name)))
        base.execute("set local search_path = twin, public")
        learner = "row_id" if about.learner == "id" else ""
        for statement in show_words(name, PREFIX, reading=about.reading, learner=learner):
            base.execute(statement.encode())
        assert policies(base, "public", name) == policies(base, "twin", name)
        assert grants(base, f"public.{name}") == grants(base, f"twin.{name}")
    assert about.group == "open", "words know no access groups"


def test_row_security_is_forced_on_every_record_and_log(base: psycopg.Connection) -> None:
    rows = base.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relrowsecurity and relforcerowsecurity"
    ).fetchall()
    words = {f"{table}_word" for table in WORDS}
    assert {row[0] for row in rows} >= {*TABLES, *words, "activity", "access_log"}


def test_no_table_of_scoped_roles_is_without_row_security(base: psycopg.Connection) -> None:
    rows = base.execute(
        "select distinct c.relname from pg_class c left join pg_attribute a on a.attrelid = c.oid"
        " cross join lateral (select * from aclexplode(c.relacl) union all"
        "   select * from aclexplode(a.attacl)) g"
        " where c.relnamespace = 'public'::regnamespace and not c.relrowsecurity"
        " and c.relkind not in ('S', 'v')"
        " and (g.grantee = 0 or g.grantee::regrole::text = any (%s))",
        ([name_of(role) for role in SCOPED],),
    ).fetchall()
    assert {row[0] for row in rows} == WITHOUT_ROWS


def test_every_policy_is_permissive_for_named_roles_only(base: psycopg.Connection) -> None:
    rows = base.execute(
        "select tablename, policyname from pg_policies where schemaname = 'public'"
        " and (permissive <> 'PERMISSIVE' or 'public' = any (roles))"
    ).fetchall()
    assert not rows


def test_policies_compare_one_column_with_one_setting(base: psycopg.Connection) -> None:
    """No OR and no subselect in a condition: both cost the planner its plan (security.md 3)."""
    rows = base.execute(
        "select tablename, policyname from pg_policies where schemaname = 'public'"
        " and concat_ws(' ', qual, with_check) ~* '( or |select .* from)'"
    ).fetchall()
    assert not rows


def test_every_table_with_an_organisation_has_it_filled_and_indexed(
    base: psycopg.Connection,
) -> None:
    rows = base.execute(
        "select c.relname, a.attnotnull or a.attgenerated <> '', exists (select from pg_index i"
        "   where i.indrelid = c.oid and i.indkey[0] = a.attnum)"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " and a.attname = 'organisation_id'"
        " where c.relnamespace = 'public'::regnamespace and c.relname = any (%s)",
        ([table for table in TABLES if table != "organisation"],),
    ).fetchall()
    assert rows
    assert [row for row in rows if not (row[1] and row[2])] == []


def test_no_role_inherits_another_and_none_passes_row_security(
    base: psycopg.Connection,
) -> None:
    members = base.execute(
        "select m.member::regrole::text, m.roleid::regrole::text, m.admin_option,"
        " m.inherit_option from pg_auth_members m where starts_with(m.member::regrole::text, %s)",
        (PREFIX,),
    ).fetchall()
    login, backup = name_of(DatabaseRole.LOGIN), name_of(DatabaseRole.BACKUP)
    scopes = {name_of(role) for role in (*SCOPED, DatabaseRole.AUTH, DatabaseRole.SYSTEM)}
    assert {row[1] for row in members if row[0] == login} == scopes
    assert not [row for row in members if row[0] == login and (row[2] or row[3])]
    assert {row[0] for row in members} <= {login, backup}
    special = base.execute(
        "select rolname from pg_roles where starts_with(rolname, %s) and (rolsuper or rolbypassrls"
        " or rolcreaterole or rolcreatedb or rolreplication)",
        (PREFIX,),
    ).fetchall()
    assert {row[0] for row in special} == {backup}


def test_the_owner_of_everything_is_not_the_login(base: psycopg.Connection) -> None:
    rows = base.execute(
        "select distinct relowner::regrole::text from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')"
    ).fetchall()
    assert {row[0] for row in rows} == {name_of(DatabaseRole.OWNER)}


def test_functions_with_the_owners_rights_are_closed(base: psycopg.Connection) -> None:
    """They fix their search path; beside triggers scoped roles call those of their own jobs.

    The offices of the region ask who decides requests and decide on people entered twice; readers
    of people ask whether a number is known; a school takes over a learner released to it.
    """
    rows = base.execute(
        "select p.proname, p.prorettype = 'trigger'::regtype,"
        " array_to_string(p.proconfig, ',') like 'search_path=%%', array(select r.rolname"
        "   from pg_roles r where r.rolname = any (%s)"
        "   and has_function_privilege(r.oid, p.oid, 'execute'))"
        " from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef",
        ([name_of(role) for role in SCOPED],),
    ).fetchall()
    assert {row[0] for row in rows} >= {"portal_log", "portal_touch", "portal_access"}
    assert not [row[0] for row in rows if not row[2]], "without a search path of its own"
    roles = {row[0]: {name.removeprefix(PREFIX) for name in row[3]} for row in rows if not row[1]}
    everybody = set(SCOPED)
    assert {name: who for name, who in roles.items() if who} == {
        "portal_enqueue": everybody,
        "portal_stop_job": everybody,
        "portal_finish_job": everybody,
        "portal_deciders": {"region"},
        "portal_decide_double": {"region"},
        "portal_take_back": {"region"},
        "portal_snils_known": {"region", "org"},
        "portal_transfer": {"org"},
    }


def test_views_run_with_the_rights_of_the_reader(base: psycopg.Connection) -> None:
    rows = base.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and"
        " (relkind = 'm' or (relkind = 'v' and not coalesce("
        "   'security_invoker=true' = any (reloptions), false)))"
    ).fetchall()
    assert not rows


@pytest.mark.parametrize("table", TABLES)
def test_every_record_has_its_triggers(base: psycopg.Connection, table: str) -> None:
    rows = base.execute(
        "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal"
        " and tgenabled = 'O'",
        (table,),
    ).fetchall()
    wanted = {f"{table}_{name}" for name in ("stamp", "log_insert", "log_update", "log_delete")}
    assert {row[0] for row in rows} >= wanted
