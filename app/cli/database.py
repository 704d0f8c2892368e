"""`flask portal init-db`: roles of the cluster and ownership of the database."""

from __future__ import annotations

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext
from psycopg import sql
from sqlalchemy.engine import make_url

from app.security.database import DatabaseRole, create_roles, libpq_address, role_name

OLDEST = 150_000
LOGINS = """
select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member
where m.roleid = %s::regrole and r.rolcanlogin and not r.rolsuper
"""


def check_server(connection: psycopg.Connection) -> None:
    """Refuse a server on which the portal would store or find something wrongly.

    Raises:
        click.ClickException: it is too old, or does not fold Cyrillic letters.
    """
    if connection.info.server_version < OLDEST:
        raise click.ClickException("Нужен PostgreSQL 15 или новее.")
    row = connection.execute(
        "SELECT current_setting('server_encoding'), lower('Ё') = 'ё'"
    ).fetchone()
    if row != ("UTF8", True):
        raise click.ClickException(
            "База данных должна быть в кодировке UTF-8 с правилами C.UTF-8 или ru_RU.UTF-8:"
            " сейчас она не различает регистр русских букв. Создайте её заново, например:"
            " CREATE DATABASE portal TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'."
        )


def prepare_database(admin: str, login: str, prefix: str) -> None:
    """Check the server and make the roles.

    Args:
        admin: SQLAlchemy address of one who may create roles.
        login: SQLAlchemy address which the web process uses; names the signing-in role.
        prefix: begins the names of the roles.

    Raises:
        click.ClickException: the server cannot be reached or will not do; says what to do.
    """
    login_url = make_url(login)
    try:
        with psycopg.connect(libpq_address(admin), autocommit=True) as connection:
            check_server(connection)
            create_roles(
                connection,
                prefix,
                connection.info.dbname,
                login=login_url.username,
                password=login_url.password,
            )
            open_log(connection, prefix)
    except psycopg.errors.InsufficientPrivilege as refusal:
        raise click.ClickException(
            f"Пользователю {make_url(admin).username} не хватает прав: нужны CREATEROLE и владение"
            f" базой данных. Ответ сервера: {refusal.diag.message_primary}"
        ) from refusal
    except psycopg.OperationalError as failure:
        raise click.ClickException(f"База данных недоступна: {failure}") from failure


def open_log(connection: psycopg.Connection, prefix: str) -> None:
    """Let the door and whoever signs in for the portal append to the access log, nobody else.

    Who signs in may be called otherwise than where the database was made before.
    """
    found = connection.execute("select to_regproc('public.portal_access')").fetchone()
    if not found or found[0] is None:
        return  # before the first migration
    names = [role_name(role, prefix) for role in (DatabaseRole.AUTH, DatabaseRole.SYSTEM)]
    logins = connection.execute(LOGINS, (names[0],)).fetchall()
    owner = sql.Identifier(role_name(DatabaseRole.OWNER, prefix))
    grantees = sql.SQL(", ").join(sql.Identifier(n) for n in (*names, *(row[0] for row in logins)))
    with connection.transaction():
        connection.execute(sql.SQL("set local role {}").format(owner))
        connection.execute("revoke execute on function portal_access from public")
        grant = sql.SQL("grant execute on function portal_access to {}")
        connection.execute(grant.format(grantees))


@click.command("init-db")
@with_appcontext
def init_db() -> None:
    """Создать роли базы данных и передать ей владельца; повторять можно."""
    settings = current_app.config
    prepare_database(
        settings["ADMIN_DATABASE_URI"],
        settings["SQLALCHEMY_DATABASE_URI"],
        settings["DB_ROLE_PREFIX"],
    )
    click.echo("Роли базы данных готовы.")
