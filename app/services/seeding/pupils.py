"""Learners of one made-up school with their families and papers, as lines of the staging tables."""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from typing import TYPE_CHECKING

from app.kernel.documents import BIRTH_CERTIFICATE, PASSPORT
from app.kernel.sealing import cipher
from app.models.enrolment import FOREIGN, RUSSIA, RUSSIAN, Student
from app.models.enrolment_documents import StudentIdentityDocument
from app.services.demo_learners import made_snils
from app.services.seeding import names
from app.services.seeding.plan import classes, room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.services.seeding.plan import School

Line = tuple[object, ...]
Lines = tuple[list[Line], list[Line], list[Line]]  # learners, parents, who is whose parent

GAP = 0.08  # of the learners lack a number, a telephone, a patronymic
AGAIN = 0.005  # are entered a second time: the same name and birth date, no number
OVERDUE = 0.03  # have only a birth certificate at 14 and later
LAPSED = 0.01  # registrations for a time that is over
ABROAD = 0.02  # citizens of other countries
SIBLING = 0.2
SECOND_PARENT = 0.3
MOVED, ARRIVED, REPEATED = 0.04, 0.07, 0.075  # this year: of the region, from elsewhere, same grade
ADULT = 14  # years: a passport is due
COUNTRIES = ("112", "031", "051", "762", "860")
FOREIGN_PASSPORT = "10"
MOTHER, FATHER = "01", "02"  # RELATION
JOBS = ("инженер", "продавец", "учитель", "водитель", "бухгалтер", "медсестра", "слесарь")
STREETS = ("Ленина", "Гагарина", "Советская", "Школьная", "Октябрьская", "Мира", "Садовая",
           "Лесная", "Полевая", "Днепровская", "Строителей", "Кирова")  # fmt: skip
SNILS_STEP, SNILS_MANY, SNILS_FROM = 295_075_147, 600_000_007, 100_000_000  # no number comes twice
UIDS = 0x0199_0000_0000 << 80 | 0x7 << 76 | 0x2 << 62  # version 7, a moment of its own
FIRST_UID, LAST_UID = uuid.UUID(int=UIDS), uuid.UUID(int=UIDS + (1 << 48) - 1)
_SNILS = Student.sealed["snils"]
_SERIES = StudentIdentityDocument.sealed["series"]
_NUMBER = StudentIdentityDocument.sealed["number"]


def snils_number(uid: uuid.UUID) -> int:
    """What ``made_snils`` made the number of this learner from, if they have one."""
    return _of_snils((uid.int - UIDS) // 2)


def _of_snils(number: int) -> int:
    return SNILS_FROM + number * SNILS_STEP % SNILS_MANY


def _rooms(learners: int) -> dict[tuple[int, str], int]:
    return {(grade, letter): place for place, grade, letter, _ in classes(learners)}


class Family:
    """Children of one father and mother; what their addresses have in common."""

    __slots__ = ("at", "father", "parents", "surname")

    def __init__(self, surname: str, father: str, at: Line) -> None:
        """Found it without parents; these come with the first child."""
        self.surname = surname
        self.father = father
        self.at = at
        self.parents: list[tuple[int, str]] = []


class Crowd:
    """The learners of a school, one after another; its number decides who they are."""

    def __init__(self, school: School) -> None:
        """Begin with nobody."""
        self.school = school
        self.chance = Random(f"{school.seed}/{school.number}")  # noqa: S311 - nothing secret
        self.families: list[Family] = []
        self.rooms = _rooms(school.many)
        self.near = _rooms(school.near[1])
        self.before: Line = ()
        self.lines: Lines = ([], [], [])

    def everybody(self) -> Lines:
        """Lines of all learners, of their parents, and of who is whose parent."""
        number = self.school.first
        for place, grade, letter, many in self.school.classes():
            self.before = ()
            for _ in range(many):
                self._learner(number, place, grade, letter)
                number += 1
        return self.lines

    def _learner(self, number: int, place: int, grade: int, letter: str) -> None:
        chance, school = self.chance, self.school
        family = self._family(number)
        mode, past = self._way(grade, letter)
        years = grade + (mode == "R")
        born = dt.date(school.begin - years - 5, 3, 1) - dt.timedelta(chance.randrange(365))
        called = self._called(family, born)
        again = called is self.before
        self.before = called
        abroad = chance.random() < ABROAD
        uid = uuid.UUID(int=UIDS + number * 2)
        self.lines[0].append(
            (
                number, uid, school.number, grade, room(school.number, place, 0), mode, *past,
                *called,
                *((FOREIGN, chance.choice(COUNTRIES)) if abroad else (RUSSIAN, RUSSIA)),
                *self._reached(), *self._numbered(number, uid, lacking=again),
                *self._paper(number, called[3], abroad=abroad), *family.at,
                "T" if chance.random() < LAPSED else "R",
            )
        )  # fmt: skip
        for priority, (parent, relation) in enumerate(family.parents, 1):
            self.lines[2].append((number, parent, relation, priority))

    def _way(self, grade: int, letter: str) -> tuple[str, Line]:
        """How a learner came into the class: with number of the school and class of last year."""
        school, roll = self.school, self.chance.random()
        if grade == 1:
            return "F", (None, None, None)
        if roll < MOVED:
            place = self.near[grade - 1, "А"]
            return "M", (school.near[0], room(school.near[0], place, 1), grade - 1)
        if roll < ARRIVED:
            return "A", (None, None, None)
        repeats = roll < REPEATED
        was = grade if repeats else grade - 1
        place = self.rooms.get((was, letter), self.rooms[was, "А"])
        return "R" if repeats else "H", (school.number, room(school.number, place, 1), was)

    def _family(self, number: int) -> Family:
        chance = self.chance
        if self.families and chance.random() < SIBLING:
            return chance.choice(self.families)
        home = (f"ул. {chance.choice(STREETS)}", chance.randrange(1, 150), chance.randrange(1, 120))
        family = Family(names.surname(chance), names.father(chance), home)
        self.families.append(family)
        named = (names.hers(family.surname), names.picked(chance, names.MOTHERS))
        self._parent(family, number * 2, named, MOTHER)
        if chance.random() < SECOND_PARENT:
            self._parent(family, number * 2 + 1, (family.surname, family.father), FATHER)
        return family

    def _parent(self, family: Family, number: int, named: tuple[str, str], relation: str) -> None:
        chance = self.chance
        middle = names.patronymic(names.father(chance), girl=relation == MOTHER)
        phone = None if chance.random() < GAP else f"+79{chance.randrange(10**9):09d}"
        school = self.school.number
        self.lines[1].append((number, school, *named, middle, phone, chance.choice(JOBS)))
        family.parents.append((number, relation))

    def _called(self, family: Family, born: dt.date) -> Line:
        """Surname, name, patronymic, birth date, sex; or those of the one before, by mistake."""
        chance = self.chance
        if chance.random() < AGAIN and self.before:
            return self.before
        girl = chance.random() < 0.5  # noqa: PLR2004 - as many as boys
        first = names.picked(chance, names.GIRLS if girl else names.BOYS)
        middle = names.patronymic(family.father, girl=girl)
        surname = names.hers(family.surname) if girl else family.surname
        return surname, first, None if chance.random() < GAP else middle, born, "2" if girl else "1"

    def _reached(self) -> Line:
        """Telephone and whether it is said that there is none."""
        roll = self.chance.random()
        if roll < GAP:
            return None, None
        if roll < GAP * 4:
            return None, True
        return f"+79{self.chance.randrange(10**9):09d}", False

    def _numbered(self, number: int, uid: uuid.UUID, *, lacking: bool) -> Line:
        """СНИЛС sealed, its fingerprint, and whether it is said that there is none."""
        if lacking or self.chance.random() < GAP:
            return None, None, True if self.chance.random() < GAP else None
        made = made_snils(_of_snils(number))
        return cipher().seal(_SNILS, made, uid), cipher().fingerprint(_SNILS, made), False

    def _paper(self, number: int, born: object, *, abroad: bool) -> Iterator[object]:
        """The identity document: uid, kind, series and number sealed, and what stands in it."""
        assert isinstance(born, dt.date)  # noqa: S101 - from a line just made
        chance = self.chance
        due = born.replace(year=born.year + ADULT) if born.day < 29 else born  # noqa: PLR2004 - leap days
        grown = due <= dt.date(self.school.begin, 11, 1) and chance.random() >= OVERDUE
        kind, series, text, code = self._printed(abroad=abroad, grown=grown)
        issued = (due if grown else born) + dt.timedelta(chance.randrange(1, 60))
        uid = uuid.UUID(int=UIDS + number * 2 + 1)
        yield uid
        yield kind
        for name, value in ((_SERIES, series), (_NUMBER, text)):
            yield cipher().seal(name, value, uid)
            yield cipher().fingerprint(name, value)
        yield "УМВД России по Смоленской области" if kind == PASSPORT else "Отдел ЗАГС"
        yield code
        yield issued
        yield chance.randrange(1, 4000) if kind == BIRTH_CERTIFICATE else None

    def _printed(self, *, abroad: bool, grown: bool) -> tuple[str, str, str, str | None]:
        """Kind, series, number and code of the issuer."""
        chance = self.chance
        digits = f"{chance.randrange(10**6):06d}"
        if abroad:
            return FOREIGN_PASSPORT, "AB", digits, None
        if grown:
            return PASSPORT, f"66{chance.randrange(18, 27)}", digits, f"670-{digits[:3]}"
        return BIRTH_CERTIFICATE, f"II-М{chance.choice('ПОНР')}", digits, None
