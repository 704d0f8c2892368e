"""Jobs as people see them: ask for one, stop it, look at one's own; the database knows whose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from app.kernel.errors import Missing, Refused
from app.kernel.sealed_params import kept
from app.kernel.sentences import packed
from app.models.work import BackgroundJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.errors import Message

MOST_WAITING = 20  # jobs of one person that have not ended
PAGE = 50
LIVING = ("queued", "running")
_ENQUEUE = text(
    "select portal_enqueue(:kind, :title, cast(:title_values as jsonb), cast(:params as jsonb),"
    " cast(:assignment as bigint), cast(:organisation as bigint), :language, :lock)"
)
_STOP = text("select portal_stop_job(:job)")


def ask(  # noqa: PLR0913 - what a job is, who asks, where it belongs
    session: Session,
    kind: str,
    title: Message,
    params: Mapping[str, Any],
    *,
    assignment: int | None,
    organisation: int | None = None,
    language: str = "ru",
    lock: str | None = None,
) -> int:
    """Ask for a job; it begins when, and only when, the transaction is committed.

    The job will act in the scope of the session, in the capacity ``assignment``. ``kind`` says who
    does it (``kernel.work.handles``) with which ``params`` (JSON values). Others of the
    ``organisation`` see it as well. ``language`` is that of the sentences and files it makes; jobs
    with the same ``lock`` never run at the same time. Gives the number of the job.

    Raises:
        Refused: too many jobs of this person are still waiting.
    """
    if _waiting(session) >= MOST_WAITING:
        raise Refused("Слишком много заданий ждёт своей очереди. Дождитесь конца прежних.")
    values = {
        "kind": kind,
        "title": title.text,
        "title_values": json.dumps(packed(title), ensure_ascii=False),
        "params": json.dumps(kept(params), ensure_ascii=False),
        "assignment": assignment,
        "organisation": organisation,
        "language": language,
        "lock": lock,
    }
    return int(session.execute(_ENQUEUE, values).scalar_one())


def _waiting(session: Session) -> int:
    """How many jobs of whoever asks have not ended."""
    statement = select(func.count()).where(
        BackgroundJob.state.in_(LIVING), BackgroundJob.user_id == func.portal_user()
    )
    return session.scalar(statement) or 0


def stop(session: Session, job: int) -> bool:
    """Ask a job to stop; ``False`` when it has ended already or is somebody else's."""
    return session.execute(_STOP, {"job": job}).scalar() is not None


def find(session: Session, job: int) -> BackgroundJob:
    """One job within the scope. Raises ``Missing``."""
    found = session.get(BackgroundJob, job, populate_existing=True)
    if found is None:
        raise Missing("Такого задания нет.")
    return found


def mine(session: Session, before: int | None = None) -> Sequence[BackgroundJob]:
    """Jobs of whoever asks, newest first: a page of them and one more."""
    statement = select(BackgroundJob).where(BackgroundJob.user_id == func.portal_user())
    if before is not None:
        statement = statement.where(BackgroundJob.id < before)
    return session.scalars(statement.order_by(BackgroundJob.id.desc()).limit(PAGE + 1)).all()


def everybodys(session: Session, before: int | None = None) -> Sequence[BackgroundJob]:
    """All jobs the capacity may see, newest first: a page of them and one more."""
    statement = select(BackgroundJob)
    if before is not None:
        statement = statement.where(BackgroundJob.id < before)
    return session.scalars(statement.order_by(BackgroundJob.id.desc()).limit(PAGE + 1)).all()
