"""Requests to change the register: the organisation's own, and the queue of those who decide."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.rights import DECIDE, READ, REQUESTS
from app.models.registry_requests import REQUEST_FLOW
from app.services import deciding, keep, request_queue, requests
from app.services.browse import captions
from app.services.deciding import Choice, Verdict
from app.services.past import user_names
from app.services.request_queue import OPEN, PAGE, Turn
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import MOST_DIGITS, earlier_than, known_id
from app.views.base.pages_requests import RequestRow, RequestsPage
from app.views.base.records import presenter
from app.views.base.request_words import Typed, due_cell, request_page, state_cell, what_of
from app.views.base.shell import render
from app.views.base.words import say, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.wrappers import Response

    from app.models.registry_requests import EditRequest

NOT_FOR_YOU = "Запросы на изменение видят организация, которая их составила, и оператор."


class RequestsView(Pages):
    """Lists of requests, the page of one, and the steps that may be taken with it."""

    route_base = "/requests"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """What waits, by its term; or what is decided, newest first."""
        self._admit()
        session, office = db.session(), identity().may(DECIDE, REQUESTS)
        done = request.args.get("state") == "done"
        if done:
            found = request_queue.decided(session, earlier_than(request.args.get("before", "")))
        else:
            turn = _turn(request.args.get("after", ""))
            found = request_queue.waiting(session, turn, drafts=not office)
        shown = found[:PAGE]
        more = _further(shown[-1], done=done) if len(found) > PAGE else ""
        tabs = (
            (_("Ждут решения") if office else _("Открытые"), "/requests/", not done),
            (_("Решённые"), "/requests/?state=done", done),
        )
        return render("requests.html", RequestsPage(_rows(shown), tabs, more, office))

    @route("/<int:number>", needs=SIGNED_IN)
    def show(self, number: int) -> str:
        """One request."""
        self._admit()
        page = request_page(known_id(number), identity(), presenter(), Typed())
        return render("request.html", page)

    @route("/<int:number>/<string:name>", needs=SIGNED_IN, methods=("POST",))
    def take(self, number: int, name: str) -> Response | tuple[str, int]:
        """Take a step; a decision comes with a choice for each line."""
        self._admit()
        comment, version = request.form.get("comment", ""), _version()
        typed = Typed(comment=comment, step=name)
        try:
            if name == "decide":
                typed = _typed(comment)
                typed.step = name
                after = deciding.decide(
                    *(db.session(), known_id(number), _verdicts(typed), identity(), version),
                    comment,
                )
            else:
                after = requests.take_step(
                    db.session(), known_id(number), name, identity(), version, comment
                )
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

    def _admit(self) -> None:
        if not identity().may(READ, REQUESTS):
            raise Refused(NOT_FOR_YOU)


def _rows(found: Sequence[EditRequest]) -> tuple[RequestRow, ...]:
    session = db.session()
    organisations = captions(session, "organisation", {one.organisation_id for one in found})
    names = user_names(session, {one.author_id for one in found})
    return tuple(
        RequestRow(
            one.id,
            f"/requests/{one.id}",
            organisations.get(one.organisation_id, f"№\u00a0{one.organisation_id}"),
            what_of(one),
            state_cell(one.state),
            due_cell(one.due_on, one.state),
            names.get(one.author_id or 0, _("Система")),
        )
        for one in found
    )


def _turn(text: str) -> Turn | None:
    """Where the queue goes on; from its beginning where that cannot be read."""
    day, _dot, number = text.partition(".")
    ident = earlier_than(number)
    try:
        return Turn(dt.date.fromisoformat(day), ident) if ident is not None else None
    except ValueError:
        return None


def _further(last: EditRequest, *, done: bool) -> str:
    if done:
        return f"/requests/?state=done&before={last.id}"
    return f"/requests/?state={OPEN}&after={last.due_on or dt.date.max}.{last.id}"


def _version() -> int:
    found = earlier_than(request.form.get("version", ""))
    if found is None or found >= 2**31:
        raise BadRequest("version")
    return found


def _typed(comment: str) -> Typed:
    return Typed(_numbered("choice"), _numbered("comment"), {}, comment)


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
    if step == "decide" and after.state == "under_review":
        flash(_("Часть строк изменилась, пока запрос рассматривали: решите по ним."), "warning")
    else:
        flash(
            _(
                "Запрос № %(number)s: %(state)s",
                number=after.id,
                state=worded(REQUEST_FLOW, state.title).lower(),
            )
        )
