"""`flask portal service-account`: accounts of programs that use the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from app.cli.account import scope_of
from app.kernel.clock import local
from app.security import service_accounts
from app.security.roles import ADD_ONS, ROLES, RoleCode

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST_NAME = 60


@click.command("service-account")
@click.argument("name", required=False, default="")
@click.option("--role", type=click.Choice([role.value for role in RoleCode]))
@click.option("--add-on", "add_ons", multiple=True, type=click.Choice([a.value for a in ADD_ONS]))
@click.option("--organisation", type=int, help="Номер организации из адреса её страницы.")
@click.option("--municipality", help="ОКТМО муниципального образования.")
@click.option("--basis", default="Командная строка", help="Основание: приказ, договор.")
@click.option("--renew", is_flag=True, help="Выдать новый секрет, прежний перестаёт действовать.")
@click.option("--revoke", is_flag=True, help="Отозвать запись вместе с выданными токенами.")
@click.option("--list", "listing", is_flag=True, help="Показать все записи.")
@with_appcontext
def service_account(name: str, **given: Any) -> None:
    """Завести служебную учётную запись NAME для программы; list — показать все."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    try:
        with engine.begin() as connection:
            if given["listing"] or name == "list":
                _show(connection)
                return
            if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
                raise click.ClickException("Укажите имя записи, не длиннее 60 знаков.")
            _act(connection, name.strip(), given)
    except IntegrityError as error:
        raise click.ClickException(
            "Запись с таким именем уже есть. Отзовите её (--revoke) или смените секрет (--renew)."
        ) from error
    finally:
        engine.dispose()


def _act(connection: Connection, name: str, given: dict[str, Any]) -> None:
    if given["revoke"]:
        if not service_accounts.revoke(connection, name):
            raise click.ClickException("Такой действующей записи нет.")
        click.echo(f"Отозвано: {name}. Выданные токены больше не действуют.")
        return
    if given["renew"]:
        made = service_accounts.renew(connection, name)
        if made is None:
            raise click.ClickException("Такой действующей записи нет.")
    else:
        if given["role"] is None:
            raise click.ClickException("Укажите --role: в каких полномочиях действует программа.")
        role = RoleCode(given["role"])
        scope = scope_of(connection, role, given)
        made = service_accounts.create(
            connection, name, role.value, list(given["add_ons"]), basis=given["basis"], **scope
        )
    click.echo(f"client_id:     {made.client_id}")
    click.echo(f"client_secret: {made.secret}")
    click.echo("Секрет показан один раз: в базе хранится только его хеш.")


def _show(connection: Connection) -> None:
    for row in service_accounts.listed(connection):
        title = ROLES[RoleCode(row.role)].title if row.role else "без полномочий"
        used = f"{local(row.used_at):%d.%m.%Y %H:%M}" if row.used_at else "не было"
        state = f"отозвана {local(row.revoked_at):%d.%m.%Y}" if row.revoked_at else "действует"
        place = f" · {row.place}" if row.place else ""
        click.echo(f"{row.name}  {row.client_id}  {title}{place}  {state}  последний вход: {used}")
