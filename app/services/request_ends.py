"""Requests that a row of a list end: it stays with its last day, or goes to the trash (п. 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.catalogue import ending_of
from app.kernel.clock import today
from app.kernel.errors import Invalid, Message, Refused
from app.kernel.rights import may_ask_to_end, visible
from app.models.registry_requests import EditRequestLine
from app.services.keep import NOT_YOURS, Problems, holders
from app.services.request_drafts import check_said, make_draft, trial
from app.services.requests import organisation_of, told
from app.services.row_ends import END, has_ended, picture

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

STANDS = Message("Об этой записи уже есть запрос № %(number)s: дождитесь решения или отзовите его.")
ENDED = Message("К этому дню запись и так уже не действует: просить не о чем.")
HOLDS = Message("Сначала попросите убрать то, что относится к этой записи: %(lists)s.")


def ask_to_end(
    session: Session, row: Record, actor: Actor, reason: str, effective_on: dt.date | None
) -> int:
    """A draft of a request that the row end; gives its number.

    The row gets its last day where its record declares one, and goes to the trash where not.

    Raises:
        Refused: the row is not the actor's to ask about.
        Problems: it stands in an open request, has ended already, or is pointed to by others.
    """
    if not may_ask_to_end(row, actor):
        raise Refused(NOT_YOURS)
    problems = check_said(reason, effective_on)
    number = standing_about(session, row)
    if number is not None:
        problems.append(Invalid(Message(STANDS.text, number=number)))
    else:
        problems += _amiss(session, row, actor, effective_on or today())
    if problems:
        raise Problems(problems)
    base = picture(row, (f.name for f in visible(type(row), actor)))
    line = {"op": END, "target_id": row.id, "base": base, "base_version": row.version}
    target = (row.__tablename__, row.id)
    organisation = organisation_of(row)
    return make_draft(session, organisation, target, [line], actor, told(reason), effective_on)


def standing_about(session: Session, row: Record) -> int | None:
    """The number of an open request about the row, or about a field of it."""
    line = EditRequestLine
    return session.scalar(
        select(line.request_id)
        .where(line.target_table == row.__tablename__, line.target_id == row.id, line.open)
        .order_by(line.request_id)
        .limit(1)
    )


def _amiss(session: Session, row: Record, actor: Actor, day: dt.date) -> list[Invalid]:
    """Why the row could not end on the day."""
    if has_ended(row, day):
        return [Invalid(ENDED)]
    if name := ending_of(type(row)):
        wrong = trial(session, row, {name: day}, actor)
        return [Invalid(problem.message, field="effective_on") for problem in wrong]
    lists = holders(session, row)
    return [Invalid(Message(HOLDS.text, lists=lists))] if lists else []
