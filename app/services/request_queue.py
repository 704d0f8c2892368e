"""Requests as lists: what waits for a decision by its term, and what has been decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, select, text, tuple_

from app.kernel.catalogue import caption_of, record_named
from app.kernel.errors import Missing
from app.models.registry_requests import FINAL, EditRequest, EditRequestEvent
from app.services.batches import PEOPLE
from app.services.requests import NO_SUCH

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.kernel.record import Record

PAGE = 50
NEVER: ColumnElement[dt.date] = literal_column("'9999-12-31'::date")
OPEN = "open"  # the tab of what is not decided
WRITERS = text(
    "select distinct on (k.name) k.name, u.last_name || ' ' || u.first_name, a.at from activity a"
    " cross join lateral jsonb_object_keys(a.after) k(name) left join ab_user u on u.id = a.user_id"
    " where a.table_name = :table and a.row_id = :row and k.name = any (:names)"
    " order by k.name, a.id desc"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page of the queue begins: behind the request of this term and number."""

    due: dt.date
    id: int


def waiting(session: Session, after: Turn | None, *, drafts: bool) -> Sequence[EditRequest]:
    """Requests that are not decided, the nearest term first: a page of them and one more.

    ``drafts``: those that are not sent yet as well, at the end.
    """
    due = func.coalesce(EditRequest.due_on, NEVER)
    hidden = FINAL if drafts else FINAL | {"draft"}
    statement = select(EditRequest).where(EditRequest.state.not_in(sorted(hidden)))
    if after is not None:
        statement = statement.where(tuple_(due, EditRequest.id) > tuple_(after.due, after.id))
    return session.scalars(statement.order_by(due, EditRequest.id).limit(PAGE + 1)).all()


def decided(session: Session, before: int | None) -> Sequence[EditRequest]:
    """Requests that nothing follows on, newest first: a page of them and one more."""
    statement = select(EditRequest).where(EditRequest.state.in_(sorted(FINAL)))
    if before is not None:
        statement = statement.where(EditRequest.id < before)
    return session.scalars(statement.order_by(EditRequest.id.desc()).limit(PAGE + 1)).all()


@dataclass(frozen=True, slots=True)
class Whole:
    """A request with the names of people and of its organisation; an empty name is the system."""

    request: EditRequest
    author: str
    assignee: str
    organisation: str


def whole(session: Session, number: int) -> Whole:
    """One request within the scope with what its page says of it. Raises ``Missing``."""
    organisation = record_named("organisation")
    words = select(caption_of(organisation)).where(
        organisation.__table__.c.id == EditRequest.organisation_id
    )
    found = session.execute(
        select(
            EditRequest,
            _name(EditRequest.author_id),
            _name(EditRequest.assignee_id),
            words.scalar_subquery(),
        ).where(EditRequest.id == number)
    ).one_or_none()
    if found is None:
        raise Missing(NO_SUCH)
    request, *names = found
    return Whole(request, *((name or "").strip() for name in names))


def events_of(session: Session, request: EditRequest) -> Sequence[tuple[EditRequestEvent, str]]:
    """What happened to a request, in the order of time, and who did it."""
    rows = session.execute(
        select(EditRequestEvent, _name(EditRequestEvent.user_id))
        .where(EditRequestEvent.request_id == request.id)
        .order_by(EditRequestEvent.id)
    )
    return [(event, (name or "").strip()) for event, name in rows]


def _name(user: InstrumentedAttribute[int | None]) -> ScalarSelect[str]:
    full = PEOPLE.c.last_name + " " + PEOPLE.c.first_name
    return select(full).where(PEOPLE.c.id == user).scalar_subquery()


def writers_of(
    session: Session, row: Record, names: Collection[str]
) -> dict[str, tuple[str, dt.datetime]]:
    """Who wrote each of the attributes last, and when; an empty name is the system."""
    if not names:
        return {}
    asked = {"table": row.__tablename__, "row": row.id, "names": sorted(names)}
    found = session.execute(WRITERS, asked)
    return {name: ((who or "").strip(), at) for name, who, at in found}
