"""The operator's queue of people entered twice: pairs side by side, decisions, their way back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.extensions import db
from app.kernel.errors import Conflict, PortalError, Refused
from app.services import joining, keep
from app.services.captions import captions
from app.views.base.double_words import kind_of, pair_page
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.numbers import earlier_than, known_id
from app.views.base.pages_doubles import DoubleLine, DoublesPage
from app.views.base.shell import render
from app.views.base.words import say

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

HOME = "/doubles/"


class JoiningView(Pages):
    """Pairs of rows that may be one human."""

    route_base = "/doubles"
    default_view = "list"

    @route("/", needs=SIGNED_IN)
    def list(self) -> str:
        """Pairs that wait, or those of which it was said that they are one human, or two."""
        state = request.args.get("state", "open")
        if state not in joining.STATES:
            raise BadRequest("state")
        before = earlier_than(request.args.get("before", ""))
        found = joining.queue(db.session(), identity(), state, before)
        rows = found[: joining.PAGE]
        schools = captions(
            db.session(),
            "organisation",
            {number for r in rows for number in (r.first_school, r.second_school)},
        )
        lines = tuple(
            DoubleLine(
                f"{HOME}{row.id}",
                row.first,
                row.birth_date.strftime("%d.%m.%Y") if row.birth_date else "",
                f"{kind_of(row.first_kind)} · {schools.get(row.first_school, '')}",
                f"{kind_of(row.second_kind)} · {schools.get(row.second_school, '')}",
                bool(row.numbers_differ),
            )
            for row in rows
        )
        more = len(found) > joining.PAGE
        following = f"{HOME}?{urlencode({'state': state, 'before': rows[-1].id})}" if more else ""
        return render("doubles.html", DoublesPage(_tabs(state), lines, following))

    @route("/<int:ident>", needs=SIGNED_IN)
    def show(self, ident: int) -> str:
        """One pair with everything both rows say."""
        joining.refuse_others(identity())
        pair = joining.find(db.session(), known_id(ident), identity())
        return render("double.html", pair_page(pair))

    @route("/<int:ident>/decide", needs=SIGNED_IN, methods=("POST",))
    def decide(self, ident: int) -> Response | tuple[str, int]:
        """One human, or two."""
        verdict, stays = request.form.get("verdict", ""), request.form.get("stays", "first")
        seen = request.form.get("seen", "")
        known = {verdict} <= {"same", "different"} and {stays} <= {"first", "second"}
        joining.refuse_others(identity())
        if not known or seen not in joining.STATES:
            raise BadRequest("verdict")
        pair = joining.find(db.session(), known_id(ident), identity())
        try:
            joining.decide(
                *(db.session(), pair, verdict, request.form.get("reason", ""), identity()),
                stays=stays,
                seen=seen,
            )
        except (keep.Problems, Conflict, Refused) as error:
            return self._again(ident, error)
        same = verdict == "same"
        flash(_("Записано: один человек") if same else _("Записано: разные люди"))
        return redirect(f"{HOME}{ident}", 303)

    @route("/<int:ident>/back", needs=SIGNED_IN, methods=("POST",))
    def back(self, ident: int) -> Response | tuple[str, int]:
        """Everything as it was before the decision."""
        joining.refuse_others(identity())
        pair = joining.find(db.session(), known_id(ident), identity())
        try:
            joining.take_back(db.session(), pair, request.form.get("reason", ""), identity())
        except Refused as error:
            return self._again(ident, error)
        flash(_("Решение отменено, всё как было"))
        return redirect(f"{HOME}{ident}", 303)

    def _again(self, ident: int, error: Exception) -> tuple[str, int]:
        """The page as it stands now, with the reason typed and what is wrong."""
        db.session.rollback()
        pair = joining.find(db.session(), ident, identity())
        if isinstance(error, keep.Problems):
            problem = " ".join(say(one.message) for one in error.problems)
        else:
            assert isinstance(error, PortalError)  # noqa: S101 - the only others
            problem = say(error)
        reason = request.form.get("reason", "")[: joining.LONGEST]
        status = 422 if isinstance(error, keep.Problems) else 409
        return render("double.html", pair_page(pair, problem=problem, reason=reason)), status


def _tabs(state: str) -> tuple[tuple[str, str, bool], ...]:
    titles = {
        "open": _("Ждут решения"),
        "same": _("Один человек"),
        "different": _("Разные люди"),
    }
    return tuple((words, f"{HOME}?state={key}", key == state) for key, words in titles.items())
