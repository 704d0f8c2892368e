"""Access tokens for programs: OAuth 2.0, grant ``client_credentials`` (RFC 6749, 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, jsonify, request
from flask_appbuilder.api import BaseApi

from app.extensions import API, csrf
from app.security.service_accounts import LIFETIME
from app.views.base.guard import PUBLIC, route
from app.views.base.rest.problem import problem

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from app.security.service_accounts import ServiceAccounts

FORM = "application/x-www-form-urlencoded"
LONGEST = 200
WRONG = (
    "Неверные client_id или client_secret. После нескольких ошибок выдача токенов ненадолго"
    " закрывается."
)


class TokenApi(BaseApi):
    """Where a program exchanges its secret for a token."""

    route_base = API.rstrip("/")
    resource_name = "token"
    base_permissions = ()
    csrf_exempt = False

    @route("/token", needs=PUBLIC, methods=("POST",))
    @csrf.exempt  # no cookie is looked at or given here
    def token(self) -> Response:
        """A token of 15 minutes for a client id and its secret."""
        if request.mimetype != FORM:
            text = "Передайте grant_type, client_id и client_secret как поля формы."
            return problem(400, text, error="invalid_request")
        if request.form.get("grant_type") != "client_credentials":
            text = "Здесь возможен только grant_type=client_credentials."
            return problem(400, text, error="unsupported_grant_type")
        client_id, secret = _credentials()
        book: ServiceAccounts = current_app.extensions["service_accounts"]
        token = book.issue(client_id, secret, request.remote_addr)
        if token is None:
            return problem(401, WRONG, error="invalid_client")
        seconds = int(LIFETIME.total_seconds())
        return jsonify({"access_token": token, "token_type": "Bearer", "expires_in": seconds})


def _credentials() -> tuple[str, str]:
    """Client id and secret from the header (Basic) or from the form."""
    sent = request.authorization
    if sent is not None and sent.type == "basic":
        return (sent.username or "")[:LONGEST], (sent.password or "")[:LONGEST]
    form = request.form
    return form.get("client_id", "")[:LONGEST], form.get("client_secret", "")[:LONGEST]
