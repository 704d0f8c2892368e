"""Generated pages of one record: list, card, add, edit, trash, history, files, picker choices."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.kernel.clock import local
from app.kernel.errors import Conflict, Missing, Refused
from app.kernel.rights import CREATE, DELETE, READ, addable
from app.security.access import masks_anything
from app.services import actualising, keep
from app.services.browse import options
from app.services.doubles import doubles_of
from app.services.past import last_writer, user_names
from app.services.seeking import exact
from app.views.base import addresses
from app.views.base.alike_words import known_already, links
from app.views.base.binning import Trash
from app.views.base.building import Filters
from app.views.base.bulking import Bulk
from app.views.base.carding import about_learner, caption, record_page, why_read_only
from app.views.base.drafting import keeping, parent_given, recall, sent_before, settled
from app.views.base.ending import Ending
from app.views.base.exporting import Exports
from app.views.base.filing import Files, filled_in
from app.views.base.fill import Filled, texts
from app.views.base.forming import Draft, form_page
from app.views.base.guard import WRITE, identity, route
from app.views.base.listing import list_page
from app.views.base.loading import Loading
from app.views.base.mixing import Mixing, asked_in, draft_of, goes_back, look_for_requests
from app.views.base.noting import note_list, note_opening, note_search
from app.views.base.numbers import version_given
from app.views.base.past_routes import History
from app.views.base.requesting import Requesting
from app.views.base.revealing import Revealing
from app.views.base.saved import SavedViews, opened
from app.views.base.seeing import Seeing
from app.views.base.shell import render
from app.views.base.stepping import Stepping
from app.views.base.words import Presenter, choices, say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record

LARGEST_ID = 2**63 - 1
DIGITS = re.compile(r"[0-9]{1,18}")


class RecordView(
    Files, Filters, SavedViews, Exports, Loading, Bulk, Trash, History, Requesting, Ending, Mixing
):
    """All pages of one record. Subclasses made from the catalogue say only which record."""

    record: ClassVar[type[Record]]
    default_view = "list"

    @route("/", needs=READ)
    def list(self) -> str:
        """The list, one page of it."""
        actor = identity()
        found = opened(db.session(), self.record, actor, request.args)
        page = list_page(db.session(), found, actor, presenter())
        columns = (column.name for column in page.columns)
        note_list(self.record, columns, len(page.rows), sought=found.asked.query.sought)
        return render("list.html", page)

    @route("/options", needs=READ)
    def options(self) -> Response:
        """What a picker shows for the typed words."""
        given = request.args.get("organisation", "")
        organisation = int(given) if DIGITS.fullmatch(given) else None
        typed = request.args.get("q", "")[:200]
        found = options(
            *(db.session(), self.record, typed),
            organisation=organisation,
            exact=exact(self.record, identity()),
        )
        note_search(self.record, typed, identity(), len(found), "picker")
        return jsonify(
            items=[{"value": str(i), "label": words, "hint": hint} for i, words, hint in found],
            more=False,
        )

    @route("/<int:ident>", needs=READ)
    def show(self, ident: int) -> str:
        """The page of one row."""
        row = keep.fetch(db.session(), self.record, small(ident))
        note_opening("card", row)
        page = record_page(db.session(), row, identity(), presenter())
        twice = links(doubles_of(db.session(), row, identity()))
        return render("record.html", replace(page, doubles=twice))

    @route("/add", needs=CREATE, methods=("GET", "POST"))
    def add(self) -> Response | str | tuple[str, int]:
        """The form of a new row; saving opens its page or, if asked, the next empty form."""
        actor = identity()
        draft = Draft(self.record, addable(self.record, actor), parent=parent_given(self.record))
        if not draft.allowed:  # the operator has closed the list
            raise Refused(why_read_only(self.record, actor))
        if request.method == "GET":
            return self._open(draft)
        draft.filled = filled_in(self.record, draft.allowed)
        if not draft.filled.wrong:
            known = known_already(draft)
            try:
                row = keep.add(db.session(), self.record, draft.filled.values, actor, draft.parent)
            except keep.Problems as error:
                db.session.rollback()
                draft.filled.refuse(error.problems)
            else:
                after = self._after(row)
                if earlier := settled(after):
                    return earlier
                flash(_("Добавлено: %(name)s", name=caption(row)))
                if known:
                    flash(known, "warning")
                self._doubt(draft.filled, row)
                return redirect(after, 303)
        return sent_before() or (self._form(draft), 422)

    @route("/<int:ident>/edit", needs=WRITE, methods=("GET", "POST"))
    def edit(self, ident: int) -> Response | str | tuple[str, int]:
        """The form of a row; a stale one answers 409 with both values."""
        actor = identity()
        row = keep.fetch(db.session(), self.record, small(ident))
        draft = draft_of(self.record, row, actor)
        if not draft.allowed:
            raise Refused(why_read_only(self.record, actor))
        if request.method == "GET":
            note_opening("form", row)
            return self._open(draft)
        return self._save(draft, row.id)

    @route("/<int:ident>/trash", needs=DELETE, methods=("POST",))
    def trash(self, ident: int) -> Response:
        """Move the row to the trash; one with lists stays, and its page says which they are."""
        try:
            row = actualising.trash(
                db.session(), self.record, small(ident), version_given(), identity()
            )
        except keep.Held as error:
            db.session.rollback()
            flash(say(error), "error")
            return redirect(addresses.card(self.record, ident), 303)
        flash(_("В корзине: %(name)s", name=caption(row)))
        about = self.record.about
        if not about.parent:
            return redirect(addresses.home(self.record), 303)
        parent = record_named(about.parent)
        return redirect(addresses.card(parent, getattr(row, about.owner)), 303)

    def _save(self, draft: Draft, ident: int) -> Response | str | tuple[str, int]:
        version = version_given()
        filled = filled_in(self.record, draft.allowed, draft.row)
        draft.filled, draft.version = filled, version
        if goes_back(filled):
            return self._form(draft)
        if not filled.wrong:
            try:
                if asked := asked_in(draft, filled):
                    return self.ask_and_save(draft, filled, asked, version)
                return self._saved(draft, filled, version)
            except keep.Problems as error:
                self._again(draft, ident)
                filled.refuse(error.problems)
            except Conflict:
                self._again(draft, ident)
                return sent_before() or (self._dispute(draft, filled), 409)
        return sent_before() or (self._form(draft), 422)

    def _saved(self, draft: Draft, filled: Filled, version: int) -> Response:
        """Write what was typed. Raises ``keep.Problems`` or ``Conflict``."""
        assert draft.row is not None  # noqa: S101 - the form of a row
        values = {name: v for name, v in filled.values.items() if name not in draft.asked}
        changed = any(getattr(draft.row, name) != v for name, v in values.items())
        row = actualising.change(
            *(db.session(), self.record, draft.row.id, values, version, identity()),
            basis=filled.beside.get(actualising.BASIS, [""])[-1],
        )
        after = addresses.card(self.record, row.id)
        if earlier := settled(after):
            return earlier
        flash(_("Сохранено") if changed else _("Ничего не изменено"))
        self._doubt(filled, row)
        return redirect(after, 303)

    def _doubt(self, filled: Filled, row: Record) -> None:
        """Say what was saved but looks odd: nothing is stopped by it."""
        for message in row.doubts():
            flash(say(message), "warning")
        for name, value in filled.values.items():
            doubt = field_map(self.record)[name].kind.warn(value) if value is not None else None
            if doubt:
                flash(say(doubt), "warning")

    def _again(self, draft: Draft, ident: int) -> None:
        """After a refused write nothing of it may stay: roll back and read the row anew."""
        db.session.rollback()
        draft.row = keep.fetch(db.session(), self.record, ident)
        look_for_requests(draft, identity())

    def _open(self, draft: Draft) -> str:
        """The form as it stands, or the draft the address names; an old one leaves the choice."""
        if recall(draft) and draft.filled is not None:
            return self._dispute(draft, draft.filled)
        look_for_requests(draft, identity())
        return self._form(draft)

    def _dispute(self, draft: Draft, filled: Filled) -> str:
        """The form with both values where somebody saved another one meanwhile, and who it was."""
        row = draft.row
        assert row is not None  # noqa: S101 - just fetched
        now = texts(self.record, row, filled.typed)
        changed = keep.changed_since(db.session(), row, draft.version)
        draft.theirs = {
            name: now[name]
            for name, value in filled.values.items()
            if name in changed and getattr(row, name) != value
        }
        disputed = set(draft.theirs) or changed
        writer = last_writer(db.session(), row, draft.version, disputed) if disputed else None
        who = (
            user_names(db.session(), {writer.user_id}).get(writer.user_id or 0) if writer else None
        )
        draft.conflict = _(
            "Пока вы правили, эту запись сохранил(а) %(who)s (%(when)s).",
            who=who or _("другой пользователь"),
            when=local(writer.at if writer else row.updated_at).strftime("%H:%M"),
        )
        draft.version = row.version
        return self._form(draft)

    def _form(self, draft: Draft) -> str:
        page = form_page(db.session(), draft, identity(), presenter())
        return render("form.html", replace(page, **keeping(draft)))

    def _after(self, row: Record) -> str:
        if request.form.get("then") == "more":
            return request.full_path.rstrip("?")
        return addresses.card(self.record, row.id)


def presenter() -> Presenter:
    """Words for the values of this request."""
    return Presenter(choices(identity().stamp))


def small(ident: int) -> int:
    """The id if it can exist. Raises ``Missing`` as for any absent row."""
    if ident > LARGEST_ID:
        raise Missing("Такой записи нет.")
    return ident


def view_of(record: type[Record], **attributes: Any) -> type[RecordView]:
    """The view class of a record, for Flask-AppBuilder to register."""
    name = f"{record.__name__}View"
    mixed: tuple[type, ...] = (Revealing,) if masks_anything(record) else ()
    mixed += (Seeing,) if about_learner(record) else ()
    mixed += (Stepping,) if record.about.flow else ()
    return type(
        name,
        (*mixed, RecordView),
        {
            "record": record,
            "route_base": addresses.base(record),
            "class_permission_name": record.__tablename__,
            "base_permissions": [],
            **attributes,
        },
    )
