"""Every record of the portal by name, and which attribute answers which item of Appendix 3."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    case,
    func,
    inspect,
    literal_column,
)
from sqlalchemy import Date as DateType
from sqlalchemy import Integer as IntegerType
from sqlalchemy import String as StringType

from app.kernel.errors import Message
from app.kernel.fields import Field, fields_of
from app.kernel.record import About, Reading, Record, Refusal, out_of_order
from app.kernel.word_rows import add_words

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACES = re.compile(r"%\((\w+)\)s")
ANOTHERS = Message("Это запись другой организации. Выберите запись этой же организации.")
ORDER_OF = "order_of_"  # columns with the orders of texts begin so
CAPTION = "caption"  # the name under which lists are ordered by the words that name a row
_records: dict[str, type[Record]] = {}
_fields: dict[type[Record], dict[str, Field]] = {}
_pointed: set[str] = set()  # records that own relations point to
R = TypeVar("R", bound=Record)


def register(record: type[R]) -> type[R]:
    """Class decorator: enter the record, check what it says about itself, add its indexes.

    Raises ``ValueError`` when a declaration names an attribute that does not exist.
    """
    name = record.__tablename__
    if name in _records:
        message = f"record {name} is declared twice"
        raise ValueError(message)
    _check(record, record.about)
    ordered = [declared.name for declared in fields_of(record) if declared.ordered]
    for attribute in (*ordered, *((CAPTION,) if record.about.caption_label else ())):
        _index_order(record, attribute)
    if record.about.words:
        add_words(record)
    elif record.about.search:
        Index(f"ix_{name}_search", record.__table__.c.search, postgresql_using="gin")
    _index_trash(record)
    record.sealed = {f.name: f.kind.name for f in fields_of(record) if f.kind.sealed}
    _records[name] = record
    _bind(record)
    return record


def _bind(record: type[Record]) -> None:
    """Constraints that follow from the declaration: orders of dates, relations that stay inside."""
    table = record.__table__
    for first, last in record.about.spans:
        refusal = Refusal(last, last, out_of_order(record, first, last))
        kept = CheckConstraint(
            table.c[first] <= table.c[last], name=last, info={"refusal": refusal}
        )
        table.append_constraint(kept)
    for declared in fields_of(record):
        if declared.own:
            target, column = declared.kind.target, declared.name
            table.append_constraint(
                ForeignKeyConstraint(
                    [column, "organisation_id"],
                    [f"{target}.id", f"{target}.organisation_id"],
                    name=(key := f"fk_{record.__tablename__}_{column}"),
                    info={"refusal": Refusal(key, column, ANOTHERS)},
                    ondelete="RESTRICT",
                    # What is said of a learner goes along to the next school.
                    onupdate="CASCADE" if record.about.reading is Reading.LEARNER else None,
                )
            )
            _pointed.add(target)
    for name in _pointed & _records.keys():
        pointed = _records[name].__table__
        unique = f"uq_{name}_id_organisation_id"
        if unique not in {constraint.name for constraint in pointed.constraints}:
            pointed.append_constraint(UniqueConstraint("id", "organisation_id", name=unique))


def _check(record: type[Record], about: About) -> None:
    known = {attribute.key for attribute in inspect(record).column_attrs}
    named = {*about.caption, *about.search, *about.hint, *about.exact, about.owner or "id"}
    named |= {name for pair in about.spans for name in pair} | set(PLACES.findall(about.naming))
    named |= {about.learner or "id", about.holder or "id"}
    named |= {name for key in about.keys for name in key}
    named |= {about.order} - {CAPTION if about.caption_label else ""}
    sections = {section.id for section in about.sections}
    placed = {declared.section for declared in fields_of(record) if declared.section}
    wrong = (named - known) | (placed - sections)
    if wrong or not about.caption:
        message = f"{record.__name__}: unknown {sorted(wrong)}"
        raise ValueError(message)


def _index_order(record: type[Record], name: str) -> None:
    """An index of an order of the list; of texts that few rows are read of, a column with it.

    Row security holds ``portal_key`` back until a row may be seen, so that no page could begin
    anywhere but at the first row; a column is compared by an index under any policy.
    """
    table = record.__table__
    texts = name == CAPTION or isinstance(table.c[name].type, StringType)
    if texts and record.about.reading is not Reading.EVERYBODY:
        kept = Computed(_written_out(record, name), persisted=True)
        table.append_column(Column(ORDER_OF + name, Text(collation="C"), kept, nullable=False))
    Index(
        f"ix_{record.__tablename__}_{name}_order",
        order_key(record, name),
        table.c.id,
        postgresql_where=table.c.deleted_at.is_(None),
    )


def _index_trash(record: type[Record]) -> None:
    table = record.__table__
    Index(
        f"ix_{record.__tablename__}_trash",
        table.c.deleted_at,
        table.c.id,
        postgresql_where=table.c.deleted_at.is_not(None),
    )


def caption_of(record: type[Record]) -> ColumnElement[Any]:
    """The first filled caption attribute as an expression; days as people write them."""
    return func.coalesce(*(_worded(record.__table__.c[name]) for name in record.about.caption))


def _worded(column: Column[Any]) -> ColumnElement[Any]:
    return func.to_char(column, "DD.MM.YYYY") if isinstance(column.type, DateType) else column


def _written_out(record: type[Record], name: str) -> str:
    """The order of a text in SQL, made of columns that are not worked out themselves."""
    named = record.about.caption if name == CAPTION else (name,)
    columns = [record.__table__.c[attribute] for attribute in named]
    parts = [str(c.computed.sqltext) if c.computed else c.name for c in columns]
    joined = ", ".join(parts)
    return f"portal_key({parts[0] if len(parts) == 1 else f'coalesce({joined})'})"


def order_key(record: type[Record], name: str) -> ColumnElement[Any]:
    """The never-empty expression a list is ordered and paged by; an index has the same one."""
    kept: Column[Any] | None = record.__table__.c.get(ORDER_OF + name)
    if kept is not None:
        return kept
    if name == CAPTION:
        return func.portal_key(caption_of(record)).collate("C")
    column: Column[Any] = record.__table__.c[name]
    if isinstance(column.type, StringType):
        return func.portal_key(column).collate("C")
    if isinstance(column.type, DateType):
        return _filled(column, "'9999-12-31'::date")
    if column.nullable and isinstance(column.type, IntegerType):
        return _filled(column, "-1")
    return column


def _filled(column: Column[Any], otherwise: str) -> ColumnElement[Any]:
    """The value or what stands for none; unlike COALESCE, an index of it serves any policy."""
    empty = literal_column(otherwise, column.type)
    return case((column.is_(None), empty), else_=column)


def records() -> tuple[type[Record], ...]:
    """All records in the order of registration."""
    return tuple(_records.values())


def record_named(name: str) -> type[Record]:
    """The record of a table name. Raises ``KeyError``."""
    return _records[name]


def children_of(name: str) -> tuple[type[Record], ...]:
    """Records that are lists of the record ``name``."""
    return tuple(r for r in _records.values() if r.about.parent == name)


def field_map(record: type[Record]) -> dict[str, Field]:
    """Declared fields of a record by name."""
    found = _fields.get(record)
    if found is None:
        found = _fields[record] = {declared.name: declared for declared in fields_of(record)}
    return found


def ending_of(record: type[Record]) -> str:
    """The attribute that says until which day a row is in force; empty where there is none."""
    declared = field_map(record).get("valid_to")
    return declared.name if declared and declared.typed and declared.kind.python is dt.date else ""


def claimed_items(among: Iterable[type[Record]] | None = None) -> dict[str, tuple[str, ...]]:
    """Item codes of Appendix 3 that attributes or lists of the records answer, with their names."""
    claims: dict[str, list[str]] = defaultdict(list)
    for record in records() if among is None else among:
        if record.about.item:
            claims[record.about.item].append(record.__tablename__)
        for declared in fields_of(record):
            if declared.item:
                claims[declared.item.code].append(f"{record.__tablename__}.{declared.name}")
    return {code: tuple(names) for code, names in claims.items()}


def include_in_migrations(
    found: object,
    name: str | None,
    kind: str,
    reflected: bool,  # noqa: FBT001 - Alembic's signature
    against: object,
) -> bool:
    """Whether Alembic compares an object.

    The queue's tables are its own; an index over an expression that exists on both sides is taken
    as equal, for PostgreSQL spells expressions differently (a test compares what they do).
    """
    if kind == "index" and against is not None and isinstance(found, Index):
        return all(isinstance(part, Column) for part in found.expressions)
    return not (reflected and kind == "table" and (name or "").startswith("procrastinate_"))
