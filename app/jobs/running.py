"""Running what people ask for in the background: in their scope, all or nothing, told as it goes.

A job's work and its end are one transaction. Whatever kills the worker half-way leaves the job
unfinished and the data untouched; ``rescue`` then begins it anew.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale
from procrastinate import JobContext  # noqa: TC002 - the library reads the annotation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.extensions import db
from app.jobs import jobs
from app.kernel.blobs import Blobs
from app.kernel.errors import Cancelled, Message, PortalError
from app.kernel.sealed_params import opened
from app.kernel.sentences import packed
from app.kernel.work import Outcome, Task, handler_of
from app.security.acting import acting
from app.security.scopes import bind_scope
from app.services.keep import Problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.security.accounts import Accounts

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # a job that killed its worker so often is not tried again
LARGEST_RESULT = 4 * 1024**3  # bytes
TELL_EVERY = 0.7  # seconds between two signs of progress
STOPPED = Message("Остановлено. Ничего не изменено.")
NO_CAPACITY = Message("Полномочия, в которых дано задание, закончились.")
BROKEN = Message("Не получилось из-за ошибки портала. Ничего не изменено; ошибка записана.")
TOO_OFTEN = Message("Задание несколько раз прерывалось и больше не повторяется.")
UNKNOWN = Message("Такие задания эта версия портала не выполняет.")

_BEGIN = text(
    "update background_job set state = 'running', started_at = coalesce(started_at, now()),"
    " seen_at = now(), attempts = attempts + 1, done = 0 where id = :id"
    " and state in ('queued', 'running') returning kind, params, user_id, assignment_id, language,"
    " attempts, stop_asked"
)
_TELL = text(
    "update background_job set done = :done, total = :total, seen_at = now()"
    " where id = :id returning stop_asked"
)
_END = text(
    "update background_job set state = :state, message = :message, finished_at = now(),"
    " message_values = cast(:values as jsonb) where id = :id and state = 'running'"
)
_FINISH = text(
    "select portal_finish_job(:id, :message, cast(:values as jsonb), cast(:result as jsonb),"
    " :file_hash, :file_name, :file_type)"
)
# No connection at all, and the states of a server that ends or has not begun yet.
AWAY = (None, "57P01", "57P02", "57P03")
# Jobs that nobody does any more: the worker was killed, or the queue lost them.
_LOST = text(
    "select b.id from background_job b where b.state in ('queued', 'running')"
    " and b.created_at < now() - interval '5 seconds' and not exists (select 1 from"
    " procrastinate_jobs p where p.task_name = 'work' and p.status in ('todo', 'doing')"
    " and (p.args ->> 'job')::bigint = b.id)"
)
_application: list[Flask] = []


def application() -> Flask:
    """The application whose jobs this worker does."""
    return _application[0]


class Stopping(Exception):
    """The worker is asked to end: the job is left for the next one."""


def serve(app: Flask) -> None:
    """Do the jobs of this application from now on."""
    _application[:] = [app]


@jobs.task(name="work", pass_context=True)
def work(context: JobContext, job: int) -> None:
    """Do one job of ``background_job``; called by the queue, in a thread of the worker."""
    attempt(job, context.should_abort)


def attempt(job: int, stopping: Callable[[], bool] = lambda: False) -> None:
    """Do one job of ``background_job`` now; ``stopping`` says that the worker is to end."""
    with application().app_context():
        _Run(job, stopping).go()


@jobs.periodic(cron="* * * * * */10")
@jobs.task(name="rescue", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> int:
    """Queue again what a worker that was killed has left behind.

    Args:
        context: gives the queue.
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of jobs queued again.
    """
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(task_name="work", seconds_since_heartbeat=15))
    for job in stalled:
        await manager.retry_job(job)
    rows = await context.app.connector.execute_query_all_async(str(_LOST))
    for row in rows:
        await work.defer_async(job=row["id"])
    if stalled or rows:
        logger.warning("Queued %s jobs again at %s", len(stalled) + len(rows), timestamp)
    return len(stalled) + len(rows)


class _Run:
    """One attempt at one job."""

    def __init__(self, job: int, stopping: Callable[[], bool]) -> None:
        self.job = job
        self.stopping = stopping
        self.book: Accounts = current_app.extensions["accounts"]
        self.told = 0.0
        self.results = Blobs(Path(current_app.config["PORTAL_DATA"]) / "results")

    def go(self) -> None:
        """Begin, work, end; every end but being killed is written down."""
        with self.book.system() as connection:
            row = connection.execute(_BEGIN, {"id": self.job}).mappings().one_or_none()
        if row is None:
            return  # it has ended meanwhile
        try:
            with force_locale(row["language"]):
                self._work(row)
        except Stopping:
            logger.info("Job %s waits for the next worker", self.job)
        except Cancelled:
            self._end("cancelled", STOPPED)
        except PortalError as error:
            self._end("failed", error.message)
        except Problems as error:
            self._end("failed", error.problems[0].message)
        except Exception as error:
            if gone(error):
                logger.warning("Job %s waits until the database is back", self.job)
                return
            logger.exception("Job %s (%s) failed", self.job, row["kind"])
            self._end("failed", BROKEN)
        finally:
            forget_session()

    def _work(self, row: Any) -> None:
        if row["stop_asked"]:
            raise Cancelled(STOPPED)
        if row["attempts"] > MOST_ATTEMPTS:
            raise PortalError(TOO_OFTEN)
        handler = handler_of(row["kind"])
        if handler is None:
            raise PortalError(UNKNOWN)
        person = acting(self.book, row["user_id"], row["assignment_id"])
        if person is None:
            raise PortalError(NO_CAPACITY)
        session = db.session()
        via = "import" if row["kind"].startswith("import") else "job"
        bind_scope(session, replace(person.scope, via=via))
        outcome = handler(
            Task(
                self.job,
                row["kind"],
                opened(row["params"]),
                session,
                person,
                row["language"],
                self._progress,
            )
        )
        self._finish(outcome)

    def _progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is; raises ``Cancelled`` when the asker wants it to stop."""
        if self.stopping():
            raise Stopping
        moment = time.monotonic()
        if moment - self.told < TELL_EVERY:
            return
        self.told = moment
        with self.book.system() as connection:
            values = {"id": self.job, "done": done, "total": total}
            if connection.execute(_TELL, values).scalar():
                raise Cancelled(STOPPED)

    def _finish(self, outcome: Outcome) -> None:
        file_hash = None
        if outcome.file is not None:
            with outcome.file as stream:
                stream.seek(0)
                file_hash = self.results.put(stream, LARGEST_RESULT).sha256
        values = {
            "id": self.job,
            "message": outcome.message.text if outcome.message else None,
            "values": _json(packed(outcome.message) if outcome.message else {}),
            "result": _json(dict(outcome.result)),
            "file_hash": file_hash,
            "file_name": outcome.file_name[:200] if file_hash else None,
            "file_type": outcome.file_type if file_hash else None,
        }
        if not db.session.execute(_FINISH, values).scalar():
            raise Cancelled(STOPPED)
        db.session.commit()

    def _end(self, state: str, message: Message) -> None:
        db.session.rollback()
        with self.book.system() as connection:
            connection.execute(
                _END,
                {
                    "id": self.job,
                    "state": state,
                    "message": message.text[:1000],
                    "values": _json(packed(message)),
                },
            )


def gone(error: Exception) -> bool:
    """Whether the database itself went away; then nothing failed, the job only has to wait."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    away = isinstance(error, (OperationalError, InterfaceError)) and state in AWAY
    return error.connection_invalidated or away


def forget_session() -> None:
    """Give the session back, also one whose connection is cut."""
    try:
        db.session.remove()
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            db.session().invalidate()
        db.session.registry.clear()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
