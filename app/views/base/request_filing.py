"""Documents of a request (подтверждения): added, downloaded, taken out of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.extensions import db
from app.kernel.errors import Invalid, Refused, Unavailable
from app.kernel.rights import READ, REQUESTS
from app.services import files, keep, request_files
from app.views.base.filing import ENCLOSED, blobs, sent
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.noting import note
from app.views.base.numbers import known_id
from app.views.base.words import say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

NOT_FOR_YOU = "Запросы на изменение видят организация, которая их составила, и оператор."


class RequestFiles(Pages):
    """The documents that lie with requests, read through the right to the request."""

    @route("/<int:number>/files", needs=SIGNED_IN, methods=("POST",))
    def attach(self, number: int) -> Response:
        """Add documents; what is refused is said, the others stay."""
        admit()
        ident = known_id(number)
        stored = []
        for upload in request.files.getlist(ENCLOSED):
            if not upload.filename:
                continue
            try:
                file = files.stage(db.session(), blobs(), upload.stream, upload.filename)
            except (Invalid, Unavailable) as error:
                flash(f"{upload.filename[:100]}: {say(error)}", "error")
            else:
                stored.append(file.id)
        try:
            request_files.attach(db.session(), ident, stored, identity())
        except keep.Problems as error:
            db.session.rollback()
            flash(say(error.problems[0]), "error")
        else:
            if stored:
                flash(_told(len(stored)))
        return redirect(f"/requests/{ident}", 303)

    @route("/<int:number>/files/<int:ident>", needs=SIGNED_IN)
    def document(self, number: int, ident: int) -> Response:
        """One document, for those who may read the request."""
        admit()
        found = request_files.file_in(db.session(), known_id(number), known_id(ident))
        note("download", f"{REQUESTS} {number} {ident}")
        return sent(found)

    @route("/<int:number>/files/<int:ident>/remove", needs=SIGNED_IN, methods=("POST",))
    def take_out(self, number: int, ident: int) -> Response:
        """Take a document out of a draft."""
        admit()
        request_files.take_out(db.session(), known_id(number), known_id(ident), identity())
        flash(_("Документ убран"))
        return redirect(f"/requests/{number}", 303)


def admit() -> None:
    """Raise ``Refused`` for whoever has nothing to do with requests."""
    if not identity().may(READ, REQUESTS):
        raise Refused(NOT_FOR_YOU)


def _told(number: int) -> str:
    return ngettext("Приложен %(num)s документ", "Приложено %(num)s документа", number)
