"""`flask portal sync-roles`: the role matrix into the permission tables."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine

from app.security.sync import sync_roles as synchronise


@click.command("sync-roles")
@with_appcontext
def sync_roles() -> None:
    """Привести права ролей в соответствие с матрицей; повторять можно."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"])
    with engine.begin() as connection:
        number = synchronise(connection)
    engine.dispose()
    click.echo(f"Права ролей готовы: {number}.")
