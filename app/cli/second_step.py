"""`flask portal reset-second-step`: for an operator who has lost telephone and recovery codes."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine

from app.security.access_log import Line, write
from app.security.second_steps import reset


@click.command("reset-second-step")
@click.argument("login")
@with_appcontext
def reset_second_step(login: str) -> None:
    """Сбросить вход по коду у учётной записи LOGIN: дальше она подключит его заново."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    try:
        with engine.begin() as connection:
            user_id = reset(connection, login)
            if user_id is None:
                raise click.ClickException(f"У «{login}» нет входа по коду, или нет такого имени.")
            write(connection, Line("second_reset", None, target=login.strip().lower()))
    finally:
        engine.dispose()
    click.echo(f"Готово: вход по коду у «{login}» сброшен, сеансы закончены. Записано в журнал.")
