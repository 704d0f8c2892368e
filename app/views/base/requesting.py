"""Forms that ask for a change which the operator decides: of a row, or a new row of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.errors import Invalid, Label, Labels, Message, Refused
from app.kernel.kinds import DATE
from app.kernel.rights import READ, askable_in_new, requestable
from app.services import keep, request_drafts, requests
from app.views.base import addresses
from app.views.base.drafting import keeping, sent_before, settled
from app.views.base.fill import Filled, fill, texts
from app.views.base.forming import Draft, form_page
from app.views.base.guard import identity, route
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages_form import FormField, FormSection
from app.views.base.shell import render
from app.views.base.term_words import usual_term
from app.views.base.words import Presenter, choices, say

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from app.kernel.record import Record

REASON, EFFECTIVE = "reason", "effective_on"
NOT_OFFERED = Message("Просить об изменении этих сведений может организация, которой они.")
MOVED = Message(
    "Пока вы заполняли форму, изменили: %(fields)s. Сверьте значения и составьте запрос ещё раз."
)


@dataclass(slots=True)
class Said:
    """What goes with a request beside its values."""

    reason: str = ""
    day: dt.date | None = None


class Requesting(BaseView):
    """Two forms of a record; saving them makes a draft, which its own page shows before it goes."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/request", needs=READ, methods=("GET", "POST"))
    def request_change(self, ident: int) -> Response | str | tuple[str, int]:
        """Ask for other values of a row."""
        session, actor = db.session(), identity()
        row = keep.fetch(session, self.record, known_id(ident))
        offered = requestable(self.record, actor, requests.organisation_of(row))
        if not offered:
            raise Refused(NOT_OFFERED)
        names = frozenset(f.name for f in offered)
        draft = Draft(self.record, names, row, narrow=True)
        if request.method == "GET":
            return _page(draft, Filled())
        filled, said = _received(self.record, names, row)
        draft.theirs = _refuse_moved(filled, row)
        if not filled.wrong:
            try:
                number = request_drafts.ask_for_change(
                    session, row, filled.values, actor, said.reason, said.day
                )
            except keep.Problems as error:
                db.session.rollback()
                draft.row = keep.fetch(db.session(), self.record, ident)
                filled.refuse(error.problems)
            else:
                return _made(number)
        return sent_before() or (_page(draft, filled), 422)

    @route("/request", needs=READ, methods=("GET", "POST"))
    def request_row(self) -> Response | str | tuple[str, int]:
        """Ask for a new row of the list of a parent."""
        session, actor = db.session(), identity()
        parent = self._above()
        organisation = requests.organisation_of(parent)
        offered = askable_in_new(self.record, actor, organisation)
        if not offered:
            raise Refused(NOT_OFFERED)
        names = frozenset(f.name for f in offered)
        draft = Draft(self.record, names, parent=parent, narrow=True)
        if request.method == "GET":
            return _page(draft, Filled())
        filled, said = _received(self.record, names, None)
        if not filled.wrong:
            try:
                number = request_drafts.ask_for_row(
                    *(session, self.record, parent, filled.values, actor),
                    *(said.reason, said.day),
                )
            except keep.Problems as error:
                db.session.rollback()
                draft.parent = self._above()
                filled.refuse(error.problems)
            else:
                return _made(number)
        return sent_before() or (_page(draft, filled), 422)

    def _above(self) -> Record:
        """The row the new one is asked for under. Raises ``BadRequest`` for no number."""
        number = earlier_than(request.args.get("parent", ""))
        if number is None or not self.record.about.parent:
            raise BadRequest("parent")
        return keep.fetch(db.session(), record_named(self.record.about.parent), number)


def _made(number: int) -> Response:
    where = f"/requests/{number}"
    if earlier := settled(where):  # the same form sent twice makes one request
        return earlier
    flash(_("Запрос составлен. Проверьте его и отправьте."))
    return redirect(where, 303)


def _received(
    record: type[Record], names: frozenset[str], row: Record | None
) -> tuple[Filled, Said]:
    """The posted form: values by the rules of any form, and what goes with them."""
    form = MultiDict(request.form)
    reason, day = form.pop(REASON, ""), form.pop(EFFECTIVE, "")
    for strange in request.files:
        form[strange] = ""  # refused like any other input that the form does not offer
    filled = fill(record, names, form, choices(identity().stamp), row)
    filled.typed |= {REASON: reason, EFFECTIVE: day}
    said = Said(reason)
    if day.strip():
        try:
            said.day = DATE.parse(day)
        except Invalid as error:
            filled.errors[EFFECTIVE] = error.message
    return filled, said


def _refuse_moved(filled: Filled, row: Record) -> dict[str, str] | None:
    """What somebody saved since the form was opened must be seen before it is asked for again.

    Gives the present values of such inputs, to be shown beside what stands in them.
    """
    version = earlier_than(request.form.get("version", ""))
    if version is None:
        raise BadRequest("version")
    if version == row.version:
        return None
    moved = keep.changed_since(db.session(), row, version)
    fields = requestable(type(row), identity(), requests.organisation_of(row))
    met = [f for f in fields if f.name in moved and f.name in filled.values]
    met = [f for f in met if filled.values[f.name] != getattr(row, f.name)]
    if met:
        labels = Labels(Label(row.__tablename__, f.label) for f in met)
        filled.general.append(Message(MOVED.text, fields=labels))
    return texts(type(row), row, (f.name for f in met)) or None


def _page(draft: Draft, filled: Filled) -> str:
    """The form of the record's own inputs, and one more section: why, and from when."""
    draft.filled = filled
    page = form_page(db.session(), draft, identity(), Presenter(choices(identity().stamp)))
    own = (
        _input(filled, REASON, _("Почему нужно изменить"), "textarea", 12, required=True),
        _input(filled, EFFECTIVE, _("С какого дня действует"), "date", 4),
    )
    typed = sum(1 for one in own if one.value.strip())
    wrong = tuple((one.id, one.label, one.error) for one in own if one.error)
    why = FormSection("why", _("Обоснование"), own, typed, len(own), len(wrong))
    base = addresses.base(draft.record)
    if draft.row is not None:
        action = f"{base}/{draft.row.id}/request"
    else:
        action = f"{base}/request?parent={draft.parent.id if draft.parent else 0}"
    return render(
        "form.html",
        replace(
            page,
            title=_("Запрос: %(name)s", name=page.title),
            action=action,
            sections=(*page.sections, why),
            errors=(*page.errors, *wrong),
            adding=False,
            key=keeping(draft)["key"],
            save_label=_("Составить запрос"),
            lead=_(
                "Эти сведения меняются по запросу: решает оператор, обычно за %(term)s. "
                "Впишите, как должно быть; ничего не изменится, пока запрос не примут.",
                term=usual_term(),
            ),
        ),
    )


def _input(
    filled: Filled, name: str, words: str, widget: str, width: int, *, required: bool = False
) -> FormField:
    error = filled.errors.get(name)
    helps = {
        REASON: _("Например: приказ учредителя и его номер."),
        EFFECTIVE: _("Пусто — со дня решения. Будущий день: изменение запишется в этот день."),
    }
    return FormField(
        id=name,
        name=name,
        label=words,
        widget=widget,
        value=filled.typed.get(name, ""),
        width=width,
        required=required,
        help=helps[name],
        error=say(error) if error else "",
        mask="date" if widget == "date" else "",
    )
