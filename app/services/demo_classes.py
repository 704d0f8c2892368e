"""Classes of the made-up schools and the ways of their learners through them (decree п. 5.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.kernel.calendar import school_year_of
from app.kernel.clock import today
from app.models.enrolment import Student
from app.models.enrolment_classes import SchoolClass
from app.models.enrolment_orders import EnrolmentOrder
from app.models.enrolment_spells import ClassMembership, StudentEnrolment
from app.models.enrolment_transfers import SENT, TransferRequest
from app.models.reference import SchoolYear
from app.models.registry_programs import EducationProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.models.registry import Organisation


LETTERS = "АБ"
LAST, NOW = 4, 5  # grades of the last school year and of this one
ORDER = "12-К"


@dataclass(frozen=True, slots=True)
class Rooms:
    """Classes of a school by year of begin and letter, and the years themselves."""

    by: dict[tuple[int, str], SchoolClass]
    year: int


def add_classes(session: Session, school: Organisation) -> Rooms:
    """The classes of the last school year and of this one, two in each."""
    year = school_year_of(today()).start.year
    years = {row.start_date.year: row for row in session.scalars(select(SchoolYear))}
    program = session.scalars(
        select(EducationProgram).where(
            EducationProgram.organisation_id == school.id, EducationProgram.level_code == "03"
        )
    ).first()
    rooms: dict[tuple[int, str], SchoolClass] = {}
    for letter in LETTERS:
        former = SchoolClass(
            organisation_id=school.id, school_year_id=years[year - 1].id, grade=LAST,
            letter=letter, shift=1, capacity=25, state="C",
        )  # fmt: skip
        session.add(former)
        session.flush()
        present = SchoolClass(
            organisation_id=school.id, school_year_id=years[year].id, grade=NOW, letter=letter,
            shift=1, capacity=25, state="A", class_line=former.class_line,
            program_id=program.id if program else None,
        )  # fmt: skip
        session.add(present)
        rooms |= {(year - 1, letter): former, (year, letter): present}
    session.flush()
    return Rooms(rooms, year)


def teach(session: Session, students: Sequence[Student], rooms: Rooms) -> None:
    """Enrol everybody; one in eleven came this year, one in thirteen repeats the year."""
    for place, student in enumerate(students):
        letter = LETTERS[place % 2]
        came = place % 11 == 10  # noqa: PLR2004 - one in eleven
        admitted = dt.date(rooms.year if came else rooms.year - 4, 9, 1)
        spell = _spell(session, student, student.organisation_id, admitted, "03" if came else "01")
        if not came:
            _member(session, spell, rooms.by[rooms.year - 1, letter], "PR")
        _member(session, spell, rooms.by[rooms.year, letter])
    session.flush()


def draw_up(session: Session, rooms: Rooms) -> None:
    """A draft order that promotes a class after this school year; the database adds its lines."""
    room = rooms.by[rooms.year, "А"]
    session.add(
        EnrolmentOrder(
            organisation_id=room.organisation_id, school_class_id=room.id, kind="PR", state="D",
            number="1-П", order_date=dt.date(rooms.year, 11, 2), signed_by="Директор",
            effective_on=dt.date(rooms.year + 1, 9, 1),
        )
    )  # fmt: skip
    session.flush()


def exchange(session: Session, student: Student) -> None:
    """This learner is asked a place for at an earlier school, and one of its learners here."""
    theirs = session.scalars(
        select(Student)
        .where(Student.organisation_id != student.organisation_id)
        .order_by(Student.organisation_id, Student.id.desc())
    ).first()
    if theirs is None:
        return
    for one, school in (
        (student, theirs.organisation_id),
        (theirs, student.organisation_id),
    ):
        request = TransferRequest(
            organisation_id=one.organisation_id, student_id=one.id, to_organisation_id=school,
            reason="Переезд семьи",
        )  # fmt: skip
        session.add(request)
        session.flush()
        request.state = SENT
        session.flush()


def moved(session: Session, student: Student, rooms: Rooms) -> None:
    """Before this school the learner was taught at another: that spell stands, closed."""
    former = session.scalars(
        select(SchoolClass)
        .where(SchoolClass.organisation_id != student.organisation_id, SchoolClass.grade == LAST)
        .order_by(SchoolClass.id)
    ).first()
    if former is None:
        return
    year = rooms.year
    spell = _spell(session, student, former.organisation_id, dt.date(year - 5, 9, 1), "01")
    _member(session, spell, former)
    spell.left_on, spell.leave_kind = dt.date(year - 1, 9, 30), "01"
    spell.leave_order_number, spell.leave_order_date = "45-К", dt.date(year - 1, 9, 29)
    spell.destination_org_id = student.organisation_id
    session.flush()
    next_day = dt.date(year - 1, 10, 1)
    present = _spell(session, student, student.organisation_id, next_day, "02")
    _member(session, present, rooms.by[year - 1, "А"], "PR")
    _member(session, present, rooms.by[year, "А"])


def _spell(
    session: Session, student: Student, school: int, admitted: dt.date, kind: str
) -> StudentEnrolment:
    spell = StudentEnrolment(
        organisation_id=school, student_id=student.id, admitted_on=admitted, admission_kind=kind,
        admission_order_number=ORDER, admission_order_date=admitted - dt.timedelta(days=2),
        study_form="1", is_main=True,
    )  # fmt: skip
    session.add(spell)
    session.flush()
    return spell


def _member(
    session: Session, spell: StudentEnrolment, room: SchoolClass, reason: str | None = None
) -> None:
    year = session.get_one(SchoolYear, room.school_year_id)
    session.add(
        ClassMembership(
            organisation_id=room.organisation_id, enrolment_id=spell.id, school_class_id=room.id,
            from_date=max(spell.admitted_on, year.start_date), order_number=ORDER,
            to_date=year.end_date if reason else None, end_reason=reason,
        )
    )  # fmt: skip
    session.flush()
