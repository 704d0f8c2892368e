"""The trash of a list: who moved what there and when, and the way back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.clock import local
from app.kernel.errors import Label, Message
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import DELETE
from app.services import bin as trash_bin
from app.services.bulk import How
from app.services.bulk_trash import Binned, restore
from app.services.captions import captions_of
from app.services.past import user_names
from app.views.base import addresses
from app.views.base.guard import identity, route
from app.views.base.noting import note_words
from app.views.base.pages import Link
from app.views.base.pages_bulk import TrashPage, TrashRow
from app.views.base.pages_list import Action, Selection
from app.views.base.selecting import ids_of
from app.views.base.shell import render
from app.views.base.words import label, say
from app.views.base.working import MOMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.services.bulk import Done

LONGEST = 40  # characters of a place
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
LATEST = 4 * 10**15  # microseconds since 1970: some time after the year 2090


class Trash(BaseView):
    """The trash of one record's list."""

    record: ClassVar[type[Record]]

    @route("/trash", needs=DELETE)
    def trash_bin(self) -> str:
        """Rows of the trash within the write scope, newest first."""
        search = request.args.get("q", "")[:200]
        before = _place(request.args.get("before", ""))
        found = trash_bin.trashed(db.session(), self.record, identity(), search, before)
        note_words(self.record, len(found), "trash")
        return render("trash.html", _page(self.record, found, search))

    @route("/restore", needs=DELETE, methods=("POST",))
    def restore(self) -> Response:
        """Bring rows back as one batch; with ``parents`` also what they belong to."""
        about, table = self.record.about, self.record.__tablename__
        ids = ids_of(request.form.get("ids", ""))
        together = (request.form.get("parents") or request.args.get("parents")) == "1"
        title = Message("Из корзины: %(list)s", list=Label(table, about.title_many))
        chosen = Binned(self.record, ids, together)
        done = restore(db.session(), chosen, identity(), How(title))
        _tell(done)
        if done.batch and len(ids) == 1:
            return redirect(addresses.card(self.record, ids[0]), 303)
        where = f"/batches/{done.batch}" if done.batch else addresses.bin_of(self.record)
        return redirect(where, 303)


def _page(record: type[Record], found: Sequence[Row[tuple[object, ...]]], search: str) -> TrashPage:
    about = record.about
    shown = found[: trash_bin.SIZE]
    home = addresses.home(record)
    more = ""
    if len(found) > len(shown):
        place = f"{(shown[-1].deleted_at - EPOCH) // MICROSECOND}-{shown[-1].id}"
        more = f"?{urlencode({'q': search, 'before': place})}"
    parent = record_named(about.parent) if about.parent else None
    base = addresses.base(record)
    acts = [Action(_("Восстановить"), f"{base}/restore", "undo", "primary")]
    if parent is not None:
        words = _("Вместе с тем, чему принадлежат")
        acts.append(Action(words, f"{base}/restore?parents=1", "undo"))
    return TrashPage(
        title=_("Корзина: %(list)s", list=label(record, about.title_many)),
        crumbs=(Link(label(record, about.title_many), home),),
        action=addresses.bin_of(record),
        restore_href=f"{base}/restore",
        search=search,
        search_hint=label(record, about.search_hint) if about.search else "",
        parent_label=label(parent, parent.about.title) if parent else "",
        rows=_rows(record, shown),
        selection=Selection("", search, "", "", tuple(acts)),
        next_href=more,
    )


def _rows(record: type[Record], found: Sequence[Row[tuple[object, ...]]]) -> tuple[TrashRow, ...]:
    session = db.session()
    owners = {row.owner for row in found} - {None}
    gone = trash_bin.gone_parents(session, record, owners)
    name = record.about.parent
    parents = captions_of(session, {name: owners}).get(name, {}) if owners else {}
    who = user_names(session, {row.deleted_by for row in found})
    return tuple(
        TrashRow(
            row.id,
            row.words or f"№\u00a0{row.id}",
            local(row.deleted_at).strftime(MOMENT),
            who.get(row.deleted_by or 0, _("Система")),
            parents.get(row.owner, ""),
            row.owner in gone,
        )
        for row in found
    )


def _tell(done: Done) -> None:
    """Say what came back and what did not, with the reasons."""
    if done.changed:
        names = ", ".join(example.words or f"№\u00a0{example.id}" for example in done.examples[:3])
        rest = done.changed - min(len(done.examples), 3)
        if rest:
            flash(_("Возвращено: %(names)s и ещё %(rest)s", names=names, rest=grouped(rest)))
        else:
            flash(_("Возвращено: %(names)s", names=names))
    elif not done.left:
        flash(_("Этих записей в корзине уже нет."), "warning")
    for why, number in done.left.items():
        flash(
            _("Осталось в корзине: %(number)s.", number=grouped(number)) + " " + say(why), "error"
        )


def _place(text: str) -> trash_bin.Before | None:
    """Where the page begins; an address that no page has leads to the first one."""
    at, _dash, ident = text.partition("-")
    plain = at.isascii() and at.isdigit() and ident.isascii() and ident.isdigit()
    if not plain or len(text) > LONGEST or int(at) > LATEST or len(ident) > 18:  # noqa: PLR2004 - fits a bigint
        return None
    return trash_bin.Before(EPOCH + int(at) * MICROSECOND, int(ident))
