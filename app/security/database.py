"""Roles of the database cluster: who owns, who signs in, who acts. Never made by migrations."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from psycopg import errors, sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from psycopg import Connection

GRANT_OPTIONS_SINCE = 160_000


class DatabaseRole(StrEnum):
    """A role of the cluster without its prefix."""

    OWNER = "owner"  # owns every table, runs migrations
    LOGIN = "login"  # the only one that signs in; holds no right on any record
    AUTH = "auth"  # users, sessions, throttle: before the scope is known
    REGION = "region"  # every row
    ORG = "org"  # rows of the organisations in `app.orgs`
    TEACHER = "teacher"  # rows of the learners in `app.students`
    PERSON = "person"  # own rows
    CASE = "case"  # cases of a commission
    SYSTEM = "system"  # jobs of the portal itself
    BACKUP = "backup"  # reads everything, changes nothing


SCOPES = (
    DatabaseRole.AUTH,
    DatabaseRole.REGION,
    DatabaseRole.ORG,
    DatabaseRole.TEACHER,
    DatabaseRole.PERSON,
    DatabaseRole.CASE,
    DatabaseRole.SYSTEM,
)


def role_name(role: DatabaseRole, prefix: str) -> str:
    """Name of the role in the cluster, e.g. `portal_org`."""
    return f"{prefix}{role.value}"


def libpq_address(address: str, role: str | None = None) -> str:
    """The SQLAlchemy address as libpq and psycopg read it, password included.

    Args:
        address: as in the settings.
        role: act as this database role from the first statement on.
    """
    url = make_url(address)
    parts: dict[str, Any] = {
        "user": url.username,
        "password": url.password,
        "host": url.host,
        "port": url.port,
        "dbname": url.database,
        **{key: value for key, value in url.query.items() if isinstance(value, str)},
    }
    if role:
        parts["options"] = f"-c role={role}"
    return make_conninfo(**{key: str(value) for key, value in parts.items() if value is not None})


def create_roles(
    connection: Connection,
    prefix: str,
    database: str,
    *,
    login: str | None = None,
    password: str | None = None,
) -> None:
    """Make the roles and hand them the schema; may be repeated any number of times.

    Args:
        connection: an autocommit connection to that database, as one who may create roles.
        prefix: begins the name of every role.
        database: name of the database, whose schema the owner role receives.
        login: name of the signing-in role where it is not `<prefix>login`.
        password: given to the signing-in role when it is made here, and only then.

    Raises:
        psycopg.errors.InsufficientPrivilege: the connection may not create roles.
    """
    names = {role: role_name(role, prefix) for role in DatabaseRole}
    names[DatabaseRole.LOGIN] = login or names[DatabaseRole.LOGIN]
    for role in (DatabaseRole.OWNER, *SCOPES):
        _create(connection, names[role], "NOLOGIN")
    _create(connection, names[DatabaseRole.LOGIN], "LOGIN NOINHERIT", password)
    _create_backup(connection, names[DatabaseRole.BACKUP])
    _become_owner(connection, names[DatabaseRole.OWNER])
    _join(connection, names)
    _hand_over(connection, names, database)


def _exists(connection: Connection, name: str) -> bool:
    return (
        connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
        is not None
    )


def _create(connection: Connection, name: str, options: str, password: str | None = None) -> None:
    if _exists(connection, name):
        return
    statement = sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(name))
    if password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    try:
        connection.execute(statement)
    except (errors.DuplicateObject, errors.UniqueViolation):
        return  # another process was quicker


def _create_backup(connection: Connection, name: str) -> None:
    """Before PostgreSQL 16 only a superuser may grant BYPASSRLS: then backups are made by one."""
    try:
        _create(connection, name, "NOLOGIN BYPASSRLS")
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(name)))
    except errors.InsufficientPrivilege:
        return


def _modern(connection: Connection) -> bool:
    return connection.info.server_version >= GRANT_OPTIONS_SINCE


def _become_owner(connection: Connection, owner: str) -> None:
    """Let the one who migrates act as the owner role, unless allowed already."""
    row = connection.execute(
        "SELECT current_user, pg_has_role(current_user, %s, 'MEMBER'), rolsuper"
        " FROM pg_roles WHERE rolname = current_user",
        (owner,),
    ).fetchone()
    if row is None or row[0] == owner or row[2]:
        return
    options = " WITH INHERIT TRUE, SET TRUE" if _modern(connection) else ""
    connection.execute(
        sql.SQL("GRANT {} TO {}" + options).format(sql.Identifier(owner), sql.Identifier(row[0]))
    )


def _join(connection: Connection, names: dict[DatabaseRole, str]) -> None:
    """Let the login role become each scope by SET ROLE without inheriting any of its rights."""
    options = " WITH INHERIT FALSE, SET TRUE" if _modern(connection) else ""
    login = names[DatabaseRole.LOGIN]
    for scope in SCOPES:
        connection.execute(
            sql.SQL("GRANT {} TO {}" + options).format(
                sql.Identifier(names[scope]), sql.Identifier(login)
            )
        )


def _hand_over(connection: Connection, names: dict[DatabaseRole, str], database: str) -> None:
    """Give the schema to the owner role; the public keeps no right on the database.

    The database itself stays with whoever made it: to hand it over takes CREATEDB.
    """
    values = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(names[DatabaseRole.OWNER]),
        "login": sql.Identifier(names[DatabaseRole.LOGIN]),
        "backup": sql.Identifier(names[DatabaseRole.BACKUP]),
        "scopes": sql.SQL(", ").join(sql.Identifier(names[scope]) for scope in SCOPES),
    }
    statements = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {owner}",
        "GRANT CONNECT ON DATABASE {database} TO {login}",
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {scopes}",
    ]
    if _exists(connection, names[DatabaseRole.BACKUP]):
        statements.append("GRANT CONNECT ON DATABASE {database} TO {backup}")
    if _logs(connection):  # migrations grant it to the signing-in role of their day
        statements.append("GRANT EXECUTE ON FUNCTION portal_access TO {login}")
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**values))


def _logs(connection: Connection) -> bool:
    """Whether there is an access log to write into yet."""
    found = connection.execute("SELECT to_regproc('public.portal_access')").fetchone()
    return found is not None and found[0] is not None
