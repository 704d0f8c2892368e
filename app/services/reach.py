"""How far a list is read for a page: what a search finds may stand at the very end of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import literal, select, tuple_

from app.kernel.catalogue import order_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.services.browse import Query

AHEAD = 2_000  # rows of the list among which a page is looked for before all that match are sorted


class Asking(Protocol):
    """Send a query; ``few``: find first and sort afterwards."""

    def __call__(self, asked: Query, /, *, few: bool) -> Sequence[Row[Any]]:
        """The rows of a page and one more, if there is one."""


def within_reach(session: Session, query: Query, ask: Asking, *, few: bool) -> Sequence[Row[Any]]:
    """The rows of a page in their order, without passing over nearly all of a long list.

    Many that match are usually spread over the list, and the next rows have a page of them. Those
    of a surname stand together, maybe last: where the next rows have no full page, all are sorted.
    """
    until = None if few or not query.search else _ahead(session, query)
    if until is None:
        return ask(query, few=few)
    found = ask(replace(query, until=until), few=False)
    return found if len(found) > query.size else ask(query, few=True)


def _ahead(session: Session, query: Query) -> tuple[Any, int] | None:
    """Where the list stands so many rows on; none where it ends sooner."""
    key = order_key(query.record, query.order)
    ident: ColumnElement[Any] = query.record.__table__.c.id
    passed = select(query.record.id).where(*placed(query, key))
    rising = query.descending == query.backwards
    order = (key.asc(), ident.asc()) if rising else (key.desc(), ident.desc())
    there = passed.order_by(*order).offset(AHEAD).limit(1).scalar_subquery()  # no key of the passed
    row = session.execute(select(key.label("key"), ident).where(ident == there)).one_or_none()
    return None if row is None else (row.key, row.id)


def placed(query: Query, key: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    """The conditions of where a page begins, and how far it reaches."""
    pair = tuple_(key, query.record.__table__.c.id)
    rising = query.descending == query.backwards
    if query.place is not None:
        here = tuple_(literal(query.place.key, key.type), literal(query.place.id))
        yield pair > here if rising else pair < here
    if query.until is not None:
        there = tuple_(*map(literal, query.until))
        yield pair <= there if rising else pair >= there
