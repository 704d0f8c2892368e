"""What an order on learners would write, class by class, and what stands in its way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Bundle, aliased

from app.kernel.errors import Message
from app.models.enrolment_classes import SchoolClass
from app.models.enrolment_orders import EXPEL, GRADUATE, MOVE, EnrolmentOrder, EnrolmentOrderLine
from app.models.enrolment_spells import ClassMembership, StudentEnrolment
from app.models.reference import SchoolYear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)
PROMOTED, CONDITIONALLY, REPEATS, MOVED = "PR", "CP", "RY", "MV"  # MEMBERSHIP_END
UPWARD = {PROMOTED: 1, CONDITIONALLY: 1, REPEATS: 0}
LEAVERS = {"GR9", "GR11"}  # PROMOTION: leaves the school
GONE = Message("Уже не учатся в классе: %(names)s. Уберите эти строки из приказа.")
LATE = Message("Зачислены позже: %(names)s. Проверьте, с какого дня действует приказ.")
UNDECIDED = Message("Решение не выбрано: %(names)s. Выберите его в строке приказа.")
NOWHERE = Message("Не выбран класс: %(names)s. Выберите, в какой класс, в строке приказа.")
NO_YEAR = Message("На этот день нет учебного года. Проверьте, с какого дня действует приказ.")
GOES = {
    PROMOTED: Message("%(before)s → %(after)s"),
    CONDITIONALLY: Message("%(before)s → %(after)s, условно"),
    REPEATS: Message("%(before)s → %(after)s, повторно"),
}
LEAVES = Message("%(before)s → выбывает, последний день %(day)s")
NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Fresh:
    """A class of the next year that is made when its first learner comes."""

    grade: int
    letter: str

    @property
    def name(self) -> str:
        """As it will be called."""
        return f"{self.grade}{self.letter}"


@dataclass(slots=True)
class Move:
    """One learner: the line, the spell, the days in the class that end, that class, the next."""

    line: Any
    spell: Any
    place: Any  # none where there are no such days
    room: Any
    year_ends: dt.date | None = None  # of the class that is left
    next_year: int | None = None  # the school year in which the order takes effect
    chosen_year: int | None = None  # the one of the class that was chosen
    leaves: bool = False
    goal: SchoolClass | Fresh | None = None
    problem: Message | None = None

    @property
    def seen(self) -> tuple[int | str | bool | None, ...]:
        """What whoever signs has looked at."""
        place = self.place.version if self.place else None
        goal = self.goal.name if self.goal else None
        return (self.line.id, self.line.version, self.spell.version, place, goal, self.leaves)


@dataclass(slots=True)
class Part:
    """The lines of one class; ``batch``: what their execution has written."""

    moves: list[Move] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the class was called when the order was drawn up; empty for those in no class."""
        return self.moves[0].line.class_name or ""

    @property
    def batch(self) -> int | None:
        """The number of the batch of its execution."""
        number: int | None = self.moves[0].line.batch_id
        return number

    @property
    def key(self) -> str:
        """This class as it is looked at: other lines, decisions or goals change the key."""
        seen = repr([move.seen for move in self.moves])
        return f"{self.moves[0].line.from_class_id or 0}.{crc32(seen.encode()):x}"

    def problems(self) -> list[Message]:
        """What stands in its way, each with the names."""
        found: dict[str, list[str]] = {}
        for move in self.moves:
            if move.problem:
                found.setdefault(move.problem.text, []).append(move.line.student_name or "—")
        return [Message(text, names=_named(names)) for text, names in found.items()]


def _named(names: Sequence[str]) -> str:
    more = f" (+{len(names) - NAMES_SHOWN})" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


# What of each row is looked at: a school has a thousand lines.
_LINE: Bundle[Any] = Bundle(
    "line",
    *(
        getattr(EnrolmentOrderLine, name)
        for name in (
            *("id", "version", "batch_id", "from_class_id", "class_name", "student_name"),
            *("decision_code", "target_class_id"),
        )
    ),
)
_SPELL: Bundle[Any] = Bundle(
    "spell",
    *(getattr(StudentEnrolment, name) for name in ("id", "version", "left_on", "admitted_on")),
)
_PLACE: Bundle[Any] = Bundle("place", ClassMembership.id, ClassMembership.version)
_ROOM: Bundle[Any] = Bundle(
    "room",
    *(
        getattr(SchoolClass, name)
        for name in (
            *("id", "organisation_id", "grade", "letter", "class_line"),
            *("program_id", "shift", "capacity"),
        )
    ),
)


class Plan:
    """An order as things stand: its classes in the order of its lines, in two statements.

    ``brief``: only what stands in the way is asked, in one statement, and not where learners go.
    """

    def __init__(self, session: Session, order: EnrolmentOrder, *, brief: bool = False) -> None:
        """Read it all; nothing is written."""
        self.session, self.order = session, order
        self.leaving = order.kind in {GRADUATE, EXPEL}
        self.last = order.effective_on if self.leaving else order.effective_on - DAY
        self.year: SchoolYear | None = None
        self.parts = self._parts()
        self.led = not (brief or self.leaving) and any(part.batch is None for part in self.parts)
        if self.led:
            self._find_rooms()
        for part in self.parts:
            for move in part.moves if part.batch is None else ():
                self._weigh(move)

    def _parts(self) -> list[Part]:
        order, chosen = self.order, aliased(SchoolClass)
        here = self._in_effect()
        following = select(func.min(SchoolYear.id)).where(*here).scalar_subquery()
        rows = self.session.execute(
            select(_LINE, _SPELL, _PLACE, _ROOM, SchoolYear.end_date)
            .add_columns(following, chosen.school_year_id)
            .select_from(EnrolmentOrderLine)
            .join(StudentEnrolment, StudentEnrolment.id == EnrolmentOrderLine.enrolment_id)
            .outerjoin(
                ClassMembership,
                (ClassMembership.enrolment_id == StudentEnrolment.id)
                & ClassMembership.to_date.is_(None)
                & (ClassMembership.from_date <= self.last),
            )
            .outerjoin(SchoolClass, SchoolClass.id == ClassMembership.school_class_id)
            .outerjoin(SchoolYear, SchoolYear.id == SchoolClass.school_year_id)
            .outerjoin(chosen, chosen.id == EnrolmentOrderLine.target_class_id)
            .where(EnrolmentOrderLine.order_id == order.id)
            .order_by(EnrolmentOrderLine.id)
        )
        found: dict[int | None, Part] = {}
        for line, spell, place, room, *years in rows:
            part = found.setdefault(line.from_class_id, Part())
            there = place.id is not None
            part.moves.append(
                Move(line, spell, place if there else None, room if there else None, *years)
            )
        return list(found.values())

    def _in_effect(self) -> tuple[ColumnElement[bool], ...]:
        """That it is the school year in which the order takes effect."""
        day = self.order.effective_on
        return SchoolYear.start_date <= day, SchoolYear.end_date >= day

    def _find_rooms(self) -> None:
        """Classes of the school year in which the order takes effect."""
        found = self.session.execute(
            select(SchoolYear, SchoolClass)
            .outerjoin(
                SchoolClass,
                (SchoolClass.school_year_id == SchoolYear.id)
                & (SchoolClass.organisation_id == self.order.organisation_id),
            )
            .where(*self._in_effect())
        ).all()
        self.year = found[0][0] if found else None
        kept: list[SchoolClass | None] = [room for _year, room in found]
        rooms = [room for room in kept if room is not None]
        self.by_id = {room.id: room for room in rooms}
        self.by_line = {(room.class_line, room.grade): room for room in rooms}
        self.by_name = {(room.grade, room.letter): room for room in rooms}
        left = (move.room for part in self.parts for move in part.moves)
        self.left = {(room.grade, room.letter): room for room in left if room is not None}

    def _weigh(self, move: Move) -> None:
        """Say where a learner goes, or why not."""
        code, moving = move.line.decision_code or "", self.order.kind == MOVE
        move.leaves = self.leaving or (not moving and code in LEAVERS)
        if move.spell.left_on is not None or not (move.leaves or move.place):
            move.problem = GONE
        elif move.spell.admitted_on > self.last:
            move.problem = LATE
        elif not move.leaves:
            self._lead(move, moving=moving)

    def _lead(self, move: Move, *, moving: bool) -> None:
        if not (moving or move.line.decision_code):
            move.problem = UNDECIDED
        elif move.next_year is None:
            move.problem = NO_YEAR
        elif not self._leads(move, moving=moving):
            move.problem = NOWHERE
        elif self.led:
            move.goal = self._goal(move)

    @staticmethod
    def _leads(move: Move, *, moving: bool) -> bool:
        """Whether a class was chosen that stands, or one follows from the decision."""
        if move.line.target_class_id is not None:
            return move.chosen_year == move.next_year
        return not moving and move.line.decision_code in UPWARD and move.room is not None

    def _goal(self, move: Move) -> SchoolClass | Fresh:
        """The class that was chosen, or the one that follows from the decision."""
        if move.line.target_class_id is not None:
            return self.by_id[move.line.target_class_id]
        up, room = UPWARD[move.line.decision_code], move.room
        grade = room.grade + up
        found = self.by_line.get((room.class_line, grade)) if up else None
        return found or self.by_name.get((grade, room.letter)) or Fresh(grade, room.letter)

    def words(self, move: Move) -> Message:
        """What will be written of a learner."""
        before = move.line.class_name or "—"
        if move.leaves:
            return Message(LEAVES.text, before=before, day=f"{self.last:%d.%m.%Y}")
        said = GOES.get(move.line.decision_code or "", GOES[PROMOTED])
        return Message(said.text, before=before, after=move.goal.name if move.goal else "—")
