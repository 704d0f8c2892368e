"""Background jobs: what runs without anybody waiting for the page."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector

from app.kernel.queue import enqueue, worker_alive

__all__ = ["connected", "enqueue", "jobs", "worker_alive"]

# Jobs are registered here by decorators; the address of the database comes with the worker.
jobs = App(connector=PsycopgConnector(), import_paths=["app.jobs.sweep"])


def connected(address: str) -> App:
    """The same jobs on the database of that address.

    Args:
        address: as libpq reads it; must act as the role of the system.
    """
    return jobs.with_connector(PsycopgConnector(conninfo=address, min_size=1, max_size=4))
