"""One declared attribute: ``item()`` for a line of Appendix 3, ``field()`` for all the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    String,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import MappedColumn, mapped_column

from app.kernel.appendix3 import ITEMS
from app.kernel.sealing import SealedText, print_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from app.kernel.appendix3 import Item
    from app.kernel.kinds import Kind


class Policy(StrEnum):
    """Who changes a field of the register and how (domain.md 3.5.2)."""

    DIRECT = "direct"  # the organisation itself, at once
    REQUEST = "request"  # the organisation asks, the operator decides
    OPERATOR = "operator"  # the operator or the department only
    SYSTEM = "system"  # computed or imported, typed by nobody


class Options(TypedDict, total=False):
    """What may be said about a field beside its kind and label."""

    required: bool  # asked by law: counts for completeness
    identity: bool  # the row cannot exist without it: NOT NULL
    policy: Policy | None
    section: str  # id of the form section; the first one by default
    help: str  # overrides the sentence of the kind
    group: str  # overrides the access group of the kind
    width: int  # overrides the width of the kind, of 12
    listed: bool  # a column of the list
    filtered: bool  # an input of the filter panel
    ordered: bool  # the list may be sorted by it; the migration adds the index
    default: object  # a new form starts with it
    own: bool  # the related row belongs to the same organisation, which the database keeps
    computed: str  # the database works it out of the row's other columns
    absent: str  # the attribute that says there is none, which answers the law as well
    kept: bool  # a trigger keeps it in agreement with other rows: nobody else writes it, no undo


@dataclass(frozen=True, slots=True)
class Field:
    """What is known about one attribute of a record; what is shown or checked comes from here."""

    name: str
    kind: Kind
    label: str
    item: Item | None = None
    required: bool = False
    identity: bool = False
    policy: Policy | None = None
    section: str = ""
    help: str = ""
    group: str = "open"
    width: int = 4
    listed: bool = False
    filtered: bool = False
    ordered: bool = False
    default: object = None
    own: bool = False
    computed: str = ""
    absent: str = ""
    kept: bool = False

    @property
    def typed(self) -> bool:
        """Whether a person may ever type it."""
        return self.policy is not Policy.SYSTEM


def item(
    code: str, kind: Kind, label: str | None = None, **options: Unpack[Options]
) -> MappedColumn[Any]:
    """Declare an attribute that answers item ``code`` of Appendix 3.

    ``label`` is the decree's wording unless the item has several attributes.
    Raises ``KeyError`` for a code the decree does not have.
    """
    line = ITEMS[code]
    options.setdefault("required", True)
    return _column(kind, label or line.name, line, options)


def field(kind: Kind, label: str, **options: Unpack[Options]) -> MappedColumn[Any]:
    """Declare an attribute that Appendix 3 does not list (requisites, links, technical data)."""
    return _column(kind, label, None, options)


def _column(kind: Kind, label: str, line: Item | None, options: Options) -> MappedColumn[Any]:
    described: dict[str, Any] = {
        "help": kind.help,
        "group": kind.group,
        "width": kind.width,
        **options,
    }
    draft = Field(name="", kind=kind, label=label, item=line, **described)
    info = {"field": draft}
    if kind.target:
        # An own relation gets its foreign key, which has two columns, when the record registers.
        keys = () if draft.own else (ForeignKey(f"{kind.target}.id", ondelete="RESTRICT"),)
        nullable = not draft.identity
        return mapped_column(BigInteger, *keys, nullable=nullable, index=True, info=info)
    if kind.sealed:
        sealed = mapped_column(SealedText(kind.name), nullable=not draft.identity, info=info)
        event.listen(sealed.column, "after_parent_attach", _fingerprinted)
        return sealed
    if draft.computed:
        kept = Computed(draft.computed, persisted=True)
        return mapped_column(kind.column, kept, nullable=True, info=info)
    return mapped_column(kind.column, nullable=not draft.identity, info=info)


def _fingerprinted(column: Column[Any], table: Table) -> None:
    """Put beside a sealed column the one it is searched by, and tie it to the row."""
    table.append_column(Column(print_of(column.name), String(64), index=True))
    tied = f"split_part({column.name}, ':', 2) = uid::text"
    table.append_constraint(CheckConstraint(text(tied), name=f"{column.name}_row"))


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """All declared fields of a record in the order of declaration, mixins first."""
    return tuple(_fields(record))


def _fields(record: type[Any]) -> Iterator[Field]:
    for attribute in inspect(record).column_attrs:
        draft = attribute.columns[0].info.get("field")
        if draft is not None:
            yield _named(draft, attribute.key)


def _named(draft: Field, name: str) -> Field:
    values = {slot: getattr(draft, slot) for slot in Field.__slots__}
    return Field(**{**values, "name": name})
