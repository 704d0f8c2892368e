"""Files made from a list: the address as before, and the rows chosen in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import request
from flask_appbuilder import BaseView

from app.extensions import db
from app.kernel.errors import Missing
from app.kernel.rights import EXPORT
from app.views.base.ask import Asked, read
from app.views.base.guard import identity, route
from app.views.base.selecting import selected
from app.views.base.sending import send_csv, send_xlsx
from app.views.base.words import Presenter, choices

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record


class Exports(BaseView):
    """The files of one record's list."""

    record: ClassVar[type[Record]]

    @route("/export/<string:form>", needs=EXPORT, methods=("GET", "POST"))
    def export(self, form: str) -> Response:
        """The list as asked for, or the rows chosen in it, as a file."""
        actor = identity()
        if form not in {"csv", "xlsx"}:
            raise Missing("Такого вида файла нет.")
        if request.method == "POST":
            asked = Asked(selected(self.record, actor, request.form), (), ())
        else:
            asked = read(self.record, actor, request.args)
        send = send_csv if form == "csv" else send_xlsx
        return send(db.session(), asked, actor, Presenter(choices(actor.stamp)))
