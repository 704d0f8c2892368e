"""A class of thirty that people enter at a browser: who is in it and how it is typed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.person import Person
    from tests.conftest import Portal

ROOMS = "/enrolment/school-class/"
MANY = 30
LETTERS = "абвгдежзик"
ORDER = {
    "admitted_on": "01.09.2026",
    "admission_kind": "02",
    "admission_order_number": "15-К",
    "admission_order_date": "30.08.2026",
}
TABLES = (
    "education_event",
    "class_membership",
    "student_enrolment",
    "student_completed_program",
    "student_name_history",
)
OURS = "starts_with(last_name, 'Тридцатов')"
WHOSE = f"student_id in (select id from student where {OURS})"  # noqa: S608 - names of ours


class Pupil(NamedTuple):
    """One of the class, as typed."""

    last: str
    first: str
    middle: str
    born: str
    sex: str = "мужской"

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the inputs."""
        names = ("last_name", "first_name", "middle_name", "birth_date")
        return dict(zip(names, self[:4], strict=True)) | {"sex": "1"}

    @property
    def name(self) -> str:
        """As one name."""
        return f"{self.last} {self.first} {self.middle}"


def class_of(number: int) -> list[Pupil]:
    """So many who are told apart by name and birthday."""
    return [
        Pupil(
            f"Тридцатов-{LETTERS[at // 10].upper()}{LETTERS[at % 10]}",
            "Пётр",
            "Ильич",
            f"{at % 28 + 1:02}.03.2015",
        )
        for at in range(number)
    ]


@contextmanager
def new_room(portal: Portal) -> Iterator[int]:
    """A new class of the clerk's school; afterwards it goes with all who came into it."""
    clerk = Side(portal, "clerk")
    year = clerk.one("select id from school_year where code = '2026/27'")
    made = clerk.fill(f"{ROOMS}add", school_year_id=year, grade=5, letter="тридцать", capacity=MANY)
    assert made.status_code == 303
    yield int(made.location.rpartition("/")[2])
    for table in TABLES:
        clerk.write(f"delete from {table} where {WHOSE}")  # noqa: S608 - names of ours
    clerk.write(f"delete from student where {OURS}")  # noqa: S608 - likewise
    clerk.write("delete from form_draft")
    clerk.write("delete from school_class where letter = 'ТРИДЦАТЬ'")


def write_common(person: Person) -> None:
    """By keyboard, from the first input on: what is common to all; ends behind it."""
    person.page.focus("#admitted_on")
    person.retype(ORDER["admitted_on"])
    person.tab_to("#admission_kind")
    person.press("ArrowDown", "ArrowDown")  # transferred within the region
    person.tab_to("#admission_order_number")
    person.retype(ORDER["admission_order_number"])
    person.tab_to("#admission_order_date")
    person.retype(ORDER["admission_order_date"])
    person.press("Control+ArrowDown")


def write_pupil(person: Person, pupil: Pupil) -> None:
    """By keyboard, from the surname on."""
    for name, text in pupil.typed.items():
        if name != "last_name":
            person.tab_to(f"#{name}")
        if name == "sex":
            person.press("ArrowDown")  # the first: a boy
        else:
            person.retype(text)


def counted(portal: Portal) -> int:
    """Learners of ours who are not in the trash."""
    query = f"select count(*) from student where {OURS} and deleted_at is null"  # noqa: S608 - ours
    return _number(portal, query)


def seats(portal: Portal, room: int) -> int:
    """Learners in the class."""
    query = (
        "select count(*) from class_membership where school_class_id = %s and deleted_at is null"
    )
    return _number(portal, query, room)


def _number(portal: Portal, query: str, *values: object) -> int:
    with portal.cluster.connect(portal.database) as base:
        found = base.execute(query.encode(), values).fetchone()
    return int(found[0]) if found else 0
