"""Loading files of other systems: upload, check, answers, writing, undo, history (decree 5.5)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from flask import current_app, flash, jsonify, redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.errors import Invalid, Missing, PortalError, Refused
from app.kernel.paged import Paged
from app.kernel.rights import CREATE
from app.models.imports import DataImport
from app.models.registry import Organisation
from app.services import data_imports, import_answers, work
from app.services.data_imports import APPLY, CHECK, UNDO
from app.services.import_runs import Shelves
from app.services.importers import ACCREDITATION, TABLE
from app.views.base.failures import status_of
from app.views.base.guard import BARE, Pages, identity, route
from app.views.base.importing import import_page, imports_page
from app.views.base.importing_words import address
from app.views.base.numbers import earlier_than, known_id
from app.views.base.receiving import Incoming
from app.views.base.records import presenter
from app.views.base.reporting import send_report
from app.views.base.shell import render
from app.views.base.words import language, say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.blobs import Blob
    from app.kernel.record import Record
    from app.services.data_imports import Standing

LONGEST_NAME = 200
MOST_ANSWERS = 400  # of one form


class ImportsView(Pages):
    """The pages of imports; the database shows them to those who may load."""

    record: ClassVar[type[Record]] = Organisation
    route_base = "/registry/import"
    default_view = "list"

    @route("/", needs=CREATE)
    def list(self) -> str:
        """The form of a new file and the history."""
        before = earlier_than(request.args.get("before", ""))
        registers = DataImport.kind != TABLE.code
        found = data_imports.recent(db.session(), before, registers)
        return render("imports.html", imports_page(db.session(), found))

    @route("/upload", needs=CREATE, methods=("POST",), largest=ACCREDITATION.largest)
    def upload(self) -> Response | tuple[Response, int]:
        """Store a file as it comes, then check it; a bare body is answered as JSON."""
        if request.mimetype != BARE:
            return redirect(self._received(_sent()), 303)
        try:
            return jsonify(href=self._received(Incoming(request.stream)))
        except PortalError as error:
            db.session.rollback()
            return jsonify(error=say(error)), status_of(error)

    @route("/<int:number>", needs=CREATE)
    def show(self, number: int) -> str:
        """One file: what it is at and what it would do or did."""
        standing = _found(number)
        page = import_page(db.session(), standing, identity(), presenter(), shelves())
        return render("import.html", page)

    @route("/<int:number>/check", needs=CREATE, methods=("POST",))
    def check(self, number: int) -> Response:
        """Tell what loading would do, with the answers that stand now."""
        return self._order(number, CHECK)

    @route("/<int:number>/apply", needs=CREATE, methods=("POST",))
    def apply(self, number: int) -> Response:
        """Load the file as it was checked."""
        return self._order(number, APPLY)

    @route("/<int:number>/undo", needs=CREATE, methods=("POST",))
    def undo(self, number: int) -> Response:
        """Take the import back."""
        return self._order(number, UNDO)

    @route("/<int:number>/again", needs=CREATE, methods=("POST",))
    def again(self, number: int) -> Response:
        """Check the same file anew after it was loaded or undone."""
        session = db.session()
        _found(number)
        file = data_imports.again(session, known_id(number), identity().user_id)
        return self._order(file.id, CHECK)

    @route("/<int:number>/stop", needs=CREATE, methods=("POST",))
    def stop(self, number: int) -> Response:
        """Ask what goes on to stop; nothing of it stays."""
        standing = _found(number)
        if standing.job is not None:
            work.stop(db.session(), standing.job.id)
        return redirect(address(number), 303)

    @route("/<int:number>/answer", needs=CREATE, methods=("POST",))
    def answer(self, number: int) -> Response:
        """Save answers: of one input as it changes, of a whole page, or one for all of a kind."""
        session = db.session()
        _found(number)
        file = data_imports.lock(session, known_id(number)).file
        if not file.check_file:
            raise Refused("Вопросы появятся после проверки.")
        if not shelves().reports.has(file.check_file):
            raise Refused("Подробности удалены. Проверьте файл ещё раз, чтобы увидеть их снова.")
        with shelves().reports.open(file.check_file) as stored:
            check = Paged(stored)
            topic, code = request.form.get("topic", ""), request.form.get("code", "")
            if topic:
                more = import_answers.answer_all(session, file, check, topic, code)
                flash(_("Ответов дано: %(number)s", number=more))
            import_answers.answer(session, file, check, _given())
        if request.accept_mimetypes.best == "application/json":
            given = len(import_answers.codes(file.answers))
            return jsonify(said=_("Ответов сохранено: %(number)s", number=given))
        return redirect(f"{address(number)}?part=questions", 303)

    @route("/<int:number>/report", needs=CREATE)
    def report(self, number: int) -> Response:
        """Counts, changes, problems, questions and kept values as a workbook."""
        standing = _found(number)
        return send_report(standing.file, shelves(), identity(), presenter())

    def _received(self, incoming: Incoming) -> str:
        """Store the file, enter it and begin its check; gives where it can be seen."""
        name = request.args.get("name", "") or incoming.name
        name = "".join(c for c in name if c.isprintable()).strip()[-LONGEST_NAME:]
        if not name.lower().endswith(ACCREDITATION.endings):
            raise Invalid(
                "Здесь загружают файлы %(endings)s.", endings=", ".join(ACCREDITATION.endings)
            )
        blob = _store(incoming)
        session, kind = db.session(), ACCREDITATION.code
        file, new = data_imports.receive(session, kind, blob, name, identity().user_id)
        if new:
            self._begin(file.id, CHECK)
        else:
            flash(_("Этот файл на портале уже есть: вот его последняя проверка или загрузка."))
        return address(file.id)

    def _order(self, number: int, kind: str) -> Response:
        """Begin a step; one that cannot follow is told on the page of the file."""
        _found(number)
        try:
            self._begin(known_id(number), kind)
        except Refused as refusal:
            db.session.rollback()
            flash(say(refusal), "warning")
        return redirect(address(number), 303)

    @staticmethod
    def _begin(number: int, kind: str) -> None:
        capacity = identity().capacity
        data_imports.order(
            db.session(),
            number,
            kind,
            assignment=capacity.id if capacity else None,
            language=language(),
        )


def _found(number: int) -> Standing:
    """A file of a register. Raises ``Missing``, for tables of people too."""
    standing = data_imports.find(db.session(), known_id(number))
    if standing.file.kind == TABLE.code:
        raise Missing("Такой загрузки нет.")
    return standing


def shelves() -> Shelves:
    """Where files of imports lie."""
    return Shelves(Path(current_app.config["PORTAL_DATA"]))


def _sent() -> Incoming:
    """The file of a form without script. Raises ``Invalid`` where none was chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Выберите файл и отправьте ещё раз.")
    return Incoming(file.stream, file.filename)


def _store(incoming: Incoming) -> Blob:
    """Put the file into the store before the database is asked anything: it may take long."""
    blob = shelves().uploads.put(incoming, ACCREDITATION.largest)
    if not blob.size:
        raise Invalid("Файл пуст. Выберите другой.")
    return blob


def _given() -> dict[str, str]:
    """The answers of the form; a number of a row goes before a choice."""
    form = request.form
    keys = [name for name in form if name.startswith(("answer.", "row."))][:MOST_ANSWERS]
    chosen = {name.partition(".")[2]: form[name][:LONGEST_NAME] for name in keys}
    rows = {name.partition(".")[2]: form[name] for name in keys if name.startswith("row.")}
    choices = {name.partition(".")[2]: form[name] for name in keys if name.startswith("answer.")}
    return {key: (rows.get(key) or choices.get(key) or "")[:LONGEST_NAME] for key in chosen}
