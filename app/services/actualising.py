"""Direct changes by the office: what somebody had asked about these fields is settled (п. 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.kernel.canonical import canonical
from app.kernel.catalogue import ending_of
from app.kernel.errors import Invalid, Message
from app.kernel.rights import DECIDE, REQUESTS
from app.models.registry_requests import REQUEST_FLOW, EditRequest, EditRequestLine
from app.services import keep
from app.services.deciding import close
from app.services.requests import find, move, note, told
from app.services.row_ends import END, day_of, has_ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

BASIS = "request.basis"  # the input of a form that asks for it
ASK = Message(
    "Об этих сведениях ждёт решения запрос № %(number)s. Напишите основание изменения: автор"
    " запроса его увидит."
)


def change(
    session: Session,
    record: type[Record],
    ident: int,
    values: Mapping[str, Any],
    version: int,
    actor: Actor,
    *,
    basis: str | None = None,
) -> Record:
    """Write the values as ``keep.change`` does; open lines about the same fields are settled.

    A line that asked for the very value that is written now is approved, as is one that asked for
    the end of a row which ends by it; any other is stale: in all cases nobody has to decide it any
    more, and the event tells its author. ``basis`` is why; an empty one is refused where somebody
    waits. Programs have no form and give none: they write over no other version than the one they
    know.

    Raises:
        keep.Problems: a value is wrong, or the basis is missing.
        Refused, Missing, Conflict: as ``keep.change``.
    """
    row = keep.at_hand(session, record, ident)
    before = {name: canonical(getattr(row, name)) for name in values}
    asked = _asked_about(session, row, before) if actor.may(DECIDE, REQUESTS) else ()
    row = keep.change(session, record, ident, values, version, actor, strict=basis is None)
    written = {n for n, was in before.items() if canonical(getattr(row, n)) != was}
    met = [line for line in asked if line.field in written or _ends(session, row, line)]
    if met and basis is not None and not basis.strip():
        problem = Invalid(Message(ASK.text, number=met[0].request_id), field=BASIS)
        raise keep.Problems([problem])
    _settle(session, row, met, actor, told(basis or "", BASIS))
    return row


def trash(session: Session, record: type[Record], ident: int, version: int, actor: Actor) -> Record:
    """Move the row to the trash as ``keep.trash`` does; whoever asked for its end has got it.

    Raises:
        Refused, Missing, Conflict: as ``keep.trash``.
    """
    row = keep.at_hand(session, record, ident)
    decides = actor.may(DECIDE, REQUESTS) and keep.may_trash(row, actor)
    asked = _asked_about(session, row, (), gone=True) if decides else ()
    row = keep.trash(session, record, ident, version, actor)
    _settle(session, row, asked, actor, "")
    return row


def _ends(session: Session, row: Record, line: EditRequestLine) -> bool:
    """Whether the line asks for the end of the row, and it has come."""
    return line.op == END and has_ended(row, day_of(find(session, line.request_id)))


def _settle(
    session: Session, row: Record, lines: Iterable[EditRequestLine], actor: Actor, why: str
) -> None:
    for line in lines:
        same = line.op == END or canonical(getattr(row, line.field or "")) == line.wanted
        line.line_state, line.open = "approved" if same else "stale", False
    session.flush()
    for number in sorted({line.request_id for line in lines}):
        request = find(session, number)
        note(session, request, actor, "stale", request.state, why)
        _end(session, request, actor, why)


def _end(session: Session, request: EditRequest, actor: Actor, why: str) -> None:
    """End the request where no line is left; one that waits for an answer stays until it comes."""
    left = select(EditRequestLine.id).where(
        EditRequestLine.request_id == request.id, EditRequestLine.open
    )
    if session.scalar(left.limit(1)) is not None:
        return
    if request.state == "submitted":
        request.assignee_id = actor.user_id
        move(session, request, REQUEST_FLOW.step("take"), "under_review", actor, "")
    if request.state == "under_review":
        close(session, request, actor, why)


def _asked_about(
    session: Session, row: Record, names: Iterable[str], *, gone: bool = False
) -> Sequence[EditRequestLine]:
    """Open lines about these fields of the row, or about its end, held until the end.

    Their requests are held before them and the row after, in the order of decisions: whoever
    decides at the same moment waits, or is waited for. The actor's own requests cannot be held:
    they stay.
    """
    line, names = EditRequestLine, sorted(names)
    ends = gone or ending_of(type(row)) in names
    about = (
        *(line.target_table == row.__tablename__, line.target_id == row.id, line.open),
        or_(line.field.in_(names), line.op == END) if ends else line.field.in_(names),
    )
    numbers = set(session.scalars(select(line.request_id).where(*about)))
    if not numbers:
        return ()
    held = select(EditRequest).where(EditRequest.id.in_(numbers)).order_by(EditRequest.id)
    held = held.with_for_update().execution_options(populate_existing=True)
    mine = [request.id for request in session.scalars(held)]
    return session.scalars(
        select(line).where(*about, line.request_id.in_(mine)).order_by(line.id).with_for_update()
    ).all()
