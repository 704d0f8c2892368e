"""Which requests of a list are asked for, and how many there are of each sort."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, literal, null, select, text, union_all

from app.kernel.catalogue import record_named
from app.kernel.clock import today
from app.kernel.search import prefix_query
from app.models.registry_requests import UNDECIDED, EditRequest, EditRequestLine
from app.services.row_ends import END
from app.services.seeking import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

MINE, FREE = "mine", "free"
STANDING = text(UNDECIDED)  # as a constant, so that the index over just these serves


NEW_ROW, END_OF_ROW = "", "-"  # stand for a field where a line is about a whole row


class Asked(NamedTuple):
    """What a line asks for: a field of a table, a whole new row or the end of one."""

    table: str
    field: str = NEW_ROW

    @property
    def whole(self) -> bool:
        """Whether it is a row and no field of it."""
        return self.field in {NEW_ROW, END_OF_ROW}


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a list of requests is narrowed to; nothing said lets everything through.

    ``whose``: those that the reader considers or has decided, or those nobody considers;
    ``words``: beginnings of words of the organisation.
    """

    state: str = ""
    whose: str = ""
    reader: int | None = None
    late: bool = False
    words: str = ""
    asked: Asked | None = None

    def conditions(self, *, done: bool) -> Iterator[ColumnElement[bool]]:
        """What a request must meet; ``done``: among those that are decided."""
        if self.state:
            yield EditRequest.state == self.state
        person = EditRequest.decided_by if done else EditRequest.assignee_id
        if self.whose == MINE:
            yield person == self.reader
        if self.whose == FREE:
            yield person.is_(None)
        if self.late and not done:
            yield EditRequest.due_on < today()
        if prefix_query(self.words):
            organisation = record_named("organisation")
            found = select(organisation.__table__.c.id).where(matches(organisation, self.words))
            yield EditRequest.organisation_id.in_(found)
        if self.asked is not None:
            yield EditRequest.id.in_(_asking(self.asked, done=done))


def _asking(asked: Asked, *, done: bool) -> Select[int]:
    line = EditRequestLine
    statement = select(line.request_id).where(line.target_table == asked.table)
    op = {NEW_ROW: "I", END_OF_ROW: END}.get(asked.field)
    wanted = line.field == asked.field if op is None else line.field.is_(None) & (line.op == op)
    return statement.where(wanted) if done else statement.where(wanted, line.open)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many requests that are sent and not decided there are of each sort."""

    states: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[Asked, int] = field(default_factory=dict)
    late: int = 0
    mine: int = 0
    free: int = 0

    @property
    def all(self) -> int:
        """All of them."""
        return sum(self.states.values())


def tally(session: Session, reader: int | None) -> Tally:
    """Count what waits, in one statement."""
    found: list[Any] = list(session.execute(union_all(_by_state(reader), _by_field())))
    of_states = [row for row in found if row[0] is not None]
    return Tally(
        {row[0]: row[3] for row in of_states},
        {Asked(row[1], row[2] or NEW_ROW): row[3] for row in found if row[0] is None},
        *(sum(row[place] for row in of_states) for place in (4, 5, 6)),
    )


def _by_state(reader: int | None) -> Select[*tuple[Any, ...]]:
    number = func.count()
    mine = EditRequest.assignee_id == literal(reader or 0)
    return (
        select(
            *(EditRequest.state, null(), null(), number),
            number.filter(EditRequest.due_on < today()),
            number.filter(mine),
            number.filter(EditRequest.assignee_id.is_(None)),
        )
        .where(STANDING, EditRequest.submitted_at.is_not(None))
        .group_by(EditRequest.state)
    )


def _by_field() -> Select[*tuple[Any, ...]]:
    line = EditRequestLine
    none = (literal(0), literal(0), literal(0))
    number = func.count(line.request_id.distinct())
    asked = case((line.op == END, END_OF_ROW), else_=line.field)
    return (
        select(null(), line.target_table, asked, number, *none)
        .where(line.open)
        .group_by(line.target_table, line.field, line.op)
    )
