"""Rows as JSON texts that the database itself writes: no object is made of a row on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    DateTime,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
)

from app.kernel.catalogue import field_map, order_key, record_named
from app.kernel.errors import Missing
from app.kernel.kinds import FILE
from app.kernel.sealing import cipher
from app.models.files import File
from app.services.browse import Place, Query, narrowed
from app.services.reach import placed, within_reach

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, FromClause, Row, Select, Subquery
    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record

ALWAYS = ("id", "uid", "version", "updated_at")  # what every row begins with
INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


class OneRow(NamedTuple):
    """A row as a JSON object, with its version and whose it is."""

    version: int
    text: str
    organisation: int | None
    learner: int | None


@dataclass(frozen=True, slots=True)
class Texts:
    """One page of rows, each a JSON object; ``last``: where to go on, if any are left."""

    rows: tuple[str, ...]
    last: Place | None


def json_page(
    session: Session,
    query: Query,
    fields: Sequence[Field],
    *,
    captions: bool = False,
    few: bool = False,
) -> Texts:
    """One page of rows in one statement; ``few`` as in ``browse``."""
    names = tuple(f.name for f in fields)

    def ask(asked: Query, /, *, few: bool) -> Sequence[Row[Any]]:
        return _ask(session, asked, names, captions=captions, few=few)

    rows = within_reach(session, query, ask, few=few)
    shown = rows[: query.size]
    last = Place(shown[-1].order_key, shown[-1].id) if len(rows) > query.size else None
    sealed = {n: kind for n, kind in query.record.sealed.items() if n in names}
    return Texts(tuple(_opened(row.text, sealed) for row in shown), last)


def json_row(
    session: Session,
    record: type[Record],
    ident: int,
    fields: Sequence[Field],
    *,
    captions: bool = False,
) -> OneRow:
    """The row. Raises ``Missing``, for a foreign and an absent id alike."""
    names = tuple(f.name for f in fields)
    row = session.execute(
        _one(record.__tablename__, names, captions=captions), {"ident": ident}
    ).one_or_none()
    if row is None:
        raise Missing("Такой записи нет.")
    sealed = {n: kind for n, kind in record.sealed.items() if n in names}
    return OneRow(row.version, _opened(row.text, sealed), row.organisation, row.learner)


def _opened(text: str, sealed: Mapping[str, str]) -> str:
    """The row with its restricted texts opened: the database writes what lies in it."""
    if not sealed:
        return text
    row = json.loads(text)
    for name, kind in sealed.items():
        if row[name] is not None:
            row[name] = cipher().unseal(kind, row[name])
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _ask(
    session: Session, query: Query, names: tuple[str, ...], *, captions: bool, few: bool
) -> Sequence[Row[Any]]:
    """The texts of a page and one more."""
    values: dict[str, Any] = {"size": query.size + 1}
    begins = query.place is not None
    if query.place is not None:
        values |= {"place_key": query.place.key, "place_id": query.place.id}
    if query.narrow or few:
        statement = _page_of(query, names, begins=begins, captions=captions, few=few)
    else:
        of = (query.record.__tablename__, names, query.order, query.descending)
        statement = _plain_page(*of, begins=begins, captions=captions)
    return session.execute(statement, values).all()


@lru_cache(maxsize=256)
def _plain_page(
    record: str,
    names: tuple[str, ...],
    order: str,
    descending: bool,  # noqa: FBT001 - part of the key
    *,
    begins: bool,
    captions: bool,
) -> Select[Any]:
    """A page without filters, kept: it takes longer to write than to send."""
    query = Query(record_named(record), order=order, descending=descending)
    return _page_of(query, names, begins=begins, captions=captions, few=False)


def _page_of(
    query: Query, names: tuple[str, ...], *, begins: bool, captions: bool, few: bool
) -> Select[Any]:
    """Ask for a page; its place and size are given when it is sent."""
    key = order_key(query.record, query.order)
    ident: ColumnElement[Any] = query.record.__table__.c.id
    statement = narrowed(_columns(query.record, names, key), query, looking=not few)
    if begins:
        here = tuple_(
            bindparam("place_key", type_=key.type), bindparam("place_id", type_=ident.type)
        )
        pair = tuple_(key, ident)
        statement = statement.where(pair < here if query.descending else pair > here)
    statement = statement.where(*placed(replace(query, place=None), key))
    if few:  # OFFSET is a fence: the planner finds first and sorts afterwards
        first = statement.offset(0).subquery()
        statement, key, ident = select(first), first.c.order_key, first.c.id
    order = (key.desc(), ident.desc()) if query.descending else (key, ident)
    found = statement.order_by(*order).limit(bindparam("size", type_=Integer)).subquery("found")
    written = _written(query.record, found, names, captions=captions)
    key, ident = found.c.order_key, found.c.id
    return written.order_by(*((key.desc(), ident.desc()) if query.descending else (key, ident)))


@lru_cache(maxsize=256)
def _one(name: str, names: tuple[str, ...], *, captions: bool) -> Select[Any]:
    record = record_named(name)
    ident = record.__table__.c.id
    asked = record.id == bindparam("ident", type_=ident.type)
    whose = [n for n in ("organisation_id", record.about.learner) if n in record.__table__.c]
    found = _columns(record, (*names, *whose), ident).where(asked).subquery("found")
    owner = found.c.organisation_id if "organisation_id" in whose else null()
    learner = found.c[record.about.learner] if record.about.learner else null()
    written = _written(record, found, names, captions=captions)
    return written.add_columns(owner.label("organisation"), learner.label("learner"))


def _columns(record: type[Record], names: tuple[str, ...], key: ColumnElement[Any]) -> Select[Any]:
    wanted = dict.fromkeys((*ALWAYS, *names))
    columns = [getattr(record, name) for name in wanted]
    return select(*columns, key.label("order_key"))


def _written(
    record: type[Record], found: Subquery, names: tuple[str, ...], *, captions: bool
) -> Select[Any]:
    """The rows found, each written as one JSON object."""
    fields = [field_map(record)[name] for name in names]
    values = [found.c.id, found.c.uid, found.c.version, _instant(found.c.updated_at, "updated_at")]
    values += [_value(found.c[f.name], f).label(f.name) for f in fields]
    if captions:
        values.append(_captions(found, fields).label("captions"))
    inner = select(*values).correlate(found).subquery("shown")
    text = select(cast(func.to_json(inner.table_valued()), Text)).correlate(found)
    return select(
        found.c.id, found.c.order_key, found.c.version, text.scalar_subquery().label("text")
    )


def _instant(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.to_char(func.timezone("UTC", column), INSTANT).label(name)


def _value(column: ColumnElement[Any], field: Field) -> ColumnElement[Any]:
    """A value in its machine form: decimals as texts, instants in UTC, codes as an array."""
    if field.kind.python is Decimal:
        return cast(column, Text)
    if isinstance(field.kind.column, DateTime):
        return func.to_char(func.timezone("UTC", column), INSTANT)
    if field.kind.widget == "choices":
        return func.string_to_array(column, ";")
    return column


def _named(field: Field) -> tuple[FromClause, tuple[str, ...]]:
    """The table a field points to, and the attributes that name its rows."""
    if field.kind is FILE:
        return File.__table__.alias(), ("name",)
    target = record_named(field.kind.target)
    return target.__table__.alias(), target.about.caption


def _captions(found: Subquery, fields: Sequence[Field]) -> ColumnElement[Any]:
    """The words of the related rows by the names of the fields that point to them."""
    parts: list[Any] = []
    for field in fields:
        if field.kind.target:
            other, names = _named(field)
            words = func.coalesce(*(cast(other.c[name], Text) for name in names))
            row = select(words).where(other.c.id == found.c[field.name]).correlate(found)
            parts += [literal(field.name), row.scalar_subquery()]
    return func.json_build_object(*parts)
