"""A list as of a day: what its rows were part of then, and totals by grade and class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import field_map, record_named
from app.views.base.pages import Cell, Column, Row
from app.views.base.pages_list import DayTotals
from app.views.base.words import label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from app.kernel.record import Record
    from app.services.browse import Page, Query
    from app.services.of_day import Totals

NAME = "of_day"


def daily_words(record: type[Record], day: dt.date) -> str:
    """The head of the column that says what a row was part of on the day."""
    daily = record_named(record.about.daily)
    what = label(daily, field_map(daily)[daily.about.caption[0]].label)
    return _("%(what)s на %(day)s", what=what, day=f"{day:%d.%m.%Y}")


def with_day(
    query: Query, columns: tuple[Column, ...], rows: tuple[Row, ...], page: Page
) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """The list with that column behind the first one; as it was where it is of no day."""
    if query.day is None:
        return columns, rows
    head = Column(NAME, daily_words(query.record, query.day))
    cells = (Cell(found.of_day or "", empty=not found.of_day) for found in page.rows)
    return (
        (*columns[:1], head, *columns[1:]),
        tuple(
            Row(row.id, row.href, (*row.cells[:1], cell, *row.cells[1:]), row.edit_href)
            for row, cell in zip(rows, cells, strict=True)
        ),
    )


def day_totals(query: Query, found: Totals | None) -> DayTotals | None:
    """The totals above the list, in words."""
    if query.day is None or found is None:
        return None
    return DayTotals(
        f"{query.day:%d.%m.%Y}",
        found.number,
        tuple(_lines(found)),
        over=bool(found.number and not found.grades),
    )


def totals_lines(found: Totals | None) -> tuple[tuple[str, str], ...]:
    """The totals on the sheet of a file that says what it is of."""
    if found is None or not found.grades:
        return ()
    whole = ((_("Всего на этот день"), str(found.number)),)
    return (*whole, *((words, f"{n}: {of}" if of else str(n)) for words, n, of in _lines(found)))


def _lines(found: Totals) -> Iterator[tuple[str, int, str]]:
    for one in found.grades:
        words = _("Вне классов") if one.grade is None else _("Параллель %(grade)s", grade=one.grade)
        yield words, one.number, _joined(one.classes)


def _joined(classes: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} — {number}" for name, number in classes)
