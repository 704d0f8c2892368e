"""Xlsx with typed cells, written row by row; nothing in it is ever a formula or a link.

Why this writer: docs/adr/0006-xlsx-writer.md.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any

from rustpy_xlsxwriter import Format, write_worksheets

from app.exports.sheet import MOMENTS, SHORT, Shown, converted, legible
from app.kernel.clock import local
from app.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from app.exports.sheet import ExportColumn, Sheet
    from app.kernel.kinds import Kind

ROWS_OF_A_SHEET = 1_048_575  # below the header
LONGEST_CELL = 32_767  # UTF-16 units
LONGEST_TITLE = 31
CUT = " […]"  # ends a text that did not fit into its cell
_EXACT = 10**15  # a cell keeps 15 digits of a number
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_DAY = 86_400  # seconds
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_REMEMBERED = 4096
_HISTORY = "history"  # Excel keeps this name for itself
_ABOUT_WIDTHS = [32.0, 90.0]

Cell = str | float | Decimal | dt.date | dt.datetime | None


def write_xlsx(sheet: Sheet, path: Path, limit: int = ROWS_OF_A_SHEET) -> None:
    """Write the rows, and what is said about them, as a workbook.

    Args:
        sheet: what to write; more rows than ``limit`` go on in further sheets.
        path: the file to make; nothing is left there when reading the rows fails.
        limit: rows of one sheet, header not counted.

    Raises:
        Refused: there are more rows than the sheets laid out for ``sheet.expected`` hold.
    """
    titles: list[str] = []
    for _ in range(max(1, -(-sheet.expected // limit))):
        titles.append(_title(sheet.title, titles))
    labels = _unique(_text(column.label) for column in sheet.columns)
    about = _title(sheet.about_title, titles)
    tables: list[tuple[str, Any]] = [
        *zip(titles, _bodies(sheet, labels, len(titles), limit), strict=True),
        *([(about, _about(sheet))] if sheet.about else []),
    ]
    textual = [name for name, column in zip(labels, sheet.columns, strict=True) if column.textual]
    widths = [float(column.characters) for column in sheet.columns]
    formats = [_format(column) for column in sheet.columns]
    write_worksheets(
        tables,
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        autofilter=dict.fromkeys(titles, True),
        column_widths={about: _ABOUT_WIDTHS, **dict.fromkeys(titles, widths)},
        column_formats={about: _about_formats(), **dict.fromkeys(titles, formats)},
        header_format={title: _header() for title, _ in tables},
        ignore_errors=dict.fromkeys(titles, textual),
    )


def write_book(sheets: Sequence[Sheet], path: Path) -> None:
    """Write several tables as the sheets of one workbook, one after another, row by row.

    Raises:
        Refused: one of them has more rows than a sheet holds.
    """
    titles: list[str] = []
    for sheet in sheets:
        titles.append(_title(sheet.title, titles))
    labels = [_unique(_text(column.label) for column in sheet.columns) for sheet in sheets]
    bodies = (
        next(_bodies(sheet, names, 1, ROWS_OF_A_SHEET))
        for sheet, names in zip(sheets, labels, strict=True)
    )
    columns = {title: sheet.columns for title, sheet in zip(titles, sheets, strict=True)}
    write_worksheets(
        list(zip(titles, bodies, strict=True)),
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        autofilter=dict.fromkeys(titles, True),
        column_widths={t: [float(c.characters) for c in found] for t, found in columns.items()},
        column_formats={t: [_format(c) for c in found] for t, found in columns.items()},
        header_format={title: _header() for title in titles},
        ignore_errors=dict(zip(titles, labels, strict=True)),
    )


def _format(column: ExportColumn) -> Format:
    return _textual() if column.textual else Format().set_num_format(column.kind.excel)


def _textual() -> Format:
    """The built-in format of text: what is typed over such a cell stays text, even "=1+1"."""
    return Format().set_num_format_index(49)


def _header() -> Format:
    return _textual().set_bold().set_text_wrap().set_align("top")


def _about_formats() -> list[Format]:
    return [_textual().set_text_wrap().set_align("top") for _ in _ABOUT_WIDTHS]


def _about(sheet: Sheet) -> Iterator[dict[str, Cell]]:
    """The lines of the second sheet; the first of them is its header."""
    lines = ([_text(part) for part in line] for line in sheet.about)
    head = _unique(next(lines, ["", ""]))
    yield dict(zip(head, next(lines, ["", ""]), strict=True))
    for line in lines:
        yield dict(zip(head, line, strict=True))


def _title(text: str, taken: Sequence[str]) -> str:
    """A name Excel accepts for a sheet, different from those taken."""
    plain = " ".join(_NOT_IN_TITLES.sub(" ", legible(text)).split()).strip("' ")
    title = _within(plain, LONGEST_TITLE).strip("' ") or "1"
    used = {_HISTORY, *(name.casefold() for name in taken)}
    number = 1
    while title.casefold() in used:
        number += 1
        ending = f" ({number})"
        title = _within(plain, LONGEST_TITLE - len(ending)).strip("' ") + ending
    return title


def _unique(labels: Iterable[str]) -> list[str]:
    """Labels made different and not empty, for a row is handed over as label → value."""
    unique: list[str] = []
    for given in labels:
        label = name = given or " "
        number = 1
        while name in unique:
            number += 1
            name = f"{label} ({number})"
        unique.append(name)
    return unique


def _bodies(
    sheet: Sheet, labels: list[str], number: int, limit: int
) -> Iterator[Iterator[dict[str, Cell]]]:
    """The rows of each sheet, read one sheet after another."""
    batches = converted(sheet.rows, [_cells(column.kind) for column in sheet.columns])
    rows = chain.from_iterable(batches)
    for index in range(number):
        yield _body(rows, labels, limit, last=index == number - 1)


def _body(
    rows: Iterator[tuple[Cell, ...]], labels: list[str], limit: int, *, last: bool
) -> Iterator[dict[str, Cell]]:
    """The rows of one sheet; without any there is an empty one, so that the header stands."""
    here = islice(rows, limit)
    yield dict(zip(labels, next(here, repeat(None)), strict=False))
    for row in here:
        yield dict(zip(labels, row, strict=True))
    if last and next(rows, None) is not None:
        raise Refused("Строк стало больше, чем помещается на листы. Повторите выгрузку.")


def _cells(kind: Kind) -> Callable[[Sequence[object]], list[Cell]]:
    """Give what makes the cells of a column's values."""
    make = partial(_cell, kind)
    if kind.python in MOMENTS:
        remembered = lru_cache(_REMEMBERED)(make)
        return lambda values: [remembered(value) for value in values]
    if kind.python is str and kind.show is str:
        return lambda values: [
            value
            if value.__class__ is str and len(value) <= SHORT and value.isprintable()
            else make(value)
            for value in values
        ]
    return lambda values: [make(value) for value in values]


def _cell(kind: Kind, value: object) -> Cell:
    if value is None:
        return None
    if isinstance(value, Shown) or (isinstance(value, str) and kind.python is not str):
        return _text(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, (dt.date, dt.time)):
        moment = _moment(value)
        return _text(kind.show(value)) if moment is None else moment
    return _text(kind.show(value))


def _number(value: float | Decimal) -> Cell:
    """A number with as many digits as a cell keeps, else text."""
    return value if -_EXACT < value < _EXACT else f"{Decimal(value):f}"


def _moment(value: dt.date | dt.time) -> Cell:
    """A day or an hour as a workbook counts it; nothing for what lies before its calendar."""
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / _DAY
    if isinstance(value, dt.datetime):
        here = local(value).replace(tzinfo=None) if value.tzinfo else value
        return here if here.date() >= _FIRST_DAY else None
    return value if value >= _FIRST_DAY else None


def _text(text: str) -> str:
    """A text a cell can hold; one that is too long is cut, with a mark."""
    text = legible(text)
    return _within(text, LONGEST_CELL, CUT) if len(text) > SHORT else str(text)


def _within(text: str, units: int, mark: str = "") -> str:
    """The text within so many UTF-16 units, a pair never torn apart."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * units:
        return text
    return encoded[: 2 * (units - len(mark))].decode("utf-16-le", "ignore") + mark
