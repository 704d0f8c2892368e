"""What the search box finds: rows with all the words, and with the day or number typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import false, func, literal_column

from app.kernel.catalogue import field_map
from app.kernel.rights import visible
from app.kernel.search import prefix_query
from app.kernel.seeking import sought
from app.services.conditions import Criterion, condition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import ColumnElement

    from app.kernel.actor import Actor
    from app.kernel.record import Record


def seeks(record: type[Record], typed: str) -> bool:
    """Whether the text looks for anything in the record at all."""
    return bool(record.about.search and prefix_query(typed))


def exact(record: type[Record], actor: Actor) -> tuple[str, ...]:
    """The attributes whose values the actor may look for: those seen in full, no mask is asked."""
    seen = {f.name for f in visible(record, actor)}
    return tuple(name for name in record.about.exact if name in seen)


def found_by(
    record: type[Record], typed: str, allowed: Collection[str]
) -> Iterator[ColumnElement[bool]]:
    """Conditions of a text that ``seeks``; values of other attributes than the allowed are left.

    A text of such values alone finds nothing, whether or not somebody has them.
    """
    asked = sought(record, typed)
    values = [(name, value) for name, value in asked.values if name in allowed]
    if prefix_query(asked.words):
        yield matches(record, asked.words)
    elif not values:
        yield false()
    for name, value in values:
        yield condition(record, Criterion(field_map(record)[name], "eq", value))


def typed_values(record: type[Record], typed: str, allowed: Collection[str]) -> frozenset[str]:
    """The allowed attributes whose values stand in a text."""
    return frozenset(name for name, _value in sought(record, typed).values) & frozenset(allowed)


def matches(record: type[Record], typed: str) -> ColumnElement[bool]:
    """The condition that all words of the text begin words of what is searched in the record."""
    asked = func.to_tsquery(literal_column("'simple'::regconfig"), prefix_query(typed))
    matches: ColumnElement[bool] = record.__table__.c.search.op("@@")(asked)
    return matches
