"""Tables as .xlsx and .ods: the archive is guarded and its cells are looked at, then it is parsed.

The parser lays out a rectangle from the first to the last cell: two cells far from each other in a
file of two kilobytes would take all memory there is. So every reference is read beforehand.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import IO, TYPE_CHECKING, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.imports.cell_scan import DAMAGED, Bounds, Errors, look_at_ods, look_at_xlsx
from app.imports.unpacking import ENCRYPTED, FAULTS
from app.imports.workbook_parts import member_of
from app.kernel.errors import Message, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Cell = str | int | None

MOST_MEMBERS = 2_000  # of the archive a workbook is
LARGEST = 1 << 30  # bytes of all its members
MOST_DENSE, FREELY = 250, 4 << 20  # how many times smaller a member may be packed, if it is large
WORKBOOK, CONTENT, MANIFEST = "xl/workbook.xml", "content.xml", "META-INF/manifest.xml"
NO_VALUE = "#N/A"  # an error that does not say which
EXACT = 10**15  # a number cell keeps 15 digits
NO_WORKBOOK = Message(
    "Это архив, а не таблица. Здесь загружают файлы .xlsx, .ods и .csv: распакуйте его."
)
WITH_PASSWORD = Message("Файл закрыт паролем. Снимите пароль, сохраните файл и загрузите снова.")
INFLATED = Message(
    "Файл распаковывается в необычно большой: настоящие таблицы такими не бывают. Скопируйте "
    "строки в новую книгу и загрузите её."
)
NO_ROWS = Message("На листах книги нет ни одной заполненной ячейки. Выберите другой файл.")


def spreadsheet(
    file: BinaryIO, rows: int, columns: int, tell: Callable[[], None]
) -> tuple[int, Iterator[Sequence[Cell]]]:
    """Give the number of rows of the first sheet with anything in it, and the rows.

    Raises ``Refused`` for an archive that is no workbook, is locked, damaged or too large.
    """
    try:
        errors = _guard(file, Bounds(rows, columns), tell)
        file.seek(0)
        book = CalamineWorkbook.from_filelike(file)
        for sheet in book.sheets_metadata:
            shown = sheet.visible is SheetVisibleEnum.Visible
            if not shown or sheet.typ is not SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_name(sheet.name)
            if found.height and found.width:
                wrong = errors.get(member_of(file, sheet.name) or sheet.name, {})
                return found.total_height, _rows(found.iter_rows(), found.start, wrong)
    except (*FAULTS, CalamineError) as fault:
        raise Refused(DAMAGED) from fault
    raise Refused(NO_ROWS)


def _rows(
    found: Iterator[Sequence[object]], start: tuple[int, int] | None, errors: Errors
) -> Iterator[Sequence[Cell]]:
    """All rows and columns from the very first, so that numbers are those people see."""
    above, left = start or (0, 0)
    yield from ((),) * above
    indent = (None,) * left
    for number, cells in enumerate(found, above + 1):
        shown = (*indent, *map(_plain, cells))
        yield _mended(shown, errors[number]) if number in errors else shown


def _mended(cells: Sequence[Cell], errors: dict[int, str]) -> Sequence[Cell]:
    """The cells with the errors that formulas in them have ended in."""
    width = max(len(cells), *errors)
    told: list[Cell] = [*cells, *(None for _ in range(width - len(cells)))]
    for column, text in errors.items():
        told[column - 1] = text or NO_VALUE
    return told


def _plain(value: object) -> Cell:
    """A cell as a person would have typed it; whole numbers stay numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return _number(value)
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y}" if value.time() == dt.time() else f"{value:%d.%m.%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, dt.time):
        return value.isoformat("auto" if value.second else "minutes")
    return None if value is None else str(value)


def _number(value: float) -> Cell:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if abs(value) < EXACT and value == int(value):
        return int(value)
    return format(value, ".15g")


def _guard(file: BinaryIO, bounds: Bounds, tell: Callable[[], None]) -> dict[str, Errors]:
    """Look at the archive and at each of its sheets; gives their errors. Raises ``Refused``."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        names = {one.filename for one in members}
        if len(members) > MOST_MEMBERS or len(names) < len(members):
            raise Refused(INFLATED)
        if any(one.flag_bits & ENCRYPTED for one in members):
            raise Refused(WITH_PASSWORD)
        if not names & {WORKBOOK, CONTENT}:
            raise Refused(NO_WORKBOOK)
        if MANIFEST in names and b"encryption-data" in archive.read(MANIFEST):
            raise Refused(WITH_PASSWORD)
        if sum(one.file_size for one in members) > LARGEST or any(map(_dense, members)):
            raise Refused(INFLATED)
        return _scanned(archive, members, bounds, tell)


def _scanned(
    archive: zipfile.ZipFile,
    members: Sequence[zipfile.ZipInfo],
    bounds: Bounds,
    tell: Callable[[], None],
) -> dict[str, Errors]:
    errors: dict[str, Errors] = {}
    for one in members:
        if not one.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(one) as content:
            told = _Told(content, one.file_size, tell)
            if one.filename == CONTENT:
                errors |= look_at_ods(told, bounds)
            else:
                errors[one.filename] = look_at_xlsx(told, bounds)
    return errors


class _Told:
    """A member while it is read: no longer than it says it is, and heard of as it goes."""

    def __init__(self, content: IO[bytes], size: int, tell: Callable[[], None]) -> None:
        self.content, self.left, self.tell = content, size, tell

    def read(self, size: int, /) -> bytes:
        piece = self.content.read(size)
        self.left -= len(piece)
        if self.left < 0:
            raise Refused(DAMAGED)
        self.tell()
        return piece


def _dense(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(FREELY, MOST_DENSE * member.compress_size)
