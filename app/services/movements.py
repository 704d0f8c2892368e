"""What an order on learners does when it is executed: classes closed and opened, spells ended."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, cast

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from app.kernel.errors import Conflict, Message, Refused
from app.kernel.record import new_uid
from app.kernel.rights import APPROVE, CREATE
from app.models.enrolment_classes import CLOSED, OPEN, SchoolClass
from app.models.enrolment_events import EducationEvent
from app.models.enrolment_orders import CLERK, EXPEL, HEAD, MOVE, EnrolmentOrder, EnrolmentOrderLine
from app.models.enrolment_spells import ELEVENTH, NINTH, ClassMembership, StudentEnrolment
from app.services import batches, stepping
from app.services.given import given, given_json
from app.services.movement_plan import MOVED, UPWARD, Fresh, Move, Part, Plan
from app.services.stepping import Portion, PortionLine
from app.services.undoing import undo
from app.services.validity import explained

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Insert, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor

BASIC = 9  # the last grade of basic general education
TITLE = Message("Приказ № %(number)s, класс %(room)s")
TITLE_CLASSLESS = Message("Приказ № %(number)s, вне классов")
CLASSLESS = Message("Вне классов")
EMPTY = Message("В приказе нет учеников: внесите строки.")
CHOOSE = Message("Отметьте хотя бы один класс.")
CHANGED = Message("Пока вы смотрели, строки класса изменили. Проверьте их и повторите.")
NOT_TAKEN = Message("%(room)s: %(why)s Снимите отметку с этого класса, остальные можно исполнить.")
WENT_ON = Message(
    "%(room)s: после приказа сведения изменились: %(names)s. Верните их или исправьте вручную: "
    "отменить исполнение для этого класса уже нельзя."
)
LATER = Message(
    "%(room)s: с тех пор сведения об учениках этого приказа изменили. Верните их или исправьте "
    "вручную: отменить исполнение для этого класса уже нельзя."
)
NAMES_SHOWN = 5


def execute(session: Session, order: EnrolmentOrder, _actor: Actor, chosen: Sequence[str]) -> None:
    """Do what the order says of the chosen classes, a batch for each; all of them or none.

    Raises:
        Refused: nothing is chosen, or names stand in the way of a chosen class.
        Conflict: the lines of a chosen class were changed since they were looked at.
    """
    plan = Plan(session, order)
    open_parts = {part.key: part for part in plan.parts if part.batch is None}
    if not plan.parts:
        raise Refused(EMPTY)
    if not chosen:
        stuck = [m for part in open_parts.values() for m in part.problems()]
        ready = any(not part.problems() for part in open_parts.values())
        raise Refused(CHOOSE if ready or not stuck else stuck[0])
    for part in _chosen(open_parts, chosen):
        if problems := part.problems():
            raise Refused(problems[0])
        _execute(session, plan, part)
    session.expire(order)


def _chosen(parts: dict[str, Part], chosen: Sequence[str]) -> list[Part]:
    """The parts of the keys, in the order of the lines. Raises ``Conflict``."""
    if set(chosen) - set(parts):
        raise Conflict(CHANGED)
    return [part for key, part in parts.items() if key in chosen]


def _execute(session: Session, plan: Plan, part: Part) -> None:
    """Write one class, as one batch."""
    order, room = plan.order, part.name
    title = Message((TITLE if room else TITLE_CLASSLESS).text, number=order.number, room=room)
    number = batches.begin(session, "movement", title, organisation=order.organisation_id)
    try:
        with session.begin_nested():
            _leave(session, plan, [m for m in part.moves if m.leaves])
            _move(session, plan, [m for m in part.moves if not m.leaves])
            mine = EnrolmentOrderLine.id.in_([m.line.id for m in part.moves])
            session.execute(update(EnrolmentOrderLine).where(mine).values(batch_id=number))
    except IntegrityError as error:
        record = StudentEnrolment if plan.leaving else ClassMembership
        why = explained(record, error).message
        raise Refused(NOT_TAKEN.text, room=room or CLASSLESS, why=why) from error


def revert(session: Session, order: EnrolmentOrder, actor: Actor, chosen: Sequence[str]) -> None:
    """Take the batches of the chosen classes back, each whole or not at all. Raises ``Refused``."""
    done = {str(part.batch): part for part in Plan(session, order).parts if part.batch}
    if not chosen:
        raise Refused(CHOOSE)
    for part in reversed(_chosen(done, chosen)):
        _revert(session, order, part, actor)
    session.expire(order)


def _revert(session: Session, order: EnrolmentOrder, part: Part, actor: Actor) -> None:
    assert part.batch is not None  # noqa: S101 - only those that were executed are chosen
    room = part.name or CLASSLESS
    if names := _went_on(session, order, part):
        raise Refused(WENT_ON.text, room=room, names=", ".join(filter(None, names)))
    left = undo(session, part.batch, actor, within=True).left
    left.pop(SchoolClass.__tablename__, None)  # a class that others have come into stays
    if left.total():
        raise Refused(LATER.text, room=room)


def _went_on(session: Session, order: EnrolmentOrder, part: Part) -> Sequence[str | None]:
    """The one place that says what ends the way back of a class: names of those who went on.

    It is any later movement of a learner. The first mark or absence in the class that the order
    led to ends it as well (domain.md 3.1.6): whoever brings the journal asks for it here.
    """
    return session.scalars(
        select(EnrolmentOrderLine.student_name)
        .where(EnrolmentOrderLine.batch_id == part.batch)
        .where(
            select(EducationEvent.id)
            .where(
                EducationEvent.student_id == EnrolmentOrderLine.student_id,
                EducationEvent.event_date > order.effective_on,
            )
            .exists()
        )
        .order_by(EnrolmentOrderLine.id)
        .limit(NAMES_SHOWN)
    ).all()


def _leave(session: Session, plan: Plan, moves: Iterable[Move]) -> None:
    """End spells; triggers end the days in the class and write the events."""
    groups: dict[str, list[int]] = defaultdict(list)
    for move in moves:
        groups[_leave_kind(plan.order, move)].append(move.spell.id)
    order = plan.order
    for kind, spells in groups.items():
        session.execute(
            update(StudentEnrolment)
            .where(StudentEnrolment.id.in_(spells))
            .values(
                left_on=plan.last,
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


def _move(session: Session, plan: Plan, moves: Sequence[Move]) -> None:
    """End the days in one class and open those in the next."""
    if not moves:
        return
    order = plan.order
    goals = [(move, _room(session, plan, move)) for move in moves]
    ends: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for move in moves:
        code = MOVED if order.kind == MOVE else move.line.decision_code or ""
        last = min(plan.last, move.year_ends or plan.last)
        ends[code if code in UPWARD else MOVED, last].append(move.place.id if move.place else 0)
    for (reason, last), ids in ends.items():
        session.execute(
            update(ClassMembership)
            .where(ClassMembership.id.in_(ids))
            .values(to_date=last, end_reason=reason)
        )
    rows = [
        {"enrolment_id": move.spell.id, "school_class_id": goal.id, "uid": new_uid()}
        for move, goal in goals
    ]
    session.execute(_arrivals(order), {"given": given_json(rows)})


def _arrivals(order: EnrolmentOrder) -> Insert:
    """One statement for the whole class: what follows from it is written for all of it at once."""
    table = cast("Table", ClassMembership.__table__)
    each = given({name: table.c[name].type for name in ("uid", "enrolment_id", "school_class_id")})
    same = {
        name: literal(value, table.c[name].type)
        for name, value in (
            ("organisation_id", order.organisation_id),
            ("from_date", order.effective_on),
            ("order_number", order.number),
            ("order_date", order.order_date),
        )
    }
    columns = [*each.c.keys(), *same]
    return insert(table).from_select(
        columns, select(*each.c, *same.values()), include_defaults=False
    )


def _room(session: Session, plan: Plan, move: Move) -> SchoolClass:
    """The class a learner goes to; one that lacks is made after the class that is left."""
    goal, room = move.goal, move.room
    if not isinstance(goal, Fresh):
        assert goal is not None  # noqa: S101 - a line that goes nowhere is refused before
        return goal
    if made := plan.by_name.get((goal.grade, goal.letter)):
        return made
    assert room is not None and plan.year is not None  # noqa: S101, PT018 - the goal comes of them
    before = plan.left.get((goal.grade - 1, goal.letter))  # who repeats may come there first
    made = SchoolClass(
        organisation_id=room.organisation_id,
        school_year_id=plan.year.id,
        grade=goal.grade,
        letter=goal.letter,
        program_id=(before or room).program_id,
        shift=(before or room).shift,
        capacity=(before or room).capacity,
        state=OPEN,
    )
    if before is not None:
        made.class_line = before.class_line
        session.get_one(SchoolClass, before.id).state = CLOSED
    session.add(made)
    session.flush()
    plan.by_name[goal.grade, goal.letter] = made
    return made


def _portions(session: Session, order: EnrolmentOrder, *, brief: bool) -> tuple[Portion, ...]:
    """The classes of an order: what was done, what will be, what stands in the way."""
    plan = Plan(session, order, brief=brief)
    return tuple(_portion(plan, part, brief=brief) for part in plan.parts)


def _portion(plan: Plan, part: Part, *, brief: bool) -> Portion:
    done = part.batch is not None
    key = "" if brief else part.key
    return Portion(
        key=str(part.batch) if done else key,
        title=part.name or CLASSLESS,
        step="revert" if done else "execute",
        record=EnrolmentOrderLine.__tablename__,
        batch=part.batch,
        number=len(part.moves),
        problems=() if done else tuple(part.problems()),
        lines=() if brief else tuple(_line(plan, move, done=done) for move in part.moves),
    )


def _line(plan: Plan, move: Move, *, done: bool) -> PortionLine:
    name = move.line.student_name or "—"
    return PortionLine(move.line.id, name, None if done else plan.words(move), bool(move.problem))


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
    stepping.Affair(_parts, {"execute": execute, "revert": revert}, _portions),
)
