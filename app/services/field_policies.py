"""Who changes which field: what is declared, what the operator has set, since when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Text, cast, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.catalogue import caption_of, field_map, record_named, records
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid, Message, Missing, Refused
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.record import Writing
from app.kernel.rights import POLICIES, ROWS, SETTLE, has_policies
from app.models.policies import FieldPolicy
from app.services.keep import Problems
from app.services.requests import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

REVIEWERS = ("operator", "department")
PAST = 50
WHY = Message("Напишите, почему меняете правило: это останется в его истории.")
SAME = Message("Ничего не изменено.")
NOT_OFFERED = Message("Для этого поля такого правила нет: выберите из списка.")
NOT_YOURS = Message("Правила изменения сведений задаёт оператор.")
MOVED = Message(
    "Пока вы выбирали, правила изменили. Посмотрите, что стоит теперь, и сохраните ещё раз."
)


class Wanted(NamedTuple):
    """What is to hold for a field; nothing set is as declared, or as for all organisations."""

    policy: Policy | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the rules of a record: a field, or with no ``field`` adding and removing rows."""

    name: str
    field: Field | None
    declared: Policy
    offered: tuple[Policy, ...]  # what may be set, the declared one among them
    general: FieldPolicy | None = None  # in force for all organisations
    own: FieldPolicy | None = None  # in force for the organisation that is looked at

    @property
    def usual(self) -> Policy:
        """What holds for organisations without a rule of their own."""
        return (
            Policy(self.general.policy) if self.general and self.general.policy else self.declared
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a record for all organisations, or for one; ``seen`` names this very state."""

    record: type[Record]
    organisation: int | None
    rows: tuple[Row, ...]
    seen: int

    def held(self, row: Row) -> FieldPolicy | None:
        """The rule that is set here, if one is."""
        return row.general if self.organisation is None else row.own


def governed() -> tuple[type[Record], ...]:
    """The records whose fields have rules."""
    return tuple(record for record in records() if has_policies(record))


def governed_named(name: str) -> type[Record]:
    """One of them. Raises ``Missing`` for any other name."""
    found = next((record for record in governed() if record.__tablename__ == name), None)
    if found is None:
        raise Missing("Таких записей нет.")
    return found


def count(record: type[Record]) -> int:
    """How many fields of a record have rules."""
    return sum(1 for _name, declared, _policy, _offers in _lines(record) if declared)


def organisations(session: Session, idents: set[int | None]) -> dict[int, str]:
    """Names of organisations, in one statement."""
    wanted = sorted(ident for ident in idents if ident is not None)
    if not wanted:
        return {}
    record = record_named("organisation")
    found = session.execute(
        select(record.id, cast(caption_of(record), Text)).where(record.id.in_(wanted))
    )
    return {row[0]: row[1] for row in found}


def standing(session: Session) -> Sequence[FieldPolicy]:
    """All rules in force."""
    return session.scalars(select(FieldPolicy).where(FieldPolicy.ended_at.is_(None))).all()


def rules_of(session: Session, record: type[Record], organisation: int | None) -> Rules:
    """What holds for each field of a record."""
    found = session.scalars(_about(record, organisation)).all()
    here = [one for one in found if one.ended_at is None]
    general = {one.field: one for one in here if one.organisation_id is None}
    own = {one.field: one for one in here if one.organisation_id is not None}
    lines = tuple(
        Row(name, declared, policy, offered, general.get(name), own.get(name))
        for name, declared, policy, offered in _lines(record)
    )
    # Rules begin and end and are never rewritten, so that this number grows with every change.
    return Rules(record, organisation, lines, len(found) + len(found) - len(here))


def past(session: Session, record: type[Record], organisation: int | None) -> Sequence[FieldPolicy]:
    """The newest rules of a record, those that have ended among them."""
    newest = func.coalesce(FieldPolicy.ended_at, FieldPolicy.set_at).desc()
    statement = _about(record, organisation).order_by(newest, FieldPolicy.id.desc())
    return session.scalars(statement.limit(PAST)).all()


def set_rules(
    session: Session,
    present: Rules,
    wanted: Mapping[str, Wanted],
    reason: str,
    seen: int,
    actor: Actor,
) -> int:
    """End the rules that differ from what is wanted and begin the others; gives their number.

    Raises:
        Refused: the actor sets no rules.
        Conflict: somebody has set rules since the state ``seen``.
        Problems: nothing differs, no reason is given, a rule is not offered.
    """
    if not actor.may(SETTLE, POLICIES):
        raise Refused(NOT_YOURS)
    if present.seen != seen:
        raise Conflict(MOVED)
    different = [
        row
        for row in present.rows
        if row.name in wanted and _said(present.held(row)) != wanted[row.name]
    ]
    problems = _problems(present, wanted, different, reason)
    if problems:
        raise Problems(problems)
    try:
        _end(session, [old for row in different if (old := present.held(row))], told(reason), actor)
        _begin(session, present, {row.name: wanted[row.name] for row in different}, reason, actor)
    except (IntegrityError, StaleDataError) as error:  # two windows at the same moment
        raise Conflict(MOVED) from error
    return len(different)


def _problems(
    present: Rules, wanted: Mapping[str, Wanted], different: Sequence[Row], reason: str
) -> list[Invalid]:
    found = [
        Invalid(NOT_OFFERED, field=row.name)
        for row in different
        if not _fits(present, row, wanted[row.name])
    ]
    if not different:
        found.append(Invalid(SAME))
    if not reason.strip():
        found.append(Invalid(WHY, field="reason"))
    try:
        told(reason, "reason")
    except Problems as error:
        found += error.problems
    return found


def _about(record: type[Record], organisation: int | None) -> Select[FieldPolicy]:
    """The rules of a record that speak to all organisations, and those of the one."""
    own = FieldPolicy.organisation_id
    here = own.is_(None) if organisation is None else own.is_(None) | (own == organisation)
    return select(FieldPolicy).where(FieldPolicy.entity == record.__tablename__, here)


def _said(rule: FieldPolicy | None) -> Wanted:
    if rule is None:
        return Wanted()
    return Wanted(Policy(rule.policy) if rule.policy else None, rule.reviewer)


def _fits(present: Rules, row: Row, wanted: Wanted) -> bool:
    if wanted.reviewer and (present.organisation is not None or wanted.reviewer not in REVIEWERS):
        return False
    return wanted.policy is None or wanted.policy in row.offered


def _end(session: Session, rules: Sequence[FieldPolicy], reason: str, actor: Actor) -> None:
    moment = now()
    for rule in rules:
        rule.ended_at, rule.ended_by, rule.ended_reason = moment, actor.user_id, reason
    session.flush()


def _begin(
    session: Session, present: Rules, wanted: Mapping[str, Wanted], reason: str, actor: Actor
) -> None:
    common = {
        "entity": present.record.__tablename__,
        "organisation_id": present.organisation,
        "reason": told(reason),
        "set_by": actor.user_id,
    }
    found = [
        {**common, "field": name, "policy": policy, "reviewer": reviewer}
        for name, (policy, reviewer) in wanted.items()
        if policy or reviewer
    ]
    if found:
        session.execute(insert(FieldPolicy), found)


def _lines(
    record: type[Record],
) -> Iterator[tuple[str, Field | None, Policy, tuple[Policy, ...]]]:
    """What rules can be set about: adding and removing rows, then every field that is typed."""
    asks = record.about.reserved is None
    if record.about.parent:
        policy = Policy.DIRECT if record.about.writing is Writing.OWN else Policy.REQUEST
        yield ROWS, None, policy, _offered(policy, asks=asks)
    for declared in field_map(record).values():
        if declared.typed and declared.name != record.about.owner:
            policy = declared.policy or Policy.DIRECT
            fits = asks and declared.kind is not FILE
            yield declared.name, declared, policy, _offered(policy, asks=fits)


def _offered(declared: Policy, *, asks: bool) -> tuple[Policy, ...]:
    """What may be set: never more than is declared, which the grants of the database keep."""
    return tuple(
        policy
        for policy in (Policy.DIRECT, Policy.REQUEST, Policy.OPERATOR)
        if policy is declared or policy is Policy.OPERATOR or (policy is Policy.REQUEST and asks)
    )
