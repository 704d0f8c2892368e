"""A table of a person (.xlsx, .ods, .csv), read row by row in a limited process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from app.imports.limited import Limited
from app.imports.receiving import Malformed
from app.imports.tables import LONGEST_CELL, MOST_COLUMNS
from app.kernel.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.imports.spreadsheets import Cell

PROGRAM = Path(__file__).with_name("table_child.py")
LARGEST = 100 << 20  # bytes
ENDINGS = (".xlsx", ".ods", ".csv")
MOST_NUMBER = 1 << 53
SLOW = Message("Файл читается слишком долго. Разделите таблицу на несколько файлов поменьше.")
BROKEN = Message(
    "Файл не удалось прочесть: он испорчен или слишком велик. Откройте его в Excel или "
    "LibreOffice, сохраните заново или разделите на части. Ничего не загружено."
)
Line = tuple[int, list["Cell"]]


class TableFile(Limited):
    """Rows of an open binary file; ``rows`` is about how many there are.

    ``with TableFile(file) as table: for number, cells in table: …``; the first row is the header.
    """

    slow, broken = SLOW, BROKEN

    def __init__(self, source: BinaryIO) -> None:
        """Start reading."""
        super().__init__(PROGRAM, source)
        self.rows = 0

    def __iter__(self) -> Iterator[Line]:
        """Give the rows; raises ``Refused``, perhaps after some of them."""
        sent = self.records()
        try:
            self.rows = _number(json.loads(next(sent, b"null")))
            for content in sent:
                yield _line(json.loads(content))
        except (Malformed, ValueError, RecursionError) as fault:
            raise self.broken_off() from fault


def _line(sent: Any) -> Line:
    """A row, checked: who sends it may have been turned by the file it reads."""
    if type(sent) is not list or len(sent) != 2 or type(sent[1]) is not list:  # noqa: PLR2004 - number and cells
        raise Malformed
    number, cells = sent
    if len(cells) > MOST_COLUMNS or not all(map(_fits, cells)):
        raise Malformed
    return _number(number), cells


def _fits(cell: Any) -> bool:
    if cell is None:
        return True
    if type(cell) is str:
        return len(cell) <= LONGEST_CELL and "\0" not in cell
    return type(cell) is int and abs(cell) < MOST_NUMBER


def _number(sent: Any) -> int:
    if type(sent) is not int or not 0 <= sent < MOST_NUMBER:
        raise Malformed
    return sent
