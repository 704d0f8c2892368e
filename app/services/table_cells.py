"""A cell of a table as a stored value: what people type, and what spreadsheets make of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.kernel import identifiers
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import SNILS
from app.kernel.text import compact

if TYPE_CHECKING:
    from app.kernel.choices import Choices
    from app.kernel.kinds import Kind

# Numbers whose check digit proves that zeros were lost at the beginning.
PROVED = {"snils", "inn", "inn10", "ogrn", "ogrn_any", "okpo"}
FORMULA = Message(
    "В ячейке ошибка формулы (%(error)s), значения в ней нет. Исправьте формулу в файле, введите "
    "значение или очистите ячейку."
)
# As Excel and LibreOffice write them, in English and in Russian.
_ERROR = re.compile(
    r"#(N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA"
    r"|Н/Д|ЗНАЧ!|ССЫЛКА!|ДЕЛ/0!|ЧИСЛО!|ИМЯ\?|ПУСТО!)|(Err|Ошибка):[0-9]{3}"
)
_DIVIDED = re.compile(r"\s*[;\n]\s*")


def refuse_error(cell: str | int) -> None:
    """Refuse the error that a formula has ended in. Raises ``Invalid``."""
    if isinstance(cell, str) and _ERROR.fullmatch(cell.strip()):
        raise Invalid(FORMULA.text, error=cell.strip())


def understood(kind: Kind, cell: str | int, book: Choices) -> Any:
    """The stored value of a cell that is not blank. Raises ``Invalid``."""
    if kind.classifier:
        return _coded(kind, cell, book)
    text = str(cell)
    try:
        return kind.parse(text)
    except Invalid:
        if isinstance(cell, int):
            for longer in _padded(kind, text):
                try:
                    return kind.parse(longer)
                except Invalid:
                    continue
        raise


def _padded(kind: Kind, text: str) -> list[str]:
    """The number with zeros that a spreadsheet has dropped, where a check digit can prove it."""
    if kind.name not in PROVED:
        return []
    digits = (compact(sample) for sample in kind.samples)
    lengths = sorted({len(one) for one in digits if one.isdigit()})
    longer = [text.zfill(length) for length in lengths if length > len(text)]
    return [one for one in longer if kind is not SNILS or identifiers.snils_has_control(one)]


def _coded(kind: Kind, cell: str | int, book: Choices) -> str:
    if kind.widget != "choices":
        return _code(kind, cell, book)
    text = str(cell).strip()
    parts = [part for part in _DIVIDED.split(text) if part]
    try:
        codes = {_code(kind, part, book) for part in parts}
    except Invalid:
        if ";" in text or "," not in text:
            raise
        codes = {_code(kind, part.strip(), book) for part in text.split(",") if part.strip()}
    stored: str = kind.parse(";".join(sorted(codes)))
    return stored


def _code(kind: Kind, cell: str | int, book: Choices) -> str:
    """A code by itself or by a name; one that lost its zeros is known by the list itself."""
    text = str(cell)
    try:
        return book.code_for(kind.classifier, text)
    except Invalid:
        if isinstance(cell, int):
            for width in range(len(text) + 1, 12):
                if book.find(kind.classifier, text.zfill(width)):
                    return text.zfill(width)
        raise
