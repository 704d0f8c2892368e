"""Conditions of lists: one comparison, or several of which all or any must hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_

from app.kernel.catalogue import order_key
from app.kernel.sealing import cipher, print_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement

    from app.kernel.fields import Field
    from app.kernel.record import Record

LAST = chr(0x10FFFF)  # sorts after every letter


@dataclass(frozen=True, slots=True)
class Criterion:
    """One filter in force: the value is already in its stored form."""

    field: Field
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all must hold, or ``any`` one; a part may be a group itself."""

    any: bool
    parts: tuple[Criterion | Group, ...]

    def criteria(self) -> Iterator[Criterion]:
        """All comparisons, those of inner groups too."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.criteria()
            else:
                yield part


def condition(record: type[Record], part: Criterion | Group) -> ColumnElement[bool]:
    """The expression of a comparison or of a group, which has at least one part."""
    if isinstance(part, Group):
        parts = [condition(record, inner) for inner in part.parts]
        return or_(*parts) if part.any else and_(*parts)
    return _compared(record, part)


def _compared(record: type[Record], criterion: Criterion) -> ColumnElement[bool]:
    """An empty value differs from every other: «не равно» finds it as well."""
    column: Any = getattr(record, criterion.field.name)
    value = criterion.value
    if criterion.field.kind.sealed and criterion.operator in {"eq", "ne"}:
        column = getattr(record, print_of(criterion.field.name))
        value = cipher().fingerprint(criterion.field.kind.name, value)
    comparisons: dict[str, Callable[[], ColumnElement[bool]]] = {
        "empty": lambda: column.is_(None) if value else column.is_not(None),
        "contains": lambda: _place_of(column, value) > 0,
        "lacks": lambda: func.coalesce(_place_of(column, value), 0) == 0,
        "starts": lambda: _starts(record, criterion.field, value),
        "eq": lambda: column == value,
        "ne": lambda: column.is_distinct_from(value),
        "from": lambda: column >= value,
        "to": lambda: column <= value,
        "in": lambda: column.in_(value),
        "out": lambda: or_(column.is_(None), column.not_in(value)),
    }
    return comparisons[criterion.operator]()


def _place_of(column: Any, value: str) -> ColumnElement[int]:
    return func.strpos(func.portal_key(column), func.portal_key(value))


def _starts(record: type[Record], field: Field, value: str) -> ColumnElement[bool]:
    """The index which a list is sorted by finds the beginnings of its values as well."""
    begins = func.portal_key(value)
    if not field.ordered:
        return func.starts_with(func.portal_key(getattr(record, field.name)), begins)
    key = order_key(record, field.name)
    return and_(key >= begins, key < begins.concat(LAST))
