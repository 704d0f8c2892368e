"""What the search box finds: rows with all the words, and with the day or number typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import false, func, literal_column, select

from app.kernel.catalogue import field_map
from app.kernel.rights import visible
from app.kernel.search import prefix_query, words
from app.kernel.seeking import sought
from app.kernel.word_rows import words_of
from app.services.conditions import Criterion, condition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select, Table

    from app.kernel.actor import Actor
    from app.kernel.record import Record


class Narrowing(NamedTuple):
    """Any so many words with what is sought are enough, of one organisation or of all."""

    most: int
    organisation: int | None = None


def seeks(record: type[Record], typed: str) -> bool:
    """Whether the text looks for anything in the record at all."""
    return bool(record.about.search and prefix_query(typed))


def exact(record: type[Record], actor: Actor) -> tuple[str, ...]:
    """The attributes whose values the actor may look for: those seen in full, no mask is asked."""
    seen = {f.name for f in visible(record, actor)}
    return tuple(name for name in record.about.exact if name in seen)


def found_by(
    record: type[Record],
    typed: str,
    allowed: Collection[str],
    *,
    looking: bool = False,
    among: Narrowing | None = None,
) -> Iterator[ColumnElement[bool]]:
    """Conditions of a text that ``seeks``; values of other attributes than the allowed are left.

    A text of such values alone finds nothing, whether or not somebody has them. ``looking``: rows
    are read anyway, each is looked at; otherwise they are found, ``among`` some of them if given.
    """
    asked = sought(record, typed)
    values = [(name, value) for name, value in asked.values if name in allowed]
    if prefix_query(asked.words):
        table = None if looking else words_of(record)
        if table is None:
            yield matches(record, asked.words)
        else:
            yield record.__table__.c.id.in_(
                _rows_with(table, words(asked.words), None if values else among)
            )
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


def _rows_with(table: Table, typed: Sequence[str], among: Narrowing | None) -> Select[Any]:
    """Numbers of the rows that have words with all these beginnings; the longest is looked up."""
    first, *others = sorted(typed, key=len, reverse=True)
    statement = select(table.c.row_id).where(table.c.word.op("^@")(first))
    for other in others:
        statement = statement.where(table.c.words.like(f"% {other}%"))
    if among is not None:
        if among.organisation is not None:
            statement = statement.where(table.c.organisation_id == among.organisation)
        statement = statement.limit(among.most)
    return statement
