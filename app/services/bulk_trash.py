"""Many rows into the trash and back: what others point to stays, what belongs comes in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, and_, literal, select, union_all, update

from app.kernel.catalogue import field_map, record_named, records
from app.kernel.clock import now
from app.kernel.errors import Label, Labels, Message, Refused
from app.kernel.kinds import FILE
from app.kernel.rights import may_remove
from app.services import keep
from app.services.browse import Query
from app.services.bulk import NOT_YOURS, PAGE, SHOWN, Done, Example, How, Run, among

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row, Select, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

MAY_NOT = Message("Удалять и возвращать такие записи ваши полномочия не позволяют.")
HELD = "К ним относятся другие записи, их надо удалить раньше: %(lists)s."
PARENT_GONE = (
    "В корзине и то, чему это принадлежит (%(parent)s): верните сначала его или всё вместе."
)
POINTED_GONE = "В корзине то, на что есть ссылка (%(field)s): верните сначала это."
TWICE = Message("Такая же запись уже есть среди действующих: исправьте или удалите её.")


def trash(session: Session, query: Query, actor: Actor, how: How) -> Done:
    """Move all rows the query finds and the actor reaches to the trash; the caller commits.

    Rows that others point to are left, unless those others go in the same act.
    Raises ``Refused`` without the right.
    """
    _refuse(query.record, actor)
    return _Trash(session, query, actor, how).go()


class _Trash(Run):
    """One bulk trash: all rows are looked at before the first one goes."""

    kind = "bulk.trash"

    def work(self) -> None:
        """Leave what is held, move the others page by page."""
        rows = {row.id: row for page in self.pages() for row in page}
        held = self._held(list(rows))
        for names in held.values():
            found = (record_named(name) for name in sorted(names))
            lists = Labels(Label(r.__tablename__, r.about.title_many) for r in found)
            self.leave(
                Message("Сначала удаляют то, что к этому относится: %(lists)s.", lists=lists)
            )
        going = [row for row in rows.values() if row.id not in held]
        self.done.examples = [Example(row.id, row.words) for row in going[:SHOWN]]
        self.done.changed = len(going)
        if not self.how.dry_run:
            for page in chunks(going):
                self.put(page)
                self.how.progress(self.done.found, self.done.found)

    def put(self, rows: Sequence[Row[Any]]) -> None:
        """One statement for the page."""
        table = cast("Table", self.record.__table__)
        ids = [row.id for row in rows]
        moment = now()
        self.session.execute(update(table).values(deleted_at=moment).where(among(table.c.id, ids)))

    def _held(self, ids: list[int]) -> dict[int, set[str]]:
        """Rows that something live points to, with the names of what does."""
        held: dict[int, set[str]] = {}
        own: list[tuple[int, int]] = []
        name = self.record.__tablename__
        for page in chunks(ids):
            for other, target, pointer in self._pointing(page):
                if other == name:
                    own.append((target, pointer))
                else:
                    held.setdefault(target, set()).add(other)
        going = set(ids) - held.keys()
        while stays := {t for t, pointer in own if t in going and pointer not in going}:
            held |= {target: {name} for target in stays}
            going -= stays
        return held

    def _pointing(self, ids: Sequence[int]) -> Sequence[tuple[str, int, int]]:
        """Name of the list, number pointed to, number of the pointing row of the same record."""
        parts: list[Select[*tuple[Any, ...]]] = []
        for other in records():
            table = other.__table__
            for name, declared in field_map(other).items():
                if declared.kind.target == self.record.__tablename__:
                    ident = table.c.id if other is self.record else literal(0, BigInteger)
                    points: Select[*tuple[Any, ...]] = select(
                        literal(other.__tablename__), table.c[name], ident
                    )
                    live = and_(among(table.c[name], ids), table.c.deleted_at.is_(None))
                    parts.append(points.where(live).distinct())
        return [(a, b, c) for a, b, c in self.session.execute(union_all(*parts))] if parts else []


@dataclass(frozen=True, slots=True)
class Binned:
    """Chosen rows of the trash; ``parents``: what they belong to comes back with them."""

    record: type[Record]
    ids: tuple[int, ...]
    parents: bool = False


def restore(session: Session, chosen: Binned, actor: Actor, how: How) -> Done:
    """Take rows out of the trash; those that cannot come back are left with the reason.

    The caller commits. Raises ``Refused`` without the right.
    """
    _refuse(chosen.record, actor)
    return _Restore(session, chosen, actor, how).go()


class _Restore(Run):
    """One restore, and within it that of the parents."""

    kind = "bulk.restore"

    def __init__(self, session: Session, chosen: Binned, actor: Actor, how: How) -> None:
        super().__init__(session, Query(chosen.record, ids=chosen.ids), actor, how)
        self.chosen = chosen

    def only_organisation(self) -> int | None:
        """The organisation of all chosen rows, if there is only one."""
        table = self.record.__table__
        if "organisation_id" not in table.c:
            return None
        owner = table.c.organisation_id
        found = self.session.scalars(
            select(owner).where(among(table.c.id, self.chosen.ids)).distinct().limit(2)
        ).all()
        return found[0] if len(found) == 1 else None

    def work(self) -> None:
        """Parents first, then what hangs on nothing else in the trash."""
        rows = self._trashed()
        self.done.found = len(rows)
        mine = [row for row in rows if self.mine(row)]
        self.leave(NOT_YOURS, len(rows) - len(mine))
        standing = self._without_gone(self._under_parents(mine))
        for page in chunks(standing):
            back = self.write(page)
            self.done.changed += len(back)
            room = SHOWN - len(self.done.examples)
            self.done.examples += [Example(row.id, row.words) for row in back[:room]]
            self.how.progress(self.done.changed, len(standing))
        self.leave(TWICE, len(self.done.troubles))
        self.done.troubles.clear()

    def put(self, rows: Sequence[Row[Any]]) -> None:
        """One statement for the page."""
        table = cast("Table", self.record.__table__)
        ids = [row.id for row in rows]
        self.session.execute(update(table).values(deleted_at=None).where(among(table.c.id, ids)))

    def _trashed(self) -> list[Row[Any]]:
        record = self.record
        pointers = [getattr(record, name).label(f"f_{name}") for name in self._pointers()]
        statement = (
            self._rows()
            .add_columns(*pointers)
            .where(among(record.__table__.c.id, self.chosen.ids), record.deleted_at.is_not(None))
            .order_by(record.id)
            .with_for_update(of=record)
        )
        return list(self.session.execute(statement, execution_options=TRASH).all())

    def _pointers(self) -> dict[str, str]:
        """Attributes that point to other records, with the names of those."""
        fields = field_map(self.record).items()
        return {name: f.kind.target for name, f in fields if f.kind.target and f.kind is not FILE}

    def _under_parents(self, rows: list[Row[Any]]) -> list[Row[Any]]:
        """Rows whose parent lives, or comes back as well; the parent is held until the end."""
        about = self.record.about
        if not about.parent or not rows:
            return rows
        parent = record_named(about.parent)
        owners = {getattr(row, f"f_{about.owner}") for row in rows}
        if self.chosen.parents:
            self._bring_back(parent, owners)
        live = keep.standing(self.session, parent, sorted(owners), self.actor)
        standing = [row for row in rows if getattr(row, f"f_{about.owner}") in live]
        title = Label(parent.__tablename__, parent.about.title)
        why = Message(
            "В корзине и то, чему это принадлежит (%(parent)s):"
            " верните сначала его или всё вместе.",
            parent=title,
        )
        self.leave(why, len(rows) - len(standing))
        return standing

    def _bring_back(self, parent: type[Record], owners: set[int]) -> None:
        if not may_remove(parent, self.actor):
            return
        above = Binned(parent, tuple(sorted(owners)), parents=True)
        run = _Restore(self.session, above, self.actor, self.how)
        run.work()
        self.done.changed += run.done.changed
        self.done.examples += run.done.examples

    def _without_gone(self, rows: list[Row[Any]]) -> list[Row[Any]]:
        """Rows that point to nothing in the trash."""
        standing = rows
        for name, gone in self._gone(rows).items():
            kept = [row for row in standing if getattr(row, f"f_{name}") not in gone]
            label = Label(self.record.__tablename__, field_map(self.record)[name].label)
            why = Message(
                "В корзине то, на что есть ссылка (%(field)s): верните сначала это.", field=label
            )
            self.leave(why, len(standing) - len(kept))
            standing = kept
        return standing

    def _gone(self, rows: list[Row[Any]]) -> dict[str, set[int]]:
        """By attribute, the numbers of rows of the trash that it points to, in one statement."""
        parts: list[Select[Any]] = []
        for name, target in self._pointers().items():
            ids = sorted({getattr(row, f"f_{name}") for row in rows} - {None})
            if ids and name != self.record.about.owner:
                table = record_named(target).__table__
                gone = and_(among(table.c.id, ids), table.c.deleted_at.is_not(None))
                some: Select[Any] = select(literal(name), table.c.id).where(gone)
                parts.append(some)
        found: dict[str, set[int]] = {}
        if parts:
            for name, ident in self.session.execute(union_all(*parts)):
                found.setdefault(name, set()).add(ident)
        return found


TRASH = {"include_trash": True}


def chunks(rows: Sequence[Any], size: int = PAGE) -> Iterator[Sequence[Any]]:
    """The rows in pages."""
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def _refuse(record: type[Record], actor: Actor) -> None:
    if not may_remove(record, actor):
        raise Refused(MAY_NOT)
