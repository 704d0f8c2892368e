"""Where the cells of a sheet stand, read before it is parsed; entities and document types refused.

The XML is read by another parser than the one that comes after it, in pieces, with nothing kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from app.kernel.errors import Message, Refused

if TYPE_CHECKING:
    from app.imports.xml_records import Source

PIECE = 1 << 18
SPARE = 100  # rows and columns that a table may stand away from the edge
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CONTENT = frozenset({"v", "t", "f"})
LETTERS = 26
DAMAGED = Message(
    "Файл повреждён и не открывается. Откройте его в Excel или LibreOffice, сохраните заново "
    "и загрузите."
)
STRANGE = Message(
    "В файле есть определения, которых в таблицах не бывает. Скопируйте строки в новую книгу "
    "и загрузите её."
)
FAR = Message(
    "Далеко за таблицей, в строке %(row)s, столбце %(column)s, что-то есть. На листе помещается "
    "до %(rows)s строк и %(columns)s столбцов: удалите лишнее и загрузите файл снова."
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest table."""

    rows: int
    columns: int

    def admit(self, row: int, column: int) -> None:
        """Take a cell that holds something; numbers from 1. Raises ``Refused`` for a far one."""
        if row > self.rows + SPARE or column > self.columns + SPARE:
            raise Refused(FAR.text, row=row, column=column, rows=self.rows, columns=self.columns)


def look_at_xlsx(content: Source, bounds: Bounds) -> None:
    """Read the cells of a sheet, in any other part only what must not be there."""
    _parse(content, _Xlsx(bounds))


def look_at_ods(content: Source, bounds: Bounds) -> None:
    """Read the cells of all tables, each as often as it is repeated."""
    _parse(content, _Ods(bounds))


def _parse(content: Source, cells: _Xlsx | _Ods) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = cells.start
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        while piece := content.read(PIECE):
            parser.Parse(piece, False)  # noqa: FBT003 - the library's signature
        parser.Parse(b"", True)  # noqa: FBT003 - likewise
    except (expat.ExpatError, ValueError, OverflowError) as fault:
        raise Refused(DAMAGED) from fault


def _refuse(*_declared: object) -> None:
    raise Refused(STRANGE)


class _Xlsx:
    """Cells of a worksheet: where each stands is written in it, or follows from the one before."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.row = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes.get("r"))
        elif local in _CONTENT and self.column:
            self.bounds.admit(self.row, self.column)
        elif local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise Refused(DAMAGED)
        column = 0
        for letter in found[1]:
            column = column * LETTERS + ord(letter) - ord("A") + 1
        self.row, self.column = int(found[2]), column


class _Ods:
    """Cells of OpenDocument tables: rows and cells may stand for many alike."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.row = self.last = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self.row = self.last = self.column = 0
        elif local == "table-row":
            self.row = self.last + 1
            self.last += _times(attributes, "number-rows-repeated")
            self.column = 0
        elif local in {"table-cell", "covered-table-cell"}:
            self.column += _times(attributes, "number-columns-repeated")
            if any(key.endswith("value-type") for key in attributes):
                self.bounds.admit(self.last, self.column)


def _times(attributes: dict[str, str], wanted: str) -> int:
    """How often the element stands there."""
    return max(1, *(int(v) for k, v in attributes.items() if k.rpartition(":")[2] == wanted), 1)
