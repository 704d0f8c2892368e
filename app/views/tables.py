"""Tables that were sent: what their columns fill, check, loading, rows with errors, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import records
from app.kernel.errors import Missing, Refused
from app.kernel.paged import Paged
from app.services import data_imports, table_imports, work
from app.services.data_imports import APPLY, CHECK, UNDO
from app.services.table_ends import stopping
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.loading import begin, shelves
from app.views.base.noting import note
from app.views.base.numbers import known_id
from app.views.base.records import presenter
from app.views.base.reporting import send_errors, send_report
from app.views.base.shell import render
from app.views.base.table_page import table_page
from app.views.base.words import say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.services.data_imports import Standing

STEPS = {"check": CHECK, "apply": APPLY, "undo": UNDO}


class TablesView(Pages):
    """The pages of tables; whoever sent one meets it, in the capacity it was sent in."""

    route_base = "/imports"
    default_view = "show"

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One table: what it is at and what it would do or did."""
        page = table_page(db.session(), _found(number), identity(), presenter(), shelves())
        return render("import.html", page)

    @route("/<int:number>/columns", needs=SIGNED_IN, methods=("POST",))
    def columns(self, number: int) -> Response:
        """Say what the columns fill, then check the table."""
        file = _found(number).file
        if not (file.check_file and shelves().reports.has(file.check_file)):
            raise Refused("Подробности удалены. Отправьте файл ещё раз.")
        with shelves().reports.open(file.check_file) as stored:
            headers = Paged(stored).head["head"]
        chosen = {
            int(name[4:]): code[:200]
            for name, code in request.form.items()
            if name.startswith("col.") and name[4:].isdecimal() and len(name) < 8  # noqa: PLR2004 - up to 200
        }
        clear = request.form.get("clear") == "1"
        bare = request.form.get("bare") == "1"
        table_imports.choose(
            db.session(), file.id, identity(), chosen, headers, clear=clear, bare=bare
        )
        begin(file.id, CHECK)
        return redirect(f"/imports/{number}", 303)

    @route("/<int:number>/<string:act>", needs=SIGNED_IN, methods=("POST",))
    def act(self, number: int, act: str) -> Response:
        """Check, load, take back, begin anew or stop; what cannot follow is told on the page."""
        standing = _found(number)
        session = db.session()
        where = number
        try:
            if act == "stop":
                if standing.job is not None:
                    work.stop(session, standing.job.id)
            elif act == "again":
                where = data_imports.again(session, standing.file.id, identity().user_id).id
                begin(where, CHECK)
            elif act in STEPS:
                _begin(standing, STEPS[act])
            else:
                raise Missing("Такой страницы нет.")
        except Refused as refusal:
            session.rollback()
            flash(say(refusal), "warning")
        return redirect(f"/imports/{where}", 303)

    @route("/<int:number>/report", needs=SIGNED_IN)
    def report(self, number: int) -> Response:
        """Counts, changes and errors as a workbook."""
        return send_report(_found(number).file, shelves(), identity(), presenter())

    @route("/<int:number>/errors", needs=SIGNED_IN)
    def errors(self, number: int) -> Response:
        """The rows with errors as they came, and what is wrong with each."""
        file = _found(number).file
        record = table_imports.record_of(file, identity())
        return send_errors(file, record, shelves(), _("Строки с ошибками"))


def _begin(standing: Standing, kind: str) -> None:
    """Begin a step; that many rows may end is written down with who has confirmed it."""
    file, typed = standing.file, request.form.get("confirmed", "")
    told = stopping(file.check_counts) if kind == APPLY else {}
    confirmed = int(typed) if told and typed == str(told["ended"]) else 0
    begin(file.id, kind, whole=request.form.get("whole") == "1", confirmed=confirmed)
    if confirmed:
        detail = {"rows": confirmed, "open": told["open"]}
        place = {"table_name": file.record, "organisation_id": file.organisation_id}
        note("ends", f"/imports/{file.id}", detail=detail, **place)


def _found(number: int) -> Standing:
    """The table, for whoever may load any. Raises ``Missing``."""
    if not any(table_imports.may_load(record, identity()) for record in records()):
        raise Missing("Такой загрузки нет.")
    return table_imports.find(db.session(), known_id(number), identity())
