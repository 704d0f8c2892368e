"""`flask portal account`: a person's account with a capacity, or one more capacity for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, text

from app.cli.email_address import checked
from app.security.passwords import hash_password
from app.security.roles import ADD_ONS, ROLES, RoleCode, ScopeKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

BOUND = {ScopeKind.ORGANISATION, ScopeKind.TEACHING}


@click.command("account")
@click.argument("login")
@click.option("--role", type=click.Choice([role.value for role in RoleCode]), required=True)
@click.option("--add-on", "add_ons", multiple=True, type=click.Choice([a.value for a in ADD_ONS]))
@click.option("--organisation", type=int, help="Номер организации из адреса её страницы.")
@click.option("--municipality", help="ОКТМО муниципального образования.")
@click.option("--last-name", help="Фамилия (для новой учётной записи).")
@click.option("--first-name", help="Имя и отчество (для новой учётной записи).")
@click.option("--email", help="Адрес почты для писем об уведомлениях (для новой записи).")
@click.option("--basis", default="Командная строка", help="Основание: приказ, договор.")
@click.password_option(help="Пароль новой учётной записи, не короче 12 знаков.", required=False)
@with_appcontext
def account(login: str, role: str, **given: object) -> None:
    """Завести учётную запись LOGIN с полномочиями или добавить ей полномочия."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    try:
        with engine.begin() as connection:
            scope = scope_of(connection, RoleCode(role), given)
            user_id = _person(connection, login.strip().lower(), given)
            connection.execute(
                text(
                    "insert into role_assignment"
                    " (user_id, role, add_ons, organisation_id, municipality_id, basis)"
                    " values (:user_id, :role, :add_ons, :organisation, :municipality, :basis)"
                ),
                {
                    "user_id": user_id,
                    "role": role,
                    "add_ons": list(given["add_ons"]),  # type: ignore[call-overload] # click: a tuple
                    "basis": given["basis"],
                    **scope,
                },
            )
    finally:
        engine.dispose()
    click.echo(f"Готово: {login}, {ROLES[RoleCode(role)].title}.")


def scope_of(
    connection: Connection, role: RoleCode, given: dict[str, object]
) -> dict[str, int | None]:
    """Rows the capacity is bound to; a role of an organisation is not given without one."""
    kind = ROLES[role].scope
    organisation = connection.scalar(
        text("select id from organisation where id = :id and deleted_at is null"),
        {"id": given["organisation"]},
    )
    municipality = connection.scalar(
        text("select id from municipality where oktmo = :oktmo and deleted_at is null"),
        {"oktmo": given["municipality"]},
    )
    if (given["organisation"] or kind in BOUND) and organisation is None:
        raise click.ClickException("Укажите --organisation: номер организации, которая есть.")
    if (given["municipality"] or kind is ScopeKind.MUNICIPALITY) and municipality is None:
        raise click.ClickException("Укажите --municipality: ОКТМО, который есть в справочнике.")
    return {"organisation": organisation, "municipality": municipality}


def _person(connection: Connection, login: str, given: dict[str, object]) -> int:
    """The account of that name, made when it is not there."""
    found = connection.scalar(
        text("select id from ab_user where lower(username) = :login"), {"login": login}
    )
    if found is not None:
        return int(found)
    if not (given["last_name"] and given["first_name"] and given["password"]):
        raise click.ClickException("Для новой записи нужны --last-name, --first-name и пароль.")
    try:
        password = hash_password(str(given["password"]))
    except ValueError as short:
        raise click.ClickException("Пароль короче 12 знаков: придумайте длиннее.") from short
    address = f"{login}@localhost"  # none that can be written to
    if given["email"]:
        address = checked(connection, str(given["email"]))
    made = connection.scalar(
        text(
            "insert into ab_user (first_name, last_name, username, email, active, password)"
            " values (:first, :last, :login, :email, true, :password) returning id"
        ),
        {
            "first": given["first_name"],
            "last": given["last_name"],
            "login": login,
            "email": address,
            "password": password,
        },
    )
    return int(made or 0)
