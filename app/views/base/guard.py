"""The one gate of all requests: who asks, may they, and one transaction per request.

Every route says what it needs with ``route``; a route that says nothing is closed to everybody.
The gate is a ``before_request`` of the application, so no view can forget it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, current_app, g, request, session
from flask_appbuilder import BaseView, expose
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Forbidden, NotFound, RequestEntityTooLarge, Unauthorized

from app.extensions import API, bearer, db
from app.kernel.rights import TYPED_POLICIES, write_permission
from app.security.access_log import Line
from app.security.accounts import Accounts
from app.security.identity import Identity, identify
from app.security.scopes import bind_scope, scope_of
from app.security.second_steps import SecondSteps
from app.security.service_accounts import ServiceAccounts, access_token

if TYPE_CHECKING:
    from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
TOKEN = "token"  # noqa: S105 - the name of the session entry, no secret
WHOSE = "whose"  # the session entry of the account that used this browser last
SAFE = {"GET", "HEAD", "OPTIONS"}
PUBLIC = "public"  # without signing in
SIGNED_IN = "signed in"  # any account
BARE = "application/octet-stream"  # a file as the whole body
WRITE = "write"  # any of the record's writing permissions


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route asks of the person: ``PUBLIC``, ``SIGNED_IN``, ``WRITE`` or a permission.

    ``largest`` is the number of bytes it takes as a bare body, where that is more than usual.
    """

    permission: str
    largest: int = 0


class Pages(BaseView):
    """A group of pages whose methods say with ``route`` where they are and what they need."""


def route(
    url: str, *, needs: str, methods: tuple[str, ...] = ("GET",), largest: int = 0
) -> Callable[[View], View]:
    """Expose a method of a view at the address for those who hold the permission."""

    def mark(method: View) -> View:
        method.__dict__["needs"] = Needs(needs, largest)
        return expose(url, methods=methods)(method)

    return mark


def needs_of(app: Flask, endpoint: str) -> tuple[Needs | None, str]:
    """What an endpoint needs, and the name of the record it is about."""
    view = app.view_functions[endpoint]
    owner = getattr(view, "__self__", None)
    record = getattr(owner, "record", None)
    return getattr(view, "needs", None), getattr(record, "__tablename__", "")


def install(app: Flask) -> None:
    """Put the gate before every request and the end of the transaction after it."""
    book = (db.engine, app.config["DB_ROLE_PREFIX"], app.config["SECRET_KEY"])
    accounts = Accounts(*book, demanding=app.config["SECOND_STEP"])
    app.extensions["accounts"] = accounts
    app.extensions["second_steps"] = SecondSteps(accounts, app.config["SECRET_KEY"])
    app.extensions["service_accounts"] = ServiceAccounts(*book)
    app.extensions["permission_sets"] = {}
    # Before the check against forgery, which looks for a form and so opens the body.
    app.before_request_funcs.setdefault(None, []).insert(0, _widen)
    app.before_request(_admit)
    app.after_request(_finish)
    app.teardown_appcontext(release)


def unmarked(app: Flask) -> list[str]:
    """Endpoints that say nothing about who may ask; the start fails while there are any."""
    return [name for name in app.view_functions if needs_of(app, name)[0] is None]


def accounts() -> Accounts:
    """The account book of this application."""
    book: Accounts = current_app.extensions["accounts"]
    return book


def second_steps() -> SecondSteps:
    """The second steps of this application."""
    found: SecondSteps = current_app.extensions["second_steps"]
    return found


def identity() -> Identity:
    """The signed-in person. Raises ``Unauthorized`` where there is none."""
    found: Identity | None = g.get("identity")
    if found is None:
        raise Unauthorized
    return found


def release(error: BaseException | None = None) -> None:
    """Close the session of the request; one whose connection was cut must not stay for the next.

    What was only looked at ends by COMMIT: after a ROLLBACK the driver forgets its prepared
    statements, and the database would plan each of them anew for every page.
    """
    try:
        if error is None and _looked():
            db.session.expunge_all()
            db.session.commit()
        db.session.remove()
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            db.session().invalidate()
        db.session.registry.clear()


def _looked() -> bool:
    """Whether the session is one in which nothing can be written."""
    if not db.session.registry.has():
        return False
    scope = scope_of(db.session())
    return scope is not None and scope.looking and db.session.is_active


def _admit() -> None:
    if request.method == "HEAD":
        request.method = "GET"  # the same without a body; no view may take it for a POST
    _refuse_floods()
    if request.endpoint is None:
        sign_in()
        return  # no such address: the error page decides
    needs, record = needs_of(current_app, request.endpoint)
    if needs is not None and needs.permission == PUBLIC:
        return
    sign_in()
    person = identity()
    if needs is None or not allowed(person, needs.permission, record):
        asked = f"{request.method} {request.path}"
        where, capacity = request.remote_addr, person.scope.capacity
        accounts().note(Line("denied", person.user_id, where, asked, capacity))
        raise Forbidden if needs is not None else NotFound


def _widen() -> None:
    """Let a route that reads its body piece by piece take a larger one."""
    needs = needs_of(current_app, request.endpoint)[0] if request.endpoint else None
    if needs is not None and needs.largest and request.mimetype == BARE:
        request.max_content_length = needs.largest


def _refuse_floods() -> None:
    """A form of one part is limited like one of many, which the framework sees to by itself."""
    most = request.max_form_memory_size
    plain = request.mimetype == "application/x-www-form-urlencoded"
    if plain and most is not None and (request.content_length or 0) > most:
        raise RequestEntityTooLarge


def sign_in() -> None:
    """Learn from the cookie or the token who asks, if anybody does."""
    sent = bearer()
    token = session.get(TOKEN) if sent is None else access_token(sent)
    found = accounts().signed_in(token) if isinstance(token, str) else None
    if found is not None:
        via = "api" if request.path.startswith(API) else "form"
        g.identity = identify(found, _permissions, via)
        g.look = found.look
        g.email, g.unread = found.email, found.unread
        looking = request.method in SAFE
        bind_scope(db.session(), replace(g.identity.scope, looking=looking))


def _permissions(role: str, add_ons: tuple[str, ...], stamp: int) -> frozenset[tuple[str, str]]:
    """Permission sets are remembered per role set until the stamp moves."""
    remembered: dict[Any, frozenset[tuple[str, str]]] = current_app.extensions["permission_sets"]
    key = (role, add_ons, stamp)
    found = remembered.get(key)
    if found is None:
        if len(remembered) > 100:  # noqa: PLR2004 - more than there are role sets
            remembered.clear()
        found = remembered[key] = accounts().permissions(role, add_ons)
    return found


def allowed(person: Identity, permission: str, record: str) -> bool:
    """Whether the person holds what a route asks for."""
    if permission == SIGNED_IN:
        return True
    if permission == WRITE:
        return any(person.may(write_permission(policy), record) for policy in TYPED_POLICIES)
    return person.may(permission, record)


def _finish(response: Response) -> Response:
    """Commit what a successful unsafe request wrote; anything else is rolled back."""
    if request.method not in SAFE:
        if response.status_code < 400:  # noqa: PLR2004 - success and redirects
            db.session.commit()
        else:
            db.session.rollback()
    return response
