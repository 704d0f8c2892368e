"""Lists: one search, filters, order, keyset paging, and a count that never counts a big table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCLASS

from app.kernel.catalogue import caption_of, order_key
from app.kernel.record import Reading
from app.services.conditions import condition
from app.services.of_day import named_on, totals
from app.services.reach import placed, within_reach
from app.services.seeking import Narrowing, found_by, seeks, typed_values

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Row, ScalarSelect, Select
    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.conditions import Criterion, Group
    from app.services.of_day import Totals

EXACT_BELOW = 50_000  # interface.md 4: exact below, the planner's estimate above
CAP = 2_000  # with a search or a filter rows are counted up to here
PICKED = 1_000  # of those that match, a picker looks at
SPARE = 5  # words that may begin alike in the name of one person
SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or ends: the order key and the id of a row."""

    key: Any
    id: int


@dataclass(frozen=True, slots=True)
class Query:
    """What a list is asked for; with ``ids`` only these rows, in whatever scope they are seen."""

    record: type[Record]
    search: str = ""
    exact: tuple[str, ...] = ()  # attributes that a day or a number typed there may be sought in
    criteria: tuple[Criterion, ...] = ()
    where: Group | None = None
    ids: tuple[int, ...] | None = None
    day: dt.date | None = None  # rows tell what they were part of on it
    order: str = "id"
    descending: bool = False
    place: Place | None = None
    until: tuple[Any, int] | None = None  # the order key and the id it reaches to
    backwards: bool = False
    size: int = SIZES[0]

    @property
    def narrow(self) -> bool:
        """Whether anything narrows the list: a search, a filter, or chosen rows."""
        return bool(self.search) or self.chosen

    @property
    def only_search(self) -> bool:
        """Whether nothing but the search narrows the list."""
        return bool(self.search) and not self.chosen

    @property
    def chosen(self) -> bool:
        """Whether filters or chosen rows narrow the list."""
        return bool(self.criteria or self.where or self.ids is not None)

    @property
    def sought(self) -> frozenset[str]:
        """The attributes whose values the list is asked for, not whether there are any."""
        given = [*self.criteria, *(self.where.criteria() if self.where else ())]
        named = {part.field.name for part in given if part.operator != "empty"}
        return frozenset(named | typed_values(self.record, self.search, self.exact))


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows: exact, about (``≈``), or more than ``number``.

    ``few``: a search or a filter left so few that it takes next to nothing to sort them.
    """

    number: int
    exact: bool = True
    capped: bool = False
    few: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in order; each has ``id``, ``organisation`` and then the asked columns."""

    rows: tuple[Row[Any], ...]
    first: Place | None
    last: Place | None
    more_before: bool
    more_after: bool


def browse(session: Session, query: Query, fields: Sequence[Field], *, few: bool = False) -> Page:
    """One page of rows in one statement, as quick at the end of the table as at its beginning.

    ``few``: the caller has counted, and what is found can be sorted at once. Otherwise rows are
    read in their order until the page is full, which is slow where the few that match stand last.
    """

    def ask(asked: Query, /, *, few: bool) -> Sequence[Row[Any]]:
        return _rows(session, asked, fields, few=few)

    found = within_reach(session, query, ask, few=few)
    more = len(found) > query.size
    rows = tuple(found[: query.size])
    if query.backwards:
        rows = rows[::-1]
    return Page(
        rows,
        _place(rows, 0),
        _place(rows, -1),
        more_before=more if query.backwards else query.place is not None,
        more_after=query.place is not None if query.backwards else more,
    )


def _rows(
    session: Session, query: Query, fields: Sequence[Field], *, few: bool
) -> Sequence[Row[Any]]:
    """The rows of a page and one more."""
    key, ident = _key(query), query.record.__table__.c.id
    rising = query.descending == query.backwards
    columns = _columns(query.record, fields, key)
    statement = narrowed(columns, query, looking=not few).where(*placed(query, key))
    if few:  # OFFSET is a fence: the planner finds first and sorts afterwards
        first = statement.offset(0).subquery()
        statement, key, ident = select(first), first.c.order_key, first.c.id
    statement = _dated(statement, query, ident)
    order = (key.asc(), ident.asc()) if rising else (key.desc(), ident.desc())
    return session.execute(statement.order_by(*order).limit(query.size + 1)).all()


def count(session: Session, query: Query) -> Count:
    """Exact for small tables and small results, otherwise an honest estimate."""
    if query.narrow:
        number = count_up_to(session, query, CAP + 1)
        return Count(min(number, CAP), capped=number > CAP, few=number <= CAP)
    if query.record.about.reading is Reading.OWN:  # the planner knows of other people's rows too
        number = count_up_to(session, query, EXACT_BELOW + 1)
        return Count(min(number, EXACT_BELOW), capped=number > EXACT_BELOW)
    # One statement for both: the rows are counted only where the planner knows of few.
    known = literal_column("pg_class.reltuples::bigint", BigInteger)
    counted = case((known <= EXACT_BELOW, _counted(query, EXACT_BELOW + 1)), else_=None)
    found = session.execute(
        select(known, counted)
        .select_from(table("pg_class"))
        .where(literal_column("pg_class.oid") == cast(query.record.__tablename__, REGCLASS))
    ).one()
    if found[1] is None:
        return Count(int(found[0]), exact=False)
    return Count(min(found[1], EXACT_BELOW), capped=found[1] > EXACT_BELOW)


def count_up_to(session: Session, query: Query, limit: int) -> int:
    """The number of rows, counted no further than the limit."""
    return session.scalar(select(_counted(query, limit))) or 0


def _counted(query: Query, limit: int) -> ScalarSelect[int]:
    rows: Select[Any] = select(literal_column("1")).select_from(query.record)
    among = Narrowing(limit * SPARE) if query.only_search else None
    inner = narrowed(rows, query, among=among).limit(limit)
    return select(func.count()).select_from(inner.subquery()).scalar_subquery()


def stream(session: Session, query: Query, fields: Sequence[Field]) -> Iterator[Row[Any]]:
    """All rows of the query in its order through a server-side cursor: memory does not grow."""
    key = _key(query)
    statement = narrowed(_columns(query.record, fields, key), query)
    statement = _dated(statement, query, query.record.__table__.c.id)
    order = (key.desc(), query.record.id.desc()) if query.descending else (key, query.record.id)
    result = session.execute(
        statement.order_by(*order), execution_options={"yield_per": 1000, "stream_results": True}
    )
    yield from result


def options(
    session: Session,
    record: type[Record],
    typed: str,
    *,
    organisation: int | None = None,
    exact: tuple[str, ...] = (),
    limit: int = 20,
) -> list[tuple[int, str, str]]:
    """What a picker offers for the typed words, of one organisation: id, caption, context.

    Of very many that match any thousand are looked at: people go on typing.
    """
    hint = [getattr(record, name) for name in record.about.hint if not name.endswith("_id")]
    shown = func.concat_ws(" · ", *hint) if hint else literal("")
    key = order_key(record, record.about.order)
    words = caption_of(record).label("words")
    statement = select(record.id, words, shown.label("shown"), key.label("order_key"))
    ident: ColumnElement[Any] = record.__table__.c.id
    if organisation is not None and "organisation_id" in record.__table__.c:
        statement = statement.where(record.__table__.c.organisation_id == organisation)
    if seeks(record, typed):
        among = Narrowing(PICKED * SPARE, organisation)
        some = (
            statement.where(*found_by(record, typed, exact, among=among)).limit(PICKED).subquery()
        )
        statement, key, ident = select(some), some.c.order_key, some.c.id
    rows = session.execute(statement.order_by(key, ident).limit(limit))
    return [(row[0], row[1] or f"№\u00a0{row[0]}", row[2]) for row in rows]


def _key(query: Query) -> ColumnElement[Any]:
    return order_key(query.record, query.order)


def _columns(record: type[Record], fields: Sequence[Field], key: ColumnElement[Any]) -> Select[Any]:
    organisation = getattr(record, "organisation_id", literal(None))
    wanted = [getattr(record, f.name).label(f"f_{f.name}") for f in fields]
    words = caption_of(record).label("words")
    return select(
        record.id, organisation.label("organisation"), key.label("order_key"), words, *wanted
    )


def _dated(statement: Select[Any], query: Query, ident: ColumnElement[Any]) -> Select[Any]:
    """The rows, with what they were part of on the day of the list as their last column."""
    if query.day is None:
        return statement
    return statement.add_columns(named_on(query.record, ident, query.day).label("of_day"))


def totals_of(session: Session, query: Query) -> Totals | None:
    """The rows of a list of a day by grade and class; none where it is of no day."""
    if query.day is None:
        return None
    table = query.record.__table__.c
    return totals(
        session, query.record, narrowed(select(table.id, table.organisation_id), query), query.day
    )


def _place(rows: tuple[Row[Any], ...], index: int) -> Place | None:
    return Place(rows[index].order_key, rows[index].id) if rows else None


def narrowed(
    statement: Select[Any],
    query: Query,
    *,
    looking: bool = False,
    among: Narrowing | None = None,
) -> Select[Any]:
    """The statement about what the query finds: search, conditions, chosen rows.

    ``looking`` and ``among`` as in ``found_by``.
    """
    if seeks(query.record, query.search):
        found = found_by(query.record, query.search, query.exact, looking=looking, among=among)
        statement = statement.where(*found)
    for part in (*query.criteria, *((query.where,) if query.where else ())):
        statement = statement.where(condition(query.record, part))
    if query.ids is not None:  # one array, however many they are
        chosen = literal(list(query.ids), ARRAY(BigInteger))
        statement = statement.where(query.record.__table__.c.id == any_(chosen))
    return statement
