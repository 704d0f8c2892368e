"""Undo a batch: rows it added go to the trash, values it changed come back, later work stays.

What somebody has changed since is left as it is and counted, so that an undo destroys nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, and_, exists, func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.kernel.catalogue import field_map, record_named, records
from app.kernel.clock import now
from app.kernel.errors import Message, Refused
from app.models.access import Activity
from app.services import batches
from app.services.given import given, given_json
from app.services.undo_rights import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.models.work import ChangeBatch

PAGE = 1000  # rows of one statement
LOG = cast("Table", Activity.__table__)


@dataclass(slots=True)
class Undone:
    """What an undo did, by record: rows put into the trash, rows put back, rows left alone."""

    batch: int = 0
    trashed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Rows that were written."""
        return self.trashed.total() + self.restored.total()


@dataclass(frozen=True, slots=True)
class _Net:
    """What a batch did to one row altogether."""

    row_id: int
    before: dict[str, Any]
    after: dict[str, Any]


def undo(
    session: Session,
    number: int,
    actor: Actor,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Undone:
    """Take a batch back as a new batch, which can be undone in turn; a dry run only counts.

    ``progress`` hears rows done and rows in all. The caller commits.

    Raises:
        Missing: there is no such batch within the scope.
        Refused: it was undone already, or holds writes the actor has no right to take back.
    """
    batch = batches.find(session, number)
    if batches.undone_by(session, [number]):
        raise Refused("Этот пакет изменений уже отменён.")
    with session.begin_nested() as savepoint:
        run = _Undoing(session, batch, actor, progress or (lambda _done, _total: None))
        run.go()
        if dry_run:
            savepoint.rollback()
    return run.undone


class _Undoing:
    """One undo."""

    def __init__(
        self,
        session: Session,
        batch: ChangeBatch,
        actor: Actor,
        progress: Callable[[int, int | None], None],
    ) -> None:
        self.session, self.batch, self.progress = session, batch, progress
        self.undone = Undone()
        self.rows = _rows_by_verb(session, batch.id)
        self.last = session.scalar(select(func.max(LOG.c.id)).where(LOG.c.batch_id == batch.id))
        refuse(session, batch, actor, self.rows)

    def go(self) -> None:
        """Children leave before their parents and come back after them."""
        title = Message("Отмена: %(what)s", what=batches.title_of(self.batch))
        organisation = self.batch.organisation_id
        self.undone.batch = batches.begin(
            self.session, "undo", title, organisation=organisation, undoes=self.batch.id
        )
        # What an undo writes was typed by nobody: a later import may change it.
        self.session.execute(text("select set_config('app.via', 'undo', true)"))
        touched = [record for record in by_depth() if record.__tablename__ in self.rows]
        for record in reversed(touched):
            if "insert" in self.rows[record.__tablename__]:
                self._trash(record)
        for record in touched:
            for page in _pages(_changes(self.session, self.batch.id, record.__tablename__)):
                self._restore(record, page)

    def _trash(self, record: type[Record]) -> None:
        name, table = record.__tablename__, cast("Table", record.__table__)
        values: dict[str, Any] = {"deleted_at": now()}
        if self.batch.kind.startswith("import") and "source_id" in table.c:
            # Nothing is left of the import: the same file may bring the row again.
            values |= {"source": None, "source_id": None}
        mine = select(LOG.c.row_id).where(
            LOG.c.batch_id == self.batch.id, LOG.c.table_name == name, LOG.c.verb == "insert"
        )
        statement = (
            update(table)
            .values(values)
            .where(table.c.id.in_(mine), table.c.deleted_at.is_(None), ~self._later(name, table))
        )
        for pointer in _pointers(name):
            statement = statement.where(~pointer(table))
        done = self.session.execute(statement).rowcount  # type: ignore[attr-defined] # of an UPDATE
        self._count(self.undone.trashed, name, done, self.rows[name]["insert"])

    def _later(self, name: str, table: Table) -> ColumnElement[bool]:
        """Whether somebody has written the row after the batch."""
        other = LOG.alias()
        return exists().where(
            other.c.table_name == name,
            other.c.row_id == table.c.id,
            other.c.id > self.last,
            other.c.batch_id.is_distinct_from(self.undone.batch),
        )

    def _restore(self, record: type[Record], page: Sequence[_Net]) -> None:
        groups: dict[tuple[str, ...], list[_Net]] = {}
        for net in page:
            groups.setdefault(_columns(record, net), []).append(net)
        for columns, rows in groups.items():
            done = self._put_back(record, columns, rows) if columns else len(rows)
            self._count(self.undone.restored, record.__tablename__, done, len(rows))

    def _put_back(
        self, record: type[Record], columns: tuple[str, ...], rows: Sequence[_Net]
    ) -> int:
        """Write the values of before; a row the database refuses is left without the others."""
        try:
            with self.session.begin_nested():
                return self._write(record, columns, rows)
        except IntegrityError:
            if len(rows) == 1:
                return 0
        half = len(rows) // 2
        return sum(self._put_back(record, columns, part) for part in (rows[:half], rows[half:]))

    def _write(self, record: type[Record], columns: tuple[str, ...], rows: Sequence[_Net]) -> int:
        table = cast("Table", record.__table__)
        types = {"id": table.c.id.type}
        types |= {f"b_{n}": table.c[n].type for n in columns}
        types |= {f"a_{n}": table.c[n].type for n in columns}
        new = given(types)
        unchanged = (table.c[n].is_not_distinct_from(new.c[f"a_{n}"]) for n in columns)
        statement = (
            update(table)
            .values({n: new.c[f"b_{n}"] for n in columns})
            .where(table.c.id == new.c.id, and_(*unchanged))
        )
        values = [
            {"id": net.row_id}
            | {f"b_{n}": net.before.get(n) for n in columns}
            | {f"a_{n}": net.after.get(n) for n in columns}
            for net in rows
        ]
        result = self.session.execute(statement, {"given": given_json(values)})
        return int(result.rowcount)  # type: ignore[attr-defined] # of an UPDATE

    def _count(self, counter: Counter[str], name: str, done: int, asked: int) -> None:
        counter[name] += done
        self.undone.left[name] += asked - done
        total = sum(sum(verbs.values()) for verbs in self.rows.values())
        self.progress(self.undone.total + self.undone.left.total(), total)


def by_depth() -> list[type[Record]]:
    """All records, parents before their lists."""
    return sorted(records(), key=_depth)


def _depth(record: type[Record]) -> int:
    parent = record.about.parent
    return 1 + _depth(record_named(parent)) if parent else 0


def _rows_by_verb(session: Session, number: int) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for table, verb, count in batches.counts(session, number):
        found.setdefault(table, {})[verb] = count
    return found


def _pointers(name: str) -> Iterator[Callable[[Table], ColumnElement[bool]]]:
    """Conditions that a live row of some record points to the row."""
    for other in records():
        for attribute, declared in field_map(other).items():
            if declared.kind.target == name:
                twin = cast("Table", other.__table__).alias()
                yield lambda table, twin=twin, attribute=attribute: exists().where(  # type: ignore[misc]
                    twin.c[attribute] == table.c.id, twin.c.deleted_at.is_(None)
                )


def _changes(session: Session, number: int, name: str) -> Iterator[_Net]:
    """What the batch changed in rows that were there before it, each row once."""
    made = LOG.alias()
    new = select(made.c.row_id).where(
        made.c.batch_id == number, made.c.table_name == name, made.c.verb == "insert"
    )
    statement = (
        select(LOG.c.row_id, LOG.c.before, LOG.c.after)
        .where(LOG.c.batch_id == number, LOG.c.table_name == name, LOG.c.row_id.not_in(new))
        .order_by(LOG.c.row_id, LOG.c.id)
    )
    net: _Net | None = None
    for row_id, before, after in session.execute(statement).all():
        if net is None or net.row_id != row_id:
            if net is not None:
                yield net
            net = _Net(row_id, dict(before or {}), dict(after or {}))
        else:
            net.before.update({n: v for n, v in (before or {}).items() if n not in net.before})
            net.after.update(after or {})
    if net is not None:
        yield net


def _columns(record: type[Record], net: _Net) -> tuple[str, ...]:
    """The columns to put back: those that differ and can be written."""
    table = cast("Table", record.__table__)
    return tuple(
        sorted(
            name
            for name, value in net.after.items()
            if name in table.c and table.c[name].computed is None and net.before.get(name) != value
        )
    )


def _pages(changes: Iterable[_Net]) -> Iterator[list[_Net]]:
    page: list[_Net] = []
    for net in changes:
        page.append(net)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
