"""Drafts of requests: what is asked for is checked by the rules of any form (п. 5.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from app.kernel.canonical import canonical
from app.kernel.clock import today
from app.kernel.errors import Invalid, Message, Refused
from app.kernel.rights import may_ask_for_new, requestable
from app.models.registry_requests import EditRequest, EditRequestLine
from app.services.keep import NOT_YOURS, Problems, refuse_others
from app.services.requests import note, organisation_of, told
from app.services.validity import belong, faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

FURTHEST_BACK = 365  # days that a change may have taken effect before it is asked for
SAME = Message("Ничего не изменено: запрос не нужен.")
WHY = Message("Напишите, почему это нужно изменить: по этому запрос и решают.")
WHEN = Message("Укажите день не раньше чем год назад и не позже сегодняшнего.")


def ask_for_change(
    session: Session,
    row: Record,
    values: Mapping[str, Any],
    actor: Actor,
    reason: str,
    effective_on: dt.date | None,
) -> int:
    """A draft of a request to change fields of a row; gives its number.

    Raises:
        Refused: the row is not the actor's to ask about.
        Problems: nothing differs, a value is wrong, a field stands in an open request already.
    """
    record = type(row)
    organisation = organisation_of(row)
    offered = {f.name for f in requestable(record, actor, organisation)}
    if not offered:
        raise Refused(NOT_YOURS)
    refuse_others(set(values) - offered, record)
    different = {n: v for n, v in values.items() if canonical(v) != canonical(getattr(row, n))}
    problems = _said(reason, effective_on)
    if not different:
        problems.append(Invalid(SAME))
    problems += _trial(session, row, different, actor)
    problems += _standing_elsewhere(session, row, different)
    if problems:
        raise Problems(problems)
    lines = [_line(row, name, value) for name, value in different.items()]
    target = (record.__tablename__, row.id)
    return _draft(session, organisation, target, lines, actor, told(reason), effective_on)


def ask_for_row(
    session: Session,
    record: type[Record],
    parent: Record,
    values: Mapping[str, Any],
    actor: Actor,
    reason: str,
    effective_on: dt.date | None,
) -> int:
    """A draft of a request for a new row of a list of the parent; gives its number.

    Raises:
        Refused: the list is not the actor's to ask about.
        Problems: nothing is filled in, or a value is wrong.
    """
    organisation = organisation_of(parent)
    if not may_ask_for_new(record, actor, organisation):
        raise Refused(NOT_YOURS)
    refuse_others(set(values) - {f.name for f in requestable(record, actor, organisation)}, record)
    given = {name: value for name, value in values.items() if value is not None}
    row = record(**given)
    belong(row, parent)
    problems = _said(reason, effective_on)
    if not given:
        problems.append(Invalid("Заполните хотя бы одно поле."))
    with session.no_autoflush:
        problems += faults(session, row, set(given), actor)
    if problems:
        raise Problems(problems)
    wanted = {name: canonical(value) for name, value in given.items()}
    line = {"op": "I", "parent_id": parent.id, "wanted": wanted}
    target = (record.__tablename__, None)
    return _draft(session, organisation, target, [line], actor, told(reason), effective_on)


def _line(row: Record, name: str, value: Any) -> dict[str, Any]:
    """One field of a row: what stands, in which version, and what is asked."""
    return {
        "op": "U",
        "target_id": row.id,
        "field": name,
        "base": canonical(getattr(row, name)),
        "base_version": row.version,
        "wanted": canonical(value),
    }


def _said(reason: str, effective_on: dt.date | None) -> list[Invalid]:
    problems = []
    if not reason.strip():
        problems.append(Invalid(WHY, field="reason"))
    try:
        told(reason, "reason")
    except Problems as error:
        problems += error.problems
    day = today()
    if effective_on and not day - dt.timedelta(FURTHEST_BACK) <= effective_on <= day:
        problems.append(Invalid(WHEN, field="effective_on"))
    return problems


def _trial(session: Session, row: Record, values: Mapping[str, Any], actor: Actor) -> list[Invalid]:
    """What would be wrong with the row; it is left as it was."""
    with session.no_autoflush:
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        problems = faults(session, row, set(values), actor)
        for name, value in before.items():
            setattr(row, name, value)
    return problems


def _standing_elsewhere(session: Session, row: Record, values: Mapping[str, Any]) -> list[Invalid]:
    """Fields that stand in an open request already, which is named."""
    line = EditRequestLine
    found = session.execute(
        select(line.field, line.request_id).where(
            line.target_table == row.__tablename__,
            line.target_id == row.id,
            line.field.in_(list(values)),
            line.open,
        )
    )
    return [
        Invalid(
            "Это поле уже в запросе № %(number)s: дождитесь решения или отзовите его.",
            field=field,
            number=number,
        )
        for field, number in found
    ]


def _draft(
    session: Session,
    organisation: int | None,
    target: tuple[str, int | None],
    lines: Sequence[Mapping[str, Any]],
    actor: Actor,
    reason: str,
    effective_on: dt.date | None,
) -> int:
    request = EditRequest(
        organisation_id=organisation,
        author_id=actor.user_id,
        reason=reason,
        effective_on=effective_on,
        target_table=target[0],
        target_id=target[1],
    )
    session.add(request)
    session.flush()
    common = {
        "request_id": request.id,
        "organisation_id": organisation,
        "target_table": target[0],
    }
    session.execute(insert(EditRequestLine), [{**common, **line} for line in lines])
    note(session, request, actor, "create", None)
    return request.id
