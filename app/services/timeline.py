"""The past of a row, alone or with the rows of its lists: filtered, page by page or as a stream.

A page looks through so many lines of the log and no more, so that its time does not grow with the
log; where it stopped, the next one goes on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Text,
    and_,
    column,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy import table as sa_table

from app.kernel.catalogue import caption_of, children_of, record_named
from app.kernel.clock import REGION_TIME
from app.models.access import Activity
from app.models.files import File
from app.models.registry_requests import EditRequest
from app.models.work import ChangeBatch
from app.services.bulk import among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import CTE, ColumnElement, FromClause, Row, Select, Table
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

PAGE = 50
LOOK = 5_000  # lines of the log that a page with filters looks through
BATCH = "batch"  # asked for as a way: whatever carries the number of a batch
NOBODY = 0  # asked for as a person: the portal itself
PEOPLE = sa_table("ab_user", column("id"), column("last_name"), column("first_name"))
PERSON = PEOPLE.name
ORGANISATION = "organisation"
LOG = cast("Table", Activity.__table__)
REQUESTS = cast("Table", EditRequest.__table__)
BATCHES = cast("Table", ChangeBatch.__table__)
FILES = cast("Table", File.__table__)
# The days of a change that came from a request; those of any other are the day it was written.
DAYS = {"proposed": "proposed_on", "decided": "decided_on", "effective": "effective_on"}
COLUMNS = (  # what a line says
    *("id", "at", "table_name", "row_id", "row_version", "verb", "before", "after"),
    *("user_id", "capacity", "via", "batch_id"),
    *DAYS.values(),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose past, and which part of it.

    ``lists``: tables below the row whose lines are wanted as well; ``field``: a table and an
    attribute of it; ``since`` and ``until`` are the first and the last day, of those that ``day``
    names or else of writing.
    """

    row: Record
    lists: tuple[str, ...] = ()
    field: tuple[str, str] | None = None
    user: int | None = None
    via: str = ""
    day: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    before: int | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything narrows it."""
        given = (self.field, self.via, self.since, self.until)
        return self.user is not None or any(one is not None and one != "" for one in given)


class Page(NamedTuple):
    """Lines, newest first; ``next`` is the line the next page begins before.

    ``looked``: it was left where so many lines had been looked through, and not when it was full.
    """

    lines: Sequence[Row[Any]]
    next: int | None
    looked: bool


class Words(NamedTuple):
    """What a row, a file or a person is called, and whether it is in the trash or given up."""

    text: str
    gone: bool


def below(record: type[Record]) -> tuple[type[Record], ...]:
    """Lists of a record and the lists of their rows."""
    return tuple(
        found for child in children_of(record.__tablename__) for found in (child, *below(child))
    )


def page(session: Session, asked: Asked) -> Page:
    """One page in one statement."""
    looked = _looked(asked)
    edge = select(func.min(looked.c.id).label("edge"), func.count().label("looked")).subquery()
    line = select(*_columns()).select_from(_with_others()).join(looked, looked.c.id == LOG.c.id)
    some = line.where(looked.c.hit).order_by(LOG.c.id.desc()).limit(PAGE + 1).lateral()
    statement = (
        select(edge.c.edge, edge.c.looked, *some.c)
        .select_from(edge.outerjoin(some, true()))
        .order_by(some.c.id.desc())
    )
    found = session.execute(statement).all()
    lines = [row for row in found if row.id is not None]
    if len(lines) > PAGE:
        return Page(lines[:PAGE], lines[PAGE - 1].id, looked=False)
    more = asked.narrow and found[0].looked == LOOK
    return Page(lines, found[0].edge if more else None, looked=more)


def stream(session: Session, asked: Asked) -> Iterator[Row[Any]]:
    """All lines, newest first, through a server-side cursor: memory does not grow."""
    source, conditions = _source(asked)
    statement = (
        select(*_columns())
        .select_from(_with_others(source))
        .where(*conditions, *_filters(asked))
        .order_by(LOG.c.id.desc())
    )
    yield from session.execute(
        statement, execution_options={"yield_per": 1000, "stream_results": True}
    )


def values(session: Session, asked: Asked) -> int:
    """How many values the lines changed, at the least one each: the rows of a file."""
    source, conditions = _source(asked)
    names = func.jsonb_object_keys(func.coalesce(LOG.c.after, LOG.c.before)).table_valued("name")
    changed = select(func.count()).select_from(names).scalar_subquery()
    statement = select(func.sum(func.greatest(changed, 1))).select_from(source)
    return int(session.scalar(statement.where(*conditions, *_filters(asked))) or 0)


def line(session: Session, row: Record, ident: int) -> Row[Any] | None:
    """One write of the row."""
    chosen = and_(LOG.c.id == ident, LOG.c.table_name == row.__tablename__, LOG.c.row_id == row.id)
    return session.execute(select(*(LOG.c[name] for name in COLUMNS)).where(chosen)).first()


def named(
    session: Session, wanted: Mapping[str, set[int]], asked: Asked | None = None
) -> dict[str, dict[int, Words]]:
    """Words of rows, files and people in one statement, those in the trash too.

    ``asked``: also the people who wrote any of its newest lines.
    """
    parts = [_words(name, ids) for name, ids in sorted(wanted.items()) if ids and name != PERSON]
    people = among(PEOPLE.c.id, sorted(wanted.get(PERSON, ())))
    if asked is not None:
        newest = _newest(replace(asked, before=None), LOOK, true()).subquery()
        people = or_(people, PEOPLE.c.id.in_(select(newest.c.user_id)))
    name = PEOPLE.c.last_name + " " + PEOPLE.c.first_name
    parts.append(select(literal(PERSON), PEOPLE.c.id, sql_cast(name, Text), false()).where(people))
    found: dict[str, dict[int, Words]] = {}
    for kind, ident, text, gone in session.execute(union_all(*parts)):
        words = (text or "").strip() or f"№\u00a0{ident}"
        found.setdefault(kind, {})[ident] = Words(words, gone)
    return found


def _words(name: str, ids: set[int]) -> Select[Any]:
    table = FILES if name == FILES.name else cast("Table", record_named(name).__table__)
    words = table.c.name if name == FILES.name else caption_of(record_named(name))
    gone = table.c.deleted_at.is_not(None)
    text = sql_cast(words, Text)
    return select(literal(name), table.c.id, text, gone).where(among(table.c.id, sorted(ids)))


def _columns() -> list[ColumnElement[Any]]:
    """What a line says, its batch and its request where the actor may open them."""
    batch = [BATCHES.c.id.label("opens"), BATCHES.c.title, BATCHES.c.title_values]
    return [*(LOG.c[name] for name in COLUMNS), *batch, REQUESTS.c.id.label("request")]


def _with_others(source: FromClause = LOG) -> FromClause:
    """With request and batch; the title of a batch says the number of its request."""
    may_know = or_(LOG.c.request_id.is_(None), REQUESTS.c.id.is_not(None))
    found = source.outerjoin(REQUESTS, REQUESTS.c.id == LOG.c.request_id)
    return found.outerjoin(BATCHES, and_(BATCHES.c.id == LOG.c.batch_id, may_know))


def _looked(asked: Asked) -> CTE:
    """The newest lines with whether they are what is asked for."""
    hit = and_(true(), *_filters(asked))
    return _newest(asked, LOOK if asked.narrow else PAGE + 1, hit).cte("looked")


def _newest(asked: Asked, most: int, hit: ColumnElement[bool]) -> Select[Any]:
    """The newest lines of those whose past it is, whatever is asked of them."""
    source, conditions = _source(asked)
    statement = select(LOG.c.id, LOG.c.user_id, hit.label("hit")).select_from(source)
    statement = statement.where(*conditions)
    if asked.before is not None:
        statement = statement.where(LOG.c.id < asked.before)
    if source is LOG:  # an index gives them in their order
        return statement.order_by(LOG.c.id.desc()).limit(most)
    some = statement.offset(0).subquery()  # a fence: found first, sorted afterwards
    return select(some).order_by(some.c.id.desc()).limit(most)


def _source(asked: Asked) -> tuple[FromClause, tuple[ColumnElement[bool], ...]]:
    """Where the lines are, by one index or the other."""
    row, name = asked.row, asked.row.__tablename__
    if not asked.lists:
        return LOG, (LOG.c.table_name == name, LOG.c.row_id == row.id)
    if name == ORGANISATION:
        tables = (name, *asked.lists)
        return LOG, (LOG.c.organisation_id == row.id, LOG.c.table_name.in_(tables))
    own = select(literal(name).label("name"), literal(row.id, BigInteger).label("id"))
    rows = union_all(own, *_rows_below(type(row), literal(row.id, BigInteger), asked.lists))
    found = rows.subquery()
    joined = and_(LOG.c.table_name == found.c.name, LOG.c.row_id == found.c.id)
    return LOG.join(found, joined), ()


def _rows_below(
    record: type[Record], owners: Any, tables: tuple[str, ...]
) -> Iterator[Select[Any]]:
    """Rows of the lists of these rows and of the lists below, those in the trash too."""
    for child in children_of(record.__tablename__):
        table = cast("Table", child.__table__)
        owner = table.c[child.about.owner]
        ids = select(table.c.id).where(
            owner == owners if isinstance(owners, BindParameter) else owner.in_(owners)
        )
        if child.__tablename__ in tables:
            yield select(literal(child.__tablename__), ids.subquery().c.id)
        yield from _rows_below(child, ids, tables)


def _filters(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """What is asked of a line."""
    if asked.field:
        table, name = asked.field
        yield LOG.c.table_name == table
        yield or_(LOG.c.after.has_key(name), LOG.c.before.has_key(name))
    if asked.user is not None:
        yield LOG.c.user_id == asked.user if asked.user else LOG.c.user_id.is_(None)
    if asked.via:
        yield LOG.c.batch_id.is_not(None) if asked.via == BATCH else LOG.c.via == asked.via
    if asked.since is not None:
        written = LOG.c.at >= _midnight(asked.since)
        yield _of_days(asked.day, written, lambda day: day >= asked.since)
    if asked.until is not None:
        written = LOG.c.at < _midnight(asked.until + dt.timedelta(days=1))
        yield _of_days(asked.day, written, lambda day: day <= asked.until)


def _of_days(
    name: str,
    written: ColumnElement[bool],
    fits: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Whether a line fits by the day of this name, which the moment of writing stands in for."""
    if not name:
        return written
    day = LOG.c[DAYS[name]]
    return or_(fits(day), and_(day.is_(None), written))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), REGION_TIME)
