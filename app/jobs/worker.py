"""`flask portal worker`: the process that does the background jobs."""

from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs import connected, running
from app.security.database import DatabaseRole, libpq_address, role_name

STOP_WITHIN = 10.0  # seconds a job may go on after the worker is asked to stop
AT_ONCE = 3  # jobs: a long import must not keep others waiting for their file


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Выполнять фоновые задания, пока не остановят."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    settings = current_app.config
    running.serve(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - jobs run in threads without the context
    role = role_name(DatabaseRole.SYSTEM, settings["DB_ROLE_PREFIX"])
    address = libpq_address(settings["SQLALCHEMY_DATABASE_URI"], role)
    with connected(address) as jobs:
        jobs.run_worker(
            concurrency=AT_ONCE,
            shutdown_graceful_timeout=STOP_WITHIN,
            delete_jobs="successful",
            update_heartbeat_interval=5,
            stalled_worker_timeout=15,
        )
