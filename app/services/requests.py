"""Requests to change the register: made, sent, taken, asked about, answered, recalled (п. 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.kernel.clock import now, today
from app.kernel.errors import Conflict, Invalid, Message, Missing, Refused
from app.kernel.rights import CREATE, DECIDE, REQUESTS, SUBMIT
from app.kernel.text import clean_lines
from app.models.reference_terms import REG_EDIT
from app.models.registry_requests import (
    AUTHOR,
    OFFICE,
    REQUEST_FLOW,
    SCHOOL,
    SIGNER,
    EditRequest,
    EditRequestEvent,
    EditRequestLine,
)
from app.services.keep import Problems
from app.services.terms import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.kernel.workflow import Step

LONGEST = 2000  # characters of a reason or a comment
TOO_LONG = Message("Слишком длинно: не больше %(limit)s знаков.", limit=LONGEST)
NO_SUCH = Message("Такого запроса нет.")
STALE = Message("Пока вы смотрели, запрос изменился. Посмотрите, что в нём теперь.")
ROW_TAKEN = Message("Об этой записи уже отправлен запрос № %(number)s: дождитесь решения по нему.")
TAKEN = Message("Одно из этих полей уже в другом отправленном запросе этой организации.")


def find(session: Session, number: int, *, lock: bool = False) -> EditRequest:
    """One request within the scope. Raises ``Missing``."""
    statement = select(EditRequest).where(EditRequest.id == number)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise Missing(NO_SUCH)
    return found


def lines_of(
    session: Session, request: EditRequest, *, lock: bool = False
) -> Sequence[EditRequestLine]:
    """The lines of a request; locked in a fixed order where they are to be written."""
    statement = (
        select(EditRequestLine)
        .where(EditRequestLine.request_id == request.id)
        .order_by(EditRequestLine.id)
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).all()


def parts_of(request: EditRequest, actor: Actor) -> frozenset[str]:
    """Which parts of the workflow the actor plays in this request; nobody decides their own."""
    own = request.author_id is not None and request.author_id == actor.user_id
    parts = set()
    if actor.may(CREATE, REQUESTS) and actor.reaches(request.organisation_id):
        parts |= {SCHOOL} | ({AUTHOR} if own else set())
        parts |= {SIGNER} if actor.may(SUBMIT, REQUESTS) else set()
    if actor.may(DECIDE, REQUESTS) and not own:
        parts.add(OFFICE)
    return frozenset(parts)


def take_step(
    session: Session, number: int, name: str, actor: Actor, version: int, comment: str
) -> EditRequest:
    """Take a step that decides nothing: send, take, ask, answer, recall.

    Raises:
        Missing: no such request or step.
        Refused: the step is not the actor's, or not possible now, or says nothing.
        Conflict: the request changed meanwhile.
        Problems: a field stands in another open request, or the comment is too long.
    """
    comment = told(comment)
    request = admit(session, number, name, actor, version)
    if name == "recall" and request.batch_id is not None:
        raise Refused("Часть запроса уже записана: отозвать его нельзя, дождитесь решения.")
    step = REQUEST_FLOW.admit(name, request.state, parts_of(request, actor), comment)
    if len(step.goals) > 1:
        raise Missing("Такого действия нет.")
    if name == "take":
        request.assignee_id = actor.user_id
    if name in {"submit", "recall"}:
        _open_lines(session, request, opened=name == "submit")
    if name == "submit":
        request.submitted_at, request.due_on = now(), last_day(session, REG_EDIT, today())
    move(session, request, step, step.goals[0], actor, comment)
    return request


def admit(session: Session, number: int, name: str, actor: Actor, version: int) -> EditRequest:
    """The request, held until the end, in the version that was looked at.

    Raises:
        Missing: no such request within the scope, or no such step.
        Refused: the step is another's to take.
        Conflict: the request changed since it was looked at.
    """
    step = REQUEST_FLOW.step(name)
    if step.by not in parts_of(find(session, number), actor):
        raise Refused("Это действие вам не разрешено.")
    request = find(session, number, lock=True)
    if request.version != version:
        raise Conflict(STALE, version=request.version)
    return request


def told(words: str, field: str | None = None) -> str:
    """What somebody wrote, cleaned as any text of many lines. Raises ``Problems``."""
    try:
        cleaned = clean_lines(words.replace("\r\n", "\n"))
    except Invalid as error:
        raise Problems([Invalid(error.message, field=field)]) from error
    if len(cleaned) > LONGEST:
        raise Problems([Invalid(TOO_LONG, field=field)])
    return cleaned


def move(
    session: Session, request: EditRequest, step: Step, goal: str, actor: Actor, comment: str
) -> None:
    """Bring the request into the state and write down who did it and why."""
    before, request.state = request.state, goal
    session.flush()
    session.refresh(request, ["version"])
    note(session, request, actor, step.name, before, comment)


def count(session: Session, request: EditRequest) -> None:
    """Make a new version of a request whose lines alone have changed: older pages are old now."""
    session.flush()
    session.execute(
        update(EditRequest).where(EditRequest.id == request.id).values(state=request.state)
    )
    session.refresh(request, ["version"])


def note(
    session: Session,
    request: EditRequest,
    actor: Actor | None,
    action: str,
    before: str | None,
    comment: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """A line of the request's own history; without an actor it was the portal itself."""
    session.execute(
        insert(EditRequestEvent).values(
            request_id=request.id,
            organisation_id=request.organisation_id,
            user_id=actor.user_id if actor else None,
            action=action,
            from_state=before,
            to_state=request.state,
            comment=comment.strip() or None,
            details=dict(details or {}),
        )
    )


def organisation_of(row: Record) -> int | None:
    """The organisation a row belongs to."""
    found: int | None = getattr(row, "organisation_id", None)
    return found


def _open_lines(session: Session, request: EditRequest, *, opened: bool) -> None:
    """Open lines keep others from asking for the same; the database allows one of a field.

    The end of a row is asked for alone: nothing else may wait about the row.
    """
    other = _beside_an_end(session, request) if opened else None
    if other is not None:
        raise Problems([Invalid(Message(ROW_TAKEN.text, number=other))])
    try:
        session.execute(
            update(EditRequestLine)
            .where(EditRequestLine.request_id == request.id)
            .values(open=opened)
        )
    except IntegrityError as error:
        raise Problems([Invalid(TAKEN)]) from error


def _beside_an_end(session: Session, request: EditRequest) -> int | None:
    """The open request about a row of this one where either of the two asks for its end."""
    mine, other = EditRequestLine, aliased(EditRequestLine)
    return session.scalar(
        select(other.request_id)
        .join(
            mine,
            (mine.target_table == other.target_table) & (mine.target_id == other.target_id),
        )
        .where(
            *(mine.request_id == request.id, other.request_id != request.id, other.open),
            or_(mine.op == "D", other.op == "D"),
        )
        .order_by(other.request_id)
        .limit(1)
    )
