"""Background jobs: what runs without anybody waiting for the page."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from procrastinate import App, PsycopgConnector

from app.kernel.queue import enqueue, worker_alive

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["connected", "enqueue", "jobs", "worker_alive"]

# Jobs are registered here by decorators; the address of the database comes with the worker.
jobs = App(
    connector=PsycopgConnector(),
    import_paths=[
        "app.jobs.sweep",
        "app.jobs.sweep_files",
        "app.jobs.running",
        "app.jobs.undo",
        "app.jobs.classes",
        "app.jobs.doubles",
        "app.jobs.effects",
        "app.jobs.importing",
        "app.jobs.webhooks",
        "app.jobs.post",
    ],
)


@contextmanager
def connected(address: str) -> Iterator[App]:
    """The jobs on the database of that address, for as long as the block lasts.

    Args:
        address: as libpq reads it; must act as the role of the system.
    """
    with jobs.replace_connector(PsycopgConnector(conninfo=address, min_size=1, max_size=4)) as app:
        yield app
