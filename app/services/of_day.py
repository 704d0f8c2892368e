"""What rows of a day were part of: the class of an enrolment, totals by grade and class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, true

from app.kernel.catalogue import record_named

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, ScalarSelect, Select
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

MOST = 20_000  # rows of a list that are counted by grade


@dataclass(frozen=True, slots=True)
class Grade:
    """Rows of a grade, none for those in no class, and of its classes where it is one school."""

    grade: int | None
    number: int
    classes: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows there are on a day, by grade."""

    number: int
    grades: tuple[Grade, ...]


def named_on(record: type[Record], ident: ColumnElement[Any], day: dt.date) -> ScalarSelect[Any]:
    """The name of what a row was part of on the day."""
    daily = record_named(record.about.daily)
    return _there(record, ident, day, daily.__table__.c[daily.about.caption[0]]).scalar_subquery()


def totals(session: Session, record: type[Record], found: Select[Any], day: dt.date) -> Totals:
    """Count the rows that a list finds, as long as there are not too many; in one statement.

    ``found`` selects ``id`` and ``organisation_id``. Beyond ``MOST`` rows there are no grades.
    """
    rows = found.limit(MOST + 1).subquery()
    daily = record_named(record.about.daily).__table__.c
    names = (daily.grade, daily[record_named(record.about.daily).about.caption[0]].label("name"))
    place = _there(record, rows.c.id, day, *names).lateral()
    counted = session.execute(
        select(place.c.grade, place.c.name, rows.c.organisation_id, func.count().label("number"))
        .select_from(rows.outerjoin(place, true()))
        .group_by(place.c.grade, place.c.name, rows.c.organisation_id)
        .order_by(place.c.grade, place.c.name)
    ).all()
    whole = sum(row.number for row in counted)
    return Totals(whole, () if whole > MOST else tuple(_grades(counted)))


def _grades(counted: Sequence[Row[Any]]) -> list[Grade]:
    alone = len({row.organisation_id for row in counted}) == 1
    found: dict[int | None, list[tuple[str, int]]] = {}
    for row in counted:
        found.setdefault(row.grade, []).append((row.name or "", row.number))
    return [
        Grade(grade, sum(n for _name, n in of), tuple(of) if alone and grade is not None else ())
        for grade, of in found.items()
    ]


def _there(
    record: type[Record], ident: ColumnElement[Any], day: dt.date, *columns: ColumnElement[Any]
) -> Select[Any]:
    """The row of the day that belongs to a row: the last one that had begun and had not ended."""
    daily = record_named(record.about.daily)
    table, (first, last) = daily.__table__.c, daily.about.spans[0]
    return (
        select(*columns)
        .where(
            table[daily.about.owner] == ident,
            table.deleted_at.is_(None),
            table[first] <= day,
            or_(table[last].is_(None), table[last] >= day),
        )
        .order_by(table[first].desc())
        .limit(1)
    )
