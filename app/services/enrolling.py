"""A learner who comes into a class: the learner, the spell and the days in the class as one act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.kernel.errors import Invalid, Message, Refused
from app.kernel.rights import addable, reaches
from app.models.enrolment import Student
from app.models.enrolment_classes import SchoolClass
from app.models.enrolment_spells import ClassMembership, StudentEnrolment
from app.models.reference import SchoolYear
from app.services import keep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor

OF_SPELL = (
    "admitted_on",
    "admission_kind",
    "admission_order_number",
    "admission_order_date",
    "study_form",
)
LATER = Message("Этот класс уже окончил учебный год. Проверьте дату зачисления или класс.")
NEEDED = (Student, StudentEnrolment, ClassMembership)


class Room(NamedTuple):
    """A class with its school year, as new learners come into it."""

    row: SchoolClass
    year: SchoolYear


def room_of(session: Session, ident: int) -> Room:
    """The class within the scope. Raises ``Missing``."""
    row = keep.fetch(session, SchoolClass, ident)
    assert isinstance(row, SchoolClass)  # noqa: S101 - fetched as such
    return Room(row, session.get_one(SchoolYear, row.school_year_id))


def may_enrol(row: SchoolClass, actor: Actor) -> bool:
    """Whether the actor adds learners, spells and their classes, and those of this school."""
    return may_enrol_at(row.organisation_id, actor)


def may_enrol_at(school: int, actor: Actor) -> bool:
    """Whether the actor adds learners to classes of the school."""
    own = actor.organisation_id == school
    within = all(reaches(record, actor, school) for record in NEEDED)
    return own and within and all(addable(record, actor) for record in NEEDED)


def enrol(session: Session, room: Room, values: Mapping[str, Any], actor: Actor) -> Student:
    """Add a learner, the spell and the class; ``values``: fields of the learner and of the spell.

    Raises ``keep.Problems`` for what is wrong with any of the three, ``Refused`` without the right.
    """
    if not may_enrol(room.row, actor):
        raise Refused(keep.NOT_YOURS)
    admitted = values.get("admitted_on")
    if admitted is not None and admitted > room.year.end_date:
        raise keep.Problems([Invalid(LATER, field="admitted_on")])
    of_spell = {name: value for name, value in values.items() if name in OF_SPELL}
    own = {name: value for name, value in values.items() if name not in OF_SPELL}
    learner = keep.add(session, Student, own, actor)
    spell = keep.add(session, StudentEnrolment, of_spell, actor, learner)
    seat = {
        "school_class_id": room.row.id,
        "from_date": max(of_spell["admitted_on"], room.year.start_date),
        "order_number": of_spell.get("admission_order_number"),
        "order_date": of_spell.get("admission_order_date"),
    }
    keep.add(session, ClassMembership, seat, actor, spell)
    return learner
