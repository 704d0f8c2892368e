"""Adding a whole class: one learner after another, each saved at once (decree п. 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Refused
from app.kernel.rights import CREATE
from app.models.enrolment import Student
from app.services import drafts, enrolling, enrolling_many, keep
from app.services.doubles import alike
from app.views.base import addresses
from app.views.base.alike_words import sentence
from app.views.base.carding import caption
from app.views.base.drafting import moment, sent_before, settled
from app.views.base.filling import COMMON, OWN, address, filling_page, fresh, recalled, typing
from app.views.base.formkeys import new_key, posted_key
from app.views.base.guard import Pages, identity, route
from app.views.base.numbers import known_id, version_given
from app.views.base.pasting import Sheet, is_kept, paste_page, sheet_of, take_common, texts_of
from app.views.base.records import presenter
from app.views.base.shell import render

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.services.enrolling import Room
    from app.views.base.filling import Typing


class FillingView(Pages):
    """The form with what is common on top and the learner below."""

    record: ClassVar[type[Record]] = Student
    route_base = "/enrolment/class"
    default_view = "fill"

    @route("/<int:ident>/fill", needs=CREATE, methods=("GET", "POST"))
    def fill(self, ident: int) -> Response | str | tuple[str, int]:
        """The next learner; saving leads to the one after."""
        room = room_given(ident)
        if request.method == "GET":
            return _opened(room)
        found = typing(request.form)
        if not found.wrong:
            try:
                return self._saved(room, found)
            except keep.Problems as error:
                db.session.rollback()
                found.refuse(error.problems)
                room = room_given(ident)
        return sent_before() or (_page(room, found), 422)

    @route("/<int:ident>/fill/keep", needs=CREATE, methods=("POST",))
    def keep(self, ident: int) -> Response | tuple[Response, int]:
        """Keep what stands in the form as a draft."""
        room, person = room_given(ident), identity()
        key = posted_key(person.user_id)
        if not key:
            raise BadRequest("form_key")
        form = request.form
        typed = {n: t for n, t in form.items() if n in {*COMMON, *OWN} or is_kept(n)}
        place = drafts.Place(Student.__tablename__, None, room.row.id)
        try:
            kept = drafts.keep(db.session(), person.user_id, key, place, version_given(), typed)
        except drafts.Spent:
            return jsonify(key=new_key(person.user_id)), 409
        if kept is None:
            return jsonify(id=0, said="")
        said = _("Черновик сохранён в %(time)s", time=moment(kept.saved_at))
        return jsonify(id=kept.id, said=said)

    @route("/<int:ident>/paste", needs=CREATE, methods=("GET", "POST"))
    def paste(self, ident: int) -> Response | str | tuple[str, int]:
        """Rows of a sheet: looked at as often as wanted, then added as one batch."""
        room = room_given(ident)
        if request.method == "GET":
            if draft := request.args.get("draft"):
                common, typed = recalled(room, draft)
                return _pasted(room, _reopened(sheet_of(typed, common)))
            return _pasted(room, Sheet(fresh(room, request.args)))
        sheet = sheet_of(request.form)
        step = request.form.get("step", "")
        if step in {"all", "good"} and sheet.lines and not sheet.common.wrong:
            if after := _added(room, sheet, whole=step == "all"):
                return after
            return sent_before() or (_pasted(room, sheet), 422)
        wrong = bool(sheet.refused or sheet.common.wrong)
        page = _pasted(room, _looked(room, sheet))
        return (page, 422) if wrong or step in {"all", "good"} else page

    def _saved(self, room: Room, found: Typing) -> Response:
        """Write the three rows. Raises ``keep.Problems``."""
        session, actor = db.session(), identity()
        like = alike(session, Student, found.learner.values, actor)
        row = enrolling.enrol(session, room, found.values, actor)
        more = request.form.get("then") != "open"
        ident = room.row.id
        after = address(room, found.typed) if more else addresses.card(type(room.row), ident)
        name = caption(row)
        if earlier := settled(after):
            return earlier
        flash(_("Добавлено: %(name)s", name=name))
        if like:
            flash(sentence(like), "warning")
        return redirect(after, 303)


def room_given(ident: int) -> Room:
    """The class of the own school. Raises ``Missing`` or ``Refused``."""
    room = enrolling.room_of(db.session(), known_id(ident))
    if not enrolling.may_enrol(room.row, identity()):
        raise Refused(keep.NOT_YOURS)
    return room


def _opened(room: Room) -> Response | str:
    """The empty form, or the draft the address names in its form."""
    draft = request.args.get("draft")
    if not draft:
        return _page(room, fresh(room, request.args))
    found, typed = recalled(room, draft)
    if any(map(is_kept, typed)):
        return redirect(f"{addresses.pasting(room.row.id)}?draft={found.kept}")
    return _page(room, found)


def _looked(room: Room, sheet: Sheet) -> Sheet:
    """Find out what is wrong with each row; nothing of it stays written."""
    if sheet.lines and not sheet.refused and not sheet.common.wrong:
        enrolling_many.look(db.session(), room, sheet.lines, identity())
        sheet.looked = True
    db.session.rollback()
    take_common(sheet)
    return sheet


def _reopened(sheet: Sheet) -> Sheet:
    """Rows of a draft with what can be said without writing: a page that is opened only reads."""
    enrolling_many.compare(db.session(), sheet.lines)
    take_common(sheet)
    return sheet


def _added(room: Room, sheet: Sheet, *, whole: bool) -> Response | None:
    """Write the rows as one batch and tell of it; none where nothing was written."""
    session, actor, ident = db.session(), identity(), room.row.id
    number, good = enrolling_many.add(session, room, sheet.lines, actor, whole=whole)
    sheet.looked = True
    if not number:
        session.rollback()
        take_common(sheet)
        return None
    after = f"/batches/{number}"
    if left := sheet.bad:
        key = new_key(actor.user_id).split(".")[1]
        place = drafts.Place(Student.__tablename__, None, ident)
        kept = drafts.keep(session, actor.user_id, key, place, 0, texts_of(sheet, left))
        after = f"{addresses.pasting(ident)}?draft={kept.id}" if kept else after
    if earlier := settled(after):
        return earlier
    flash(
        _("Добавлено учеников: %(number)s. Пакет изменений № %(batch)s.", number=good, batch=number)
    )
    if left:
        flash(_("Осталось исправить строк: %(number)s.", number=len(left)), "warning")
    return redirect(after, 303)


def _pasted(room: Room, sheet: Sheet) -> str:
    return render("paste.html", paste_page(room, sheet, presenter()))


def _page(room: Room, found: Typing) -> str:
    return render("filling.html", filling_page(room, found, presenter()))
