"""Pairs of rows that may be one human: the queue of the operator, decisions and their way back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, InternalError
from sqlalchemy.orm import aliased

from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid, Message, Missing, Refused
from app.kernel.rights import joins_people
from app.models.doubles import DuplicateCandidate, DuplicateDecision, person_row
from app.services import batches, keep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

PAGE = 25
STATES = ("open", "same", "different")
KEPT_FOR = dt.timedelta(days=30)
LONGEST = 2000
NOT_YOURS = Message("Дубли разбирает оператор.")
MOVED = Message("Пока вы смотрели, эту пару разобрали или записи изменили. Посмотрите ещё раз.")
ONE_NUMBER = Message("У обеих записей один СНИЛС. Если это разные люди, сначала исправьте его.")
WHY = Message("Напишите, почему так решили: это останется в журнале.")
NO_WAY_BACK = Message(
    "Вернуть, как было, уже нельзя: прошло больше 30 дней, решение сменили или записи изменили."
)


class Pair(NamedTuple):
    """A pair with both rows; ``last``: the decision in force, if there is one."""

    candidate: DuplicateCandidate
    first: Record
    second: Record
    last: DuplicateDecision | None

    @property
    def joined(self) -> bool:
        """Whether both rows are one human now."""
        return bool(self.first.person_uid == self.second.person_uid)

    @property
    def merges(self) -> bool:
        """Whether one row takes over the lists of the other: both are of one school and list."""
        one, other = self.first, self.second
        same = type(one) is type(other)
        return same and one.organisation_id == other.organisation_id


def refuse_others(actor: Actor) -> None:
    """Raise ``Refused`` for everybody but the operator."""
    if not joins_people(actor):
        raise Refused(NOT_YOURS)


def queue(
    session: Session, actor: Actor, state: str, before: int | None = None
) -> Sequence[Row[Any]]:
    """Pairs of a state, newest first: a page of them and one more; open ones still alike only."""
    refuse_others(actor)
    pair = DuplicateCandidate
    first, second = person_row.alias("f"), person_row.alias("s")
    statement = (
        select(
            pair.id,
            first.c.full_name.label("first"),
            second.c.full_name.label("second"),
            first.c.birth_date,
            first.c.kind.label("first_kind"),
            second.c.kind.label("second_kind"),
            first.c.organisation_id.label("first_school"),
            second.c.organisation_id.label("second_school"),
            (first.c.snils_print != second.c.snils_print).label("numbers_differ"),
        )
        .join(first, first.c.uid == pair.first_uid)
        .join(second, second.c.uid == pair.second_uid)
        .where(pair.state == state)
    )
    if state == "open":
        statement = statement.where(
            first.c.deleted_at.is_(None),
            second.c.deleted_at.is_(None),
            first.c.person_uid != second.c.person_uid,
            first.c.birth_date == second.c.birth_date,
            first.c.name_key == second.c.name_key,
        )
    if before is not None:
        statement = statement.where(pair.id < before)
    return session.execute(statement.order_by(pair.id.desc()).limit(PAGE + 1)).all()


def find(session: Session, ident: int, actor: Actor) -> Pair:
    """One pair with its rows, those in the trash too. Raises ``Missing``."""
    refuse_others(actor)
    candidate = session.get(DuplicateCandidate, ident, populate_existing=True)
    if candidate is None:
        raise Missing("Такой пары нет.")
    rows = [
        session.scalars(
            select(record).where(record.uid == uid).execution_options(include_trash=True)
        ).one_or_none()
        for record, uid in (
            (record_named(candidate.first_table), candidate.first_uid),
            (record_named(candidate.second_table), candidate.second_uid),
        )
    ]
    first, second = rows
    if first is None or second is None:
        raise Missing("Такой пары нет.")
    return Pair(candidate, first, second, _last(session, ident))


def papers(session: Session, row: Record) -> Sequence[Record]:
    """The identity documents of somebody."""
    record = record_named(f"{row.__tablename__}_identity_document")
    owner = record.__table__.c[record.about.owner]
    return session.scalars(select(record).where(owner == row.id).order_by(record.id)).all()


def past(session: Session, ident: int) -> Sequence[DuplicateDecision]:
    """All decisions about a pair, newest first."""
    of_pair = select(DuplicateDecision).where(DuplicateDecision.candidate_id == ident)
    return session.scalars(of_pair.order_by(DuplicateDecision.id.desc())).all()


def _last(session: Session, ident: int) -> DuplicateDecision | None:
    back = aliased(DuplicateDecision)
    taken_back = select(back.id).where(back.undoes == DuplicateDecision.id).exists()
    return session.scalars(
        select(DuplicateDecision)
        .where(DuplicateDecision.candidate_id == ident, DuplicateDecision.decision != "back")
        .where(~taken_back)
        .order_by(DuplicateDecision.id.desc())
        .limit(1)
    ).one_or_none()


def can_return(pair: Pair) -> bool:
    """Whether the decision in force may still be taken back (domain.md 2.2: for 30 days)."""
    return pair.last is not None and pair.last.decided_at > now() - KEPT_FOR


def decide(
    session: Session, pair: Pair, verdict: str, why: str, actor: Actor, *, stays: str, seen: str
) -> int:
    """Say that the rows are one human, or two; gives the number of the decision.

    ``stays`` is which of two rows of one school keeps the lists of both. ``seen`` is the state
    that was on the page.

    Raises:
        Refused: not the operator, or the two have one СНИЛС and cannot be two.
        keep.Problems: no reason was given.
        Conflict: somebody was quicker.
    """
    refuse_others(actor)
    if not why.strip():
        raise keep.Problems([Invalid(WHY, field="reason")])
    same_number = (one := _number(pair.first)) is not None and one == _number(pair.second)
    if verdict == "different" and same_number:
        raise Refused(ONE_NUMBER)
    kept, gone = (pair.second, pair.first) if stays == "second" else (pair.first, pair.second)
    blanks = _blanks(kept, gone) if verdict == "same" and pair.merges else {}
    batch = batches.begin(session, "people", _title(verdict, getattr(kept, "full_name", "")))
    asked = (pair.candidate.id, seen, verdict, stays, why.strip()[:LONGEST], batch, list(blanks))
    try:
        number = session.scalar(select(func.portal_decide_double(*asked)))
    except (IntegrityError, InternalError) as error:
        raise Refused(MOVED) from error
    if number is None:
        raise Conflict(MOVED)
    session.expire_all()
    if blanks:
        kept = keep.fetch(session, type(kept), kept.id, lock=True)
        for attribute, value in blanks.items():
            setattr(kept, attribute, value)
        kept.prepare()
        session.flush()
    return int(number)


def take_back(session: Session, pair: Pair, why: str, actor: Actor) -> None:
    """Let everything be as it was before the decision in force, but for what changed since.

    Raises ``Refused`` where that is not possible any more.
    """
    refuse_others(actor)
    if pair.last is None or not can_return(pair):
        raise Refused(NO_WAY_BACK)
    title = Message("Отмена: %(what)s", what=getattr(pair.first, "full_name", ""))
    undone = pair.last.batch_id
    batch = batches.begin(session, "undo", title, undoes=undone)
    try:
        if pair.last.filled and pair.last.kept is not None:
            record = record_named(pair.last.kept_table or "")
            kept = keep.fetch(session, record, pair.last.kept, lock=True)
            for attribute in pair.last.filled:
                setattr(kept, attribute, None)
            session.flush()
        asked = (pair.last.id, why.strip()[:LONGEST], batch)
        done = session.scalar(select(func.portal_take_back(*asked)))
    except (IntegrityError, InternalError, Missing) as error:
        raise Refused(NO_WAY_BACK) from error
    if not done:
        raise Refused(NO_WAY_BACK)
    session.expire_all()


def _title(verdict: str, name: str) -> Message:
    if verdict == "same":
        return Message("Один человек: %(name)s", name=name)
    return Message("Разные люди: %(name)s", name=name)


def _number(row: Record) -> str | None:
    found: str | None = getattr(row, "snils_print", None)
    return found


def _blanks(kept: Record, gone: Record) -> dict[str, Any]:
    """What only the row that goes says: the one that stays takes it over."""
    found = {}
    for name, declared in field_map(type(kept)).items():
        value = getattr(gone, name)
        free = getattr(kept, name) is None and not (
            declared.absent and getattr(kept, declared.absent)
        )
        if declared.typed and not declared.computed and free and value is not None:
            found[name] = value
    return found
