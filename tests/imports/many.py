"""A large table of learners with planted errors, as a workbook that is written row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    *("Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Вид гражданства"),
    *("Гражданство (страна)", "Родной язык", "Телефон", "Электронная почта", "СНИЛС"),
    "СНИЛС отсутствует",
)
EVERY = 20  # rows, of which the last is a bad one: 5 %
SURNAMES = ("Белозёров", "Чернов", "Снегирёв", "Верхоглядов", "Осокин", "Дроздов", "Маков")
NAMES = ("Пётр", "Илья", "Савва", "Роман", "Фёдор", "Глеб", "Яков", "Лев", "Тихон", "Артём", "Юрий")
FATHERS = ("Ильич", "Саввич", "Петрович", "Романович", "Глебович")
# What is wrong: the column it is told of, the cell that is put there (none: as it is said below).
FAULTS = (
    ("Фамилия", None),  # empty, and nothing else tells who it is
    ("Дата рождения", "31.02.2012"),
    ("Вид гражданства", "марсианское"),
    ("Телефон", "позвонить бабушке"),
    ("Электронная почта", "почта школы"),
    ("СНИЛС", "11223344500"),  # its control number is wrong
    ("СНИЛС отсутствует", "да"),  # beside a number
    ("СНИЛС", ""),  # of the learner a row above
    ("Родной язык", "=NA()"),  # a formula that ended in an error
)


@dataclass
class Made:
    """What is in the file: the rows, and for each bad one the column of the error."""

    rows: int = 0
    bad: dict[int, str] = field(default_factory=dict)


def made_snils(number: int) -> str:
    """A number with its control digits, beyond those of the demo region."""
    digits = f"{600_000_000 + number:09d}"
    total = sum(int(d) * weight for d, weight in zip(digits, range(9, 0, -1), strict=True))
    return f"{digits}{total % 101 % 100:02d}"


def learner(number: int) -> list[str | int]:
    """The cells of a good row."""
    boy = number % len(NAMES), number // len(NAMES) % len(FATHERS)
    return [
        f"{SURNAMES[number % len(SURNAMES)]}-{_letters(number // 385)}",
        NAMES[boy[0]],
        FATHERS[boy[1]],
        f"{number % 28 + 1:02d}.{number % 12 + 1:02d}.{2008 + number % 10}",
        "мужской",
        "1",
        "Россия",
        "Русский",
        f"+7900{number:07d}",
        f"learner{number}@example.ru",
        made_snils(number),
        "нет",
    ]


def make(path: Path, rows: int) -> Made:
    """Write the workbook; numbers of rows are those people see, the header is the first."""
    made = Made(rows)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(rows):
            cells = learner(number)
            if number % EVERY == EVERY - 1:
                made.bad[number + 2] = _spoil(cells, number)
            for place, cell in enumerate(cells):
                if cell == "=NA()":
                    sheet.write_formula(number + 1, place, cell, None, "#N/A")
                else:
                    sheet.write_string(number + 1, place, str(cell))
    return made


def _spoil(cells: list[str | int], number: int) -> str:
    column, cell = FAULTS[number // EVERY % len(FAULTS)]
    if cell == "":
        cell = made_snils(number - 1)
    cells[HEAD.index(column)] = cell or ""
    return column


def _letters(number: int) -> str:
    """A number as a part of a surname."""
    found = ""
    while True:
        number, place = divmod(number, 20)
        found = "бвгджзклмнпрстфхцчшщ"[place] + found
        if not number:
            return f"{found.capitalize()}ин"
