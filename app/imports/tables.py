"""What kind of table a file is, by its content, and its rows one by one as they are sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from app.imports.separated import separated
from app.imports.spreadsheets import spreadsheet
from app.imports.unpacking import EMPTY_ZIP, ZIP
from app.kernel.errors import Message, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.imports.spreadsheets import Cell

MOST_ROWS, MOST_COLUMNS = 200_000, 200
LONGEST_CELL = 20_000  # characters, as of the longest text the portal keeps
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = Message(
    "Файл закрыт паролем или сохранён в старом формате .xls. Откройте его, снимите пароль и "
    "сохраните как «Книга Excel (.xlsx)»."
)
TOO_MANY_ROWS = Message(
    "В таблице больше %(most)s строк. Разделите её на несколько файлов.", most=MOST_ROWS
)
TOO_MANY_COLUMNS = Message(
    "В таблице больше %(most)s столбцов. Удалите лишние и загрузите файл снова.", most=MOST_COLUMNS
)
NOTHING = Message("В файле нет ни одной заполненной ячейки. Выберите другой.")
NO_MEMORY = Message(
    "Таблица слишком велика, чтобы её прочесть. Разделите её на несколько файлов поменьше."
)


def rows(file: BinaryIO, tell: Callable[[], None] = lambda: None) -> Iterator[bytes]:
    """Give the size of the table, then each row that is not empty with its number in the file.

    ``tell`` is called now and then before the first one. Raises ``Refused`` for what is no table,
    is locked, damaged or too large.
    """
    start = file.read(8)
    file.seek(0)
    if start.startswith(OLE):
        raise Refused(LOCKED)
    try:
        if start.startswith((ZIP, EMPTY_ZIP)):
            number, found = spreadsheet(file, MOST_ROWS, MOST_COLUMNS, tell)
        else:
            number, found = separated(file)
        yield json.dumps(number).encode()
        yield from _sent(found)
    except MemoryError as fault:
        raise Refused(NO_MEMORY) from fault


def _sent(found: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    given = 0
    for number, cells in enumerate(found, 1):
        shown = [_bounded(cell) for cell in cells]
        while shown and shown[-1] is None:
            shown.pop()
        if not shown:
            continue
        if len(shown) > MOST_COLUMNS:
            raise Refused(TOO_MANY_COLUMNS)
        given += 1
        if given > MOST_ROWS + 1:  # and the header
            raise Refused(TOO_MANY_ROWS)
        yield json.dumps([number, shown], ensure_ascii=False).encode("utf-8", "replace")
    if not given:
        raise Refused(NOTHING)


def _bounded(cell: Cell) -> Cell:
    """A cell as it may be sent: texts without what no database holds, nothing for a blank one."""
    if isinstance(cell, str):
        cell = cell.replace("\0", "\ufffd")
        if not cell.strip():
            return None
        return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"
    return cell
