"""Lines of many requests that ask for one field, decided at once (domain.md 3.5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Invalid, Missing, Refused
from app.kernel.rights import DECIDE, READ, REQUESTS
from app.services import request_queue
from app.services.deciding import Choice
from app.services.deciding_many import MOST, Pick, decide_many
from app.services.keep import Problems
from app.views.base import queue_ask
from app.views.base.at_once_page import at_once_page, done_page
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import MOST_DIGITS
from app.views.base.records import presenter
from app.views.base.shell import render
from app.views.base.words import say

if TYPE_CHECKING:
    from app.services.request_sieve import Asked
    from app.views.base.queue_ask import QueueAsked

CHOICES = {"approve": Choice.APPROVE, "reject": Choice.REJECT}
PARTS = 3  # of what is posted for a chosen line: its request, itself, the version that was shown
LARGEST = 2**31  # of versions


class RequestsAtOnceView(Pages):
    """Those who decide choose lines about one field and approve or reject all of them."""

    route_base = "/requests"
    default_view = "at_once"

    @route("/at-once", needs=SIGNED_IN)
    def at_once(self) -> str:
        """The lines with what stood and what is asked."""
        return _page(_asked())

    @route("/at-once", needs=SIGNED_IN, methods=("POST",))
    def decide_at_once(self) -> str | tuple[str, int]:
        """Decide the chosen lines; what became of each is told."""
        asked = _asked()
        only = _only(asked)
        picks, comment = _picks(), request.form.get("comment", "")
        choice = CHOICES.get(request.form.get("choice", ""))
        if choice is None:
            raise BadRequest("choice")
        try:
            done = decide_many(db.session(), only, picks, choice, identity(), comment)
        except Problems as error:
            return _page(asked, picks, comment, say(error.problems[0])), 422
        except Invalid as error:
            return _page(asked, picks, comment, say(error)), 422
        return render("at_once_done.html", done_page(only, done, _address(asked)))


def _asked() -> QueueAsked:
    """The filters of the queue. Raises ``Refused`` for those who decide nothing."""
    person = identity()
    if not (person.may(READ, REQUESTS) and person.may(DECIDE, REQUESTS)):
        raise Refused(_("Запросы решают оператор и те, кому он это поручил."))
    return queue_ask.read(person, request.args)


def _only(asked: QueueAsked) -> Asked:
    """The field that all lines ask for. Raises ``Missing`` where the address names none."""
    only = asked.sieve.asked
    if only is None or only.whole:
        raise Missing("Сразу решают по одному полю: выберите его в отборе запросов.")
    return only


def _page(
    asked: QueueAsked, picks: tuple[Pick, ...] = (), comment: str = "", problem: str = ""
) -> str:
    only = _only(asked)
    if problem:
        db.session.rollback()
    found = request_queue.at_once(db.session(), asked.sieve, only, MOST)
    page = at_once_page(
        *(only, found, presenter()),
        action=_address(asked),
        ticked={pick.line for pick in picks},
        comment=comment,
        problem=problem,
    )
    return render("at_once.html", page)


def _address(asked: QueueAsked) -> str:
    return asked.address().replace(queue_ask.HOME, queue_ask.AT_ONCE, 1)


def _picks() -> tuple[Pick, ...]:
    """The chosen lines as the page names them. Raises ``BadRequest`` for what it never sends."""
    return tuple(_pick(text) for text in request.form.getlist("pick"))


def _pick(text: str) -> Pick:
    parts = text.split(".")
    if len(parts) != PARTS or not all(
        part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in parts
    ):
        raise BadRequest("pick")
    found = Pick(*map(int, parts))
    if found.version >= LARGEST:
        raise BadRequest("pick")
    return found
