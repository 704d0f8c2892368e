"""The trash of one record: rows that may be brought back, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Text, any_, cast, func, literal, select, tuple_

from app.kernel.catalogue import caption_of, record_named
from app.kernel.record import Writing
from app.kernel.search import prefix_query
from app.services.bulk import among
from app.services.seeking import matches

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

SIZE = 50
TRASH = {"include_trash": True}


@dataclass(frozen=True, slots=True)
class Before:
    """Where a page of the trash begins: behind the row of this number, trashed at the moment."""

    at: dt.datetime
    id: int


def trashed(
    session: Session,
    record: type[Record],
    actor: Actor,
    search: str = "",
    before: Before | None = None,
) -> Sequence[Row[Any]]:
    """Rows of the trash within the write scope: a page of them and one more.

    Each has ``id``, ``words``, ``owner`` (number of the parent or none), ``deleted_at`` and
    ``deleted_by``.
    """
    table = record.__table__
    owner: ColumnElement[Any] = table.c[record.about.owner] if record.about.owner else literal(None)
    statement = select(
        record.id,
        cast(caption_of(record), Text).label("words"),
        owner.label("owner"),
        record.deleted_at,
        record.deleted_by,
    ).where(record.deleted_at.is_not(None))
    if not actor.reaches(None):  # bound to organisations: what the database lets it write
        overseen = record.about.writing is Writing.OVERSEEN
        setting = "app.overseen" if overseen else "app.writable"
        own = func.nullif(func.current_setting(setting, literal(value=True)), "")
        statement = statement.where(table.c.organisation_id == any_(cast(own, ARRAY(BigInteger))))
    if record.about.search and prefix_query(search):
        statement = statement.where(matches(record, search))
    if before is not None:
        here = tuple_(literal(before.at), literal(before.id))
        statement = statement.where(tuple_(table.c.deleted_at, table.c.id) < here)
    statement = statement.order_by(table.c.deleted_at.desc(), table.c.id.desc()).limit(SIZE + 1)
    return session.execute(statement, execution_options=TRASH).all()


def gone_parents(session: Session, record: type[Record], owners: set[int]) -> set[int]:
    """Which of these parents of a record's rows are in the trash themselves."""
    if not record.about.parent or not owners:
        return set()
    table = record_named(record.about.parent).__table__
    gone = among(table.c.id, sorted(owners)) & table.c.deleted_at.is_not(None)
    return set(session.scalars(select(table.c.id).where(gone)))
