"""Several short lists in one statement: what a record page shows of all that belongs to it."""

from __future__ import annotations

import datetime as dt
from collections import namedtuple
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import Text, bindparam, func, literal, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import array

from app.kernel.catalogue import caption_of, order_key, record_named
from app.kernel.sealing import cipher
from app.services.browse import Page
from app.services.compiled import Compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record

Asked = tuple["type[Record]", "Sequence[Field]"]
_READERS: dict[type[Any], Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: lambda written: written == "true",
    Decimal: Decimal,
    UUID: UUID,
    dt.date: dt.date.fromisoformat,
    dt.datetime: dt.datetime.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


def first_rows(session: Session, parent_id: int, asked: Sequence[Asked], size: int) -> list[Page]:
    """The first page of each list of a parent, all in one statement.

    Lists have columns of different types: they travel as texts and are read back by the types of
    the columns.
    """
    if not asked:
        return []
    shapes = tuple((r.__tablename__, tuple(f.name for f in fields)) for r, fields in asked)
    found = _statement(shapes, size).ask(session, parent=parent_id).all()
    result = []
    for at, (record, fields) in enumerate(asked):
        shape = _shape(tuple(f"f_{f.name}" for f in fields))
        readers = [_reader(record, f) for f in fields]
        rows = [
            shape(r.id, r.organisation, r.words, *map(_read, readers, r.cells))
            for r in found
            if r.list == at
        ]
        shown = cast("tuple[Row[Any], ...]", tuple(rows[:size]))
        result.append(Page(shown, None, None, more_before=False, more_after=len(rows) > size))
    return result


@lru_cache(maxsize=256)
def _statement(shapes: tuple[tuple[str, tuple[str, ...]], ...], size: int) -> Compiled:
    """Ask for the lists of whatever parent; kept, for it takes longer to write than to send."""
    parts = [_part(at, record_named(name), names, size) for at, (name, names) in enumerate(shapes)]
    together = union_all(*parts).subquery()
    return Compiled(select(together).order_by(together.c.list, together.c.place))


def _part(at: int, record: type[Record], names: tuple[str, ...], size: int) -> Select[Any]:
    """One list, its values as an array of texts."""
    table = record.__table__
    key = order_key(record, record.about.order)
    cells: list[ColumnElement[str]] = [sql_cast(table.c[name], Text) for name in names]
    place = func.row_number().over(order_by=(key, table.c.id))
    owner = table.c[record.about.owner]
    rows = (
        select(
            literal(at).label("list"),
            place.label("place"),
            table.c.id,
            table.c.get("organisation_id", literal(None)).label("organisation"),
            sql_cast(caption_of(record), Text).label("words"),
            array(cells).label("cells"),
        )
        .where(owner == bindparam("parent", type_=owner.type), table.c.deleted_at.is_(None))
        .order_by(key, table.c.id)
        .limit(size + 1)
    )
    return select(rows.subquery())


@lru_cache(maxsize=256)
def _shape(names: tuple[str, ...]) -> Callable[..., Any]:
    known = ["id", "organisation", "words"]
    return namedtuple("Line", [*known, *names])  # noqa: PYI024 - the names come with the page


def _reader(record: type[Record], field: Field) -> Callable[[str], Any]:
    if field.name in record.sealed:
        return partial(cipher().unseal, record.sealed[field.name])
    return _READERS[record.__table__.c[field.name].type.python_type]


def _read(reader: Callable[[str], Any], written: str | None) -> Any:
    return None if written is None else reader(written)
