"""Letters of the portal as the operator sees them: what was written, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.clock import local, now
from app.kernel.errors import Refused
from app.models.notices import FAILED, KEPT, SENDING, SENT, UNSURE, WAITING
from app.services import letters
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages import Cell
from app.views.base.pages_notices import LettersPage, LetterView
from app.views.base.shell import oversees, render
from app.views.base.working import MOMENT

if TYPE_CHECKING:
    import datetime as dt

    from werkzeug.wrappers import Response

    from app.models.notices import Letter

HOME = "/letters/"
STATES = {
    WAITING: ("Ждёт отправки", "warn"),
    SENDING: ("Отправляется", "warn"),
    SENT: ("Отправлено", "ok"),
    FAILED: ("Не отправлено", "bad"),
    UNSURE: ("Неизвестно, ушло ли", "bad"),
    KEPT: ("Не отправляется", "off"),
}


class LettersView(Pages):
    """The outbox, for the operator alone. The database keeps it so."""

    route_base = "/letters"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Letters, newest first."""
        _admit()
        found = letters.newest(db.session(), earlier_than(request.args.get("before", "")))
        shown = found[: letters.PAGE]
        page = LettersPage(
            tuple(map(_view, shown)),
            f"{HOME}?before={shown[-1].id}" if len(found) > letters.PAGE else "",
            bool(current_app.config["SMTP_URL"]),
        )
        return render("letters.html", page)

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One letter as its reader gets it."""
        _admit()
        return render("letter.html", _view(letters.find(db.session(), known_id(number))))

    @route("/<int:number>/again", needs=SIGNED_IN, methods=("POST",))
    def again(self, number: int) -> Response:
        """Let the letter have one more turn."""
        _admit()
        letters.again(db.session(), known_id(number), now())
        flash(_("Письмо снова ждёт отправки."))
        return redirect(f"{HOME}{number}", 303)


def _admit() -> None:
    if not oversees(identity()):
        raise Refused("Письма портала видит оператор.")


def _view(letter: Letter) -> LetterView:
    words, tone = STATES[letter.state]
    tried = letter.state == WAITING and letter.attempts
    return LetterView(
        f"{HOME}{letter.id}",
        letter.recipient,
        letter.subject,
        letter.body,
        Cell(_(words), tone=tone),
        _moment(letter.created_at),
        _moment(letter.sent_at),
        letter.attempts,
        _moment(letter.next_at) if tried else "",
        letter.error or "",
        f"{HOME}{letter.id}/again" if letter.state in {FAILED, UNSURE} else "",
    )


def _moment(instant: dt.datetime | None) -> str:
    return local(instant).strftime(MOMENT) if instant else ""
