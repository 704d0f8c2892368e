"""The day of effect: what was approved for it is written by those who approved it, as they may."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import text

from app.extensions import db
from app.jobs import jobs
from app.jobs.running import application, forget_session
from app.kernel.clock import today
from app.kernel.errors import Message, PortalError
from app.security.acting import acting
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope
from app.services.deciding import NOT_YOURS_ANY_MORE
from app.services.effects import give_back, take_effect
from app.services.keep import Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from app.security.accounts import Accounts

logger = logging.getLogger(__name__)
_DUE = text(
    "select id, decided_by, decided_as from edit_request where state = 'under_review'"
    " and decided_as is not null and effective_on <= :today order by effective_on, id"
)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="effects", queueing_lock="effects")
def effects(timestamp: int) -> int:
    """Write what takes effect today, or should have while the portal stood still.

    Args:
        timestamp: the moment of the schedule this run stands for, Unix seconds.

    Returns:
        Number of requests looked at.
    """
    with application().app_context():
        number = take_all()
    if number:
        logger.info("Took %s requests into effect for the schedule of %s", number, timestamp)
    return number


def take_all() -> int:
    """Take into effect every request whose day has come, each in a transaction of its own."""
    due = due_today()
    for one in due:
        take(one)
    return len(due)


def due_today() -> Sequence[Row[Any]]:
    """Requests whose day has come: number, who approved, in which capacity."""
    with _book().system() as connection:
        return connection.execute(_DUE, {"today": today()}).all()


def take(due: Row[Any]) -> None:
    """Write one request, or give it back with the reason."""
    try:
        why = _take(_book(), due.id, due.decided_by, due.decided_as)
        if why is not None:
            forget_session()  # the portal itself gives it back, not the person
            _give_back(due.id, why)
    finally:
        forget_session()


def _book() -> Accounts:
    book: Accounts = current_app.extensions["accounts"]
    return book


def _take(book: Accounts, number: int, user_id: int | None, assignment_id: int) -> Message | None:
    """Write one request; gives why it could not be written."""
    person = acting(book, user_id, assignment_id) if user_id else None
    if person is None:
        return NOT_YOURS_ANY_MORE
    session = db.session()
    bind_scope(session, replace(person.scope, via="request"))
    try:
        take_effect(session, number, person)
    except PortalError as error:
        session.rollback()
        return error.message
    except Problems as error:
        session.rollback()
        return error.problems[0].message
    session.commit()
    return None


def _give_back(number: int, why: Message) -> None:
    session = db.session()
    bind_scope(session, Scope(DatabaseRole.SYSTEM))
    give_back(session, number, str(why))
    session.commit()
