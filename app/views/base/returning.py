"""A form that comes without its session goes through the sign-in page and comes back as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request
from flask_babel import gettext as _

from app.views.base import filing
from app.views.base.formkeys import KEY, owner_of
from app.views.base.guard import sign_in
from app.views.base.pages_signing import LoginPage
from app.views.base.shell import render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.security.identity import Identity

SECRET = {"csrf_token", "password"}


def through_the_door(whose: int | None) -> ResponseReturnValue:
    """The sign-in page that carries the posted form of the account ``whose``."""
    notice = _("Сеанс закончился. Войдите снова: всё набранное сохранено и вернётся в форму.")
    kept = _carried(whose)
    found = LoginPage("/login/", next_url=_here(), error=notice, kept=kept)
    return render("login.html", found), 401


def another_way() -> ResponseReturnValue | None:
    """What a form of the portal gets whose token against forgery is of a session that is gone.

    Its key says for whom the portal has opened it, which no other site can make up: that account
    gets it back, after signing in where nobody is. Nothing is written before it is sent again.
    """
    whose = owner_of(request.form.get(KEY))
    if whose is None:
        return None
    sign_in()
    person: Identity | None = g.get("identity")
    if person is None:
        return through_the_door(whose)
    if person.user_id != whose:
        return None
    page = LoginPage(_here(), next_url=_here(), kept=_carried(whose))
    return render("resume.html", page), 400


def _carried(whose: int | None) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in filing.kept(whose) if pair[0] not in SECRET)


def _here() -> str:
    return request.full_path.rstrip("?")
