"""What an act on many rows would do, in figures and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.kernel.kinds.numbers import grouped
from app.services.bulk import SHOWN
from app.views.base import addresses
from app.views.base.bulk_form import kept_of
from app.views.base.pages import Change, Link
from app.views.base.pages_bulk import BulkPreview, BulkRow
from app.views.base.words import label, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

    from app.kernel.errors import Message
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.bulk import Done, Example
    from app.views.base.pages import Cell
    from app.views.base.words import Presenter


def preview_of(
    record: type[Record],
    done: Done,
    values: Mapping[str, Any] | None,
    form: MultiDict[str, str],
    show: Presenter,
    *,
    notice: Message | None = None,
    hint: str = "",
) -> BulkPreview:
    """Figures, reasons and the first rows; ``values``: what is written, none for the trash."""
    home, base = addresses.home(record), addresses.base(record)
    back = f"{home}?{form['query']}" if form.get("query") else home
    fields = [f for name, f in field_map(record).items() if values and name in values]
    given = [row for e in done.examples for row in (e.before, e.after)]
    if values:
        given.append(values)
    show.learn(fields, [[row[f.name] for f in fields] for row in given if row])
    writes = values is not None
    return BulkPreview(
        title=_("Проверьте, что изменится") if writes else _("Что уйдёт в корзину"),
        crumbs=(Link(label(record, record.about.title_many), back),),
        action=f"{base}/bulk" if writes else f"{base}/bulk-trash",
        back_href=back,
        kept=(*kept_of(form, typed=writes), ("seen", f"{done.found}-{done.changed}")),
        values=_values(record, fields, values or {}, show),
        counts=_counts(done, writes=writes),
        left=tuple((grouped(number), say(why)) for why, number in done.left.most_common()),
        rows=tuple(
            _row(record, e.id, e.words, _changes(record, e, fields, show)) for e in done.examples
        ),
        wrong=_wrong(record, done),
        wrong_count=grouped(len(done.troubles)) if done.troubles else "",
        skip=form.get("skip") == "1",
        confirm=_confirm(done, writes=writes),
        danger=not writes,
        notice=say(notice) if notice else "",
        hint=hint,
    )


def _counts(done: Done, *, writes: bool) -> tuple[tuple[str, str], ...]:
    lines = [(_("Выбрано записей"), done.found)]
    lines.append((_("Изменится") if writes else _("Уйдёт в корзину"), done.changed))
    if writes:
        lines.append((_("Уже такие, как надо"), done.same))
    lines.append((_("Останется как есть"), done.left.total()))
    if done.troubles:
        lines.append((_("С ошибками"), len(done.troubles)))
    return tuple((words, grouped(number)) for words, number in lines)


def _confirm(done: Done, *, writes: bool) -> str:
    """The words of the button; nothing to confirm where nothing would change."""
    if not done.changed:
        return ""
    number = grouped(done.changed)
    if writes:
        return _("Изменить записей: %(number)s", number=number)
    return _("Переместить в корзину: %(number)s", number=number)


def _row(
    record: type[Record],
    ident: int,
    words: str | None,
    changes: tuple[Change, ...] = (),
    wrong: str = "",
) -> BulkRow:
    return BulkRow(words or f"№\u00a0{ident}", addresses.card(record, ident), changes, wrong)


def _changes(
    record: type[Record], example: Example, fields: list[Field], show: Presenter
) -> tuple[Change, ...]:
    return tuple(
        Change(
            label(record, f.label),
            show.cell(f, example.before[f.name]),
            show.cell(f, example.after[f.name]),
        )
        for f in fields
        if example.before[f.name] != example.after[f.name]
    )


def _values(
    record: type[Record], fields: list[Field], values: Mapping[str, Any], show: Presenter
) -> tuple[tuple[str, Cell], ...]:
    return tuple((label(record, f.label), show.cell(f, values[f.name])) for f in fields)


def _wrong(record: type[Record], done: Done) -> tuple[BulkRow, ...]:
    some = list(done.troubles.values())[:SHOWN]
    return tuple(_row(record, t.id, t.words, wrong=say(t.problem)) for t in some)
