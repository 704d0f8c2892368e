"""A workbook to be filled in: headers, lists to choose from, and a sheet that explains each column.

Written by XlsxWriter, which knows lists to choose from; what is typed is never a formula or a link.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

from app.exports.sheet import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 200_000  # for which a list to choose from stands ready
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FIRST_DAY = dt.date(1900, 3, 1)
TEXT = "@"
LONGEST = 32_000
Value = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its header, format of numbers, width in characters, texts to choose from.

    ``strict``: nothing but these texts may be typed. ``key``: a column that people leave alone.
    """

    header: str
    excel: str = TEXT
    width: float = 16
    options: Sequence[str] = ()
    strict: bool = True
    needed: bool = False
    key: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """The titles of the sheets, the columns, the rows, what is said of each column."""

    title: str
    columns: Sequence[TemplateColumn]
    rows: Iterable[Sequence[Value]]
    guide_title: str
    guide_head: Sequence[str]
    guide: Iterable[Sequence[str]]
    lists_title: str
    wrong: str  # what Excel says of a text that is not in the list


def write_template(template: Template, file: BinaryIO) -> None:
    """Write the workbook; it is made in memory, for what is made on a disk would have a name."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet, guide = book.add_worksheet(template.title), book.add_worksheet(template.guide_title)
        lists = book.add_worksheet(template.lists_title)
        _lists(lists, template.columns)
        _columns(book, sheet, template)
        for number, row in enumerate(template.rows, 1):
            for place, value in enumerate(row):
                _cell(sheet, number, place, value)
        _guide(book, guide, template)


def _columns(book: Workbook, sheet: Worksheet, template: Template) -> None:
    sheet.freeze_panes(1, 1)
    heads = {
        needed: book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "num_format": TEXT}
            | ({"bg_color": "#FDF1D3"} if needed else {})
        )
        for needed in (False, True)
    }
    grey = book.add_format({"font_color": "#8A8F98", "num_format": TEXT})
    formats: dict[str, Format] = {}
    place = 0
    for place, column in enumerate(template.columns):
        if column.excel not in formats:
            formats[column.excel] = book.add_format({"num_format": column.excel})
        sheet.set_column(place, place, column.width, grey if column.key else formats[column.excel])
        sheet.write_string(0, place, legible(column.header), heads[column.needed])
        if column.options:
            sheet.data_validation(1, place, ROWS, place, _choice(place, column, template))
    sheet.autofilter(0, 0, ROWS, place)


def _choice(place: int, column: TemplateColumn, template: Template) -> dict[str, Any]:
    """The list stands on a sheet of its own: in the cell itself there is room for 255 signs."""
    letters = xlsxwriter.utility.xl_col_to_name(place)
    name = template.lists_title.replace("'", "''")
    return {
        "validate": "list",
        "source": f"='{name}'!${letters}$1:${letters}${len(column.options)}",
        "error_type": "stop" if column.strict else "information",
        "error_message": template.wrong[:255],
    }


def _lists(sheet: Worksheet, columns: Sequence[TemplateColumn]) -> None:
    for number in range(max((len(column.options) for column in columns), default=0)):
        for place, column in enumerate(columns):
            if number < len(column.options):
                sheet.write_string(number, place, legible(column.options[number]))
    sheet.hide()


def _guide(book: Workbook, sheet: Worksheet, template: Template) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": TEXT})
    bold = book.add_format({"bold": True, "num_format": TEXT})
    for place, width in enumerate((34, 44, 30, 22, 30)):
        sheet.set_column(place, place, width, wrap)
    for place, head in enumerate(template.guide_head):
        sheet.write_string(0, place, legible(head), bold)
    for number, line in enumerate(template.guide, 1):
        for place, text in enumerate(line):
            sheet.write_string(number, place, legible(text), wrap)


def _cell(sheet: Worksheet, number: int, place: int, value: Value) -> None:
    """A value in the format of its column; a text is never anything else."""
    if value is None:
        return
    if isinstance(value, dt.date) and value >= FIRST_DAY:
        sheet.write_datetime(number, place, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(number, place, value)
    else:
        text = f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value
        sheet.write_string(number, place, legible(text)[:LONGEST])
