"""Requests to change the register: the organisation's own, and the queue of those who decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Conflict, Invalid
from app.kernel.rights import DECIDE, REQUESTS
from app.models.registry_requests import REQUEST_FLOW
from app.services import deciding, keep, request_acts, request_queue, requests
from app.services.deciding import Choice, Verdict
from app.services.request_sieve import Tally, tally
from app.views.base import queue_ask
from app.views.base.guard import SIGNED_IN, identity, route
from app.views.base.line_words import Typed
from app.views.base.numbers import MOST_DIGITS, earlier_than, known_id
from app.views.base.queue_page import queue_page
from app.views.base.reasons import QUESTIONS, spoken
from app.views.base.records import presenter
from app.views.base.request_filing import RequestFiles, admit
from app.views.base.request_words import request_page
from app.views.base.shell import render
from app.views.base.words import say, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from app.models.registry_requests import EditRequest


class RequestsView(RequestFiles):
    """Lists of requests, the page of one, and the steps that may be taken with it."""

    route_base = "/requests"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """What waits, by its term; or what is decided, newest first; narrowed by the address."""
        admit()
        session, person = db.session(), identity()
        asked = queue_ask.read(person, request.args)
        office = person.may(DECIDE, REQUESTS)
        if asked.done:
            counted = Tally()
            found = request_queue.decided(session, asked.before, asked.sieve)
        else:
            counted = tally(session, person.user_id)
            found = request_queue.waiting(session, asked.turn, asked.sieve, drafts=not office)
        page = queue_page(asked, found, counted, office=office)
        return render("requests.html", page)

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One request."""
        admit()
        page = request_page(known_id(number), identity(), presenter(), Typed())
        return render("request.html", page)

    @route("/<int:number>/<string:name>", needs=SIGNED_IN, methods=("POST",))
    def take(self, number: int, name: str) -> Response | tuple[str, int]:
        """Take a step; a decision comes with a choice for each line."""
        admit()
        typed = _typed(name)
        try:
            after = _acted(number, name, typed)
        except keep.Problems as error:
            return self._again(number, typed, error.problems), 422
        except Invalid as error:
            return self._again(number, typed, [error]), 422
        except Conflict as error:
            return self._again(number, typed, [Invalid(error.message)], lost=True), 409
        _told(after, name)
        return redirect(f"/requests/{number}", 303)

    def _again(
        self, number: int, typed: Typed, problems: Sequence[Invalid], *, lost: bool = False
    ) -> str:
        """The page with everything typed and what is wrong with it.

        ``lost``: the form it was typed into may be gone, so the words are told as well.
        """
        db.session.rollback()
        errors = {}
        general = []
        for problem in problems:
            name, _dash, line = (problem.field or "").partition("-")
            if name == "comment" and line.isdigit():
                errors[int(line)] = say(problem)
            else:
                general.append(say(problem))
        if errors:
            general.append(_("Посмотрите отмеченные строки."))
        words = [text for text in (typed.comment, *typed.comments.values()) if text.strip()]
        if lost and words:
            general.append(_("Вы написали: %(words)s", words=" · ".join(words)))
        typed.errors, typed.problems = errors, tuple(general)
        return render("request.html", request_page(number, identity(), presenter(), typed))


def _version() -> int:
    found = earlier_than(request.form.get("version", ""))
    if found is None or found >= 2**31:
        raise BadRequest("version")
    return found


def _acted(number: int, name: str, typed: Typed) -> EditRequest:
    """Do what the button says: a step of the workflow, or what leaves the state as it is."""
    session, person = db.session(), identity()
    if name == "comment":  # at any time, whatever happened since the page was opened
        return request_acts.comment(session, known_id(number), person, typed.comment)
    version, number = _version(), known_id(number)
    if name == "assign":
        return request_acts.assign(session, number, _to(), person, version)
    if name == "decide":
        return deciding.decide(session, number, _verdicts(typed), person, version, typed.comment)
    return requests.take_step(session, number, name, person, version, typed.comment)


def _to() -> int | None:
    """Whom the request is handed to; nobody where it is put back. Raises ``BadRequest``."""
    given = request.form.get("to", "")
    found = earlier_than(given)
    if given and (found is None or found >= 2**31):
        raise BadRequest("to")
    return found


def _typed(name: str) -> Typed:
    comment = request.form.get("comment", "")
    if name == "ask":
        comment = spoken(presenter(), QUESTIONS, request.form.get("reason", ""), comment)
    if name != "decide":
        return Typed(comment=comment, step=name)
    return Typed(_numbered("choice"), _numbered("comment"), {}, comment, name)


def _numbered(prefix: str) -> Mapping[int, str]:
    """Inputs of lines: a prefix and the number of the line."""
    found = {}
    for name, text in request.form.items():
        head, dash, number = name.partition("-")
        if dash and head == prefix and number.isascii() and number.isdigit():
            if len(number) > MOST_DIGITS:
                raise BadRequest(prefix)
            found[int(number)] = text
    return found


def _verdicts(typed: Typed) -> dict[int, Verdict]:
    """The choices as they came; what is no choice is left out, and asked for again."""
    known, seen = {choice.value for choice in Choice}, _numbered("seen")
    return {
        line: Verdict(
            Choice(choice), typed.comments.get(line, ""), earlier_than(seen.get(line, "")) or 0
        )
        for line, choice in typed.choices.items()
        if choice in known
    }


def _told(after: EditRequest, step: str) -> None:
    state = REQUEST_FLOW.state(after.state)
    if step == "comment":
        flash(_("Сообщение добавлено"))
    elif step == "assign":
        given = after.assignee_id is not None
        flash(_("Запрос передан") if given else _("Запрос возвращён в общую очередь"))
    elif step == "decide" and after.state == "under_review":
        flash(_("Часть строк изменилась, пока запрос рассматривали: решите по ним."), "warning")
    else:
        flash(
            _(
                "Запрос № %(number)s: %(state)s",
                number=after.id,
                state=worded(REQUEST_FLOW, state.title).lower(),
            )
        )
