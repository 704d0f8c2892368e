"""The second step of signing in: taking it, setting it up, recovery codes, help for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, session
from flask_babel import gettext as _

from app.kernel.errors import Invalid, Missing, Refused
from app.security.access_log import Line
from app.views.base.guard import (
    PUBLIC,
    SAFE,
    SIGNED_IN,
    TOKEN,
    Pages,
    accounts,
    identity,
    route,
    second_steps,
)
from app.views.base.pages_signing import LoginPage
from app.views.base.second_pages import (
    WAITING,
    CodesPage,
    demanded,
    fresh,
    offer_of,
    profile_page,
    resets,
    second_page,
)
from app.views.base.shell import render
from app.views.session import enter, inside, resumed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from app.security.second_steps import Step

    Answer = Response | str | tuple[str, int]

HOME = "/second/"
LONGEST = 100  # characters of a code as it is typed


class SecondView(Pages):
    """The second step: of whoever is signing in, of one's own account, of others."""

    route_base = ""
    default_view = "profile"

    @route("/login/second", needs=PUBLIC, methods=("GET", "POST"))
    def take(self) -> Answer:
        """Take the step, or set it up first; what was typed before signing in goes along."""
        target, kept = inside(request.values.get("next", "")), resumed()
        token: str = session.get(WAITING, "")
        step = second_steps().of(token)
        if step is None or not step.waiting:
            return _anew(target)
        if request.method in SAFE:
            return render("second.html", second_page(token, target, kept))
        made, codes = _entered(step, token)
        found = accounts().signed_in(made) if made else None
        if made is None or found is None:
            return render("second.html", second_page(token, target, kept, _wrong())), 401
        given_back = enter(made, found, kept)
        if codes:
            return render("codes.html", CodesPage(codes, target, kept if given_back else ()))
        if given_back:
            return render("resume.html", LoginPage(target, next_url=target, kept=kept))
        return redirect(target, 303)

    @route(HOME, needs=SIGNED_IN)
    def profile(self) -> str:
        """How the own account signs in."""
        return render("profile.html", profile_page(_mine(), identity()))

    @route("/second/begin", needs=SIGNED_IN, methods=("POST",))
    def begin(self) -> Answer:
        """Show a new seed to be set up."""
        step = _mine()
        if step.set_up:
            return redirect(HOME, 303)
        offer = offer_of(step, fresh(session[TOKEN], step))
        return render("profile.html", profile_page(step, identity(), offer=offer))

    @route("/second/confirm", needs=SIGNED_IN, methods=("POST",))
    def confirm(self) -> Answer:
        """Set it up: the code shows that the application has the seed."""
        step = _mine()
        made = second_steps().set_up(session[TOKEN], _typed(), request.remote_addr)
        if made is not None:
            session[TOKEN] = made[0]
            return render("codes.html", CodesPage(made[1], HOME))
        if step.set_up or step.offered is None:
            return redirect(HOME, 303)
        offer = offer_of(step, step.offered)
        page = profile_page(step, identity(), _wrong(), offer)
        return render("profile.html", page), 422

    @route("/second/codes", needs=SIGNED_IN, methods=("POST",))
    def codes(self) -> Answer:
        """New recovery codes in place of the former ones."""
        _mine()
        codes = second_steps().renew(session[TOKEN], _typed(), request.remote_addr)
        return _again() if codes is None else render("codes.html", CodesPage(codes, HOME))

    @route("/second/end", needs=SIGNED_IN, methods=("POST",))
    def end(self) -> Answer:
        """Sign in by the password alone from now on, where that may be."""
        _mine()
        if demanded(identity()):
            raise Refused("С вашими полномочиями вход по коду обязателен.")
        if not second_steps().remove(session[TOKEN], _typed(), request.remote_addr):
            return _again()
        flash(_("Вход по коду отключён."))
        return redirect(HOME, 303)

    @route("/second/reset", needs=SIGNED_IN, methods=("POST",))
    def reset(self) -> Answer:
        """Help somebody who has lost the telephone and the recovery codes."""
        if not resets(identity()):
            raise Refused("Сбрасывает вход по коду оператор.")
        login, person = request.form.get("username", "")[:64], identity()
        if login.strip().lower() == person.username.lower():
            raise Invalid("Свой вход по коду меняют выше, с кодом.")
        by = Line("second_reset", person.user_id, request.remote_addr, None, person.scope.capacity)
        if second_steps().reset(login, by):
            flash(_("Вход по коду у «%(name)s» сброшен, сеансы закончены.", name=login))
        else:
            flash(_("У «%(name)s» нет входа по коду, или нет такого имени.", name=login), "warning")
        return redirect(HOME, 303)


def _entered(step: Step, token: str) -> tuple[str | None, Sequence[str]]:
    """The new session, and recovery codes where the step was set up just now."""
    if step.set_up:
        return second_steps().take(token, _typed(), request.remote_addr), ()
    return second_steps().set_up(token, _typed(), request.remote_addr) or (None, ())


def _anew(target: str) -> Answer:
    """Back to the password; what was typed into a form before that goes along."""
    if request.method in SAFE:
        return redirect("/login/", 303)
    error = _("Время на второй шаг вышло. Войдите ещё раз.")
    return render("login.html", LoginPage("/login/", "", target, error, resumed())), 401


def _again() -> Answer:
    page = profile_page(_mine(), identity(), _wrong())
    return render("profile.html", page), 422


def _mine() -> Step:
    step = second_steps().of(session.get(TOKEN, ""))
    if step is None:
        raise Missing("Такой страницы нет.")
    return step


def _typed() -> str:
    return request.form.get("code", "")[:LONGEST]


def _wrong() -> str:
    words: str = _(
        "Код не подошёл. Введите новый код; проверьте, что часы телефона точны."
        " После нескольких ошибок ввод ненадолго закрывается."
    )
    return words
