"""Background jobs, put into the same transaction as the change that asks for them.

Procrastinate has no public way to enqueue inside a SQLAlchemy session; its SQL function is that
way, and it is called in this one place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session, scoped_session

ALIVE_WITHIN = 30  # seconds without a heartbeat after which a worker counts as gone; it beats at 10

_DEFER = text(
    "SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW("
    "CAST(:queue AS varchar), CAST(:task AS varchar), 0, CAST(:lock AS text),"
    " CAST(:queueing_lock AS text), CAST(:args AS jsonb), NULL"
    ")::procrastinate_job_to_defer_v1]))[1]"
)
_ALIVE = text(
    "SELECT EXISTS (SELECT 1 FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :seconds))"
)


def enqueue(
    session: Session | scoped_session[Session],
    task: str,
    *,
    queue: str = "default",
    lock: str | None = None,
    **arguments: object,
) -> int:
    """Ask for a job when, and only when, the transaction of the session is committed.

    Args:
        session: the session of the change.
        task: name under which the job is registered, e.g. `sweep`.
        queue: name of the queue.
        lock: jobs with the same lock never run at the same time.
        arguments: what the job is called with; JSON values.

    Returns:
        Number of the job.
    """
    values = {
        "queue": queue,
        "task": task,
        "lock": lock,
        "queueing_lock": None,
        "args": json.dumps(arguments, ensure_ascii=False),
    }
    return int(session.execute(_DEFER, values).scalar_one())


def worker_alive(connection: Connection | Session | scoped_session[Session]) -> bool:
    """True while at least one worker has given a sign of life in the last half minute."""
    return bool(connection.execute(_ALIVE, {"seconds": ALIVE_WITHIN}).scalar_one())
