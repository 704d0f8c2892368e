"""Checks of the database from where the portal signs in: server, roles, row security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from app.cli.database import OLDEST
from app.cli.finding import bad, good, warn
from app.kernel.catalogue import records
from app.kernel.clock import now
from app.security.database import SCOPES, DatabaseRole, libpq_address, role_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

    from app.cli.finding import Finding

LOGS = {"activity", "access_log"}
SLOW_CLOCK, WRONG_CLOCK = 2, 30  # seconds of difference
WAIT = 5  # seconds for the server to answer

_LOGIN = """
select r.rolsuper, r.rolbypassrls, r.rolcreaterole or r.rolcreatedb or r.rolreplication,
       exists (select from pg_class c where c.relowner = r.oid
               and c.relnamespace = 'public'::regnamespace),
       r.rolinherit, array(select m.roleid::regrole::text from pg_auth_members m
                           where m.member = r.oid order by 1)
from pg_roles r where r.rolname = session_user
"""
_INHERITED = """
select array(select m.roleid::regrole::text from pg_auth_members m
             where m.member = session_user::regrole and m.inherit_option)
"""
_INHERIT_OPTION_SINCE = 160_000
# Tables which a scope may read or write at all, in whole or by column.
_OPEN = """
select distinct c.relname from pg_class c
  left join pg_attribute a on a.attrelid = c.oid and a.attacl is not null
  cross join lateral (select * from aclexplode(c.relacl) union all
                      select * from aclexplode(a.attacl)) g
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and not (c.relrowsecurity and c.relforcerowsecurity)
  and (g.grantee = 0 or g.grantee::regrole::text = any (%s))
"""
_UNFORCED = """
select relname from pg_class where relnamespace = 'public'::regnamespace
  and relname = any (%s) and not (relrowsecurity and relforcerowsecurity)
"""
_BARE = """
select relname from pg_class c where relnamespace = 'public'::regnamespace and relrowsecurity
  and not exists (select from pg_policy p where p.polrelid = c.oid)
"""
_PUBLIC = """
select 'таблица ' || c.relname from pg_class c, aclexplode(c.relacl) g
 where c.relnamespace = 'public'::regnamespace and g.grantee = 0
union select 'столбец ' || a.attrelid::regclass || '.' || a.attname
  from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) g
 where c.relnamespace = 'public'::regnamespace and g.grantee = 0
union select 'политика ' || policyname from pg_policies
 where schemaname = 'public' and 'public' = any (roles)
union select 'функция ' || p.proname from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.prosecdef
   and p.prorettype <> 'trigger'::regtype
   and (p.proacl is null or exists (select from aclexplode(p.proacl) g where g.grantee = 0))
union select 'создание таблиц в схеме public' from pg_namespace n, aclexplode(n.nspacl) g
 where n.nspname = 'public' and g.grantee = 0 and g.privilege_type = 'CREATE'
union select 'вход в базу данных' from pg_database d
 where d.datname = current_database() and (d.datacl is null
   or exists (select from aclexplode(d.datacl) g where g.grantee = 0))
order by 1
"""
# Names of accounts, without anything else of them, for "who changed it".
WITHOUT_ROWS = {"ab_user"}


def database_checks(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings about the database; one only while it is away."""
    address = libpq_address(settings["SQLALCHEMY_DATABASE_URI"])
    try:
        connection = psycopg.connect(address, connect_timeout=WAIT)
    except psycopg.OperationalError as failure:
        yield bad(
            "база данных",
            f"недоступна: {str(failure).strip().splitlines()[0]}",
            "проверьте, что PostgreSQL запущен, и адрес в DATABASE_URL",
        )
        return
    with connection:
        yield from _server(connection)
        yield _connection(connection)
        yield _clock(connection)
        yield _login(connection, settings["DB_ROLE_PREFIX"])
        yield _row_security(connection, settings["DB_ROLE_PREFIX"])
        yield _open_to_all(connection)


def _server(connection: Connection) -> Iterator[Finding]:
    number = connection.info.server_version
    version = connection.info.parameter_status("server_version")
    if number < OLDEST:
        yield bad("PostgreSQL", f"версия {version}", "нужна 15 или новее", fatal=True)
    else:
        yield good("PostgreSQL", f"версия {version}")
    row = connection.execute(
        "select current_setting('server_encoding'), lower('Ё') = 'ё',"
        " current_setting('data_checksums')"
    ).fetchone()
    encoding, folds, checksums = row or ("", False, "off")
    if encoding != "UTF8" or not folds:
        yield bad(
            "буквы",
            "база данных не UTF-8 или не различает регистр русских букв",
            "перенесите её в базу с LOCALE 'C.UTF-8': backup, createdb, restore",
            fatal=True,
        )
    else:
        yield good("буквы", "UTF-8, регистр русских букв различается")
    if checksums != "on":
        yield warn(
            "контрольные суммы",
            "выключены: порча диска останется незамеченной",
            "остановите сервер и выполните pg_checksums --enable",
        )
    else:
        yield good("контрольные суммы", "включены")


def _connection(connection: Connection) -> Finding:
    host = connection.info.host
    if host.startswith("/") or host in {"", "localhost", "127.0.0.1", "::1"}:
        return good("связь с базой", "на этом же компьютере")
    if not connection.pgconn.ssl_in_use:
        return bad(
            "связь с базой",
            f"с сервером {host} без шифрования",
            "включите TLS на сервере и допишите в адреса ?sslmode=verify-full",
            fatal=True,
        )
    return good("связь с базой", f"с сервером {host} по TLS")


def _clock(connection: Connection) -> Finding:
    before = now()
    row = connection.execute("select clock_timestamp()").fetchone()
    middle = before + (now() - before) / 2
    apart = abs((row[0] - middle).total_seconds()) if row else 0.0
    if apart > SLOW_CLOCK:
        tell = bad if apart > WRONG_CLOCK else warn
        return tell(
            "часы",
            f"расходятся с часами базы данных на {apart:.0f} с",
            "включите синхронизацию времени (chrony, systemd-timesyncd) на обоих компьютерах",
        )
    return good("часы", "идут одинаково с базой данных")


def _login(connection: Connection, prefix: str) -> Finding:
    row = connection.execute(_LOGIN).fetchone()
    superuser, passes, makes, owns, inherits, member = row or (True, True, True, True, True, [])
    if connection.info.server_version >= _INHERIT_OPTION_SINCE:
        found = connection.execute(_INHERITED).fetchone()
        inherits = bool(found and found[0])
    scopes = {role_name(role, prefix) for role in SCOPES}
    faults = [
        words
        for fault, words in (
            (superuser, "суперпользователь"),
            (passes, "обходит границы строк (BYPASSRLS)"),
            (makes, "создаёт роли, базы или реплики"),
            (owns, "владеет таблицами"),
            (inherits, "наследует права своих ролей (нужно NOINHERIT)"),
            (set(member) - scopes, f"входит в лишние роли: {', '.join(set(member) - scopes)}"),
        )
        if fault
    ]
    if faults:
        return bad(
            "роль входа",
            f"{connection.info.user}: {'; '.join(faults)}",
            f"в DATABASE_URL должна быть роль {role_name(DatabaseRole.LOGIN, prefix)},"
            " которую делает flask portal init-db",
            fatal=True,
        )
    return good("роль входа", f"{connection.info.user} сама не имеет прав на данные")


def _row_security(connection: Connection, prefix: str) -> Finding:
    wanted = sorted({record.__tablename__ for record in records()} | LOGS)
    scopes = [role_name(role, prefix) for role in SCOPES if role is not DatabaseRole.AUTH]
    scopes.remove(role_name(DatabaseRole.SYSTEM, prefix))
    faults = {row[0] for row in connection.execute(_UNFORCED, (wanted,)).fetchall()}
    faults |= {row[0] for row in connection.execute(_OPEN, (scopes,)).fetchall()} - WITHOUT_ROWS
    bare = {row[0] for row in connection.execute(_BARE).fetchall()}
    if faults or bare:
        return bad(
            "границы строк",
            f"выключены или без политик: {', '.join(sorted(faults | bare))}",
            "ALTER TABLE … ENABLE и FORCE ROW LEVEL SECURITY; кто их снял, видно в журнале сервера",
            fatal=True,
        )
    return good("границы строк", f"действуют у всех таблиц записей: {len(wanted)}")


def _open_to_all(connection: Connection) -> Finding:
    found = [row[0] for row in connection.execute(_PUBLIC).fetchall()]
    if found:
        return bad(
            "права для всех",
            f"открыто роли PUBLIC: {', '.join(found[:5])}",
            "REVOKE … FROM PUBLIC; для базы данных и схемы это делает flask portal init-db",
        )
    return good("права для всех", "ничего не открыто роли PUBLIC")
