"""Requests as lists: what waits for a decision by its term, and what has been decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, select, text, tuple_

from app.models.registry_requests import FINAL, EditRequest, EditRequestEvent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

PAGE = 50
NEVER: ColumnElement[dt.date] = literal_column("'9999-12-31'::date")
OPEN = "open"  # the tab of what is not decided
WRITERS = text(
    "select distinct on (k.name) k.name, a.user_id, a.at from activity a"
    " cross join lateral jsonb_object_keys(a.after) k(name)"
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


def events_of(session: Session, request: EditRequest) -> Sequence[EditRequestEvent]:
    """What happened to a request, in the order of time."""
    return session.scalars(
        select(EditRequestEvent)
        .where(EditRequestEvent.request_id == request.id)
        .order_by(EditRequestEvent.id)
    ).all()


def writers_of(
    session: Session, row: Record, names: Collection[str]
) -> dict[str, tuple[int | None, dt.datetime]]:
    """Who wrote each of the attributes last, and when."""
    if not names:
        return {}
    asked = {"table": row.__tablename__, "row": row.id, "names": sorted(names)}
    return {name: (who, at) for name, who, at in session.execute(WRITERS, asked)}
