"""Sending events to other systems: in order, each at least once, later again where it failed.

The place of a subscription moves only when the other side has answered that it has the events.
Whatever kills the worker in between, they are sent again, with the numbers they had.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import text

from app.extensions import db
from app.jobs import jobs
from app.jobs.running import application, forget_session
from app.kernel.catalogue import records
from app.kernel.clock import now
from app.kernel.errors import Gone, Invalid, Unavailable
from app.kernel.feed_tokens import Place, written
from app.kernel.posting import Answer, Rules, post
from app.kernel.rights import READ
from app.security.acting import reading_operator
from app.security.scopes import bind_scope
from app.services import feed
from app.services.webhooks import sendable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Row

    from app.security.accounts import Accounts

logger = logging.getLogger(__name__)
AT_ONCE = 4  # receivers, so that a slow one does not hold up the others
SIZE = 100  # events of one message
SECONDS = 30  # one receiver is sent to for so long at a stretch
FIRST_PAUSE, LONGEST_PAUSE = 10, 3_600  # seconds
MOST_FAILURES = 20  # in a row: about twelve hours
LOCK = 493_008  # one run at a time, whatever becomes of the worker

_DUE = text(
    "select id from webhook where state = 'active' and (next_at is null or next_at <= :now)"
    " order by id"
)
_ONE = text(
    "select w.id, w.url, w.secret, w.records, w.transaction, w.event_id, w.failures, f.line"
    " from webhook w cross join feed f where w.id = :id and w.state = 'active'"
)
# Nothing is moved that the operator has meanwhile placed elsewhere.
_MOVE = text(
    "update webhook set transaction = :transaction, event_id = :event, failures = 0,"
    " next_at = null, delivered = delivered + :number, sent_at = coalesce(:now, sent_at),"
    " status = coalesce(:status, status), answer = coalesce(:answer, answer)"
    " where id = :id and transaction = :was_transaction and event_id = :was_event"
)
_FAIL = text(
    "update webhook set failures = :failures, next_at = :next, sent_at = :now, status = :status,"
    " answer = :answer, state = case when :give_up and state = 'active' then 'failed' else state"
    " end where id = :id and transaction = :was_transaction and event_id = :was_event"
)


@jobs.periodic(cron="* * * * * */10")
@jobs.task(name="webhooks", queueing_lock="webhooks")
def webhooks(timestamp: int) -> int:
    """Send what waits to everybody whose turn it is.

    Args:
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of events sent.
    """
    with application().app_context(), _alone() as mine:
        if not mine:
            return 0  # the run before this one is still at it
        with _book().system() as connection:
            due = list(connection.scalars(_DUE, {"now": now()}))
        if not due:
            return 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sent = sum(pool.map(_deliver, due))
    logger.info("Sent %s events at the schedule of %s", sent, timestamp)
    return sent


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run is at it; a worker that dies lets go by itself."""
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        asked = {"lock": LOCK}
        mine = bool(connection.scalar(text("select pg_try_advisory_lock(:lock)"), asked))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("select pg_advisory_unlock(:lock)"), asked)


def _book() -> Accounts:
    book: Accounts = current_app.extensions["accounts"]
    return book


def _deliver(ident: int) -> int:
    """Everything that waits for one subscription, part by part; gives how many events."""
    sent, end = 0, time.monotonic() + SECONDS
    with application().app_context():
        try:
            while time.monotonic() < end:
                number, more = _once(ident)
                sent += number
                if not more:
                    break
        except Exception:
            logger.exception("Webhook %s", ident)
        finally:
            forget_session()
    return sent


def _once(ident: int) -> tuple[int, bool]:
    """One part: read, send, move on. Gives the number of events and whether to go on at once."""
    with _book().system() as connection:
        hook = connection.execute(_ONE, {"id": ident}).one_or_none()
    if hook is None:
        return 0, False
    try:
        part = _part(hook)
        answer = _send(hook, part) if part.events else None
    except Gone as error:
        return _failed(hook, Answer(410, str(error)), give_up=True)
    except (Invalid, Unavailable) as error:
        return _failed(hook, Answer(0, str(error)))
    if answer is not None and not answer.taken:
        return _failed(hook, answer)
    if part.events or part.more:
        _move(hook, part, answer)
    return len(part.events), part.more


def _part(hook: Row[Any]) -> feed.Part:
    """What comes next, read as an operator reads; the transaction ends before anything is sent."""
    reader, session = reading_operator(_book()), db.session()
    bind_scope(session, reader.scope)
    names = (r.__tablename__ for r in records() if sendable(r))
    readable = [name for name in names if reader.may(READ, name)]
    tables = tuple(name for name in readable if not hook.records or name in hook.records)
    place = Place(hook.line, hook.transaction, hook.event_id)
    try:
        return feed.part(session, feed.Asked(tables, place, SIZE), reader)
    finally:
        session.rollback()


def _send(hook: Row[Any], part: feed.Part) -> Answer:
    settings = current_app.config
    message = {
        "line": str(part.place.line),
        "since": written(part.place, settings["SECRET_KEY"]),
        "more": part.more,
        "items": part.events,
    }
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "education-portal",
        "X-Portal-Timestamp": moment,
        "X-Portal-Signature": f"sha256={signature(hook.secret, moment, body)}",
    }
    return post(hook.url, body, headers, rules(settings))


def signature(secret: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 over the moment, a point and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def rules(settings: Any) -> Rules:
    """Where this installation may send to."""
    return Rules(plain=settings["WEBHOOK_HTTP"], private=settings["WEBHOOK_PRIVATE"])


def _move(hook: Row[Any], part: feed.Part, answer: Answer | None) -> None:
    values = {
        "transaction": part.place.transaction,
        "event": part.place.id,
        "number": len(part.events),
        "now": now() if answer else None,
        "status": answer.status if answer else None,
        "answer": answer.text if answer else None,
    }
    _write(_MOVE, hook, values)


def _failed(hook: Row[Any], answer: Answer, *, give_up: bool = False) -> tuple[int, bool]:
    failures = hook.failures + 1
    pause = min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
    moment = now()
    values = {
        "failures": failures,
        "next": moment + dt.timedelta(seconds=pause),
        "now": moment,
        "status": answer.status or None,
        "answer": answer.text,
        "give_up": give_up or failures >= MOST_FAILURES,
    }
    _write(_FAIL, hook, values)
    return 0, False


def _write(statement: Any, hook: Row[Any], values: dict[str, Any]) -> None:
    was = {"id": hook.id, "was_transaction": hook.transaction, "was_event": hook.event_id}
    with _book().system() as connection:
        connection.execute(statement, {**values, **was})
