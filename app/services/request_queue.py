"""Requests as lists: what waits for a decision by its term, and what has been decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, func, literal_column, null, select, text, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.kernel.catalogue import caption_of, record_named
from app.kernel.errors import Missing
from app.models.files import File
from app.models.registry_requests import (
    FINAL,
    EditRequest,
    EditRequestEvent,
    EditRequestFile,
    EditRequestLine,
)
from app.services.batches import PEOPLE
from app.services.request_acts import Decider, deciders_at_hand
from app.services.request_sieve import STANDING
from app.services.requests import NO_SUCH
from app.services.row_ends import END

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, ScalarSelect, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from app.kernel.record import Record
    from app.services.request_sieve import Asked, Sieve

PAGE = 50
# What lies with a request, asked for with the request itself.
ENCLOSED = (
    select(
        func.coalesce(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(File.id, File.name, File.size, File.media_type),
                    EditRequestFile.id,
                )
            ),
            text("'[]'::json"),
        )
    )
    .join_from(EditRequestFile, File, EditRequestFile.file_id == File.id)
    .where(EditRequestFile.request_id == EditRequest.id)
    .scalar_subquery()
)
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


class Listed(NamedTuple):
    """A request of a list with the names of people and of its organisation, empty for none.

    ``ends``: it asks for the end of a row.
    """

    request: EditRequest
    author: str | None
    assignee: str | None
    organisation: str | None
    ends: bool


def waiting(
    session: Session, after: Turn | None, sieve: Sieve, *, drafts: bool
) -> Sequence[Listed]:
    """Requests that are not decided, the nearest term first: a page of them and one more.

    ``drafts``: those that are not sent yet as well, at the end.
    """
    due = func.coalesce(EditRequest.due_on, NEVER)
    statement = _listed().where(STANDING, *sieve.conditions(done=False))
    if not drafts:
        statement = statement.where(EditRequest.submitted_at.is_not(None))
    if after is not None:
        statement = statement.where(tuple_(due, EditRequest.id) > tuple_(after.due, after.id))
    return _told(session, statement.order_by(due, EditRequest.id))


def decided(session: Session, before: int | None, sieve: Sieve) -> Sequence[Listed]:
    """Requests that nothing follows on, newest first: a page of them and one more."""
    statement = _listed().where(EditRequest.state.in_(sorted(FINAL)), *sieve.conditions(done=True))
    if before is not None:
        statement = statement.where(EditRequest.id < before)
    return _told(session, statement.order_by(EditRequest.id.desc()))


def at_once(
    session: Session, sieve: Sieve, asked: Asked, most: int
) -> Sequence[tuple[Listed, EditRequestLine]]:
    """Lines that ask for one field and may be decided now by the reader, the nearest term first.

    A number of them and one more; requests of the reader's own, those that wait for an answer and
    lines that were looked at before are left out.
    """
    line, due = EditRequestLine, func.coalesce(EditRequest.due_on, NEVER)
    rows = session.execute(
        _listed()
        .add_columns(line)
        .join(line, line.request_id == EditRequest.id)
        .where(
            STANDING,
            EditRequest.state.in_(["submitted", "under_review"]),
            EditRequest.author_id.is_distinct_from(sieve.reader),
            *(line.target_table == asked.table, line.field == asked.field),
            *(line.open, line.line_state == "pending"),
            *sieve.conditions(done=False),
        )
        .order_by(due, EditRequest.id, line.id)
        .limit(most + 1)
    )
    return [(Listed(*row[:-1]), row[-1]) for row in rows]


def _told(session: Session, statement: Select[Any]) -> Sequence[Listed]:
    rows = session.execute(statement.limit(PAGE + 1))
    return [Listed(request, *names) for request, *names in rows]


def _listed() -> Select[Any]:
    """Requests with the words of whom they name, and whether they ask for the end of a row."""
    line = aliased(EditRequestLine)
    organisation = record_named("organisation")
    words = select(caption_of(organisation)).where(
        organisation.__table__.c.id == EditRequest.organisation_id
    )
    return select(
        EditRequest,
        _name(EditRequest.author_id),
        _name(EditRequest.assignee_id),
        words.scalar_subquery(),
        exists().where(line.request_id == EditRequest.id, line.op == END),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A request with the names of people and of its organisation; an empty name is the system."""

    request: EditRequest
    author: str
    assignee: str
    organisation: str
    lines: tuple[EditRequestLine, ...]
    deciders: tuple[Decider, ...] = ()
    files: tuple[Enclosed, ...] = ()
    ends: bool = False  # it asks for the end of a row


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A document that lies with a request."""

    id: int
    name: str
    size: int  # bytes
    media_type: str


def whole(session: Session, number: int, *, office: bool) -> Whole:
    """One request within the scope with what its page says of it. Raises ``Missing``.

    ``office``: with those it may be handed to.
    """
    line = EditRequestLine
    found = session.execute(
        _listed()
        .add_columns(deciders_at_hand() if office else null(), ENCLOSED, line)
        .outerjoin(line, line.request_id == EditRequest.id)
        .where(EditRequest.id == number)
        .order_by(line.id)
    ).all()
    if not found:
        raise Missing(NO_SUCH)
    request, author, assignee, organisation, ends, hands, files, _first = found[0]
    return Whole(
        request,
        (author or "").strip(),
        (assignee or "").strip(),
        organisation or "",
        tuple(row[-1] for row in found if row[-1] is not None),
        tuple(Decider(*pair) for pair in hands or ()),
        tuple(Enclosed(*one) for one in files),
        ends,
    )


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
