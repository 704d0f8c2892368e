"""Everything a database needs before the portal opens; one process, may be repeated."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import flask_migrate
from flask.cli import ScriptInfo

from app import create_app
from app.cli import portal
from app.cli.database import prepare_database
from config import Config
from tools.progress import step

if TYPE_CHECKING:
    from flask import Flask

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def prepare() -> list[str]:
    """Bring the database to the present version, with roles, classifiers and demo data.

    Returns:
        Lines for the end of the start, e.g. the demo logins.

    Raises:
        click.ClickException: a step refuses, with the reason.
    """
    with step("Роли базы данных"):
        prepare_database(
            Config.ADMIN_DATABASE_URI, Config.SQLALCHEMY_DATABASE_URI, Config.DB_ROLE_PREFIX
        )
    app = create_app()
    with step("Структура данных"):
        upgrade(app)
    with step("Права"):
        command(app, "sync-roles")
    with step("Справочники"):
        command(app, "load-classifiers")
    if os.environ.get("PORTAL_DEMO", "small") == "none":
        return []
    with step("Демонстрационные данные"):
        return command(app, "demo")


def upgrade(app: Flask) -> None:
    """Run the migrations that have not been run yet."""
    with app.app_context():
        try:
            flask_migrate.upgrade(directory=str(MIGRATIONS))
        except SystemExit as failure:
            raise click.ClickException("Миграция базы данных не удалась.") from failure


def command(app: Flask, name: str) -> list[str]:
    """Run `flask portal <name>` here; the lines which it returns are for the person.

    What it prints is meant for those who call it alone; here the step says how it went.
    """
    info = ScriptInfo(create_app=lambda: app)
    with redirect_stdout(StringIO()):
        result = portal.main(args=[name], prog_name="flask portal", standalone_mode=False, obj=info)
    return cast("list[str]", result) if isinstance(result, list) else []
