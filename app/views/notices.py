"""Notices of a person: read, marked, and the wish about letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, g, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.clock import local
from app.kernel.errors import Invalid
from app.kernel.mail import deliverable
from app.kernel.rights import READ, REQUESTS
from app.services import notices
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages_notices import NoticeLine, NoticesPage
from app.views.base.shell import render
from app.views.base.words import language, say
from app.views.base.working import MOMENT

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.models.notices import Notice
    from app.services.notices import Told

HOME = "/notices/"


class NoticesView(Pages):
    """The person's own notices. The database keeps it so."""

    route_base = "/notices"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Notices, newest first."""
        return _page()

    @route("/<int:number>", needs=SIGNED_IN, methods=("POST",))
    def open(self, number: int) -> Response:
        """Mark a notice as read and go on to its request."""
        found = notices.read(db.session(), known_id(number))
        return redirect(f"/requests/{found}", 303)

    @route("/read", needs=SIGNED_IN, methods=("POST",))
    def read(self) -> Response:
        """Mark as read all that was shown; what came meanwhile stays new."""
        last = earlier_than(request.form.get("last", ""))
        if last is None:
            raise BadRequest("last")
        notices.read_all(db.session(), identity().user_id, last)
        return redirect(HOME, 303)

    @route("/mail", needs=SIGNED_IN, methods=("POST",))
    def mail(self) -> Response | tuple[str, int]:
        """Choose when letters come; they come in the language of the page."""
        chosen = request.form.get("mail", "")
        try:
            notices.keep_mail(db.session(), identity().user_id, chosen, language())
        except Invalid as error:
            return _page(say(error)), 422
        flash(_("Запомнили, когда присылать письма."))
        return redirect(HOME, 303)


def _page(problem: str = "") -> str:
    session, person = db.session(), identity()
    before = earlier_than(request.args.get("before", ""))
    found = notices.mine(session, person.user_id, before)
    shown = found[: notices.PAGE]
    seen = person.may(READ, REQUESTS)
    told = notices.told_of(session, {one.event_id for one in shown} if seen else set())
    wish = notices.mail_of(session, person.user_id)
    choices = (
        ("now", _("Сразу")),
        ("day", _("Раз в день, в %(hour)s:00", hour=current_app.config["DIGEST_HOUR"])),
        ("none", _("Не присылать")),
    )
    page = NoticesPage(
        tuple(_line(one, told.get(one.event_id)) for one in shown),
        f"{HOME}?before={shown[-1].id}" if len(found) > notices.PAGE else "",
        shown[0].id if shown and before is None and g.unread else 0,
        tuple((value, words, value == wish) for value, words in choices),
        deliverable(g.email),
        bool(current_app.config["SMTP_URL"]),
        problem,
    )
    return render("notices.html", page)


def _line(one: Notice, told: Told | None) -> NoticeLine:
    when = local(one.created_at).strftime(MOMENT)
    action, state = (told.action, told.state) if told else ("", "")
    about = (told.organisation, told.who or _("Система"), when) if told else (when,)
    return NoticeLine(
        f"{HOME}{one.id}",
        say(notices.sentence(action, state, one.request_id)),
        " · ".join(filter(None, about)),
        told.comment if told else "",
        one.read_at is None,
        hidden=told is None,
    )
