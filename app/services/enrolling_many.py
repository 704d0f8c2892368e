"""Many learners who come into one class at once: looked at without writing, written as a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.errors import Invalid, Message
from app.kernel.kinds import DATE
from app.kernel.text import key
from app.models.enrolment import Student
from app.services import batches, keep
from app.services.enrolling import enrol
from app.services.undo_rights import PASTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.services.enrolling import Room

MOST = 60
TWICE = Message("Этот ученик уже есть в строке %(number)s.")
THERE = Message(
    "Такой ученик уже есть в школе: %(name)s, %(born)s, класс %(room)s. Если это другой человек,"
    " отметьте «Всё равно добавить»."
)


@dataclass(slots=True)
class Line:
    """A row of the sheet: values understood, and what is wrong with it.

    ``anyway``: it is added although somebody of that name and day of birth is there.
    """

    values: dict[str, Any]
    problems: list[Invalid] = field(default_factory=list)
    anyway: bool = False


def look(session: Session, room: Room, lines: Sequence[Line], actor: Actor) -> None:
    """Find out what is wrong with each row by writing it; the caller takes all of it back."""
    compare(session, lines)
    for line in _sound(lines):
        try:
            with session.begin_nested():
                enrol(session, room, line.values, actor)
        except keep.Problems as error:
            line.problems.extend(error.problems)


def add(
    session: Session, room: Room, lines: Sequence[Line], actor: Actor, *, whole: bool
) -> tuple[int, int]:
    """Write the rows as one batch; gives its number and how many there are.

    ``whole``: all of them or none. Nothing is left to be taken back where the number is 0; the
    caller rolls back then, and each row says what is wrong with it.
    """
    organisation = room.row.organisation_id
    title = Message("Вставка из Excel: класс %(room)s", room=room.row.name or "")
    number = batches.begin(session, PASTE, title, organisation=organisation)
    look(session, room, lines, actor)
    good = len(_sound(lines))
    if not good or (whole and good < len(lines)):
        return 0, 0
    return number, good


def _sound(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if not line.problems]


def compare(session: Session, lines: Sequence[Line]) -> None:
    """Say of rows that name somebody who stands above or is in the school; writes nothing."""
    days = {line.values.get("birth_date") for line in lines} - {None}
    names = (Student.last_name, Student.first_name, Student.middle_name)
    rows = session.execute(
        select(*names, Student.birth_date, Student.full_name, Student.class_name).where(
            Student.birth_date.in_(days)
        )
    )
    there = {_key(row[:4]): row for row in rows}
    above: dict[tuple[Any, ...], int] = {}
    for number, line in enumerate(lines, 1):
        if line.anyway or None in (given := _given(line))[:2] or given[3] is None:
            continue
        one = _key(given)
        if one in above:
            line.problems.append(Invalid(Message(TWICE.text, number=above[one]), field="last_name"))
        elif one in there:
            row = there[one]
            words = {"name": row.full_name, "born": DATE.show(row.birth_date)}
            message = Message(THERE.text, room=row.class_name or "—", **words)
            line.problems.append(Invalid(message, field="last_name"))
        above.setdefault(one, number)


def _given(line: Line) -> tuple[Any, ...]:
    names = ("last_name", "first_name", "middle_name", "birth_date")
    return tuple(line.values.get(name) for name in names)


def _key(person: Sequence[Any]) -> tuple[Any, ...]:
    """What two rows of one human have alike, however the name is written."""
    *names, born = person
    return (*(key(name or "").replace("ё", "е") for name in names), born)
