r"""Csv as Excel and LibreOffice of a Russian desktop open it by a double click.

UTF-8 with a byte order mark, ``;`` between cells, CRLF between rows, days as ДД.ММ.ГГГГ, a comma
in fractions. A text that begins with ``= + - @``, tab or a line break gets an apostrophe, so that
no spreadsheet takes it for a formula; telephones (``+7 …``) get it as well, since without it a
spreadsheet makes a number of them. Real numbers never get it: −5 stays a number. Csv has no types:
whoever needs the zeros before a number takes xlsx.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from app.exports.sheet import MOMENTS, NUMBERS, Shown, converted, legible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.exports.sheet import Sheet
    from app.kernel.kinds import Kind

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_REMEMBERED = 4096  # days and hours shown; they repeat


def csv_chunks(sheet: Sheet) -> Iterator[bytes]:
    """Give the file in pieces, the first one with the header; rows are read as pieces are taken."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(column.label) for column in sheet.columns])
    buffer.seek(0)
    yield buffer.read().encode("utf-8-sig")
    for batch in converted(sheet.rows, [_texts(column.kind) for column in sheet.columns]):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(batch)
        yield buffer.getvalue().encode()


def _texts(kind: Kind) -> Callable[[Sequence[object]], list[str]]:
    """Give what makes the texts of a column's values."""
    write = partial(_written, kind)
    if kind.python in MOMENTS:
        remembered = lru_cache(_REMEMBERED)(write)
        return lambda values: [remembered(value) for value in values]
    if kind.python is str and kind.show is str:
        return lambda values: [
            value
            if value.__class__ is str and value.isprintable() and not value.startswith(_RISKY)
            else write(value)
            for value in values
        ]
    return lambda values: [write(value) for value in values]


def _written(kind: Kind, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, Shown) or (isinstance(value, str) and kind.python is not str):
        return _safe(value)
    return _safe(kind.show(value))


def _safe(text: str) -> str:
    text = legible(text)
    return "'" + text if text.startswith(_RISKY) else text


def _number(value: float | Decimal) -> str:
    """Write a number without spaces and exponents, with a comma."""
    text = str(value)
    if "e" in text.lower():
        text = f"{Decimal(text):f}"
    return text.replace(".", ",")
