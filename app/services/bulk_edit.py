"""The same values into many rows, with the rights and checks of a single change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, update

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.record import Record
from app.kernel.rights import typable, write_permission
from app.kernel.rules import refusals_of
from app.services import keep
from app.services.bulk import SHOWN, Done, Example, How, Run, among
from app.services.validity import NEEDED, relations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.services.browse import Query


def editable(record: type[Record], actor: Actor) -> frozenset[str]:
    """Fields that may get one value in many rows: not what says whose a row is, nor its own key."""
    own = (
        {record.about.owner}
        | {n for n, f in field_map(record).items() if f.own or f.kind is FILE or f.kind.sealed}
        | {
            index.columns[0].name
            for index in record.__table__.indexes
            if index.unique and len(index.expressions) == 1 and len(index.columns) == 1
        }
    )
    return typable(record, actor) - own


def edit(session: Session, query: Query, values: Mapping[str, Any], actor: Actor, how: How) -> Done:
    """Write the values into all rows the query finds and the actor reaches.

    Nothing is written when some row has an error, unless ``how.skip``. The caller commits.

    Raises:
        Refused: a field the actor may not write so.
        Problems: a value that is wrong for every row.
    """
    record = query.record
    keep.refuse_others(set(values) - editable(record, actor), record)
    fields = field_map(record)
    problems = [
        Invalid(NEEDED, field=name)
        for name, value in values.items()
        if value is None and fields[name].identity
    ]
    problems += relations(session, record, values)
    reserved = record.about.reserved
    if reserved and values.get(reserved[0]) == reserved[1]:
        decides = actor.may(write_permission(Policy.REQUEST), record.__tablename__)
        problems += [] if decides else [Invalid(keep.RESERVED, field=reserved[0])]
    if problems:
        raise keep.Problems(problems)
    return _Edit(session, query, actor, how, values).go()


class _Edit(Run):
    """One bulk edit."""

    kind = "bulk.edit"

    def __init__(
        self,
        session: Session,
        query: Query,
        actor: Actor,
        how: How,
        values: Mapping[str, Any],
    ) -> None:
        super().__init__(session, query, actor, how)
        self.values = dict(values)
        # Rows with checks or values of their own are read as a whole, others by one UPDATE.
        whole = self.record
        own = whole.check is not Record.check or whole.prepare is not Record.prepare
        self.single = own or not {n for pair in whole.about.spans for n in pair}.isdisjoint(values)

    def columns(self) -> Sequence[ColumnElement[Any]]:
        """The values as they stand."""
        return [getattr(self.record, name).label(f"f_{name}") for name in self.values]

    def work(self) -> None:
        """Write what differs; a look writes only where the database has a say."""
        for rows in self.pages():
            different = [row for row in rows if self._differs(row)]
            self.done.same += len(rows) - len(different)
            looks = self.how.dry_run and not self.single and not self._keyed()
            written = different if looks else self.write(different)
            self.done.changed += len(written)
            for row in written[: SHOWN - len(self.done.examples)]:
                before = {name: getattr(row, f"f_{name}") for name in self.values}
                self.done.examples.append(Example(row.id, row.words, before, self.values))

    def put(self, rows: Sequence[Row[Any]]) -> None:
        """One statement for the page, or row by row where rows have checks of their own."""
        if self.single:
            self._put_each(rows)
            return
        table = cast("Table", self.record.__table__)
        ids = [row.id for row in rows]
        self.session.execute(update(table).values(self.values).where(among(table.c.id, ids)))

    def _put_each(self, rows: Sequence[Row[Any]]) -> None:
        by_id = {row.id: row for row in rows}
        statement = select(self.record).where(among(self.record.__table__.c.id, list(by_id)))
        found = self.session.scalars(statement.execution_options(populate_existing=True)).all()
        try:
            with self.session.no_autoflush:
                for row in found:
                    for name, value in self.values.items():
                        setattr(row, name, value)
                    problem = next(iter(row.check()), None)
                    if problem is None:
                        row.prepare()
                    else:
                        self.trouble(by_id[row.id], problem)
                        self.session.expunge(row)
            if not self.how.dry_run or self._keyed():
                self.session.flush()
        finally:
            for row in found:
                if row in self.session:
                    self.session.expunge(row)

    def _differs(self, row: Row[Any]) -> bool:
        return any(getattr(row, f"f_{name}") != value for name, value in self.values.items())

    def _keyed(self) -> bool:
        """Whether the database has a say: keys that must differ, rules between rows."""
        return any(True for _rule in refusals_of(self.record)) or any(
            index.unique and not {column.name for column in index.columns}.isdisjoint(self.values)
            for index in self.record.__table__.indexes
        )
