"""Undo a batch: rows it added go to the trash, values it changed come back, later work stays.

What somebody has changed since is left as it is and counted, so that an undo destroys nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, and_, exists, func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.kernel.catalogue import record_named, records
from app.kernel.clock import now
from app.kernel.errors import Message, Refused
from app.kernel.rights import is_typed
from app.models.access import Activity
from app.services import batches
from app.services.bulk import among
from app.services.bulk_trash import chunks
from app.services.given import given, given_json
from app.services.undo_log import Net, changes, columns_of
from app.services.undo_rights import refuse
from app.services.undo_standing import held, hold, hold_parents, points_to_itself, stands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import FromClause, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.models.work import ChangeBatch

LOG = cast("Table", Activity.__table__)
NOTHING_LEFT = Message(
    "Отменить уже нечего: с тех пор всё это изменили ещё раз или на это ссылаются другие записи."
)


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


def undo(
    session: Session,
    number: int,
    actor: Actor,
    *,
    dry_run: bool = False,
    within: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Undone:
    """Take a batch back as a new batch, which can be undone in turn; a dry run only counts.

    ``progress`` hears rows done and rows in all. ``within``: the module that wrote the batch takes
    it back itself, after it has seen that the actor may. The caller commits.

    Raises:
        Missing: there is no such batch within the scope.
        Refused: it was undone already, holds writes the actor has no right to take back, or nothing
            of it can be taken back any more.
    """
    batch = batches.find(session, number)
    if batches.undone_by(session, [number]):
        raise Refused("Этот пакет изменений уже отменён.")
    with session.begin_nested() as savepoint:
        run = _Undoing(session, batch, actor, progress or (lambda _done, _total: None))
        if not within:
            refuse(session, batch, actor, run.rows)
        run.go()
        if dry_run:
            savepoint.rollback()
        elif not run.undone.total:  # an empty undo would close the way of others for good
            raise Refused(NOTHING_LEFT)
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
        self.session, self.batch, self.actor, self.progress = session, batch, actor, progress
        self.undone = Undone()
        self.rows = _rows_by_verb(session, batch.id)
        self.last = session.scalar(select(func.max(LOG.c.id)).where(LOG.c.batch_id == batch.id))

    def go(self) -> None:
        """Children leave before their parents and come back after them."""
        title = Message("Отмена: %(what)s", what=batches.title_of(self.batch))
        organisation = self.batch.organisation_id
        self.undone.batch = batches.begin(
            self.session, "undo", title, organisation=organisation, undoes=self.batch.id
        )
        # What an undo writes was typed by nobody: a later import may change it.
        self.session.execute(text("select set_config('app.via', 'undo', true)"))
        touched = [r for r in by_depth() if r.__tablename__ in self.rows and is_typed(r)]
        for record in reversed(touched):
            verbs = self.rows[record.__tablename__]
            if "insert" in verbs:
                self._trash(record)
            if "revive" in verbs:
                self._restore(record, [net for net in self._changes(record) if net.goes])
        for record in touched:
            self._restore(record, [net for net in self._changes(record) if not net.goes])

    def _changes(self, record: type[Record]) -> Iterator[Net]:
        return changes(self.session, self.batch.id, record.__tablename__)

    def _trash(self, record: type[Record]) -> None:
        name, table = record.__tablename__, cast("Table", record.__table__)
        values: dict[str, Any] = {"deleted_at": now()}
        if self.batch.kind.startswith("import") and "source_id" in table.c:
            # Nothing is left of the import: the same file may bring the row again.
            values |= {"source": None, "source_id": None}
        mine = select(LOG.c.row_id).where(
            LOG.c.batch_id == self.batch.id, LOG.c.table_name == name, LOG.c.verb == "insert"
        )
        chosen = (table.c.id.in_(mine), table.c.deleted_at.is_(None))
        hold(self.session, table, *chosen)  # whoever adds to them or changes them is seen below
        statement = update(table).values(values).where(*chosen, ~self._later(name, table))
        statement = statement.where(*(~points for points in held(record)))
        done, more = 0, True
        while more:  # a head goes after its branches
            number: int = self.session.execute(statement).rowcount  # type: ignore[attr-defined] # of an UPDATE
            done += number
            more = number > 0 and points_to_itself(record)
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

    def _restore(self, record: type[Record], rows: Sequence[Net]) -> None:
        """Put rows back; those that wait for a row of the same record come after it."""
        waiting, done = rows, 0
        more = bool(rows)
        while more:
            kept: list[Net] = []
            for page in chunks(waiting):
                left = self._page_back(record, page)
                done += len(page) - len(left)
                kept += left
                self._tell(done)
            more = 0 < len(kept) < len(waiting) and points_to_itself(record)
            waiting = kept
        self._count(self.undone.restored, record.__tablename__, done, len(rows))

    def _page_back(self, record: type[Record], page: Sequence[Net]) -> list[Net]:
        """The rows of a page that could not be put back."""
        groups: dict[tuple[str, ...], list[Net]] = {}
        for net in page:
            groups.setdefault(columns_of(record, net), []).append(net)
        groups.pop((), None)  # as it was before already
        kept = []
        for columns, rows in groups.items():
            done = self._put_back(record, columns, rows)
            kept += [net for net in rows if net.row_id not in done]
        return kept

    def _put_back(
        self, record: type[Record], columns: tuple[str, ...], rows: Sequence[Net]
    ) -> set[int]:
        """Write the values of before; a row the database refuses is left without the others."""
        try:
            with self.session.begin_nested():
                return self._write(record, columns, rows)
        except IntegrityError:
            if len(rows) == 1:
                return set()
        half = len(rows) // 2
        return self._put_back(record, columns, rows[:half]) | self._put_back(
            record, columns, rows[half:]
        )

    def _write(
        self, record: type[Record], columns: tuple[str, ...], rows: Sequence[Net]
    ) -> set[int]:
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
            .returning(table.c.id)
        )
        statement = statement.where(*self._unhanging(record, columns, rows, new))
        values = [
            {"id": net.row_id}
            | {f"b_{n}": net.before.get(n) for n in columns}
            | {f"a_{n}": net.after.get(n) for n in columns}
            for net in rows
        ]
        return set(self.session.scalars(statement, {"given": given_json(values)}))

    def _unhanging(
        self,
        record: type[Record],
        columns: tuple[str, ...],
        rows: Sequence[Net],
        new: FromClause,
    ) -> Iterator[ColumnElement[bool]]:
        """Conditions that no live row is left under or pointing to one in the trash."""
        table = cast("Table", record.__table__)
        ids = [net.row_id for net in rows]
        moves = "deleted_at" in columns
        if moves and rows[0].goes:
            hold(self.session, table, among(table.c.id, ids))
            yield from (~points for points in held(record))
            return
        if moves:
            hold_parents(self.session, record, ids, self.actor)
        yield from stands(record, new, columns, whole=moves)

    def _count(self, counter: Counter[str], name: str, done: int, asked: int) -> None:
        counter[name] += done
        self.undone.left[name] += asked - done
        self._tell(0)

    def _tell(self, more: int) -> None:
        total = sum(sum(verbs.values()) for verbs in self.rows.values())
        self.progress(self.undone.total + self.undone.left.total() + more, total)


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
