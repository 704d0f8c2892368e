"""The columns of a list: which there are, which are shown and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.rights import shown
from app.views.base import addresses
from app.views.base.ask import MOST_COLUMNS
from app.views.base.pages import Link
from app.views.base.pages_list import ColumnLine, ColumnsPage
from app.views.base.words import label

if TYPE_CHECKING:
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.ask import Asked

MOST_USUAL = 8


def columns_of(record: type[Record], actor: Identity) -> tuple[Field, ...]:
    """Fields shown in lists: those declared ``listed``, else the first ones a person types."""
    seen = shown(record, actor)
    listed = [f for f in seen if f.listed] or [f for f in seen if f.typed]
    listed.sort(key=lambda f: f.name not in record.about.caption)  # what names the row, first
    return tuple(listed[:MOST_USUAL])


def shown_columns(asked: Asked, actor: Identity) -> tuple[Field, ...]:
    """The columns asked for, else the person's own, else the usual ones."""
    usual = columns_of(asked.query.record, actor)
    chosen = asked.cols or asked.usual
    if not chosen:
        return usual
    first = _locked(asked.query.record, usual)
    return (*first, *(f for f in chosen if f not in first))


def _locked(record: type[Record], usual: tuple[Field, ...]) -> tuple[Field, ...]:
    """The column that is the link to the row, where it is a field and not the row's own words."""
    return () if record.about.caption_label else usual[:1]


def columns_page(asked: Asked, actor: Identity) -> ColumnsPage:
    """All visible fields, the shown ones first and in their order."""
    record = asked.query.record
    locked = _locked(record, columns_of(record, actor))
    chosen = [f for f in shown_columns(asked, actor) if f not in locked]
    others = [f for f in shown(record, actor) if f not in locked and f not in chosen]
    home = addresses.home(record)
    return ColumnsPage(
        title=_("Столбцы"),
        crumbs=(Link(label(record, record.about.title_many), asked.address(home)),),
        action=f"{addresses.base(record)}/columns",
        query=asked.text(),
        first=label(record, locked[0].label if locked else record.about.caption_label),
        lines=tuple(
            ColumnLine(f.name, label(record, f.label), on=f in chosen) for f in (*chosen, *others)
        ),
        most=MOST_COLUMNS,
        back_href=asked.address(home),
    )
