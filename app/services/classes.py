"""Classes of a school with how many learners they have (decree п. 5.1; domain.md 3.1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, select

from app.kernel.calendar import school_year_of
from app.kernel.catalogue import caption_of
from app.models.enrolment import Student
from app.models.enrolment_classes import SchoolClass
from app.models.registry import Organisation

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


class Taught(NamedTuple):
    """A class with the learners that the capacity sees in it."""

    id: int
    name: str
    grade: int
    learners: int


class School(NamedTuple):
    """What a school is called, with its classes of a school year in their order."""

    words: str
    classes: tuple[Taught, ...]


def taught(session: Session, organisation: int, day: dt.date) -> School | None:
    """The classes of the school year of the day, in one statement; none for no such school."""
    of_year = and_(
        SchoolClass.organisation_id == Organisation.id,
        SchoolClass.year_code == school_year_of(day).code,
    )
    columns = (SchoolClass.id, SchoolClass.name, SchoolClass.grade)
    rows = session.execute(
        select(caption_of(Organisation), *columns, func.count(Student.id))
        .select_from(Organisation)
        .outerjoin(SchoolClass, of_year)
        .outerjoin(Student, Student.school_class_id == SchoolClass.id)
        .where(Organisation.id == organisation)
        .group_by(Organisation.id, SchoolClass.id)
        .order_by(SchoolClass.name_key, SchoolClass.id)
    ).all()
    if not rows:
        return None
    classes = (Taught(i, name or "", grade, n) for _words, i, name, grade, n in rows if i)
    return School(rows[0][0] or "", tuple(classes))


def learners_in(session: Session, room: int) -> int:
    """How many learners a class has now."""
    counted = select(func.count()).select_from(Student).where(Student.school_class_id == room)
    return session.scalar(counted) or 0
