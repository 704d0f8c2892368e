"""`flask portal email`: where letters about notices go to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, text

from app.kernel.mail import deliverable

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("email")
@click.argument("login")
@click.argument("address")
@with_appcontext
def email(login: str, address: str) -> None:
    """Записать учётной записи LOGIN адрес почты ADDRESS."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    try:
        with engine.begin() as connection:
            found = connection.scalar(
                text("update ab_user set email = :address where username = :login returning id"),
                {"address": checked(connection, address, login), "login": login.strip().lower()},
            )
    finally:
        engine.dispose()
    if found is None:
        raise click.ClickException(f"Учётной записи {login} нет.")
    click.echo(f"Готово: {login}, {address}.")


def checked(connection: Connection, address: str, login: str = "") -> str:
    """The address as it goes over the wire; one can be written to, and it is nobody else's.

    ``login``: whose it may be already.
    """
    written = deliverable(address)
    if not written:
        raise click.ClickException(f"{address}: это не адрес почты. Пример: anna@example.com.")
    whose = connection.scalar(
        text("select username from ab_user where lower(email) = lower(:address)"),
        {"address": written},
    )
    if whose is not None and whose != login.strip().lower():
        raise click.ClickException(f"{address}: этот адрес уже у учётной записи {whose}.")
    return written
