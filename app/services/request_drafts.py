"""Drafts of requests: what is asked for is checked by the rules of any form (п. 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from app.kernel.canonical import canonical
from app.kernel.catalogue import ending_of, field_map
from app.kernel.clock import today
from app.kernel.errors import Invalid, Message, Refused
from app.kernel.rights import askable_in_new, requestable
from app.models.registry_requests import EditRequest, EditRequestLine
from app.services.keep import NOT_YOURS, Problems, refuse_others
from app.services.requests import note, organisation_of, told
from app.services.validity import belong, faults

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

FURTHEST = 365  # days that a change may take effect before or after it is asked for
SAME = Message("Ничего не изменено: запрос не нужен.")
WHY = Message("Напишите, почему это нужно изменить: по этому запрос и решают.")
WHEN = Message("Укажите день не дальше чем за год от сегодняшнего: назад или вперёд.")


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
    problems = check_said(reason, effective_on)
    different = differing(row, values)
    if not different:
        problems.append(Invalid(SAME))
    problems += wrong_with(session, row, different, actor)
    if problems:
        raise Problems(problems)
    lines = [_line(row, name, value) for name, value in different.items()]
    target = (type(row).__tablename__, row.id)
    organisation = organisation_of(row)
    return make_draft(session, organisation, target, lines, actor, told(reason), effective_on)


def differing(row: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that mean something else than what stands."""
    return {n: v for n, v in values.items() if canonical(v) != canonical(getattr(row, n))}


def wrong_with(
    session: Session, row: Record, values: Mapping[str, Any], actor: Actor
) -> list[Invalid]:
    """Why a change of these fields could not be asked for.

    Raises ``Refused`` where the row, or one of the fields, is not the actor's to ask about.
    """
    offered = {f.name for f in requestable(type(row), actor, organisation_of(row))}
    if not offered:
        raise Refused(NOT_YOURS)
    refuse_others(set(values) - offered, type(row))
    return [*trial(session, row, values, actor), *_standing_elsewhere(session, row, values)]


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
    offered = {f.name for f in askable_in_new(record, actor, organisation)}
    if not offered:
        raise Refused(NOT_YOURS)
    refuse_others(set(values) - offered, record)
    given = {name: value for name, value in values.items() if value is not None}
    row = record(**given)
    belong(row, parent)
    problems = check_said(reason, effective_on)
    if not given:
        problems.append(Invalid("Заполните хотя бы одно поле."))
    with session.no_autoflush:
        problems += faults(session, row, set(given), actor)
    if problems:
        raise Problems(problems)
    wanted = {name: canonical(value) for name, value in given.items()}
    line = {"op": "I", "parent_id": parent.id, "wanted": wanted}
    target = (record.__tablename__, None)
    return make_draft(session, organisation, target, [line], actor, told(reason), effective_on)


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


def check_said(reason: str, effective_on: dt.date | None) -> list[Invalid]:
    """What is wrong with the reason and the day of effect."""
    problems = []
    if not reason.strip():
        problems.append(Invalid(WHY, field="reason"))
    try:
        told(reason, "reason")
    except Problems as error:
        problems += error.problems
    day = today()
    if effective_on and abs((effective_on - day).days) > FURTHEST:
        problems.append(Invalid(WHEN, field="effective_on"))
    return problems


def trial(session: Session, row: Record, values: Mapping[str, Any], actor: Actor) -> list[Invalid]:
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
    found = waiting_for(session, row)
    return [
        Invalid(
            "Это поле уже в запросе № %(number)s: дождитесь решения или отзовите его.",
            field=field,
            number=number,
        )
        for field, number in found.items()
        if field in values
    ]


def waiting_for(session: Session, row: Record) -> dict[str, int]:
    """The fields of a row that stand in open requests, and the numbers of these.

    Where the end of the row is asked for, all of them do.
    """
    return dict(_open_about(session, row, field_map(type(row))))


def claimed_in(session: Session, row: Record) -> dict[str, int]:
    """The fields of a row by whose change open requests are settled, and the numbers of these."""
    last = ending_of(type(row))
    return dict(_open_about(session, row, (last,) if last else ()))


def _open_about(session: Session, row: Record, of_end: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Fields with the open requests they stand in; ``of_end``: those that an end stands for."""
    line = EditRequestLine
    found = session.execute(
        select(line.field, line.request_id).where(
            line.target_table == row.__tablename__, line.target_id == row.id, line.open
        )
    )
    for field, number in found:
        for name in of_end if field is None else (field,):
            yield name, number


def make_draft(
    session: Session,
    organisation: int | None,
    target: tuple[str, int | None],
    lines: Sequence[Mapping[str, Any]],
    actor: Actor,
    reason: str,
    effective_on: dt.date | None,
) -> int:
    """A draft with these lines; ``target``: the table and number of the row it is about."""
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
