"""The form that asks for the end of a row of a list, which the operator decides (п. 5.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Invalid, Label, Labels, Message, Refused
from app.kernel.rights import READ, REQUESTS, SUBMIT, may_ask_to_end, visible
from app.services import files, keep, request_ends
from app.views.base import addresses, end_words
from app.views.base.carding import caption, crumbs
from app.views.base.drafting import keeping, sent_before
from app.views.base.filing import filled_in
from app.views.base.fill import EFFECTIVE, GO, REASON, Filled
from app.views.base.forming import ENDINGS, Draft
from app.views.base.guard import identity, route
from app.views.base.mixing import SEND, Said, errors_of, handed_in, said_in
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages import Link
from app.views.base.pages_asking import EndingPage
from app.views.base.shell import render
from app.views.base.term_words import usual_term
from app.views.base.words import Presenter, choices, label, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.views.base.pages import Cell

NOT_OFFERED = Message("Просить убрать эту запись может организация, которой она.")
MOVED = Message(
    "Пока вы заполняли форму, в записи изменили: %(fields)s. Посмотрите, что в ней теперь, и "
    "отправьте ещё раз, если её по-прежнему нужно убрать."
)


class Ending(BaseView):
    """Asking for the end of a row: its page says whether it stays with a last day or goes."""

    record: ClassVar[type[Record]]

    @route(f"/<int:ident>/{end_words.PATH}", needs=READ, methods=("GET", "POST"))
    def request_end(self, ident: int) -> Response | str | tuple[str, int]:
        """Ask that the row end; where a request stands about it already, lead there."""
        row = keep.fetch(db.session(), self.record, known_id(ident))
        if not may_ask_to_end(row, identity()):
            raise Refused(NOT_OFFERED)
        if request.method == "GET":
            number = request_ends.standing_about(db.session(), row)
            if number is None:
                return _page(row, Filled(), Said())
            flash(say(Message(request_ends.STANDS.text, number=number)), "warning")
            return redirect(f"/requests/{number}")
        filled = filled_in(self.record, frozenset())
        said = said_in(filled)
        filled.general += _moved(row)
        if not (filled.wrong or said.problems):
            try:
                return _asked(row, filled, said)
            except keep.Problems as error:
                db.session.rollback()
                row = keep.fetch(db.session(), self.record, ident)
                _refuse(filled, said, error.problems)
        return sent_before() or (_page(row, filled, said), 422)


def _asked(row: Record, filled: Filled, said: Said) -> Response:
    """Make the request. Raises ``keep.Problems``."""
    session, actor = db.session(), identity()
    number = request_ends.ask_to_end(session, row, actor, said.reason, said.day)
    return handed_in(number, said, sends=filled.beside.get(GO, [""])[-1] == SEND)


def _refuse(filled: Filled, said: Said, problems: list[Invalid]) -> None:
    """Say what a service found wrong, beside the day of effect or above the form."""
    for problem in problems:
        if problem.field == "effective_on":
            said.problems.append(Invalid(problem.message, field=EFFECTIVE))
        else:
            filled.general.append(problem.message)


def _moved(row: Record) -> Iterator[Message]:
    """What somebody saved since the form was opened must be seen before the row is to end."""
    version = earlier_than(request.form.get("version", ""))
    if version is None:
        raise BadRequest("version")
    if version == row.version:
        return
    moved = keep.changed_since(db.session(), row, version)
    fields = [f for f in visible(type(row), identity()) if f.name in moved]
    if fields:
        labels = Labels(Label(row.__tablename__, f.label) for f in fields)
        yield Message(MOVED.text, fields=labels)


def _page(row: Record, filled: Filled, said: Said) -> str:
    record, session = type(row), db.session()
    show = Presenter(choices(identity().stamp))
    back = addresses.card(record, row.id)
    facts = tuple(_facts(row, show))
    why, when = _("Почему это нужно"), _("В какой день")
    show.learn_files(set(said.files))
    page = EndingPage(
        title=f"{end_words.title(record)}: {caption(row)}",
        kind=label(record, record.about.title),
        crumbs=(*crumbs(session, row), Link(caption(row), back)),
        action=f"{back}/{end_words.PATH}",
        back_href=back,
        lead=end_words.lead(record, usual_term()),
        why=why,
        when=when,
        facts=facts,
        version=row.version,
        key=keeping(Draft(record, frozenset(), row))["key"],
        signs=identity().may(SUBMIT, REQUESTS),
        accept=ENDINGS,
        largest=files.LARGEST,
        reason=said.reason,
        effective_on=filled.beside.get(EFFECTIVE, [""])[-1],
        files=tuple((str(n), words) for n in said.files if (words := show.file(n))),
        errors=errors_of(said, {REASON: why, EFFECTIVE: when}),
        problems=tuple(say(message) for message in filled.general),
    )
    return render("ending.html", page)


def _facts(row: Record, show: Presenter) -> Iterator[tuple[str, Cell]]:
    """What the row says, without what is not filled in."""
    record = type(row)
    shown = [
        f
        for f in visible(record, identity())
        if f.name not in {record.about.owner, "organisation_id"}
        and getattr(row, f.name) is not None
    ]
    show.learn(shown, [[getattr(row, f.name) for f in shown]])
    for f in shown:
        yield label(record, f.label), show.cell(f, getattr(row, f.name))
