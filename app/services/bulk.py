"""Many rows at once: what every such act shares. Rows come in pages, as one batch, all or nothing.

Rows that may not be written are left and counted with the reason; rows with an error stop the
whole act unless whoever asked wants them skipped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Text, any_, cast, func, literal, select
from sqlalchemy.exc import IntegrityError

from app.kernel.catalogue import caption_of
from app.kernel.errors import Message
from app.kernel.fields import Policy
from app.kernel.rights import reaches, write_permission
from app.services import batches
from app.services.browse import narrowed
from app.services.validity import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.errors import Invalid
    from app.kernel.record import Record
    from app.services.browse import Query

PAGE = 1_000  # rows of one statement
LOOK = 10_000  # rows read at once where nothing is written
SHOWN = 20  # examples and errors in full
NOT_YOURS = Message("Это меняет другая организация или оператор.")
GONE = Message("Удалено, пока шла работа.")


@dataclass(frozen=True, slots=True)
class Example:
    """One row with its values before and after."""

    id: int
    words: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row that cannot be written so."""

    id: int
    words: str
    problem: Invalid


@dataclass(slots=True)
class Done:
    """What an act did, or would do: rows found, changed, the same before, left, with an error.

    ``batch`` is 0 where nothing was written.
    """

    batch: int = 0
    found: int = 0
    changed: int = 0
    same: int = 0
    left: Counter[Message] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    troubles: dict[int, Trouble] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class How:
    """How an act is done: only looked at, past rows with errors, telling how far it is."""

    title: Message
    dry_run: bool = False
    skip: bool = False
    progress: Callable[[int, int | None], None] = lambda _done, _total: None


class Run:
    """One act on what a query finds; subclasses say what is done with a page of rows."""

    kind = ""

    def __init__(self, session: Session, query: Query, actor: Actor, how: How) -> None:
        """Begin with nothing done."""
        self.session, self.query, self.actor, self.how = session, query, actor, how
        self.record: type[Record] = query.record
        self.done = Done()
        self.decides = actor.may(write_permission(Policy.REQUEST), self.record.__tablename__)

    def go(self) -> Done:
        """Do it inside a savepoint, which is given up when nothing may stay."""
        with self.session.begin_nested() as savepoint:
            if not self.how.dry_run:
                self.done.batch = batches.begin(
                    self.session, self.kind, self.how.title, organisation=self.only_organisation()
                )
            self.work()
            stopped = bool(self.done.troubles) and not self.how.skip
            if self.how.dry_run or stopped or not self.done.changed:
                savepoint.rollback()
                self.done.batch = 0
        return self.done

    def work(self) -> None:
        """Go through the rows."""
        raise NotImplementedError

    def columns(self) -> Sequence[ColumnElement[Any]]:
        """What is read of each row beside its id, organisation and words."""
        return ()

    def pages(self) -> Iterator[list[Row[Any]]]:
        """Rows the actor reaches, by id, locked where something will be written."""
        after, size = 0, LOOK if self.how.dry_run else PAGE
        table, total = self.record.__table__, self._total()
        while True:
            statement = narrowed(self._rows(), self.query).where(table.c.id > after)
            found = self.session.execute(statement.order_by(table.c.id).limit(size)).all()
            self.done.found += len(found)
            mine = [row for row in found if self.mine(row)]
            self.leave(NOT_YOURS, len(found) - len(mine))
            if mine and not self.how.dry_run:
                mine = self._locked([row.id for row in mine])
            yield mine
            self.how.progress(self.done.found, total)
            if len(found) < size:
                return
            after = found[-1].id

    def mine(self, row: Row[Any]) -> bool:
        """Whether the actor may write the row at all; reserved ones are written upon request."""
        value = self.record.about.reserved[1] if self.record.about.reserved else None
        kept = value is not None and row.reserved == value and not self.decides
        return reaches(self.record, self.actor, row.organisation) and not kept

    def leave(self, why: Message, number: int = 1) -> None:
        """Count rows that stay as they are."""
        if number:
            self.done.left[why] += number

    def write(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Put a page, or as much of it as the database takes; gives the rows that were put."""
        if not rows:
            return []
        try:
            with self.session.begin_nested():
                self.put(rows)
        except IntegrityError as error:
            if len(rows) == 1:
                self.trouble(rows[0], explained(self.record, error))
                return []
            half = len(rows) // 2
            return [*self.write(rows[:half]), *self.write(rows[half:])]
        return [row for row in rows if row.id not in self.done.troubles]

    def put(self, rows: Sequence[Row[Any]]) -> None:
        """Write a page of rows."""
        raise NotImplementedError

    def trouble(self, row: Row[Any], problem: Invalid) -> None:
        """Note what is wrong with a row."""
        self.done.troubles[row.id] = Trouble(row.id, row.words or f"№\u00a0{row.id}", problem)

    def _rows(self) -> Select[Any]:
        record = self.record
        organisation = getattr(record, "organisation_id", literal(None))
        words = cast(caption_of(record), Text)
        reserved = record.about.reserved
        return select(
            record.id,
            organisation.label("organisation"),
            words.label("words"),
            (getattr(record, reserved[0]) if reserved else literal(None)).label("reserved"),
            *self.columns(),
        )

    def _locked(self, ids: list[int]) -> list[Row[Any]]:
        """The rows as they stand now; nobody else writes them until the end."""
        record = self.record
        statement = self._rows().where(among(record.__table__.c.id, ids)).order_by(record.id)
        found = list(self.session.execute(statement.with_for_update(of=record)).all())
        self.leave(GONE, len(ids) - len(found))
        return found

    def _total(self) -> int | None:
        if self.how.dry_run:
            return None
        inner = narrowed(select(self.record.id), self.query).subquery()
        return self.session.scalar(select(func.count()).select_from(inner))

    def only_organisation(self) -> int | None:
        """The organisation all rows belong to, if there is only one: its people see the batch."""
        if "organisation_id" not in self.record.__table__.c:
            return None
        owner = self.record.__table__.c.organisation_id
        least, most = self.session.execute(
            narrowed(select(func.min(owner), func.max(owner)).select_from(self.record), self.query)
        ).one()
        return least if least == most else None


def among(column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that the column is one of the numbers, which travel as one parameter."""
    found: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(BigInteger)))
    return found
