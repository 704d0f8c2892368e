"""Rows of another register kept in ours, in sets: one query to find, one to add, one to change."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    String,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.kernel.record import new_uid
from app.services.accreditation_report import State
from app.services.given import given, given_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

SOURCE = "rosobrnadzor"
PAGE = 1000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as the import keeps it.

    ``columns`` are all attributes the file may speak of; ``key`` the one by which a row is found
    again; ``parent`` the one that leads to the certificate; ``clearable`` those which the file
    empties by saying nothing: an end of validity that is no longer there. A new row begins with
    ``defaults``.
    """

    record: type[Record]
    columns: tuple[str, ...]
    key: str = "source_id"
    parent: str = ""
    clearable: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table of the record."""
        return typing.cast("Table", self.record.__table__)


class Found(NamedTuple):
    """A row that is there already."""

    id: int
    version: int
    values: Mapping[str, Any]


class Written(NamedTuple):
    """A row after the import: its id, what became of it, its values."""

    id: int
    state: State
    values: Mapping[str, Any]


@dataclass(slots=True)
class Row:
    """A row of the file; values absent from it or None leave what is stored as it is."""

    key: Any
    values: dict[str, Any] = field(default_factory=dict)


def find(session: Session, kept: Kept, keys: Collection[Any]) -> dict[Any, Found]:
    """Give the live rows of the register with the keys."""
    return read(session, kept, kept.key, keys, kept.table.c.source == SOURCE)


def find_with_children(
    session: Session, kept: Kept, keys: Collection[str], parents: Collection[int]
) -> dict[str, Found]:
    """Give the live rows of the keys and all other rows of the register under the parents."""
    under = read(session, kept, kept.parent, parents).items()
    mine = {key: row for key, row in under if row.values["source"] == SOURCE}
    return mine | find(session, kept, [key for key in keys if key not in mine])


def read(
    session: Session,
    kept: Kept,
    name: str,
    values: Collection[Any],
    *conditions: ColumnElement[bool],
) -> dict[Any, Found]:
    """Give the live rows with one of the values for which the conditions hold, by key."""
    if not values:
        return {}
    table = kept.table
    kind = BigInteger() if isinstance(table.c[name].type, BigInteger) else String()
    among = table.c[name] == func.any(bindparam("among", list(values), type_=ARRAY(kind)))
    names = tuple(dict.fromkeys((*kept.columns, kept.key)))
    statement = select(table.c.id, table.c.version, *(table.c[name] for name in names)).where(
        among, *conditions, _live(table, name)
    )
    found: dict[Any, Found] = {}
    for ident, version, *rest in session.execute(statement):
        row = dict(zip(names, rest, strict=True))
        found[row[kept.key]] = Found(ident, version, row)
    return found


def _live(table: Table, name: str) -> ColumnElement[bool]:
    """Not in the trash, said so that the index of the column is the one that is used.

    Rows are unique by the register's key where ``deleted_at`` is null. Said so of another column,
    that whole index would be read besides: while a table has no statistics, few rows are believed
    to be live.
    """
    if name == "source_id":
        return table.c.deleted_at.is_(None)
    return func.coalesce(table.c.deleted_at, text("'infinity'")) == text("'infinity'")


def trashed(session: Session, kept: Kept) -> frozenset[str]:
    """Give the keys of the register's rows that somebody has moved to the trash."""
    table = kept.table
    statement = select(table.c.source_id).where(
        table.c.source == SOURCE, table.c.deleted_at.is_not(None)
    )
    return frozenset(session.scalars(statement))


def write(
    session: Session, kept: Kept, rows: Iterable[Row], found: Mapping[Any, Found]
) -> dict[Any, Written]:
    """Add the rows that are not found, change those that differ; gives all of them by key.

    A row that somebody changed between being found and being written is left alone and absent.
    """
    new: list[Row] = []
    changed: list[tuple[Row, Found, dict[str, Any]]] = []
    written: dict[Any, Written] = {}
    for row in rows:
        present = found.get(row.key)
        if present is None:
            new.append(row)
            continue
        values = {**present.values, **differences(kept, row, present)}
        if values == present.values:
            written[row.key] = Written(present.id, State.SAME, present.values)
        else:
            changed.append((row, present, values))
    for first in range(0, len(new), PAGE):
        written |= _add(session, kept, new[first : first + PAGE])
    for first in range(0, len(changed), PAGE):
        written |= _change(session, kept, changed[first : first + PAGE])
    return written


def differences(kept: Kept, row: Row, present: Found) -> dict[str, Any]:
    """Give what the file says otherwise than is stored."""
    return {
        name: value
        for name, value in row.values.items()
        if present.values[name] != value and (value is not None or name in kept.clearable)
    }


def _add(session: Session, kept: Kept, rows: list[Row]) -> dict[Any, Written]:
    table = kept.table
    names = ("uid", *kept.columns)
    new = given({name: table.c[name].type for name in names})
    statement = (
        insert(table)
        .from_select(names, select(*(new.c[name] for name in names)))
        .returning(table.c.id, table.c[kept.key])
    )
    blank = {**dict.fromkeys(kept.columns), **kept.defaults}
    complete = [
        {**blank, **{name: value for name, value in row.values.items() if value is not None}}
        for row in rows
    ]
    told = given_json({"uid": new_uid(), **values} for values in complete)
    ids = {key: ident for ident, key in session.execute(statement, {"given": told})}
    return {
        row.key: Written(ids[row.key], State.NEW, values)
        for row, values in zip(rows, complete, strict=True)
    }


def _change(
    session: Session, kept: Kept, rows: list[tuple[Row, Found, dict[str, Any]]]
) -> dict[Any, Written]:
    table = kept.table
    names = ("id", "version", *kept.columns)
    new = given({name: table.c[name].type for name in names})
    statement = (
        update(table)
        .values({name: new.c[name] for name in kept.columns})
        .where(table.c.id == new.c.id, table.c.version == new.c.version)
        .returning(table.c.id)
    )
    told = given_json(
        {"id": present.id, "version": present.version}
        | {name: values[name] for name in kept.columns}
        for _, present, values in rows
    )
    done = set(session.scalars(statement, {"given": told}))
    return {
        row.key: Written(present.id, State.CHANGED, values)
        for row, present, values in rows
        if present.id in done
    }
