"""Signing in and out, the choice of capacity and of language, the first page, health."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, g, jsonify, redirect, request, session
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.extensions import db
from app.kernel.catalogue import record_named
from app.kernel.queue import worker_alive
from app.models.registry import Organisation
from app.services.captions import captions
from app.services.notices import keep_language
from app.views.base import addresses
from app.views.base.formkeys import KEY, owner_of
from app.views.base.guard import (
    PUBLIC,
    SAFE,
    SIGNED_IN,
    TOKEN,
    WHOSE,
    Pages,
    accounts,
    identity,
    route,
    sign_in,
)
from app.views.base.looks import choose, remember
from app.views.base.pages import ErrorPage, HomePage, Link
from app.views.base.pages_signing import LoginPage
from app.views.base.second_pages import WAITING, second_page
from app.views.base.shell import menu, render

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.security.signed_in import SignedIn

MOST_RESUMED = 500
ENDS = {"/login/", "/logout"}  # nobody wants to come back to these after signing in


class SessionView(Pages):
    """Who is here and in which capacity."""

    route_base = ""
    default_view = "login"

    @route("/login/", needs=PUBLIC, methods=("GET", "POST"))
    def login(self) -> Response | str | tuple[str, int]:
        """Sign in; after an expired session what was typed comes back and can be saved."""
        target = inside(request.values.get("next", ""))
        if request.method in SAFE:
            return render("login.html", LoginPage("/login/", next_url=target))
        name = request.form.get("username", "")[:150]
        token = accounts().sign_in(
            name, request.form.get("password", "")[:1000], request.remote_addr
        )
        kept = resumed()
        found = accounts().signed_in(token) if token else None
        if token and found is None:
            session[WAITING] = token
            return render("second.html", second_page(token, target, kept))
        if token is None or found is None:
            error = _(
                "Неверное имя пользователя или пароль."
                " После нескольких ошибок вход ненадолго закрывается."
            )
            page = LoginPage("/login/", name, target, error, kept)
            return render("login.html", page), 401
        if enter(token, found, kept):
            return render("resume.html", LoginPage(target, next_url=target, kept=kept))
        return redirect(target, 303)

    @route("/logout", needs=SIGNED_IN, methods=("POST",))
    def logout(self) -> Response:
        """End the session on the server; a copy of the cookie is worth nothing afterwards."""
        accounts().sign_out(session[TOKEN])
        _forget()
        return redirect("/login/", 303)

    @route("/capacity", needs=SIGNED_IN, methods=("POST",))
    def capacity(self) -> Response | tuple[str, int]:
        """Act in another of one's own capacities."""
        given = request.form.get("capacity", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0  # noqa: PLR2004
        if not accounts().switch(session[TOKEN], number):
            return render("error.html", no_such_capacity()), 422
        return redirect("/", 303)

    @route("/language", needs=PUBLIC, methods=("POST",))
    def language(self) -> Response:
        """Choose Russian or English; letters come in the language as well."""
        chosen = request.form.get("language", "")
        if chosen in current_app.config["LANGUAGES"]:
            session["language"] = chosen
            sign_in()
            if person := g.get("identity"):
                keep_language(db.session(), person.user_id, chosen)
        return redirect(inside(request.form.get("next", "")), 303)

    @route("/look", needs=SIGNED_IN, methods=("POST",))
    def look(self) -> Response:
        """Choose theme and height of rows; the choice follows the account."""
        choose(request.form.get("theme"), request.form.get("density"))
        if request.accept_mimetypes.best == "application/json":
            return jsonify(ok=True)  # the page has changed already
        return redirect(inside(request.form.get("next", "")), 303)

    @route("/keepalive", needs=SIGNED_IN, methods=("POST",))
    def keepalive(self) -> Response:
        """Extend the session; asked by the warning before it expires."""
        return jsonify(ok=True)

    @route("/healthz", needs=PUBLIC)
    def healthz(self) -> tuple[Response, int]:
        """Whether database and worker live; says nothing else."""
        try:
            with accounts().system() as connection:
                worker = worker_alive(connection)
        except (OperationalError, PoolTimeout):
            return jsonify(database=False, worker=False), 503
        return jsonify(database=True, worker=worker), 200 if worker else 503


class HomeView(Pages):
    """The first page after signing in."""

    route_base = ""
    default_view = "index"

    @route("/", needs=SIGNED_IN)
    def index(self) -> str:
        """What the capacity may open, and the own organisation first."""
        person = identity()
        ours = person.scope.writable or person.scope.orgs
        named = captions(db.session(), Organisation.__tablename__, set(ours[:5]))
        own = tuple(
            Link(words, addresses.card(record_named("organisation"), ident), "building")
            for ident, words in sorted(named.items())
        )
        page = HomePage(
            _("Главная"), _("Здравствуйте, %(name)s!", name=person.full_name), menu(person), own
        )
        return render("home.html", page)


def inside(target: str) -> str:
    """The address if it is a path of our own, else the first page: redirects never lead outside."""
    try:
        parts = urlsplit(target)
    except ValueError:  # half an IPv6 address
        return "/"
    own = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
        and parts.path not in ENDS
    )
    printable = target.isprintable() and "\\" not in target
    return target if own and printable else "/"


def resumed() -> tuple[tuple[str, str], ...]:
    """What was typed into a form whose session had expired, as carried by the sign-in page."""
    pairs = request.form.items(multi=True)  # boxes of one name send it several times
    kept = ((n.removeprefix("kept."), text) for n, text in pairs if n.startswith("kept."))
    return tuple(islice(kept, MOST_RESUMED))


def no_such_capacity() -> ErrorPage:
    """The page for a capacity that is not the person's own or has ended."""
    return ErrorPage(
        422, _("Эти полномочия недоступны"), _("Они закончились или не ваши. Выберите другие.")
    )


def enter(token: str, found: SignedIn, kept: tuple[tuple[str, str], ...]) -> bool:
    """A new session for the new person; gives whether a form that was typed before goes back.

    It does to the one who used the browser before, or whose form it is: what somebody else typed
    on the same computer is not handed on to be saved in another name. The forgery token stays, so
    that forms open elsewhere live.
    """
    if old := session.get(TOKEN):
        accounts().sign_out(old)
    before = _forget()
    session[TOKEN], session[WHOSE] = token, found.user_id
    remember(found.look)
    own = owner_of(dict(kept).get(KEY))  # of a form whose cookie was lost
    return bool(kept) and found.user_id in {before, own}


def _forget() -> int | None:
    """Empty the cookie but for what the browser needs; gives the account that used it last.

    Notices about saved rows go as well: the next person at the computer must not read them.
    """
    names = ("csrf_token", "language", "theme", "density", WHOSE)
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)
    whose: int | None = kept.get(WHOSE)
    return whose
