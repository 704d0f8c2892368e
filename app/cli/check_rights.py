"""Checks of what the portal itself has put into the database, seen by the owner of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from alembic.script import ScriptDirectory
from flask import current_app
from psycopg import sql
from sqlalchemy import create_engine

from app.cli.finding import bad, good, warn
from app.kernel.catalogue import records
from app.kernel.choices import load_seed
from app.kernel.clock import today
from app.kernel.word_rows import words_of
from app.security.database import SCOPES, DatabaseRole, libpq_address, role_name
from app.security.migrating import guard_of, protection
from app.security.policies import show_words
from app.security.sync import out_of_step
from app.services.terms import mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

    from app.cli.finding import Finding

TWIN = "portal_doctor"
_POLICIES = """
select policyname, permissive, array_to_string(roles, ','), cmd, qual, with_check
from pg_policies where schemaname = %s and tablename = %s
"""
_GRANTS = """
select part, grantee::regrole::text, privilege_type from (
    select '' as part, g.* from pg_class c, aclexplode(c.relacl) g where c.oid = %(table)s::regclass
    union all
    select a.attname, g.* from pg_attribute a, aclexplode(a.attacl) g
    where a.attrelid = %(table)s::regclass
) found where grantee::regrole::text = any (%(scopes)s)
"""
_DEMO = "select count(*) from ab_user where active and email like '%@example.com'"


def rights_checks(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings about migrations, policies, rights and classifiers."""
    owner = role_name(DatabaseRole.OWNER, settings["DB_ROLE_PREFIX"])
    try:
        connection = psycopg.connect(libpq_address(settings["ADMIN_DATABASE_URI"], owner))
    except psycopg.OperationalError as failure:
        yield warn(
            "таблицы и права",
            f"не проверены: {str(failure).strip().splitlines()[0]}",
            "запустите проверку с DATABASE_OWNER_URL",
        )
        return
    with connection:
        head = _migrations(connection)
        yield head
        if head.state == "failed":
            return  # what belongs to another version cannot be compared with this one
        yield _policies_checked(connection, settings["DB_ROLE_PREFIX"])
        yield _matrix(settings["OWNER_DATABASE_URI"])
        yield _classifiers(connection)
        yield _days_off(connection)
        yield _demo(connection)


def _migrations(connection: Connection) -> Finding:
    config = current_app.extensions["migrate"].migrate.get_config()
    wanted = ScriptDirectory.from_config(config).get_current_head()
    there = connection.execute("select to_regclass('public.alembic_version')").fetchone()
    found = None
    if there and there[0]:
        found = connection.execute("select version_num from alembic_version").fetchone()
    if found != (wanted,):
        return bad(
            "миграции",
            f"в базе {found[0] if found else 'ничего'}, нужна {wanted}",
            "flask portal backup, затем flask db upgrade",
        )
    return good("миграции", f"{wanted}, последняя")


def _policies_checked(connection: Connection, prefix: str) -> Finding:
    try:
        return _policies(connection, prefix)
    except psycopg.errors.InsufficientPrivilege:
        return bad(
            "политики и права таблиц",
            "не проверены: у владельца таблиц нет права CREATE на базу данных",
            "flask portal init-db",
        )


def _policies(connection: Connection, prefix: str) -> Finding:
    scopes = [role_name(role, prefix) for role in SCOPES if role is not DatabaseRole.AUTH]
    differ = []
    for table, statements in _declared(prefix):
        with connection.transaction(force_rollback=True):
            _make_twin(connection, table, statements)
            same = _policies_of(connection, TWIN, table, prefix) == _policies_of(
                connection, "public", table, prefix
            ) and _grants_of(connection, TWIN, table, scopes) == _grants_of(
                connection, "public", table, scopes
            )
        if not same:
            differ.append(table)
    if differ:
        return bad(
            "политики и права таблиц",
            f"не те, что объявлены: {', '.join(differ)}",
            "сравните с последним архивом (restore-drill) и верните прежние; кто менял, видно"
            " в журнале сервера",
        )
    return good("политики и права таблиц", "те, что объявлены")


def _declared(prefix: str) -> Iterator[tuple[str, Iterator[str]]]:
    """Tables of records and of their words, with the statements that put them under policies."""
    for record in records():
        yield record.__tablename__, protection(guard_of(record), prefix)
        if (words := words_of(record)) is not None:
            about = record.about
            learner = "row_id" if about.learner == "id" else ""
            yield (
                words.name,
                show_words(words.name, prefix, reading=about.reading, learner=learner),
            )


def _make_twin(connection: Connection, name: str, statements: Iterator[str]) -> None:
    """An empty table under the declared policies and grants, until the transaction is undone."""
    table = sql.Identifier(name)
    schema = sql.Identifier(TWIN)
    connection.execute(sql.SQL("create schema {}").format(schema))
    connection.execute(sql.SQL("create table {}.{} (like public.{})").format(schema, table, table))
    connection.execute(sql.SQL("set local search_path = {}, public").format(schema))
    for statement in statements:
        connection.execute(statement.encode())


def _policies_of(connection: Connection, schema: str, table: str, prefix: str) -> set[Any]:
    """All policies but those by which the door reads names of places, before a scope is known."""
    auth = role_name(DatabaseRole.AUTH, prefix)
    rows = connection.execute(_POLICIES, (schema, table)).fetchall()
    return {tuple(row) for row in rows if (row[2], row[3]) != (auth, "SELECT")}


def _grants_of(connection: Connection, schema: str, table: str, scopes: list[str]) -> set[Any]:
    values = {"table": f"{schema}.{table}", "scopes": scopes}
    return {tuple(row) for row in connection.execute(_GRANTS, values).fetchall()}


def _matrix(owner: str) -> Finding:
    engine = create_engine(owner)
    try:
        with engine.connect() as connection:
            differences = out_of_step(connection)
    finally:
        engine.dispose()
    if differences:
        return bad(
            "матрица ролей",
            f"права в базе расходятся с матрицей: {differences}",
            "flask portal sync-roles",
        )
    return good("матрица ролей", "совпадает с правами в базе")


def _classifiers(connection: Connection) -> Finding:
    wanted = {seed.code: seed.sha256 for seed in load_seed()}
    rows = connection.execute("select classifier, sha256 from classifier_seed").fetchall()
    found = {row[0]: row[1] for row in rows}
    behind = [code for code, sha256 in wanted.items() if found.get(code) != sha256]
    if behind:
        return bad(
            "справочники",
            f"не загружены или прежние: {len(behind)} из {len(wanted)}",
            "flask portal load-classifiers",
        )
    return good("справочники", f"загружены: {len(wanted)}")


def _days_off(connection: Connection) -> Finding:
    """Terms that begin in December end in the next year."""
    year = today().year + 1
    found = connection.execute(
        "select 1 from classifier_seed where classifier = %s", (mark_of(year),)
    ).fetchone()
    if found is None:
        return bad(
            "производственный календарь",
            f"праздники {year} года не внесены: сроки будут короче",
            "flask portal load-classifiers",
        )
    return good("производственный календарь", f"праздники внесены по {year} год")


def _demo(connection: Connection) -> Finding:
    row = connection.execute(_DEMO).fetchone()
    if row and row[0]:
        return bad(
            "демонстрационные учётные записи",
            f"действуют: {row[0]}, пароль у всех один",
            "начните с чистой базы данных или закройте их:"
            " UPDATE ab_user SET active = false WHERE email LIKE '%@example.com'",
        )
    return good("демонстрационные учётные записи", "нет")
