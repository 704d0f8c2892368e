"""Tables as separated text (.csv): the encoding and the separator are found out by looking."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from app.kernel.errors import Message, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDE = ("utf-16-le", "utf-16-be")
ENCODINGS = ("utf-8", "cp1251", "koi8-r", "cp866")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = ";\t,|"
SAMPLE = 1 << 18  # bytes the encoding and the separator are judged by
LONGEST = 131_072  # characters of a cell that is read at all
_USUAL = "оеаинтсрвл"  # the most frequent letters of Russian, half of any text
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_STRANGE = re.compile(r"[\x7f-\x9f\u2000-\U0010ffff]")
_QUOTED = re.compile(r'"[^"]*"')
NO_TABLE = Message(
    "Это не таблица. Здесь загружают файлы .xlsx, .ods и .csv: сохраните таблицу в одном из них."
)
UNREADABLE = Message(
    "Текст файла не читается: в нём смешаны кодировки. Сохраните таблицу как .xlsx и загрузите её."
)


def separated(file: BinaryIO) -> tuple[int, Iterator[Sequence[str]]]:
    """Give about how many rows there are, and the rows. Raises ``Refused`` for anything else."""
    sample = file.read(SAMPLE)
    file.seek(0)
    number = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    file.seek(0)
    encoding = _encoding(file, sample)
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(sample)
    if _CONTROL.search(text):
        raise Refused(NO_TABLE)
    return number, _rows(file, encoding, _separator(text))


def _rows(file: BinaryIO, encoding: str, separator: str) -> Iterator[Sequence[str]]:
    csv.field_size_limit(LONGEST)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield from csv.reader(text, delimiter=separator)
    except UnicodeError as fault:
        raise Refused(UNREADABLE) from fault
    except csv.Error as fault:
        raise Refused(NO_TABLE) from fault
    finally:
        text.detach()


def _encoding(file: BinaryIO, sample: bytes) -> str:
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        wide = {name: sample.decode(name, "ignore") for name in WIDE}
        name = max(wide, key=lambda one: _likeness(wide[one]))
        if _likeness(wide[name]) and not _CONTROL.search(wide[name]):
            return name
        raise Refused(NO_TABLE)
    if _is_utf8(file):
        return "utf-8"
    single = {name: sample.decode(name, "replace") for name in ENCODINGS[1:]}
    return max(single, key=lambda one: _likeness(single[one]))


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _likeness(text: str) -> int:
    """How much of a text reads as Russian or as digits and Latin letters in their places."""
    letters = Counter(text)
    usual = sum(letters[letter] for letter in _USUAL)
    strange = sum(n for char, n in letters.items() if _STRANGE.match(char))
    plain = sum(n for char, n in letters.items() if char.isascii() and char.isprintable())
    return 3 * usual + plain - 5 * strange


def _separator(text: str) -> str:
    """The sign that divides the first line, quoted parts aside."""
    line = next((line for line in _QUOTED.sub("", text).splitlines() if line.strip()), "")
    return max(SEPARATORS, key=line.count)
