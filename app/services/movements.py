"""What an order on learners does when it is executed: classes closed and opened, spells ended."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from app.kernel.errors import Message, Refused
from app.kernel.rights import APPROVE, CREATE
from app.models.enrolment_classes import CLOSED, OPEN, SchoolClass
from app.models.enrolment_orders import (
    CLERK,
    EXPEL,
    GRADUATE,
    HEAD,
    MOVE,
    EnrolmentOrder,
    EnrolmentOrderLine,
)
from app.models.enrolment_spells import ELEVENTH, NINTH, ClassMembership, StudentEnrolment
from app.models.reference import SchoolYear
from app.services import batches, stepping
from app.services.undoing import undo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor

DAY = dt.timedelta(days=1)
BASIC = 9  # the last grade of basic general education
PROMOTED, CONDITIONALLY, REPEATS, MOVED = "PR", "CP", "RY", "MV"  # MEMBERSHIP_END
UPWARD = {PROMOTED: 1, CONDITIONALLY: 1, REPEATS: 0}
LEAVERS = {"GR9", "GR11"}  # PROMOTION: leaves the school
TITLE = Message("Приказ № %(number)s")
EMPTY = Message("В приказе нет учеников: внесите строки.")
UNDECIDED = Message("Решение не выбрано: %(names)s. Выберите его в строке приказа.")
GONE = Message("Уже не учатся в классе: %(names)s. Уберите эти строки из приказа.")
NOWHERE = Message("Не выбран класс: %(names)s. Выберите, в какой класс, в строке приказа.")
NO_YEAR = Message("На этот день нет учебного года. Проверьте, с какого дня действует приказ.")
LATER = Message(
    "С тех пор сведения об учениках этого приказа изменили. Верните их или исправьте вручную: "
    "отменить приказ целиком уже нельзя."
)
NAMES_SHOWN = 5


@dataclass(slots=True)
class Move:
    """One learner: the line, the spell, the days in the class that end, that class."""

    line: EnrolmentOrderLine
    spell: StudentEnrolment
    place: ClassMembership | None
    room: SchoolClass | None

    @property
    def leaves(self) -> bool:
        """Whether the learner leaves the school."""
        return self.line.decision_code in LEAVERS


def execute(session: Session, order: EnrolmentOrder, _actor: Actor) -> None:
    """Do what the order says, as one batch. Raises ``Refused`` with the names that stop it."""
    moves = _moves(session, order)
    if not moves:
        raise Refused(EMPTY)
    title = Message(TITLE.text, number=order.number)
    order.batch_id = batches.begin(session, "movement", title, organisation=order.organisation_id)
    if order.kind in {GRADUATE, EXPEL}:
        _leave(session, order, moves, order.effective_on)
        return
    last = order.effective_on - DAY
    _leave(session, order, [m for m in moves if m.leaves], last)
    _move(session, order, [m for m in moves if not m.leaves], last)


def revert(session: Session, order: EnrolmentOrder, actor: Actor) -> None:
    """Take the batch of the order back, whole or not at all. Raises ``Refused``."""
    number = order.batch_id
    if number is None:
        raise Refused("Этот приказ исполнен не порталом: отменить его нельзя.")
    done = undo(session, number, _Signer(actor))
    if done.left.total():
        raise Refused(LATER)
    session.expire(order)


class _Signer:
    """Whoever signs an order may take back all that follows from it, in the own organisation."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._actor, name)

    def may(self, _permission: str, _record: str) -> bool:
        """Whatever the order wrote; rows stay within the scope of the capacity."""
        return True


def _moves(session: Session, order: EnrolmentOrder) -> Sequence[Move]:
    """The lines with what is true of the learners on the day of the order."""
    rows = session.execute(
        select(EnrolmentOrderLine, StudentEnrolment, ClassMembership, SchoolClass)
        .join(StudentEnrolment, StudentEnrolment.id == EnrolmentOrderLine.enrolment_id)
        .outerjoin(
            ClassMembership,
            (ClassMembership.enrolment_id == StudentEnrolment.id)
            & ClassMembership.to_date.is_(None)
            & (ClassMembership.from_date <= order.effective_on),
        )
        .outerjoin(SchoolClass, SchoolClass.id == ClassMembership.school_class_id)
        .where(EnrolmentOrderLine.order_id == order.id)
        .order_by(EnrolmentOrderLine.id)
    )
    return [Move(line, spell, place, room) for line, spell, place, room in rows]


def _leave(session: Session, order: EnrolmentOrder, moves: Iterable[Move], last: dt.date) -> None:
    """End spells; triggers end the days in the class and write the events."""
    groups: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        groups[_leave_kind(order, move)].append(move)
    _refuse(GONE, [m for found in groups.values() for m in found if m.spell.left_on is not None])
    for kind, found in groups.items():
        session.execute(
            update(StudentEnrolment)
            .where(StudentEnrolment.id.in_([m.spell.id for m in found]))
            .values(
                left_on=last,
                leave_kind=kind,
                leave_order_number=order.number,
                leave_order_date=order.order_date,
                destination_org_id=order.destination_org_id,
                destination_text=order.destination_text,
            )
        )


def _leave_kind(order: EnrolmentOrder, move: Move) -> str:
    if order.kind == EXPEL and order.leave_kind:
        return order.leave_kind
    grade = move.room.grade if move.room else BASIC
    return NINTH if grade <= BASIC else ELEVENTH


def _move(session: Session, order: EnrolmentOrder, moves: Sequence[Move], last: dt.date) -> None:
    """End the days in one class and open those in the next."""
    if not moves:
        return
    _refuse(GONE, [m for m in moves if m.place is None])
    moving = order.kind == MOVE
    _refuse(UNDECIDED, [m for m in moves if not (moving or m.line.decision_code)])
    rooms = _Rooms(session, order)
    goals = [(move, rooms.goal(move, moving=moving)) for move in moves]
    _refuse(NOWHERE, [move for move, goal in goals if goal is None])
    reasons: dict[str, list[int]] = defaultdict(list)
    for move in moves:
        code = MOVED if moving else move.line.decision_code or ""
        reasons[code if code in UPWARD else MOVED].append(move.place.id if move.place else 0)
    for reason, ids in reasons.items():
        session.execute(
            update(ClassMembership)
            .where(ClassMembership.id.in_(ids))
            .values(to_date=last, end_reason=reason)
        )
    session.execute(
        insert(ClassMembership),
        [
            {
                "organisation_id": order.organisation_id,
                "enrolment_id": move.spell.id,
                "school_class_id": goal.id,
                "from_date": order.effective_on,
                "order_number": order.number,
                "order_date": order.order_date,
            }
            for move, goal in goals
            if goal is not None
        ],
    )


class _Rooms:
    """Classes of the school year in which the order takes effect; those that lack are made."""

    def __init__(self, session: Session, order: EnrolmentOrder) -> None:
        self.session, self.order = session, order
        day = order.effective_on
        year = session.scalars(
            select(SchoolYear).where(SchoolYear.start_date <= day, SchoolYear.end_date >= day)
        ).first()
        if year is None:
            raise Refused(NO_YEAR)
        self.year = year
        own = SchoolClass.organisation_id == order.organisation_id
        rooms = session.scalars(
            select(SchoolClass).where(own, SchoolClass.school_year_id == year.id)
        ).all()
        self.by_id = {room.id: room for room in rooms}
        self.by_line = {(room.class_line, room.grade): room for room in rooms}
        self.by_name = {(room.grade, room.letter): room for room in rooms}

    def goal(self, move: Move, *, moving: bool) -> SchoolClass | None:
        """The class a learner goes to; chosen, or the one that follows from the decision."""
        chosen, room = move.line.target_class_id, move.room
        if chosen is not None:
            return self.by_id.get(chosen)
        up = UPWARD.get(move.line.decision_code or "")
        if moving or up is None or room is None:
            return None
        grade = room.grade + up
        line = room.class_line if up else None
        found = self.by_line.get((line, grade)) if line else None
        return found or self.by_name.get((grade, room.letter)) or self._made(room, grade)

    def _made(self, room: SchoolClass, grade: int) -> SchoolClass:
        """The class of the next year after this one; who repeats goes into one of the same name."""
        made = SchoolClass(
            organisation_id=room.organisation_id,
            school_year_id=self.year.id,
            grade=grade,
            letter=room.letter,
            program_id=room.program_id,
            shift=room.shift,
            capacity=room.capacity,
            state=OPEN,
        )
        if grade > room.grade:
            made.class_line = room.class_line
            room.state = CLOSED
        self.session.add(made)
        self.session.flush()
        self.by_name[grade, room.letter] = made
        return made


def _refuse(message: Message, moves: Sequence[Move]) -> None:
    """Stop with the first names, if there are any."""
    if moves:
        names = ", ".join(m.line.student_name or "—" for m in moves[:NAMES_SHOWN])
        more = f" (+{len(moves) - NAMES_SHOWN})" if len(moves) > NAMES_SHOWN else ""
        raise Refused(Message(message.text, names=names + more))


def _parts(order: EnrolmentOrder, actor: Actor) -> frozenset[str]:
    """The head of the school signs; its clerk writes."""
    if not actor.reaches(order.organisation_id):
        return frozenset()
    name = order.__tablename__
    return frozenset(
        part for part, may in ((CLERK, CREATE), (HEAD, APPROVE)) if actor.may(may, name)
    )


stepping.enter(
    EnrolmentOrder.__tablename__,
    stepping.Affair(_parts, {"execute": execute, "revert": revert}),
)
