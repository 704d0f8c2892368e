"""The feed of changes: the trigger log in the order in which its transactions can be read.

Numbers of lines are given before their transactions end, so that a line may appear behind one
that was read already. The feed therefore goes by the transactions, and only so far as all of them
have ended: what is before ``pg_snapshot_xmin`` is whole, for every reader and for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import cast as type_cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    any_,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)

from app.kernel.catalogue import record_named
from app.kernel.errors import Gone, Invalid, Message
from app.kernel.feed_tokens import Place
from app.kernel.plain import instant, plain
from app.kernel.rights import visible
from app.models.access import Activity
from app.models.feed import Feed
from app.services.bulk import among
from app.services.past import understood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.fields import Field

LOG = type_cast("Table", Activity.__table__)
FEED = type_cast("Table", Feed.__table__)
LOOK = 5_000  # lines of the log that one part looks through, so that its time does not grow
FIRST, LAST = -(2**63), 2**63 - 1
KINDS = {
    "insert": "created",
    "update": "changed",
    "trash": "trashed",
    "revive": "restored",
    "delete": "deleted",
}
COLUMNS = (
    *("transaction", "id", "at", "table_name", "row_id", "row_version", "organisation_id"),
    *("verb", "after", "batch_id"),
)
OTHER_LINE = Message(
    "Портал с тех пор восстановлен из резервной копии, и часть прочитанного могла не состояться."
    " Прочтите записи заново и продолжайте с since=now."
)
TOO_OLD = Message(
    "Столько изменений портал уже не хранит. Прочтите записи заново и продолжайте с since=now."
)
# Everything of the transactions before this one has ended.
BOUND = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events: of these tables, after this place (all that are kept, where there is none)."""

    tables: tuple[str, ...]
    since: Place | None
    size: int


class Part(NamedTuple):
    """Events in order, the place to go on from, and whether more are there already."""

    events: list[dict[str, Any]]
    place: Place
    more: bool


def now_at(session: Session) -> Place:
    """The present end of the feed: what is committed from now on lies behind it."""
    line, bound = session.execute(select(FEED.c.line, BOUND)).one()
    return Place(line, bound - 1, LAST)


def part(session: Session, asked: Asked, actor: Actor) -> Part:
    """One part of the feed, at most ``size`` events. The database keeps to the reader's rows.

    Raises ``Gone`` for a place of before a restore, or of before what the log still holds.
    """
    rows = session.execute(_statement(asked)).all()
    head = rows[0]
    _check(head, asked.since)
    lines = [row for row in rows if row.id is not None]
    if len(lines) > asked.size:
        lines = lines[: asked.size]
        place, more = Place(head.line, lines[-1].transaction, lines[-1].id), True
    else:
        edge = session.execute(_edge(asked.since, head.bound)).one_or_none()
        more = edge is not None
        place = Place(head.line, *(edge or (head.bound - 1, LAST)))
    return Part(_events(session, lines, actor), place, more)


def _check(head: Row[Any], since: Place | None) -> None:
    if since is None:
        return
    if since.line != head.line:
        raise Gone(OTHER_LINE)
    lost = (head.lost_transaction, head.lost_id)
    if head.lost_id is not None and (since.transaction, since.id) < lost:
        raise Gone(TOO_OLD)


def _statement(asked: Asked) -> Any:
    """State of the feed, and beside it the lines wanted; one row at the least."""
    looked = (
        select(*(LOG.c[name] for name in COLUMNS))
        .where(*_between(asked.since, BOUND))
        .order_by(LOG.c.transaction, LOG.c.id)
        .limit(LOOK)
        .subquery()
    )
    wanted = looked.c.table_name == any_(literal(list(asked.tables), ARRAY(Text)))
    lines = select(looked).where(wanted).order_by(looked.c.transaction, looked.c.id)
    some = lines.limit(asked.size + 1).subquery()
    head = (FEED.c.line, FEED.c.lost_transaction, FEED.c.lost_id, BOUND.label("bound"))
    statement = select(*head, *some.c).select_from(FEED.outerjoin(some, true()))
    return statement.order_by(some.c.transaction, some.c.id)


def _edge(since: Place | None, bound: int) -> Any:
    """The last line that was looked at, where there were more of them than are looked at."""
    return (
        select(LOG.c.transaction, LOG.c.id)
        .where(*_between(since, literal(bound, BigInteger)))
        .order_by(LOG.c.transaction, LOG.c.id)
        .offset(LOOK - 1)
        .limit(1)
    )


def _between(since: Place | None, bound: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    """Lines after the place, or after what is no longer kept, and before the bound."""
    if since is None:
        whole = (
            func.coalesce(column, FIRST) for column in (FEED.c.lost_transaction, FEED.c.lost_id)
        )
        after = tuple_(*(select(column).scalar_subquery() for column in whole))
    else:
        after = tuple_(literal(since.transaction, BigInteger), literal(since.id, BigInteger))
    return (tuple_(LOG.c.transaction, LOG.c.id) > after, LOG.c.transaction < bound)


def _events(session: Session, lines: Sequence[Row[Any]], actor: Actor) -> list[dict[str, Any]]:
    """Lines as events; of rows that the reader may not read themselves there are none.

    Of rows that are in the trash now it is told what happened to them, and not what they say.
    """
    known = _identities(session, lines)
    seen = {name: visible(record_named(name), actor) for name in {row.table_name for row in lines}}
    found = []
    for row in lines:
        uid, alive = known.get((row.table_name, row.row_id), (None, False))
        if uid or row.verb == "delete":
            found.append(_event(row, uid, seen[row.table_name] if alive else ()))
    return found


def _identities(
    session: Session, lines: Sequence[Row[Any]]
) -> dict[tuple[str, int], tuple[str, bool]]:
    """Lasting identities of rows and whether they are out of the trash, in one statement.

    The policies of their tables decide which rows there are.
    """
    wanted: dict[str, set[int]] = {}
    for row in lines:
        wanted.setdefault(row.table_name, set()).add(row.row_id)
    if not wanted:
        return {}
    parts = []
    for name, ids in sorted(wanted.items()):
        columns = record_named(name).__table__.c
        alive = columns.deleted_at.is_(None).label("alive")
        found = select(literal(name).label("name"), columns.id, columns.uid, alive)
        parts.append(found.where(among(columns.id, sorted(ids))))
    every = session.execute(union_all(*parts))
    return {(row.name, row.id): (str(row.uid), row.alive) for row in every}


def _event(row: Row[Any], uid: str | None, fields: Sequence[Field]) -> dict[str, Any]:
    after = row.after or {}
    return {
        "id": row.id,
        "kind": f"{row.table_name}.{KINDS[row.verb]}",
        "record": row.table_name,
        "row_id": row.row_id,
        "uid": uid,
        "version": row.row_version,
        "organisation_id": row.organisation_id,
        "at": instant(row.at),
        "fields": {f.name: _shown(f, after[f.name]) for f in fields if f.name in after},
        "batch": row.batch_id,
    }


def _shown(field: Field, stored: Any) -> Any:
    """A value of the log as the API shows it."""
    if stored is None:
        return None
    try:
        value = understood(field, stored)
    except Invalid:
        return stored  # a rule of today that the value of then does not meet
    scale = getattr(field.kind.column, "scale", None)
    if isinstance(value, Decimal) and scale is not None:
        value = value.quantize(Decimal(1).scaleb(-scale))
    return plain(field.kind, value)
