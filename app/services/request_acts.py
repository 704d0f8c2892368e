"""Acts that leave the state of a request as it is: a word to it, another who considers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid, Message, Refused
from app.models.registry_requests import OFFICE, REQUEST_FLOW, SCHOOL
from app.services.requests import STALE, find, note, parts_of, told

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.models.registry_requests import EditRequest

NOT_YOURS = Message("Это действие вам не разрешено.")
CLOSED = Message("Запрос уже решён или ещё не отправлен.")
NOBODY = Message("Этот человек не решает запросы. Выберите другого из списка.")
OWN = Message("Это автор запроса: своего запроса не решает никто.")
WORDLESS = Message("Напишите, что сказать: пустое сообщение не отправить.")


class Decider(NamedTuple):
    """An account that may decide requests."""

    id: int
    name: str


def deciders(session: Session) -> tuple[Decider, ...]:
    """Who may decide requests today; only the offices of the region may ask the database."""
    found = func.portal_deciders(today()).table_valued("id", "name")
    rows = session.execute(select(found.c.id, found.c.name).order_by(found.c.name, found.c.id))
    return tuple(Decider(*row) for row in rows)


def deciders_at_hand() -> ScalarSelect[list[list[Any]]]:
    """The same as a value of another statement."""
    found = func.portal_deciders(today()).table_valued("id", "name")
    pair = func.json_build_array(found.c.id, found.c.name)
    return select(
        func.json_agg(aggregate_order_by(pair, found.c.name, found.c.id))
    ).scalar_subquery()


def stands(request: EditRequest) -> bool:
    """Whether the request is sent and not decided."""
    return request.submitted_at is not None and not REQUEST_FLOW.state(request.state).final


def assign(
    session: Session, number: int, to: int | None, actor: Actor, version: int
) -> EditRequest:
    """Hand a request to somebody who decides, the actor included, or to nobody.

    Raises:
        Missing: no such request within the scope.
        Refused: the actor does not decide it, or nobody does any more.
        Conflict: the request changed since it was looked at.
        Invalid: the person does not decide requests, or made this one.
    """
    if OFFICE not in parts_of(find(session, number), actor):
        raise Refused(NOT_YOURS)
    request = find(session, number, lock=True)
    if request.version != version:
        raise Conflict(STALE, version=request.version)
    if not stands(request):
        raise Refused(CLOSED)
    names = dict(deciders(session))
    if to is not None and to not in names:
        raise Invalid(NOBODY)
    if to is not None and to == request.author_id:
        raise Invalid(OWN)
    if to == request.assignee_id:
        return request
    request.assignee_id = to
    session.flush()
    session.refresh(request, ["version"])
    details = {} if to is None else {"to": to, "name": names[to]}
    note(session, request, actor, "assign", request.state, details=details)
    return request


def comment(session: Session, number: int, actor: Actor, words: str) -> EditRequest:
    """Say something about a request that stands, at any time; what is being decided stays as it is.

    Raises:
        Missing: no such request within the scope.
        Refused: the actor plays no part in it, or it does not stand.
        Invalid, Problems: nothing is said, or too much.
    """
    request = find(session, number)
    if not parts_of(request, actor) & {OFFICE, SCHOOL}:
        raise Refused(NOT_YOURS)
    request = find(session, number, lock=True)
    if not stands(request):
        raise Refused(CLOSED)
    said = told(words)
    if not said.strip():
        raise Invalid(WORDLESS)
    note(session, request, actor, "comment", request.state, said)
    return request
