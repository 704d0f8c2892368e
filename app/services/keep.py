"""Add, change and trash one row: rights, relations, cross checks, lock on the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.catalogue import field_map, records
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid, Label, Labels, Message, Missing, Refused
from app.kernel.rights import addable, may_remove, reaches, reserved, typable, writable_in
from app.services.validity import belong, explained, faults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

NOT_YOURS = Message("Эту запись меняет другая организация или оператор.")
RESERVED = Message("Записи этого вида вносит оператор: обратитесь к нему.")
NOT_THIS_FIELD = Message("Это поле меняет оператор.")


class Held(Refused):
    """The row cannot go to the trash while others point to it; the message names their lists."""


class Problems(Exception):
    """Several values are wrong at once; each says its attribute."""

    def __init__(self, problems: list[Invalid]) -> None:
        """Keep them all, so that a person hears of all at once."""
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def fetch(session: Session, record: type[Record], ident: int, *, lock: bool = False) -> Record:
    """The row within the scope. Raises ``Missing`` — the same for a foreign and an absent id.

    ``lock`` waits for those who are writing the row, and reads what they have written.
    """
    statement = select(record).where(record.id == ident)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise Missing("Такой записи нет.")
    return row


def add(
    session: Session,
    record: type[Record],
    values: Mapping[str, Any],
    actor: Actor,
    parent: Record | None = None,
) -> Record:
    """A new row. Raises ``Refused`` without the right, ``Problems`` for wrong values."""
    refuse_others(set(values) - addable(record, actor), record)
    row = record(**values)
    if parent is not None:
        belong(row, parent)
    elif "organisation_id" in field_map(record):
        row.organisation_id = actor.organisation_id
    if not reaches(record, actor, getattr(row, "organisation_id", None)):
        raise Refused(NOT_YOURS)
    _refuse_reserved(row, actor)
    if parent is not None:
        _stand(session, parent, actor)
    session.add(row)
    store(session, row, set(values), actor)
    return row


def change(
    session: Session,
    record: type[Record],
    ident: int,
    values: Mapping[str, Any],
    version: int,
    actor: Actor,
    *,
    strict: bool = False,
) -> Record:
    """Write the values that differ.

    When somebody else saved meanwhile, their other fields stay and ours are added; the same field
    changed twice raises ``Conflict`` with the present version, and nothing is written. ``strict``:
    any other version than the present one does.
    """
    row = at_hand(session, record, ident)
    allowed = writable_in(row, actor)
    if not allowed:
        raise Refused(NOT_YOURS)
    row = fetch(session, record, ident, lock=True)
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    refuse_others(set(different) - allowed, record)
    stale = row.version != version
    if stale and (strict or changed_since(session, row, version) & set(different)):
        raise Conflict("Пока вы правили, эту запись изменили.", version=row.version)
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        _refuse_reserved(row, actor)
        store(session, row, set(different), actor)
    return row


def at_hand(session: Session, record: type[Record], ident: int) -> Record:
    """The row as it was read last: whoever offers a form has just read it. Raises ``Missing``."""
    key = record.__mapper__.identity_key_from_primary_key((ident,))
    known: Record | None = session.identity_map.get(key)
    return known or fetch(session, record, ident)


def trash(session: Session, record: type[Record], ident: int, version: int, actor: Actor) -> Record:
    """Move to the trash. Raises ``Held`` while rows of its lists or others point to it."""
    row = fetch(session, record, ident)
    if not may_trash(row, actor):
        raise Refused(NOT_YOURS)
    row = fetch(session, record, ident, lock=True)
    if row.version != version:
        raise Conflict("Пока вы смотрели, эту запись изменили.", version=row.version)
    if lists := holders(session, row):
        raise Held("Сначала удалите то, что относится к этой записи: %(lists)s.", lists=lists)
    row.deleted_at = now()
    session.flush()
    return row


def holders(session: Session, row: Record) -> Labels:
    """The lists with rows that point to this one; while there are any it stays out of the trash."""
    name = row.__tablename__
    held = [other for other in records() if _holds(session, other, name, row.id)]
    return Labels(Label(other.__tablename__, other.about.title_many) for other in held)


def may_trash(row: Record, actor: Actor) -> bool:
    """Whether the actor may move this row to the trash."""
    within = reaches(type(row), actor, getattr(row, "organisation_id", None))
    return within and may_remove(type(row), actor) and not reserved(row, actor)


def changed_since(session: Session, row: Record, version: int) -> set[str]:
    """Attributes written after the version, from the log."""
    found = session.scalars(
        text(
            "select distinct jsonb_object_keys(after) from activity where table_name = :name"
            " and row_id = :id and row_version > :version"
        ),
        {"name": row.__tablename__, "id": row.id, "version": version},
    )
    return set(found)


def _holds(session: Session, other: type[Record], name: str, ident: int) -> bool:
    """Whether a row of the other record points to this one: as its parent, authority or head."""
    pointers = [n for n, f in field_map(other).items() if f.kind.target == name]
    if not pointers:
        return False
    points = or_(*(getattr(other, pointer) == ident for pointer in pointers))
    return session.scalar(select(other.id).where(points).limit(1)) is not None


def _stand(session: Session, parent: Record, actor: Actor) -> None:
    """Hold the parent, as its new row will when its version is counted; it may be in the trash."""
    if not standing(session, type(parent), [parent.id], actor):
        raise Refused("Пока вы заполняли форму, запись, к которой это относится, удалили.")


def standing(
    session: Session, record: type[Record], ids: Sequence[int], actor: Actor
) -> frozenset[int]:
    """Which of the rows are not in the trash; they are held until the end where they may be."""
    chosen = select(record.id).where(record.id.in_(ids)).order_by(record.id)
    if typable(record, actor):  # a lock asks for the right to write
        session.execute(chosen.with_for_update(key_share=True))
    return frozenset(session.scalars(chosen))


def refuse_others(names: set[str], record: type[Record]) -> None:
    """Raise ``Refused`` when there are names of fields the actor may not write."""
    if names:
        known = [field_map(record)[n].label for n in sorted(names) if n in field_map(record)]
        labels = Labels(Label(record.__tablename__, text) for text in known)
        raise Refused("Эти поля меняет оператор: %(fields)s.", fields=labels)


def _refuse_reserved(row: Record, actor: Actor) -> None:
    """Rows of a reserved value are written by those who decide requests."""
    if row.about.reserved is not None and reserved(row, actor):
        raise Problems([Invalid(RESERVED, field=row.about.reserved[0])])


def store(session: Session, row: Record, touched: set[str], actor: Actor) -> None:
    """Write a row whose attributes were set. Raises ``Problems`` or ``Conflict``."""
    problems = faults(session, row, touched, actor)
    if problems:
        raise Problems(problems)
    row.prepare()
    try:
        session.flush()
    except IntegrityError as error:
        raise Problems([explained(type(row), error)]) from error
    except StaleDataError as error:
        raise Conflict("Пока вы правили, эту запись изменили.") from error
