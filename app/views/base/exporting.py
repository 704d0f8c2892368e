"""Files made from a list: a dialog of rows, columns and kinds; long files are made by a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.errors import Label, Message, Missing
from app.kernel.kinds.numbers import grouped
from app.kernel.rights import EXPORT, visible
from app.services import work
from app.services.browse import count, count_up_to
from app.views.base import addresses
from app.views.base.ask import read
from app.views.base.columns import shown_columns
from app.views.base.guard import identity, route
from app.views.base.listing import counted
from app.views.base.pages import Link
from app.views.base.pages_list import ColumnLine, ExportPage
from app.views.base.saved import opened
from app.views.base.sending import KIND, MOST_COUNTED, demand_second_step, note_export, send
from app.views.base.shell import render
from app.views.base.wanting import FORMATS, in_full, of_address, wanted_of
from app.views.base.words import Presenter, choices, label, language
from app.views.base.working import address

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.ask import Asked
    from app.views.base.sheets import Wanted

MOST_AT_ONCE = 20_000  # rows; longer files are made by a job (interface.md 6)
SENT = ("scope", "ids", "query", "columns", "col", "format")


class Exports(BaseView):
    """The files of one record's list."""

    record: ClassVar[type[Record]]

    @route("/export", needs=EXPORT, methods=("GET", "POST"))
    def export_list(self) -> Response | str:
        """Choose rows, columns and the kind of file; then the file, or a job that makes it."""
        actor = identity()
        if request.method == "GET":
            found = opened(db.session(), self.record, actor, request.args)
            return render("export.html", self._page(found.asked, actor))
        wanted, ending = wanted_of(db.session(), self.record, actor, request.form)
        demand_second_step(wanted, actor)
        if count_up_to(db.session(), wanted.query, MOST_AT_ONCE + 1) > MOST_AT_ONCE:
            return redirect(address(self._ask(wanted, ending, actor)), 303)
        return send(db.session(), wanted, ending, actor, Presenter(choices(actor.stamp)))

    @route("/export/<string:form>", needs=EXPORT)
    def export(self, form: str) -> Response:
        """The list as its address says, with all columns, as a file."""
        actor = identity()
        if form not in FORMATS:
            raise Missing("Такого вида файла нет.")
        wanted = of_address(read(self.record, actor, request.args), actor)
        demand_second_step(wanted, actor)
        return send(db.session(), wanted, form, actor, Presenter(choices(actor.stamp)))

    def _ask(self, wanted: Wanted, ending: str, actor: Identity) -> int:
        """Ask for the job; it acts with the rights its asker has when it is done."""
        about, table = self.record.about, self.record.__tablename__
        form = [(n, v) for n, v in request.form.items(multi=True) if n in SENT]
        note_export(wanted, actor, ending, count_up_to(db.session(), wanted.query, MOST_COUNTED))
        return work.ask(
            db.session(),
            KIND,
            Message("Выгрузка: %(list)s", list=Label(table, about.title_many)),
            {"record": table, "form": form},
            assignment=actor.capacity.id if actor.capacity else None,
            language=language(),
        )

    def _page(self, asked: Asked, actor: Identity) -> ExportPage:
        record, session = self.record, db.session()
        home = addresses.home(record)
        everything = of_address(read(record, actor, type(request.args)()), actor).query
        shown = in_full(shown_columns(asked, actor), actor)
        others = [f for f in visible(record, actor) if f not in shown]
        return ExportPage(
            title=_("Выгрузить список"),
            crumbs=(Link(label(record, record.about.title_many), asked.address(home)),),
            action=f"{addresses.base(record)}/export",
            query=asked.text(),
            found=counted(count(session, asked.query)),
            whole=counted(count(session, everything)) if asked.query.narrow else "",
            columns=tuple(
                ColumnLine(f.name, label(record, f.label), on=f in shown) for f in (*shown, *others)
            ),
            most=grouped(MOST_AT_ONCE),
            back_href=asked.address(home),
        )
