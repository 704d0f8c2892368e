"""People entered twice: what is said while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import field_map, record_named
from app.kernel.errors import Invalid, Refused
from app.kernel.rights import addable
from app.services import doubles, keep
from app.views.base.alike_words import links
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.noting import note_search

if TYPE_CHECKING:
    from app.kernel.record import Record

LOOKED_AT = ("last_name", "first_name", "middle_name", "birth_date", "snils")
LONGEST = 200


class DoublesView(Pages):
    """What the form of a new person asks while it is filled in."""

    route_base = "/doubles"
    default_view = "alike"

    @route("/alike/<string:name>", needs=SIGNED_IN, methods=("POST",))
    def alike(self, name: str) -> str:
        """Who is like the person in the form: a piece of a page, empty if there is nobody."""
        if name not in doubles.PERSONS:
            raise BadRequest("name")
        record, actor = record_named(name), identity()
        if not addable(record, actor):
            raise Refused(keep.NOT_YOURS)
        found = doubles.alike(db.session(), record, _typed(record), actor)
        told = len(found.rows) + found.elsewhere
        note_search(record, request.form.get("snils", ""), actor, told, "alike")
        return render_template("_alike.html", links=links(found.rows), elsewhere=found.elsewhere)


def _typed(record: type[Record]) -> dict[str, Any]:
    """What is understood of the inputs; names may begin with small letters."""
    typed: dict[str, Any] = {}
    for name in LOOKED_AT:
        text = request.form.get(name, "")[:LONGEST].replace("\0", "")
        kind = field_map(record)[name].kind
        try:
            typed[name] = text.strip() if kind.name == "name" else kind.parse(text)
        except Invalid:
            typed[name] = None
    return typed
