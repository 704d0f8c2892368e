"""Decisions about whole rows: a new one is added, one that is to end gets its last day or goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.canonical import restored
from app.kernel.catalogue import ending_of, field_map, record_named
from app.kernel.errors import Invalid, Message, Missing, Refused
from app.kernel.rights import CREATE
from app.services import keep
from app.services.request_batch import into_batch
from app.services.row_ends import day_of, has_ended, moved_since, picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequest, EditRequestLine

GONE = Message("Записи больше нет: отклоните строку или восстановите запись из корзины.")
NOT_NEW = Message("Новую запись добавляет оператор: отклоните строку или передайте запрос ему.")
NOT_GONE = Message("Запись убирает в корзину оператор: отклоните строку или передайте запрос ему.")
NO_FIELD = Message("Такого поля в портале больше нет: отклоните строку.")


def held(session: Session, record: type[Record], ident: int) -> Record:
    """The row, held until the end. Raises ``Problems`` where it has gone to the trash."""
    try:
        return keep.fetch(session, record, ident, lock=True)
    except Missing as gone:
        raise keep.Problems([Invalid(GONE)]) from gone


def at_lines(error: keep.Problems, lines: Mapping[str | None, int]) -> keep.Problems:
    """What the row refuses, said at the lines that ask for it."""
    return keep.Problems(
        [
            Invalid(p.message, field=f"comment-{lines[p.field]}") if p.field in lines else p
            for p in error.problems
        ]
    )


def refuse_new(line: EditRequestLine, actor: Actor) -> None:
    """Raise ``keep.Problems`` where the asked row is not the actor's to add, or of old fields."""
    here = f"comment-{line.id}"
    if not actor.may(CREATE, line.target_table):
        raise keep.Problems([Invalid(NOT_NEW, field=here)])
    if set(line.wanted) - set(field_map(record_named(line.target_table))):
        raise keep.Problems([Invalid(NO_FIELD, field=here)])


def add_row(session: Session, request: EditRequest, line: EditRequestLine, actor: Actor) -> None:
    """Add the asked row. Raises ``keep.Problems`` for what it refuses."""
    record = record_named(line.target_table)
    refuse_new(line, actor)
    values = {name: restored(record, name, kept) for name, kept in line.wanted.items()}
    parent = held(session, record_named(record.about.parent), line.parent_id or 0)
    if parent.organisation_id != line.organisation_id:
        raise Refused(keep.NOT_YOURS)
    into_batch(session, request, [line])
    try:
        row = keep.add(session, record, values, actor, parent)
    except keep.Problems as error:
        raise at_lines(error, dict.fromkeys(line.wanted, line.id)) from error
    line.target_id, line.line_state, line.open = row.id, "approved", False


def end_row(
    session: Session,
    request: EditRequest,
    line: EditRequestLine,
    actor: Actor,
    seen: int | None,
    *,
    later: bool = False,
) -> None:
    """Let the row end as it is asked for; one that changed meanwhile is a conflict.

    One that has ended already, or is in the trash, is what was asked for: nothing is written.
    ``seen``: the version of the row in which the change was shown and is to be passed over;
    ``later``: it is kept for the day of effect.

    Raises:
        Refused: the row is not the actor's to change.
        keep.Problems: it cannot end so, or others point to it.
    """
    row = _standing(session, line)
    if row is None or has_ended(row, day_of(request)):
        line.line_state, line.open = "approved", False
        return
    if getattr(row, "organisation_id", None) != line.organisation_id:
        raise Refused(keep.NOT_YOURS)
    known = seen is not None and not keep.changed_since(session, row, seen)
    if moved_since(line, row) and not known:
        line.line_state = "conflict"
        return
    if not ending_of(type(row)) and not keep.may_trash(row, actor):
        raise keep.Problems([Invalid(NOT_GONE, field=f"comment-{line.id}")])
    if later:
        # Approved over what is there now: that is what has to be there on the day.
        line.base = picture(row, line.base)
        line.line_state, line.open = "scheduled", True
        return
    into_batch(session, request, [line])
    _end(session, request, line, row, actor)
    line.line_state, line.open = "approved", False


def _standing(session: Session, line: EditRequestLine) -> Record | None:
    """The row that is to end, held; none where it is in the trash."""
    try:
        return keep.fetch(session, record_named(line.target_table), line.target_id or 0, lock=True)
    except Missing:
        return None


def _end(
    session: Session, request: EditRequest, line: EditRequestLine, row: Record, actor: Actor
) -> None:
    record, name = type(row), ending_of(type(row))
    try:
        if name:
            values = {name: day_of(request)}
            keep.change(session, record, row.id, values, row.version, actor)
        else:
            keep.trash(session, record, row.id, row.version, actor)
    except keep.Held as error:
        raise keep.Problems([Invalid(error.message, field=f"comment-{line.id}")]) from error
    except keep.Problems as error:
        raise at_lines(error, dict.fromkeys(field_map(record), line.id)) from error
