"""Pages of batches: what one act changed, row by row, and the way to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.clock import local
from app.kernel.errors import Message, Refused
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import READ
from app.services import batches
from app.services.captions import captions_of
from app.services.past import user_names
from app.services.undo_rights import may_undo
from app.views.base import addresses
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.noting import note_lines
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages import Link
from app.views.base.pages_work import BatchesPage, BatchLine, BatchPage, BatchRow
from app.views.base.pasts import VERBS, changes_of, learn_writes
from app.views.base.records import presenter
from app.views.base.shell import render
from app.views.base.words import label, say
from app.views.base.working import MOMENT, order, undo_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.models.access import Activity


class BatchesView(Pages):
    """Imports, bulk edits and undoes: whose they are, what they wrote; the database says which."""

    route_base = "/batches"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Batches, newest first."""
        session = db.session()
        found = batches.recent(session, earlier_than(request.args.get("before", "")))
        shown = found[: batches.PAGE]
        names = user_names(session, {batch.user_id for batch in shown})
        undone = batches.undone_by(session, [batch.id for batch in shown])
        rows = tuple(
            BatchRow(
                _address(batch.id),
                say(batches.title_of(batch)),
                local(batch.at).strftime(MOMENT),
                names.get(batch.user_id or 0, _("Система")),
                _("Отменено") if batch.id in undone else "",
            )
            for batch in shown
        )
        more = f"/batches/?before={shown[-1].id}" if len(found) > batches.PAGE else ""
        return render("batches.html", BatchesPage(rows, more))

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One batch: counts, then its rows."""
        session = db.session()
        batch, undone, author = batches.whole(session, known_id(number))
        table = request.args.get("table", "")
        after = earlier_than(request.args.get("after", "")) or 0
        met = batches.forecast(session, number)
        readable = {name for name in met if identity().may(READ, name)}
        table = table if table in readable else ""
        found = [
            line
            for line in batches.lines(session, number, after, table=table)
            if line.table_name in readable
        ]
        shown = found[: batches.PAGE]
        more = f"{_address(number)}?table={table}&after={shown[-1].id}" if shown else ""
        allowed = undone is None and may_undo(session, batch, identity())
        page = BatchPage(
            say(batches.title_of(batch)),
            f"{local(batch.at).strftime(MOMENT)}, {author or _('Система')}",
            tuple(_count(number, name, met[name]) for name in met if name in readable),
            _lines(shown),
            more if len(found) > batches.PAGE else "",
            f"{_address(number)}/undo" if allowed else "",
            undo_words(met.values()),
            Link(_("Отменено этим пакетом"), _address(undone)) if undone else None,
            Link(_("Отменяет этот пакет"), _address(batch.undoes)) if batch.undoes else None,
        )
        note_lines(map(_written, shown), f"batch {number}")
        return render("batch.html", page)

    @route("/<int:number>/undo", needs=SIGNED_IN, methods=("POST",))
    def undo(self, number: int) -> Response:
        """Take the batch back as a job."""
        session = db.session()
        batch = batches.find(session, known_id(number))
        if batches.undone_by(session, [number]):
            raise Refused("Этот пакет изменений уже отменён.")
        if not may_undo(session, batch, identity()):
            raise Refused("Отменить может только тот, кто мог бы сделать эти изменения сам.")
        title = Message("Отмена: %(what)s", what=batches.title_of(batch))
        where = order(
            "undo",
            title,
            {"batch": number},
            organisation=batch.organisation_id,
            lock=f"undo {number}",
        )
        return redirect(where, 303)


def _written(line: Activity) -> tuple[type[Record], set[str]]:
    """The record of a line and the attributes whose values it tells."""
    return record_named(line.table_name), {*(line.before or {}), *(line.after or {})}


def _address(number: int) -> str:
    return f"/batches/{number}"


def _count(number: int, name: str, met: batches.Met) -> tuple[str, str, str, str]:
    record = record_named(name)
    parts = []
    if met.added:
        parts.append(_("новых: %(number)s", number=grouped(met.added)))
    if met.changed:
        parts.append(_("изменено: %(number)s", number=grouped(met.changed)))
    if met.trashed:
        parts.append(_("в корзину: %(number)s", number=grouped(met.trashed)))
    if met.revived:
        parts.append(_("из корзины: %(number)s", number=grouped(met.revived)))
    where = f"{_address(number)}?table={name}"
    return label(record, record.about.title_many), ", ".join(parts), grouped(sum(met[:4])), where


def _lines(lines: Sequence[Activity]) -> tuple[BatchLine, ...]:
    """Rows with their words: one statement for the names of all, one for what they point to."""
    show, person = presenter(), identity()
    ids: dict[str, set[int]] = {}
    for line in lines:
        ids.setdefault(line.table_name, set()).add(line.row_id)
    named = captions_of(db.session(), ids) if ids else {}
    for name in ids:
        learn_writes(record_named(name), [one for one in lines if one.table_name == name], show)
    found: list[Any] = []
    for line in lines:
        record = record_named(line.table_name)
        gone = line.row_id not in named.get(line.table_name, {})
        found.append(
            BatchLine(
                label(record, record.about.title),
                named.get(line.table_name, {}).get(line.row_id, f"№\u00a0{line.row_id}"),
                "" if gone else addresses.card(record, line.row_id),
                _(VERBS.get(line.verb, line.verb)),
                changes_of(record, line, person, show),
            )
        )
    return tuple(found)
