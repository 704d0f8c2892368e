"""Rows copied from a sheet: what each column holds is guessed by its header and its content."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = "full_name"
NAMES = ("last_name", "first_name", "middle_name")
FIELDS = (*NAMES, "birth_date", "sex", "snils")
HEADS = {
    FULL: ("фио", "ф.и.о.", "фамилия имя отчество", "фамилия, имя, отчество", "ученик",
           "обучающийся", "name"),
    "last_name": ("фамилия",),
    "first_name": ("имя",),
    "middle_name": ("отчество",),
    "birth_date": ("дата рождения", "д.р.", "др", "рождения", "родился", "день рождения"),
    "sex": ("пол",),
    "snils": ("снилс",),
}  # fmt: skip
SEXES = {
    "м": "1", "муж": "1", "мужской": "1", "мальчик": "1", "1": "1",
    "ж": "2", "жен": "2", "женский": "2", "девочка": "2", "2": "2",
}  # fmt: skip
_DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_SNILS = re.compile(r"\d{3}[- ]?\d{3}[- ]?\d{3}[- ]?\d{2}")
_WORD = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё'’.-]*")
ENOUGH = 0.5  # share of the filled cells of a column that look like what it is taken for


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows as texts of the fields; rows that are empty or a header are left out."""
    table = _table(text)
    if not table:
        return []
    named = _by_header(table[0])
    if named:
        table = table[1:]
    width = max(map(len, table), default=0)
    columns = named | {
        at: kind for at, kind in _by_content(table, width).items()
        if at not in named and kind not in named.values()
    }  # fmt: skip
    return [row for row in (_row(cells, columns) for cells in table) if any(row.values())]


def _table(text: str) -> list[list[str]]:
    text = text.replace("\0", "").replace("\u00a0", " ")
    separator = "\t" if "\t" in text else ";"
    lines = csv.reader(text.splitlines(), delimiter=separator, strict=False)
    table = [[" ".join(cell.split()) for cell in line] for line in lines]
    return [line for line in table if any(line)]


def _by_header(cells: Sequence[str]) -> dict[int, str]:
    """What the cells of a first line say of their columns; nothing where it is no header."""
    known = {word: kind for kind, words in HEADS.items() for word in words}
    found = {at: known.get(cell.lower().strip(" :*"), "") for at, cell in enumerate(cells)}
    found = {at: kind for at, kind in found.items() if kind}
    return found if len(set(found.values())) == len(found) else {}


def _by_content(table: list[list[str]], width: int) -> dict[int, str]:
    columns = [[line[at] for line in table if at < len(line) and line[at]] for at in range(width)]
    kinds = [_kind(cells) for cells in columns]
    if "word" in kinds:  # names in columns of their own, some of two words
        kinds = ["word" if kind == FULL else kind for kind in kinds]
    words = [at for at, kind in enumerate(kinds) if kind == "word"]
    found = {at: kind for at, kind in enumerate(kinds) if kind not in {"", "word"}}
    found |= dict(zip(words, NAMES, strict=False))
    once = Counter(found.values())
    return {at: kind for at, kind in found.items() if once[kind] == 1 or kind in NAMES}


def _kind(cells: list[str]) -> str:
    """What most cells of a column look like."""
    looks = Counter(_look(cell) for cell in cells)
    if not looks:
        return ""
    kind, number = looks.most_common(1)[0]
    return kind if number >= ENOUGH * len(cells) else ""


def _look(cell: str) -> str:
    if cell.lower().strip(".") in SEXES and not cell.isdigit():
        return "sex"
    if _DAY.fullmatch(cell):
        return "birth_date"
    if _SNILS.fullmatch(cell):
        return "snils"
    parts = cell.split()
    if all(map(_WORD.fullmatch, parts)):
        return FULL if len(parts) > 1 else "word"
    return ""


def _row(cells: Sequence[str], columns: dict[int, str]) -> dict[str, str]:
    found = dict.fromkeys(FIELDS, "")
    for at, kind in columns.items():
        text = cells[at] if at < len(cells) else ""
        if kind == FULL:
            parts = text.split(" ", 2)
            found.update(zip(NAMES, parts, strict=False))
        elif kind == "sex":
            found[kind] = SEXES.get(text.lower().strip("."), text)
        else:
            found[kind] = text
    found.update({name: _written(found[name]) for name in NAMES})
    return found


def _written(name: str) -> str:
    """A name that was typed in letters of one size, as names are written."""
    return name.title() if name.isupper() or name.islower() else name
