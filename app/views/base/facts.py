"""The labelled values on the page of one row, masked where its reader is shown masks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.kernel.appendix3 import ITEMS
from app.kernel.catalogue import record_named
from app.kernel.completeness import answered
from app.kernel.kinds import FILE
from app.views.base import addresses
from app.views.base.pages import Cell, Fact, Section
from app.views.base.words import label, language

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.kernel.appendix3 import Item
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.views.base.words import Presenter

WIDE = 8


def source(item: Item | None) -> str:
    """The decree's item and periodicity behind a field."""
    return _source(item.code, language()) if item else ""


@lru_cache(maxsize=256)
def _source(code: str, tongue: str) -> str:
    item = ITEMS[code]
    with force_locale(tongue):
        return str(
            _(
                "п.\u00a0%(code)s «%(name)s» — %(when)s",
                code=code,
                name=_(item.name),
                when=_(item.periodicity_text),
            )
        )


def sections(
    row: Record, fields: tuple[Field, ...], show: Presenter, masks: Collection[str] = ()
) -> tuple[Section, ...]:
    """The facts in their sections; beside those of ``masks`` stands the way to have them shown."""
    record = type(row)
    first = record.about.sections[0].id
    return tuple(
        Section(
            section.id,
            label(record, section.title),
            tuple(
                _fact(row, f, show, masked=f.name in masks)
                for f in fields
                if (f.section or first) == section.id and f.name != record.about.owner
            ),
        )
        for section in record.about.sections
        if any((f.section or first) == section.id for f in fields)
    )


def _fact(row: Record, f: Field, show: Presenter, *, masked: bool) -> Fact:
    record, value = type(row), getattr(row, f.name)
    cell = show.cell(f, value)
    if f.kind is FILE:
        cell = _filed(record, row, f, show)
    elif f.kind.target and value is not None:
        cell = Cell(cell.text, addresses.card(record_named(f.kind.target), value))
    behind = masked and not cell.empty
    return Fact(
        label(record, f.label),
        _linked(f, cell, value),
        f.item.code if f.item else "",
        source(f.item),
        f.width >= WIDE,
        bool(f.item and f.required and f.typed and not answered(row, f)),
        name=f.name,
        reveal_href=f"{addresses.reveal(record, row.id)}?field={f.name}" if behind else "",
    )


def _filed(record: type[Record], row: Record, f: Field, show: Presenter) -> Cell:
    """The name, kind and size of a file, leading to its content."""
    words = show.file(getattr(row, f.name))
    if not words:
        return show.cell(f, getattr(row, f.name))
    return Cell(words, addresses.file(record, row.id, f.name))


def _linked(f: Field, cell: Cell, value: Any) -> Cell:
    if value and f.kind.name == "email":
        return Cell(cell.text, f"mailto:{value}")
    if value and f.kind.name.startswith("url"):
        return Cell(cell.text, str(value))
    return cell
