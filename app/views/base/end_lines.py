"""A line that asks for the end of a row: what becomes of it, which row it is, what has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.canonical import restored
from app.kernel.catalogue import field_map, record_named
from app.services.row_ends import moved_since
from app.views.base.end_words import outcome, title
from app.views.base.line_words import NONE, ROW, common_of
from app.views.base.pages import Cell
from app.views.base.pages_requests import LineView
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.registry_requests import EditRequest, EditRequestLine
    from app.views.base.line_words import Typed
    from app.views.base.words import Presenter


def end_views(
    request: EditRequest,
    line: EditRequestLine,
    row: Record | None,
    show: Presenter,
    typed: Typed,
    said: Mapping[str, str],
) -> Iterator[LineView]:
    """The line with its choice, then the values of the row, those that changed meanwhile marked.

    ``said``: who changed an attribute and when.
    """
    record = record_named(line.target_table)
    gone = Cell(_("записи нет, она в корзине")) if row is None and line.open else None
    yield LineView(
        label=title(record),
        base=Cell(label(record, record.about.title)),
        present=gone,
        wanted=Cell(outcome(record, request.effective_on)),
        **common_of(line, typed),
        open=line.open,
        disputed=line.line_state == "conflict",
        version=row.version if row is not None else 0,
        whole=True,
    )
    moved = moved_since(line, row) if row is not None and line.open else set()
    for f, kept in kept_of(line):
        present = getattr(row, f.name) if f.name in moved else None
        if kept is None and f.name not in moved:
            continue
        yield LineView(
            label=label(record, f.label),
            base=show.cell(f, restored(record, f.name, kept)),
            present=show.cell(f, present) if f.name in moved else None,
            moved=said.get(f.name, ""),
            wanted=NONE,
            **ROW,
            open=False,
            disputed=False,
        )


def kept_of(line: EditRequestLine) -> Iterator[tuple[Field, Any]]:
    """The values that stood when the end was asked for, in the order of the record's form."""
    record = record_named(line.target_table)
    for name, declared in field_map(record).items():
        if name in line.base and name not in {record.about.owner, "organisation_id"}:
            yield declared, line.base[name]
