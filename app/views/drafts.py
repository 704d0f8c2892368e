"""Drafts of forms: kept while somebody types, listed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import records
from app.kernel.errors import Missing, Refused
from app.kernel.rights import READ, addable
from app.models.enrolment_classes import SchoolClass
from app.services import drafts, keep
from app.services.captions import captions_of
from app.views.base.carding import why_read_only
from app.views.base.drafting import HOME, address, moment, parent_given, place_of, typed_in
from app.views.base.forming import Draft
from app.views.base.formkeys import new_key, posted_key
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.mixing import draft_of
from app.views.base.numbers import earlier_than, known_id, version_given
from app.views.base.pages_form import DraftLine, DraftsPage
from app.views.base.shell import render
from app.views.base.words import label
from app.views.session import inside

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.services.drafts import Kept


class DraftsView(Pages):
    """The person's own drafts. The database keeps it so."""

    route_base = HOME.rstrip("/")
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """What was begun and not saved, newest first."""
        found = drafts.mine(db.session(), identity().user_id)
        return render("drafts.html", DraftsPage(_lines(found)))

    @route("/keep", needs=SIGNED_IN, methods=("POST",))
    def keep(self) -> Response | tuple[Response, int]:
        """Keep what stands in a form; refused as the form itself would be."""
        person = identity()
        form = _form_meant()
        key = posted_key(person.user_id)
        if not key:
            raise BadRequest("form_key")
        typed = typed_in(form)
        version = version_given()
        try:
            kept = drafts.keep(db.session(), person.user_id, key, place_of(form), version, typed)
        except drafts.Spent:
            return jsonify(key=new_key(person.user_id)), 409
        if kept is None:
            return jsonify(id=0, said="")
        said = _("Черновик сохранён в %(time)s", time=moment(kept.saved_at))
        return jsonify(id=kept.id, said=said)

    @route("/<int:number>/delete", needs=SIGNED_IN, methods=("POST",))
    def delete(self, number: int) -> Response:
        """Delete a draft and go where the button stood, or where it says."""
        drafts.drop(db.session(), identity().user_id, known_id(number))
        flash(_("Черновик удалён"))
        return redirect(inside(request.args.get("next", HOME)), 303)


def _form_meant() -> Draft:
    """The form the address names, as it would be opened."""
    given, person = request.args.get("record", ""), identity()
    record = next((one for one in records() if one.__tablename__ == given), None)
    if record is None:
        raise Missing("Такой формы нет.")
    row = None
    if "row" in request.args:
        number = earlier_than(request.args["row"])
        if number is None:
            raise Missing("Такой записи нет.")
        row = keep.fetch(db.session(), record, number)
    draft = draft_of(record, row, person) if row else Draft(record, addable(record, person))
    if not draft.allowed:
        raise Refused(why_read_only(record, person))
    if row is None:
        draft.parent = parent_given(record)
    return draft


def _lines(found: list[Kept]) -> tuple[DraftLine, ...]:
    """Drafts in words; of a row that may not be read (any more) only the kind is told."""
    person = identity()
    by_name = {one.__tablename__: one for one in records()}
    wanted: dict[str, set[int]] = {}
    for one in found:
        name, ident = _about(one, by_name)
        if ident is not None and person.may(READ, name):
            wanted.setdefault(name, set()).add(ident)
    known = captions_of(db.session(), wanted, alive=True) if wanted else {}
    return tuple(_line(one, by_name, known) for one in found if one.place.record in by_name)


def _about(one: Kept, by_name: dict[str, type[Record]]) -> tuple[str, int | None]:
    """The row that names a draft: the one being changed, or the one a new row belongs to."""
    place, record = one.place, by_name.get(one.place.record)
    if record is None:
        return "", None
    if place.row_id is not None:
        return place.record, place.row_id
    return record.about.parent or SchoolClass.__tablename__, place.parent_id


def _line(
    one: Kept, by_name: dict[str, type[Record]], known: dict[str, dict[int, str]]
) -> DraftLine:
    record = by_name[one.place.record]
    name, ident = _about(one, by_name)
    words = known.get(name, {}).get(ident or 0, "")
    title = record.about.title
    if one.place.row_id is None:
        title = record.about.new_title or title
    return DraftLine(
        one.id,
        moment(one.saved_at),
        address(one.place, one.id) if words or ident is None else "",
        label(record, title),
        words,
    )
