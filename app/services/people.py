"""People by parts of their names, day of birth or СНИЛС, with what tells one from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import literal, select

from app.kernel.catalogue import caption_of, order_key
from app.services.browse import PICKED, SPARE
from app.services.captions import captions
from app.services.seeking import Narrowing, exact, found_by, seeks

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

BORN = "birth_date"


class Somebody(NamedTuple):
    """A row of a person: the day of birth only for those who see it in full."""

    id: int
    name: str
    born: dt.date | None
    group: str  # the class, where there is one
    school: str


def find(
    session: Session, record: type[Record], typed: str, actor: Actor, limit: int
) -> list[Somebody]:
    """The first people within the scope who have all that was typed.

    Of very many any thousand are looked at: people go on typing.
    """
    if not seeks(record, typed):
        return []
    table, allowed = record.__table__, exact(record, actor)
    born = table.c[BORN] if BORN in allowed else literal(None)
    some = (
        select(
            record.id,
            caption_of(record).label("name"),
            born.label("born"),
            table.c.get("class_name", literal(None)).label("group"),
            table.c.organisation_id,
            order_key(record, record.about.order).label("order_key"),
        )
        .where(*found_by(record, typed, allowed, among=Narrowing(PICKED * SPARE)))
        .limit(PICKED)
        .subquery()
    )
    rows = session.execute(select(some).order_by(some.c.order_key, some.c.id).limit(limit)).all()
    schools = captions(session, "organisation", {row.organisation_id for row in rows})
    return [
        Somebody(r.id, r.name, r.born, r.group or "", schools.get(r.organisation_id, ""))
        for r in rows
    ]
