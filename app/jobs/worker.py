"""`flask portal worker`: the process that does the background jobs."""

from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url

from app.jobs import connected
from app.security.database import DatabaseRole, role_name

STOP_WITHIN = 10.0  # seconds a job may go on after the worker is asked to stop


def worker_address(login: str, prefix: str) -> str:
    """Address of the database at which the worker acts as the system.

    Args:
        login: SQLAlchemy address of the signing-in role.
        prefix: begins the names of the roles.
    """
    role = role_name(DatabaseRole.SYSTEM, prefix)
    url = make_url(login).set(drivername="postgresql")
    url = url.update_query_dict({"options": f"-c role={role}", "application_name": "portal worker"})
    return url.render_as_string(hide_password=False)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Выполнять фоновые задания, пока не остановят."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    settings = current_app.config
    address = worker_address(settings["SQLALCHEMY_DATABASE_URI"], settings["DB_ROLE_PREFIX"])
    connected(address).run_worker(
        shutdown_graceful_timeout=STOP_WITHIN,
        delete_jobs="successful",
    )
