"""The history page of one row, from the trigger log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.kernel.clock import local
from app.kernel.errors import Invalid, Refused
from app.services.past import PAGE, field_values, past, user_names
from app.views.base import addresses
from app.views.base.carding import caption, crumbs, oversees
from app.views.base.pages import Cell, Change, HistoryEntry, HistoryPage, Link
from app.views.base.words import Presenter, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.models.access import Activity
    from app.security.identity import Identity

VERBS = {
    "insert": "Запись создана",
    "update": "Изменение",
    "trash": "Перемещено в корзину",
    "revive": "Восстановлено из корзины",
    "delete": "Удалено",
}
VIAS = {
    "form": "форма",
    "api": "API",
    "import": "загрузка",
    "cli": "команда",
    "job": "задание",
    "demo": "демонстрационные данные",
    "undo": "отмена",
}


def history_page(session: Session, row: Record, actor: Identity, show: Presenter) -> HistoryPage:
    """Raises ``Refused`` for rows of organisations the capacity does not oversee."""
    if not oversees(actor, getattr(row, "organisation_id", None)):
        raise Refused("Историю видят организация, её орган управления и оператор.")
    record = type(row)
    before = request.args.get("before", "")
    understood = before.isascii() and before.isdigit() and len(before) <= 18  # noqa: PLR2004 - fits a bigint
    found = past(session, row, int(before) if understood else None)
    shown = found[:PAGE]
    names = user_names(session, {entry.user_id for entry in shown})
    learn_writes(record, shown, show)
    where = f"{addresses.card(record, row.id)}/history"
    return HistoryPage(
        title=caption(row),
        crumbs=(*crumbs(session, row), Link(caption(row), addresses.card(record, row.id))),
        entries=tuple(_entry(record, entry, names, actor, show) for entry in shown),
        next_href=f"{where}?before={shown[-1].id}" if len(found) > PAGE else "",
    )


def learn_writes(record: type[Record], entries: Sequence[Activity], show: Presenter) -> None:
    """Ask at once for the words of all related rows that the entries name."""
    fields = field_map(record)
    related = [
        (fields[name], value)
        for entry in entries
        for name, *values in field_values(entry)
        for value in values
        if name in fields and fields[name].kind.target
    ]
    show.learn([f for f, _value in related], [[value for _f, value in related]])


def _entry(
    record: type[Record], entry: Activity, names: dict[int, str], actor: Identity, show: Presenter
) -> HistoryEntry:
    return HistoryEntry(
        when=local(entry.at).strftime("%d.%m.%Y %H:%M:%S"),
        who=names.get(entry.user_id or 0, _("Система")),
        verb=_(VERBS.get(entry.verb, entry.verb)),
        via=_(VIAS.get(entry.via or "", entry.via or "")) if entry.via else "",
        changes=changes_of(record, entry, actor, show),
    )


def changes_of(
    record: type[Record], entry: Activity, actor: Identity, show: Presenter
) -> tuple[Change, ...]:
    """What one write changed, field by field, in the order of declaration."""
    fields = field_map(record)
    order = list(fields)
    return tuple(
        Change(
            label(record, fields[name].label),
            _cell(fields[name], before, actor, show),
            _cell(fields[name], after, actor, show),
        )
        for name, before, after in sorted(
            (change for change in field_values(entry) if change[0] in fields),
            key=lambda change: order.index(change[0]),
        )
    )


def _cell(f: Field, stored: Any, actor: Identity, show: Presenter) -> Cell:
    """A value as it lies in the log; hidden where the capacity may not see the field."""
    if stored is None:
        return Cell(empty=True)
    if not actor.sees(f.group):
        return Cell(f.kind.hidden(stored))
    if isinstance(stored, str) and f.kind.python is not str:
        try:
            stored = f.kind.parse(stored)
        except Invalid:
            return Cell(stored)
    return show.cell(f, stored)
