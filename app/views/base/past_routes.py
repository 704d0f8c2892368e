"""Addresses of the history of a row: the page, the file, the way back of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import Invalid, Missing, Refused
from app.kernel.rights import EXPORT, READ
from app.services.keep import may_trash
from app.views.base import addresses
from app.views.base.carding import oversees
from app.views.base.guard import WRITE, identity, route
from app.views.base.noting import note_opening
from app.views.base.numbers import known_id
from app.views.base.past_ask import read
from app.views.base.past_file import send_past
from app.views.base.past_page import past_page
from app.views.base.past_return import NOT_SEEN, returned_form
from app.views.base.shell import render
from app.views.base.words import Presenter, choices, say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.views.base.past_ask import PastAsked


class History(BaseView):
    """Who changed a row of one record, when, through what, and what."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/history", needs=READ)
    def history(self, ident: int) -> str:
        """The timeline, filtered as the address says."""
        found = self._asked(ident)
        note_opening("history", found.asked.row)
        return render("history.html", past_page(db.session(), found, identity()))

    @route("/<int:ident>/history/xlsx", needs=EXPORT)
    def history_file(self, ident: int) -> Response:
        """The same as a workbook, all pages of it."""
        return send_past(db.session(), self._asked(ident), identity())

    @route("/<int:ident>/history/<int:line>/<string:name>", needs=WRITE)
    def history_back(self, ident: int, line: int, name: str) -> Response | str:
        """The form of the row with the value of before in its field; nothing is written yet."""
        actor = identity()
        row = _row(self.record, ident)
        note_opening("form", row)
        show = Presenter(choices(actor.stamp))
        try:
            page = returned_form(db.session(), row, known_id(line), name, actor, show)
        except Invalid as error:
            flash(say(error), "warning")
            return redirect(addresses.history(self.record, ident), 303)
        return render("form.html", page)

    def _asked(self, ident: int) -> PastAsked:
        """Raises ``Refused`` for rows of organisations the capacity does not oversee."""
        actor = identity()
        row = _row(self.record, ident, trash=True)
        if row.deleted_at is not None and not may_trash(row, actor):
            raise Missing("Такой записи нет.")
        if not oversees(actor, getattr(row, "organisation_id", None)):
            raise Refused(NOT_SEEN)
        return read(row, actor, request.args)


def _row(record: type[Record], ident: int, *, trash: bool = False) -> Record:
    """The row within the scope. Raises ``Missing``."""
    statement = select(record).where(record.id == known_id(ident))
    found = db.session().scalars(statement, execution_options={"include_trash": trash})
    row: Record | None = found.one_or_none()
    if row is None:
        raise Missing("Такой записи нет.")
    return row
