"""How much of what the law asks is filled: one rule, for values of a row and as SQL expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, literal

from app.kernel.catalogue import field_map

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.fields import Field
    from app.kernel.record import Record


def demanded(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Fields that Appendix 3 asks for and a person can fill (decree 493 п. 6)."""
    return tuple(f for f in fields if f.item and f.required and f.typed)


def missing(row: Record, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Demanded fields of a row that are not entered."""
    return tuple(f for f in demanded(fields) if getattr(row, f.name) is None)


def weigh(row: Record, fields: Iterable[Field]) -> tuple[int, int]:
    """Number of demanded fields that are filled, and of all demanded."""
    asked = demanded(fields)
    return len(asked) - len(missing(row, asked)), len(asked)


def completeness(record: type[Record]) -> ColumnElement[Any]:
    """Share of demanded fields that are filled, 0 to 100, as one expression over the row."""
    asked = demanded(field_map(record).values())
    if not asked:
        return literal(100)
    return 100 * func.num_nonnulls(*(getattr(record, f.name) for f in asked)) / len(asked)
