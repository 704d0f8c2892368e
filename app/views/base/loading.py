"""Tables into a list: the template, the form of a new file, what was sent before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flask import current_app, jsonify, redirect, request
from flask_appbuilder import BaseView

from app.extensions import db
from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid, Missing, PortalError, Refused
from app.kernel.rights import EXPORT, READ
from app.services import data_imports, table_imports
from app.services.browse import count_up_to
from app.services.conditions import Criterion
from app.services.import_runs import Shelves
from app.services.importers import TABLE
from app.services.table_columns import guess, headless, targets
from app.services.table_imports import Sent
from app.services.table_runs import look
from app.views.base.ask import read
from app.views.base.failures import status_of
from app.views.base.guard import BARE, WRITE, identity, route
from app.views.base.receiving import Incoming
from app.views.base.sending import demand_second_step, note_export
from app.views.base.shell import render
from app.views.base.table_page import MOST_FILLED, tables_page
from app.views.base.table_template import send_template
from app.views.base.table_words import headers_of, names_of
from app.views.base.wanting import of_address
from app.views.base.words import Presenter, choices, language, say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.actor import Actor
    from app.kernel.blobs import Blob
    from app.kernel.record import Record
    from app.services.browse import Query

LONGEST_NAME = 200


class Loading(BaseView):
    """Tables of one record's list."""

    record: ClassVar[type[Record]]

    @route("/import", needs=WRITE, methods=("GET", "POST"), largest=TABLE.largest)
    def load(self) -> Response | str | tuple[Response, int]:
        """The form and what was sent before; or a file as it comes, read and entered."""
        if not table_imports.may_load(self.record, identity()):
            raise Refused("В этом списке вы ничего не меняете, поэтому загружать сюда нельзя.")
        if request.method == "GET":
            found = table_imports.recent(db.session(), self.record, identity())
            return render("imports.html", tables_page(db.session(), self.record, found, identity()))
        if request.mimetype != BARE:
            return redirect(self._received(sent()), 303)
        try:
            return jsonify(href=self._received(Incoming(request.stream)))
        except PortalError as error:
            db.session.rollback()
            return jsonify(error=say(error)), status_of(error)

    @route("/import/template", needs=WRITE)
    def template(self) -> Response:
        """An empty template, or with the rows that the address asks for."""
        actor = identity()
        if not table_imports.may_load(self.record, actor):
            raise Missing("Такой страницы нет.")
        query = self._filling() if request.args.get("fill") == "1" else None
        return send_template(
            db.session(), self.record, query, actor, Presenter(choices(actor.stamp))
        )

    def _filling(self) -> Query:
        """The rows of the list as its address says. Raises ``Refused`` for too many."""
        actor = identity()
        name = self.record.__tablename__
        if not (actor.may(READ, name) and actor.may(EXPORT, name)):
            raise Refused("У ваших текущих полномочий нет права выгружать этот список.")
        args = request.args.copy()
        args.poplist("fill")
        wanted = of_address(read(self.record, actor, args), actor)
        wanted = replace(wanted, query=_to_change(wanted.query, actor))
        demand_second_step(wanted, actor)
        found = count_up_to(db.session(), wanted.query, MOST_FILLED + 1)
        if found > MOST_FILLED:
            raise Refused(
                "Для правки выгружается до %(most)s строк. Сузьте отбор и повторите.",
                most=MOST_FILLED,
            )
        note_export(wanted, actor, "xlsx", found)
        return wanted.query

    def _received(self, incoming: Incoming) -> str:
        """Store the file, look at its header and enter it; gives where it can be seen."""
        name = request.args.get("name", "") or incoming.name
        name = "".join(c for c in name if c.isprintable()).strip()[-LONGEST_NAME:]
        if not name.lower().endswith(TABLE.endings):
            raise Invalid("Здесь загружают файлы %(endings)s.", endings=", ".join(TABLE.endings))
        blob = store(incoming)
        session, actor = db.session(), identity()
        told, headers = look(blob.sha256, shelves())
        known = targets(self.record, actor)
        names = names_of(known, headers_of(known, self.record))
        found = guess(headers, known, names, table_imports.remembered(session, self.record, actor))
        received = Sent(blob, name, told, found, bare=headless(headers, found))
        file = table_imports.enter(session, self.record, received, actor)
        return f"/imports/{file.id}"


def shelves() -> Shelves:
    """Where files of imports lie."""
    return Shelves(Path(current_app.config["PORTAL_DATA"]))


def sent() -> Incoming:
    """The file of a form without script. Raises ``Invalid`` where none was chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Выберите файл и отправьте ещё раз.")
    return Incoming(file.stream, file.filename)


def store(incoming: Incoming) -> Blob:
    """Put the file into the store before the database is asked anything: it may take long."""
    blob = shelves().uploads.put(incoming, TABLE.largest)
    if not blob.size:
        raise Invalid("Файл пуст. Выберите другой.")
    return blob


def begin(number: int, kind: str, *, whole: bool = False, confirmed: int = 0) -> None:
    """Begin a step with a file in the present capacity."""
    capacity = identity().capacity
    data_imports.order(
        db.session(),
        number,
        kind,
        assignment=capacity.id if capacity else None,
        language=language(),
        whole=whole,
        confirmed=confirmed,
    )


def _to_change(query: Query, actor: Actor) -> Query:
    """Of the rows asked for those the actor may change.

    A school reads what others have written of its learners as well; it would come back as faults.
    """
    own = actor.organisation_id
    if not query.record.about.holder or own is None or actor.reaches(None):
        return query
    mine = Criterion(field_map(query.record)["organisation_id"], "in", (own,))
    return replace(query, criteria=(*query.criteria, mine))
