"""The description of the API for programs and for people: one document, one page to try it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, current_app, request
from flask_appbuilder.api import BaseApi
from flask_babel import gettext as _

from app.extensions import API
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.rest.document import document
from app.views.base.rest.problem import TEXTS, TITLES, WRONG
from app.views.base.shell import render
from app.views.base.words import choices, language

if TYPE_CHECKING:
    from app.security.identity import Identity

MOST_KEPT = 100  # more than there are role sets in two languages


@dataclass(frozen=True, slots=True)
class Described:
    """What the page shows beside the document: its address, the portal's, the refusals."""

    document: str
    host: str
    problems: tuple[tuple[int, str, str], ...]


class DescriptionApi(BaseApi):
    """The OpenAPI document of the asking capacity."""

    route_base = API.rstrip("/")
    resource_name = "description"
    base_permissions = ()
    csrf_exempt = False

    @route("/openapi.json", needs=SIGNED_IN)
    def openapi(self) -> Response:
        """What the capacity may do, in the language asked for; 304 where it has not changed."""
        text, tag = _document(identity())
        answer = Response(text, mimetype="application/json")
        answer.headers["Content-Language"] = language()
        answer.set_etag(tag)
        answer.make_conditional(request)
        return answer


class ApiPage(Pages):
    """The page that shows the document and lets people try it in their present session."""

    route_base = "/api"
    default_view = "read"

    @route("/", needs=SIGNED_IN)
    def read(self) -> str:
        """Records, operations, parameters, and the answer of what is tried."""
        shown = Described(
            f"{API}openapi.json",
            request.host_url.rstrip("/"),
            tuple((code, _(title), _(TEXTS.get(code, WRONG))) for code, title in TITLES.items()),
        )
        return render("api.html", shown)


def _document(actor: Identity) -> tuple[bytes, str]:
    """The document, remembered for a role set and a language until rights or classifiers move."""
    kept: dict[object, tuple[bytes, str]] = current_app.extensions.setdefault("api_documents", {})
    capacity = actor.capacity
    rights = (capacity.role, capacity.add_ons) if capacity else ()
    key = (rights, language(), actor.stamp)
    found = kept.get(key)
    if found is None:
        made = document(actor, choices(actor.stamp))
        text = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = (text, hashlib.sha256(text).hexdigest()[:32])
    return found
