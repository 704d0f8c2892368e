"""How much of what the law asks is filled: one rule, for values of a row and as SQL expression."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Text, case, cast, func, literal, select

from app.kernel.catalogue import children_of, field_map, record_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table

    from app.kernel.fields import Field
    from app.kernel.record import Record


def demanded(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Fields that Appendix 3 asks for and a person can fill (decree 493 п. 6)."""
    return tuple(f for f in fields if f.item and f.required and f.typed)


def missing(row: Record, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Demanded fields of a row that are not entered."""
    return tuple(f for f in demanded(fields) if not answered(row, f))


def answered(row: Record, asked: Field) -> bool:
    """Whether the value is there, or somebody has said that there is none."""
    there = getattr(row, asked.name) is not None
    return there or bool(asked.absent and getattr(row, asked.absent))


def _answer(table: Table, asked: Field) -> ColumnElement[Any]:
    """Not null where the value is there, or is said to be absent."""
    column: ColumnElement[Any] = table.c[asked.name]
    if not asked.absent:
        return column
    return case((table.c[asked.absent], literal("-")), else_=cast(column, Text))


def weigh(row: Record, fields: Iterable[Field]) -> tuple[int, int]:
    """Number of demanded fields that are filled, and of all demanded."""
    asked = demanded(fields)
    return len(asked) - len(missing(row, asked)), len(asked)


def completeness(record: type[Record]) -> ColumnElement[Any]:
    """Share of demanded fields that are filled, 0 to 100, as one expression over the row."""
    asked = demanded(field_map(record).values())
    if not asked:
        return literal(100)
    return 100 * func.num_nonnulls(*(_answer(record.__table__, f) for f in asked)) / len(asked)


class State(StrEnum):
    """How far an item of Appendix 3 is filled for one row."""

    FILLED = "filled"
    DECLARED = "declared"  # somebody has said that there is nothing to enter
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ListPart:
    """A list that answers an item: one live row with all that the law asks for is enough.

    ``only``: the attribute and value that tell the rows that answer; all rows where it is absent.
    """

    record: type[Record]
    only: tuple[str, str] | None = None

    @property
    def asked(self) -> tuple[Field, ...]:
        """What the law asks of a row."""
        return demanded(field_map(self.record).values())

    def best(self, parent: ColumnElement[Any]) -> ColumnElement[Any]:
        """The most that is filled in one row of the parent; no number where there is no row."""
        table = self.record.__table__
        query = select(func.max(func.num_nonnulls(*(_answer(table, f) for f in self.asked)))).where(
            table.c[self.record.about.owner] == parent, table.c.deleted_at.is_(None)
        )
        if self.only is not None:
            query = query.where(table.c[self.only[0]] == self.only[1])
        return query.correlate_except(table).scalar_subquery()

    def changed(self, parent: ColumnElement[Any]) -> ColumnElement[Any]:
        """When a row of the parent was last written, those in the trash included."""
        table = self.record.__table__
        query = select(func.max(table.c.updated_at))
        query = query.where(table.c[self.record.about.owner] == parent)
        if self.only is not None:
            query = query.where(table.c[self.only[0]] == self.only[1])
        return query.correlate_except(table).scalar_subquery()


@dataclass(frozen=True, slots=True)
class ItemParts:
    """What answers one item: attributes of the row itself, and lists that belong to it."""

    fields: tuple[Field, ...]
    lists: tuple[ListPart, ...]


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item of one row: how many of the asked values are there."""

    code: str
    state: State
    filled: int
    total: int


def parts_of(record: type[Record]) -> Mapping[str, ItemParts]:
    """Every item that rows of the record and their lists answer, in the order of the decree."""
    return _parts_of(record.__tablename__)


@cache
def _parts_of(name: str) -> Mapping[str, ItemParts]:
    record = record_named(name)
    fields: dict[str, list[Field]] = {}
    lists: dict[str, list[ListPart]] = {}
    for asked in demanded(field_map(record).values()):
        assert asked.item is not None  # noqa: S101 - demanded fields have an item
        fields.setdefault(asked.item.code, []).append(asked)
    for child in children_of(record.__tablename__):
        answers = child.about.answers
        if answers is None and child.about.item:
            lists.setdefault(child.about.item, []).append(ListPart(child))
        for code, *only in answers or ():
            lists.setdefault(code, []).append(ListPart(child, (only[0], only[1])))
    return {
        code: ItemParts(tuple(fields.get(code, ())), tuple(lists.get(code, ())))
        for code in sorted(fields.keys() | lists.keys())
    }


def state_of(
    code: str, parts: ItemParts, row: Record, best: Mapping[ListPart, int | None], *, declared: bool
) -> ItemState:
    """The state of one item; lists that are not in ``best`` are out of sight and do not count."""
    seen = [part for part in parts.lists if part in best]
    total = len(parts.fields) + sum(len(part.asked) for part in seen)
    filled = weigh(row, parts.fields)[0] + sum(best[part] or 0 for part in seen)
    if filled == total:
        return ItemState(code, State.FILLED, filled, total)
    if declared and not parts.fields and all(best[part] is None for part in seen):
        return ItemState(code, State.DECLARED, filled, total)
    return ItemState(code, State.PARTLY if filled else State.MISSING, filled, total)


def items_filled(record: type[Record], declared: type[Record]) -> ColumnElement[Any]:
    """Number of items that are filled or declared empty, as one expression over the row.

    ``declared`` is the record of declarations, with the item in ``item_code``.
    """
    parts = parts_of(record)
    return sum((_counts(record, declared, code, parts[code]) for code in parts), literal(0))


def _counts(
    record: type[Record], declared: type[Record], code: str, parts: ItemParts
) -> ColumnElement[Any]:
    """One for an item that needs nothing more, else nothing."""
    ident: ColumnElement[Any] = record.__table__.c.id
    columns = [_answer(record.__table__, f) for f in parts.fields]
    done: ColumnElement[Any] = literal(value=True)
    if columns:
        done = done & (func.num_nonnulls(*columns) == len(columns))
    for part in parts.lists:
        done = done & (func.coalesce(part.best(ident), 0) == len(part.asked))
    if not columns:
        said = declared.__table__
        exists: ColumnElement[bool] = (
            select(literal(1))
            .where(
                said.c[declared.about.owner] == ident,
                said.c.item_code == code,
                said.c.deleted_at.is_(None),
            )
            .correlate_except(said)
            .exists()
        )
        nothing = [part.best(ident).is_(None) for part in parts.lists]
        for empty in nothing:
            exists = exists & empty
        done = done | exists
    return case((done, 1), else_=0)
