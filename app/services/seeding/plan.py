"""Schools of the made-up region and the classes in them, before anybody is in these."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.demo import TOWNS, made_inn, made_ogrn

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 600  # learners of a school
FULL = 25  # learners of a class
GRADES = range(1, 12)
SENIOR = 10  # half of those of grade 9 go on
LETTERS = "АБВГДЕЖЗИК"
ROOMS = 100  # places for classes in the numbering of a school
CAPITAL = "66701000"
NUMBERED_FROM = 1000  # the small demo has the numbers below
KINDS = (("SOSH", "Средняя школа"), ("SOSH", "Средняя школа"), ("GYM", "Гимназия"),
         ("LYC", "Лицей"))  # fmt: skip
HEROES = ("Ю. А. Гагарина", "М. И. Глинки", "А. Т. Твардовского", "М. В. Исаковского",
          "П. С. Нахимова", "Н. М. Пржевальского")  # fmt: skip
NAMESPACE = uuid.UUID("5e6bb0b2-98a8-5f4b-9d52-2f6d0c5a6b11")


@dataclass(frozen=True, slots=True)
class School:
    """School ``number`` of the region with learners from ``first`` on, ``many`` of them."""

    number: int
    first: int
    many: int
    seed: int
    begin: int  # year in which the present school year began
    near: tuple[int, int]  # number and size of the school from which some learners came

    def classes(self) -> Iterator[tuple[int, int, str, int]]:
        """Yield place in the numbering, grade, letter and learners of the present classes."""
        return classes(self.many)


def schools(pupils: int, there: tuple[int, int], seed: int, begin: int) -> list[School]:
    """As many schools as it takes for these learners, above the last numbers of both ``there``."""
    count = max(2, -(-pupils // LARGEST))
    sizes = [pupils // count + (place < pupils % count) for place in range(count)]
    made, first = [], there[1] + 1
    for place, many in enumerate(sizes):
        number, other = there[0] + 1 + place, (place + 1) % count
        near = (there[0] + 1 + other, sizes[other])
        made.append(School(number, first, many, seed, begin, near))
        first += many
    return made


def classes(learners: int) -> Iterator[tuple[int, int, str, int]]:
    """Yield the classes of a school of so many learners, as ``School.classes`` does."""
    place = 0
    for grade, size in zip(GRADES, _sizes(learners), strict=True):
        count = -(-size // FULL)
        for number in range(count):
            yield place, grade, LETTERS[number], size // count + (number < size % count)
            place += 1


def _sizes(many: int) -> tuple[int, ...]:
    shares = [1 if grade >= SENIOR else 2 for grade in GRADES]
    sizes = [many * share // sum(shares) for share in shares]
    for place in range(many - sum(sizes)):
        sizes[place] += 1
    return tuple(sizes)


def school_line(school: School) -> tuple[object, ...]:
    """What is known of a school: key, names, kind, place and numbers of registers."""
    number = school.number
    kind, word = KINDS[number % len(KINDS)]
    oktmo = _place(number)
    named = f" имени {HEROES[number % len(HEROES)]}" if number % 5 == 0 else ""
    title, at = f"{word} № {number + 100}", TOWNS[oktmo]
    legal = f"Муниципальное бюджетное общеобразовательное учреждение «{title}{named}» ({at})"
    shown = (legal, f"МБОУ «{title}»", f"{title}, {at}", at)
    registers = NUMBERED_FROM + number
    return number, kind, *shown, oktmo, made_inn(registers), made_ogrn(registers)


def _place(number: int) -> str:
    """Every third school is in the capital of the region."""
    if number % 3 == 0:
        return CAPITAL
    places = [oktmo for oktmo in sorted(TOWNS) if oktmo != CAPITAL]
    return places[number * 7 % len(places)]


def class_lines(school: School) -> Iterator[tuple[object, ...]]:
    """Yield number, school, year of begin, grade, letter and line of the classes of both years."""
    for back in (1, 0):
        year = school.begin - back
        for place, grade, letter, _many in school.classes():
            line = uuid.uuid5(NAMESPACE, f"{school.seed}/{school.number}/{year - grade}/{letter}")
            yield room(school.number, place, back), school.number, year, grade, letter, line


def room(school: int, place: int, back: int) -> int:
    """The number of a class in the region: of the present year, or of the one before."""
    return school * ROOMS + back * (ROOMS // 2) + place
