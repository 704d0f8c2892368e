"""The feed of changes in the API: what happened to records after a place that the program keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask_appbuilder.api import BaseApi

from app.extensions import API, db
from app.kernel.catalogue import record_named, records
from app.kernel.errors import Gone, Message, Refused
from app.kernel.feed_tokens import understood, written
from app.kernel.rights import READ
from app.security.database import DatabaseRole
from app.services import feed
from app.views.base.guard import SIGNED_IN, identity, route
from app.views.base.noting import note_list
from app.views.base.rest.ask import UNKNOWN, Misread, limit, refuse_odd
from app.views.base.rest.problem import given, json_text, problem

if TYPE_CHECKING:
    from app.kernel.feed_tokens import Place
    from app.security.identity import Identity

CHANGES = "changes"
NOW = "now"
KNOWN = ("since", "limit", "record")
READERS = {DatabaseRole.REGION, DatabaseRole.ORG}  # those whom the database shows the log
NOT_SEEN = Message("Изменения видят организация, её орган управления и оператор.")
STRANGE = Message("Это не since из ответа портала. Передайте его без изменений или since=now.")


def may_follow(actor: Identity) -> bool:
    """Whether there is a feed for this capacity at all; its rows are the database's to show."""
    return actor.scope.role in READERS


def followed(actor: Identity) -> tuple[str, ...]:
    """The records whose changes the capacity may read."""
    names = (record.__tablename__ for record in records())
    return tuple(name for name in names if actor.may(READ, name))


class ChangesApi(BaseApi):
    """The feed: each applied change as an event, deletions included."""

    route_base = f"{API}{CHANGES}"
    resource_name = CHANGES
    base_permissions = ()
    csrf_exempt = False

    @route("/", needs=SIGNED_IN)
    def changes(self) -> Response:
        """Events after ``since``, in order; ``since`` of the answer is where to go on."""
        actor, secret = identity(), current_app.config["SECRET_KEY"]
        if not may_follow(actor):
            raise Refused(NOT_SEEN)
        refuse_odd(request.args, KNOWN)
        size, tables = limit(request.args.get("limit")), _tables(actor)
        sent = request.args.get("since")
        if sent == NOW:
            return _answer(feed.Part([], feed.now_at(db.session()), more=False), secret)
        asked = feed.Asked(tables, _place(sent, secret), size)
        try:
            part = feed.part(db.session(), asked, actor)
        except Gone as error:
            db.session.rollback()
            return problem(410, error.message)
        _note(part)
        return _answer(part, secret)


def _note(part: feed.Part) -> None:
    """Write down which closely kept values are in the events, once for each record."""
    for name in sorted({event["record"] for event in part.events}):
        events = [event for event in part.events if event["record"] == name]
        told = sorted({field for event in events for field in event["fields"]})
        note_list(record_named(name), told, len(events), via="feed")


def _answer(part: feed.Part, secret: str) -> Response:
    since = written(part.place, secret)
    arguments = {**request.args.to_dict(), "since": since}
    following = f"{API}{CHANGES}/?{urlencode(arguments)}"
    body = {
        "items": part.events,
        "since": since,
        "next": following,
        "more": part.more,
        "line": str(part.place.line),
    }
    answer = Response(json_text(body).encode(), mimetype="application/json")
    answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _place(sent: str | None, secret: str) -> Place | None:
    if sent is None:
        return None
    place = understood(sent, secret)
    if place is None:
        raise Misread([given("since", STRANGE)])
    return place


def _tables(actor: Identity) -> tuple[str, ...]:
    """The records asked for, all that may be read by default."""
    readable = followed(actor)
    if "record" not in request.args:
        return readable
    wanted = {name.strip() for name in request.args["record"].split(",")}
    if not wanted <= set(readable):
        raise Misread([given("record", UNKNOWN)])
    return tuple(sorted(wanted))
