"""What is wrong with the values of a row: relations, identity, rules, constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.kernel.catalogue import ANOTHERS, field_map, record_named
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import FILE
from app.kernel.rights import typable
from app.kernel.rules import refusals_of
from app.services.files import NO_SUCH_FILE, attachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

CHOOSE = Message("Выберите значение из списка: такого в нём нет.")
NEEDED = Message("Заполните это поле: без него запись не сохранить.")


def belong(row: Record, parent: Record) -> None:
    """Tie a new row to its parent, and to whatever the parent itself belongs to."""
    setattr(row, row.about.owner, parent.id)
    for name, declared in field_map(type(row)).items():
        if (
            name != row.about.owner
            and not declared.typed
            and hasattr(parent, name)
            and declared.kind.target
        ):
            setattr(row, name, getattr(parent, name))


def faults(session: Session, row: Record, touched: set[str], actor: Actor) -> list[Invalid]:
    """Everything wrong with a row whose attributes ``touched`` were set, before it is written."""
    return [*_relations(session, row, touched, actor), *_identity(row), *row.check()]


def _relations(session: Session, row: Record, touched: set[str], actor: Actor) -> list[Invalid]:
    problems = []
    for name in sorted(touched):
        declared = field_map(type(row))[name]
        value = getattr(row, name)
        if declared.kind.target and value is not None:
            with session.no_autoflush:
                why = _misfit(session, row, name, value, actor)
            if why:
                problems.append(Invalid(why, field=name))
    return problems


def relations(session: Session, record: type[Record], values: Mapping[str, Any]) -> list[Invalid]:
    """What is wrong with rows picked for many rows at once: each is there, within the scope."""
    problems = []
    for name in sorted(values):
        declared = field_map(record)[name]
        if declared.kind.target and values[name] is not None:
            target = record_named(declared.kind.target)
            if session.scalar(select(target.id).where(target.id == values[name])) is None:
                problems.append(Invalid(CHOOSE, field=name))
    return problems


def _misfit(session: Session, row: Record, name: str, ident: int, actor: Actor) -> Message | None:
    """Why a row cannot point to this one, if it cannot; a foreign and an absent one are alike."""
    declared = field_map(type(row))[name]
    if declared.kind is FILE:
        return None if attachable(session, row, name, ident) else NO_SUCH_FILE
    target = record_named(declared.kind.target)
    kept = target.organisation_id if declared.own else target.id
    statement = select(kept).where(target.id == ident)
    if declared.own and typable(target, actor) and target.about.reserved is None:
        # Nobody moves it to the trash before this row is saved; a lock asks for the right to write.
        statement = statement.with_for_update(read=True, key_share=True)
    found = session.scalar(statement)
    if found is None:
        return CHOOSE
    foreign = declared.own and found != getattr(row, "organisation_id", None)
    return ANOTHERS if foreign else None


def _identity(row: Record) -> list[Invalid]:
    return [
        Invalid(NEEDED, field=name)
        for name, declared in field_map(type(row)).items()
        if declared.identity and declared.typed and getattr(row, name) is None
    ]


def explained(record: type[Record], error: IntegrityError) -> Invalid:
    """Name the field a constraint of the database is about, never the constraint itself."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for refusal in refusals_of(record):
        if refusal.name == name:
            return Invalid(refusal.message, field=refusal.field)
    for index in record.__table__.indexes:
        if index.name == name:
            own = [c.name for c in index.columns if c.name in field_map(record)]
            typed = [n for n in own if field_map(record)[n].typed]
            return Invalid(
                "Такая запись уже есть: значение должно отличаться от других.",
                field=(typed or own or [None])[-1],
            )
    return Invalid("База данных не приняла это сочетание значений. Проверьте их.")
