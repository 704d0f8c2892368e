"""Whether somebody is entered already: the same name and day of birth, or the same СНИЛС."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, or_, select, union

from app.kernel.catalogue import caption_of, record_named
from app.kernel.rights import READ, reaches, visible
from app.kernel.sealing import cipher
from app.models.doubles import DuplicateCandidate, person_row

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

PERSONS = ("student", "guardian")
MOST = 5
SNILS, BORN = "snils", "birth_date"
P = person_row.c


class Known(NamedTuple):
    """A row of somebody, as one sees it who may read it."""

    kind: str
    id: int
    name: str
    born: dt.date | None
    school: str


class Alike(NamedTuple):
    """Who is like somebody: rows within the scope; ``elsewhere``: others have the number."""

    rows: tuple[Known, ...] = ()
    elsewhere: bool = False

    def __bool__(self) -> bool:
        """Whether there is anybody."""
        return bool(self.rows) or self.elsewhere


def is_person(record: type[Record]) -> bool:
    """Whether rows of the record are people."""
    return record.__tablename__ in PERSONS


def alike(session: Session, record: type[Record], typed: Mapping[str, Any], actor: Actor) -> Alike:
    """Who is like the person typed; attributes that the actor sees behind masks are not asked.

    Of rows beyond the scope only that the СНИЛС is known, and never whose it is.
    """
    fingerprint = _print_of(record, typed, actor)
    conditions = list(_conditions(record, typed, actor, fingerprint))
    if not conditions:
        return Alike()
    rows, numbers = _rows(session, conditions, actor)
    elsewhere = fingerprint is not None and fingerprint not in numbers
    if elsewhere:
        elsewhere = bool(session.scalar(select(func.portal_snils_known(fingerprint))))
    return Alike(rows, elsewhere)


def doubles_of(session: Session, row: Record, actor: Actor) -> tuple[Known, ...]:
    """Rows within the scope that may be the same human as a row which the actor keeps."""
    record = type(row)
    seen = {f.name for f in visible(record, actor)}
    if not is_person(record) or BORN not in seen or not reaches(record, actor, _school(row)):
        return ()
    pair, uid = DuplicateCandidate.__table__.c, row.uid
    other = P.uid == case((pair.first_uid == uid, pair.second_uid), else_=pair.first_uid)
    person: UUID = getattr(row, "person_uid")  # noqa: B009 - a mixin's, not every record's
    found = session.execute(
        select(P.kind, P.id, P.full_name, P.birth_date, P.snils_print, _school_words())
        .join_from(DuplicateCandidate.__table__, person_row, other)
        .where(or_(pair.first_uid == uid, pair.second_uid == uid))
        .where(pair.state == "open", P.deleted_at.is_(None), P.person_uid != person)
        .where(P.birth_date == getattr(row, BORN))
        .order_by(P.kind, P.id)
        .limit(MOST)
    ).all()
    return _known(found)


def _school(row: Record) -> int | None:
    return getattr(row, "organisation_id", None)


def _print_of(record: type[Record], typed: Mapping[str, Any], actor: Actor) -> str | None:
    number = typed.get(SNILS)
    if not number or SNILS not in {f.name for f in visible(record, actor)}:
        return None
    return cipher().fingerprint(record.sealed[SNILS], number)


def _conditions(
    record: type[Record], typed: Mapping[str, Any], actor: Actor, fingerprint: str | None
) -> Iterator[ColumnElement[bool]]:
    if fingerprint is not None:
        yield P.snils_print == fingerprint
    names = [typed.get(name) for name in ("last_name", "first_name", "middle_name")]
    seen = {f.name for f in visible(record, actor)}
    if typed.get(BORN) and names[0] and names[1] and BORN in seen:
        yield (P.birth_date == typed[BORN]) & (P.name_key == func.portal_person(*names))


def _rows(
    session: Session, conditions: list[ColumnElement[bool]], actor: Actor
) -> tuple[tuple[Known, ...], set[str | None]]:
    kinds = [kind for kind in PERSONS if actor.may(READ, kind)]
    parts = [
        select(P.kind, P.id, P.full_name, P.birth_date, P.snils_print, _school_words()).where(
            one, P.deleted_at.is_(None), P.kind.in_(kinds)
        )
        for one in conditions
    ]
    together = union(*parts).subquery()
    order = (together.c.kind.desc(), together.c.id)
    found = session.execute(select(together).order_by(*order).limit(MOST)).all()
    return _known(found), {row.snils_print for row in found}


def _known(found: Any) -> tuple[Known, ...]:
    return tuple(Known(r.kind, r.id, r.full_name, r.birth_date, r.school or "") for r in found)


def _school_words() -> ColumnElement[str]:
    """What the school of a person is called."""
    school = record_named("organisation")
    named = select(caption_of(school)).where(school.__table__.c.id == P.organisation_id)
    return named.scalar_subquery().label("school")


def record_of(known: Known) -> type[Record]:
    """The record a row belongs to."""
    return record_named(known.kind)
