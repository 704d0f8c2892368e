"""Masked values of one row, shown once to whoever says what for; the access log hears it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.errors import Invalid, Missing
from app.kernel.rights import REVEAL, revealable
from app.services import keep
from app.views.base import addresses
from app.views.base.carding import caption, crumbs, record_page
from app.views.base.guard import identity, route
from app.views.base.noting import note_row
from app.views.base.numbers import known_id
from app.views.base.pages import Link, Option
from app.views.base.pages_reveal import MaskLine, RevealPage
from app.views.base.purposes import REASONS, purpose_of
from app.views.base.shell import render
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.kernel.fields import Field
    from app.kernel.record import Record


class Revealing(BaseView):
    """The way behind the masks of a row. A GET never tells a value, and an API has no such way."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/reveal", needs=REVEAL, methods=("GET", "POST"))
    def reveal(self, ident: int) -> str | tuple[str, int]:
        """Ask what for; then the card with the chosen values, for this one answer."""
        actor = identity()
        row = keep.fetch(db.session(), self.record, known_id(ident))
        masks = tuple(f for f in revealable(self.record, actor) if getattr(row, f.name) is not None)
        if not masks:
            raise Missing("В этой записи нет скрытых от вас значений.")
        if request.method == "GET":
            return _asked(row, masks, {request.args.get("field", "")}, {})
        chosen = frozenset(request.form.getlist("field")) & {f.name for f in masks}
        try:
            purpose = _purpose(chosen)
        except Invalid as error:
            return _asked(row, masks, chosen, {error.field or "": say(error)}), 422
        note_row("reveal", row, purpose=purpose, detail={"fields": sorted(chosen)})
        show = Presenter(choices(actor.stamp))
        page = record_page(db.session(), row, actor, show, chosen)
        return render("record.html", page)


def _purpose(chosen: Collection[str]) -> str:
    """What the form says it is for. Raises ``Invalid``."""
    if not chosen:
        raise Invalid("Отметьте, что показать.", field="field")
    return purpose_of(request.form.get("reason", ""), request.form.get("words", ""))


def _asked(
    row: Record, masks: tuple[Field, ...], chosen: Collection[str], errors: dict[str, str]
) -> str:
    record, title = type(row), caption(row)
    where = addresses.card(record, row.id)
    reason = request.form.get("reason", "")
    page = RevealPage(
        title=_("Показать скрытые сведения"),
        crumbs=(*crumbs(db.session(), row), Link(title, where)),
        action=addresses.reveal(record, row.id),
        back_href=where,
        lines=tuple(_line(record, row, f, chosen) for f in masks),
        reasons=tuple(Option(code, _(words), code == reason) for code, words in REASONS.items()),
        words=request.form.get("words", ""),
        errors=errors,
    )
    return render("reveal.html", page)


def _line(record: type[Record], row: Record, f: Field, chosen: Collection[str]) -> MaskLine:
    mask = f.kind.hidden(getattr(row, f.name))
    return MaskLine(f.name, label(record, f.label), mask, f.name in chosen)
