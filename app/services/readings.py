"""What the access log says: who read, took away and had shown what, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import column, func, or_, select
from sqlalchemy import table as sa_table

from app.kernel.clock import REGION_TIME
from app.models.access import AccessLog

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Row, Select, Table
    from sqlalchemy.orm import Session

PAGE = 50
LAST = 10  # lines beside who sees a learner
LOOK = 5_000  # newest lines whose people may be chosen among
PIECE = 500
LOG = cast("Table", AccessLog.__table__)
PEOPLE = sa_table("ab_user", column("id"), column("last_name"), column("first_name"))
NAME = PEOPLE.c.last_name + " " + PEOPLE.c.first_name
COLUMNS = (
    *("id", "at", "action", "user_id", "capacity", "target", "detail"),
    *("table_name", "row_id", "organisation_id", "learner_id", "purpose"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of an account, about a learner, of a kind, of days, before a line."""

    user: int | None = None
    learner: int | None = None
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    before: int | None = None


def newest(session: Session, asked: Asked, most: int = PAGE) -> Sequence[Row[Any]]:
    """Lines within the scope: so many and one more, if there are."""
    return session.execute(_lines(asked).limit(most + 1)).all()


def stream(session: Session, asked: Asked) -> Iterator[Row[Any]]:
    """All lines, a piece at a time."""
    yield from session.execute(_lines(asked), execution_options={"yield_per": PIECE})


def number(session: Session, asked: Asked) -> int:
    """How many lines there are."""
    return session.scalar(select(func.count()).select_from(_lines(asked).subquery())) or 0


def people(session: Session, chosen: int | None) -> dict[int, str]:
    """Names of those who did anything of late, and of the account that is asked about."""
    late = select(LOG.c.user_id).order_by(LOG.c.id.desc()).limit(LOOK).subquery()
    asked = select(PEOPLE.c.id, NAME).where(
        or_(PEOPLE.c.id == chosen, PEOPLE.c.id.in_(select(late.c.user_id)))
    )
    return {row[0]: row[1].strip() for row in session.execute(asked)}


def _lines(asked: Asked) -> Select[Any]:
    columns = (LOG.c[name] for name in COLUMNS)
    source = LOG.outerjoin(PEOPLE, PEOPLE.c.id == LOG.c.user_id)
    lines = select(*columns, NAME.label("name")).select_from(source)
    return lines.where(*_filters(asked)).order_by(LOG.c.id.desc())


def _filters(asked: Asked) -> Iterator[ColumnElement[bool]]:
    given = {"user_id": asked.user, "learner_id": asked.learner, "action": asked.action or None}
    yield from (LOG.c[name] == value for name, value in given.items() if value is not None)
    if asked.since is not None:
        yield LOG.c.at >= _midnight(asked.since)
    if asked.until is not None:
        yield LOG.c.at < _midnight(asked.until + dt.timedelta(days=1))
    if asked.before is not None:
        yield LOG.c.id < asked.before


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), REGION_TIME)
