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
MOST_ERRORS = 50_000  # cells of a sheet that hold an error of a formula
LONGEST_ERROR = 20  # characters
Errors = dict[int, dict[int, str]]  # row → column → what stands in the cell; numbers from 1
DAMAGED = Message(
    "Файл повреждён и не открывается. Откройте его в Excel или LibreOffice, сохраните заново "
    "и загрузите."
)
STRANGE = Message(
    "В файле есть определения, которых в таблицах не бывает. Скопируйте строки в новую книгу "
    "и загрузите её."
)
ALL_ERRORS = Message(
    "В таблице слишком много ячеек с ошибками формул (#Н/Д, #ССЫЛКА! и другие). Исправьте "
    "формулы или замените их значениями и загрузите файл снова."
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


def look_at_xlsx(content: Source, bounds: Bounds) -> Errors:
    """Read the cells of a sheet, in any other part only what must not be there.

    Gives the cells that hold an error of a formula: the parser that comes after takes them for
    empty ones.
    """
    parser = expat.ParserCreate()
    cells = _Xlsx(bounds, parser)
    _parse(parser, content, cells)
    return cells.errors


def look_at_ods(content: Source, bounds: Bounds) -> dict[str, Errors]:
    """Read the cells of all tables, each as often as it is repeated; gives errors by tables."""
    parser = expat.ParserCreate()
    cells = _Ods(bounds, parser)
    _parse(parser, content, cells)
    return cells.errors


def _parse(parser: expat.XMLParserType, content: Source, cells: _Xlsx | _Ods) -> None:
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


class _Errors:
    """Cells with errors of one sheet after another."""

    def __init__(self, bounds: Bounds, parser: expat.XMLParserType) -> None:
        self.bounds, self.parser = bounds, parser
        self.places: list[tuple[int, int]] = []  # of the cell that is being read
        self.wrong = 0
        self.found: Errors = {}

    def place(self, rows: range, columns: range) -> None:
        """Take a cell with an error, wherever it is repeated; its text comes later."""
        self.wrong += len(rows) * len(columns)
        if self.wrong > MOST_ERRORS:
            raise Refused(ALL_ERRORS)
        self.places = [(row, column) for row in rows for column in columns]
        for row, column in self.places:
            self.found.setdefault(row, {})[column] = ""

    def text(self, text: str) -> None:
        """Take a piece of the text."""
        for row, column in self.places:
            self.found[row][column] = (self.found[row][column] + text)[:LONGEST_ERROR]

    def listen(self, *, hear: bool) -> None:
        """Hear texts only where they are of an error: they take time."""
        self.parser.CharacterDataHandler = self.text if hear else None


class _Xlsx(_Errors):
    """Cells of a worksheet: where each stands is written in it, or follows from the one before."""

    def __init__(self, bounds: Bounds, parser: expat.XMLParserType) -> None:
        super().__init__(bounds, parser)
        self.row = self.column = 0
        self.errors = self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes.get("r"))
            if self.places:
                self.places = []
                self.listen(hear=False)
            if attributes.get("t") == "e":
                self.bounds.admit(self.row, self.column)
                column = self.column
                self.place(range(self.row, self.row + 1), range(column, column + 1))
        elif local == "v" and self.places:
            self.listen(hear=True)
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


class _Ods(_Errors):
    """Cells of OpenDocument tables: rows and cells may stand for many alike."""

    def __init__(self, bounds: Bounds, parser: expat.XMLParserType) -> None:
        super().__init__(bounds, parser)
        self.errors: dict[str, Errors] = {}
        self.row = self.last = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self.row = self.last = self.column = 0
            name = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "name"), "")
            self.found = self.errors.setdefault(name, {})
        elif local == "table-row":
            self.row = self.last + 1
            self.last += _times(attributes, "number-rows-repeated")
            self.column = 0
        elif local in {"table-cell", "covered-table-cell"}:
            self._cell(attributes)
        elif local == "p" and self.places:
            self.listen(hear=True)

    def _cell(self, attributes: dict[str, str]) -> None:
        first = self.column + 1
        self.column += _times(attributes, "number-columns-repeated")
        if self.places:
            self.places = []
            self.listen(hear=False)
        kinds = [value for key, value in attributes.items() if key.endswith("value-type")]
        if kinds:
            self.bounds.admit(self.last, self.column)
        if "error" in kinds:
            self.place(range(self.row, self.last + 1), range(first, self.column + 1))


def _times(attributes: dict[str, str], wanted: str) -> int:
    """How often the element stands there."""
    return max(1, *(int(v) for k, v in attributes.items() if k.rpartition(":")[2] == wanted), 1)
