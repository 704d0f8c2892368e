"""Rows of the portal that rows of a table mean: asked for a thousand at a time, within the scope.

A row is known by its key, else by the first declared key of its record all of whose values the file
gives. What is out of the scope is answered like what does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ARRAY, Text, Uuid, any_, literal, select

from app.kernel.catalogue import CAPTION, caption_of, field_map, order_key
from app.kernel.sealing import cipher, print_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

Standing = dict[str, Any]  # a row by its attributes, with ``words`` that name it
Tuple = tuple[Any, ...]
ALWAYS = ("id", "uid", "version")
QUOTES = str.maketrans("ё", "е", "«»\"'")


def folded(text: str) -> str:
    """A text as ``portal_key`` of the database compares it."""
    return text.lower().translate(QUOTES).strip(" ")


def normal(record: type[Record], name: str, value: Any) -> Any:
    """A value as values of the attribute are compared; of a sealed one, its fingerprint."""
    if value is None:
        return None
    if name in record.sealed:
        return cipher().fingerprint(record.sealed[name], value)
    return folded(value) if isinstance(value, str) else value


def by_uid(
    session: Session, record: type[Record], wanted: Collection[UUID]
) -> dict[UUID, Standing]:
    """The rows with these keys."""
    found = _rows(session, record, record.__table__.c.uid, list(wanted), Uuid())
    return {row["uid"]: row for row in found}


def by_id(session: Session, record: type[Record], wanted: Collection[int]) -> dict[int, Standing]:
    """The rows with these numbers."""
    ident: ColumnElement[Any] = record.__table__.c.id
    return {row["id"]: row for row in _rows(session, record, ident, list(wanted), ident.type)}


def by_values(
    session: Session, record: type[Record], names: Sequence[str], wanted: Iterable[Tuple]
) -> dict[Tuple, list[Standing]]:
    """The rows whose attributes have these values, in the form of ``normal``."""
    asked = set(wanted)
    place = min(range(len(names)), key=lambda at: _rank(record, names[at]))
    column, kind = _column(record, names[place])
    values = list({one[place] for one in asked})
    found: dict[Tuple, list[Standing]] = defaultdict(list)
    for row in _rows(session, record, column, values, kind):
        told = tuple(_told(record, row, name) for name in names)
        if told in asked:
            found[told].append(row)
    return found


def by_words(
    session: Session, record: type[Record], wanted: Collection[str]
) -> dict[str, list[Standing]]:
    """The rows that are named by these words, as ``folded``."""
    found: dict[str, list[Standing]] = defaultdict(list)
    for row in _rows(session, record, order_key(record, CAPTION), list(wanted), Text()):
        found[folded(row["words"] or "")].append(row)
    return found


def _told(record: type[Record], row: Mapping[str, Any], name: str) -> Any:
    if name in record.sealed:
        return row[print_of(name)]
    return normal(record, name, row[name])


def _rank(record: type[Record], name: str) -> int:
    """How well an attribute serves to find few rows by an index."""
    if name in record.sealed:
        return 0
    if field_map(record)[name].kind.target:
        return 1
    return 2 if name == record.about.caption[0] else 3


def _column(record: type[Record], name: str) -> tuple[ColumnElement[Any], Any]:
    table = cast("Table", record.__table__)
    if name in record.sealed:
        return table.c[print_of(name)], Text()
    if field_map(record)[name].kind.python is str:
        caption = record.about.caption == (name,)
        return order_key(record, CAPTION if caption else name), Text()
    return table.c[name], table.c[name].type


def _rows(
    session: Session,
    record: type[Record],
    column: ColumnElement[Any],
    values: list[Any],
    kind: Any,
) -> list[Standing]:
    """The live rows where the column has one of the values, which travel as one parameter."""
    if not values:
        return []
    table = cast("Table", record.__table__)
    known = [n for n in field_map(record) if n not in ALWAYS]
    prints = [print_of(n) for n in record.sealed]
    columns = [table.c[n] for n in (*ALWAYS, *known, *prints)]
    statement = select(*columns, caption_of(record).label("words")).where(
        column == any_(literal(values, ARRAY(kind))), table.c.deleted_at.is_(None)
    )
    return [dict(row._mapping) for row in session.execute(statement)]  # noqa: SLF001 - its public name
