"""What every layer shares: database, migrations, forgery protection. Imports nothing of app."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

API = "/api/v1/"  # every address of the interface for programs


def bearer() -> str | None:
    """The access token that a program sends to the API; nothing where a browser asks.

    Whoever sends one is known by it alone: the cookie is not looked at.
    """
    if not request.path.startswith(API):
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class ForgeryCheck(CSRFProtect):  # type: ignore[misc] # Flask-WTF is untyped
    """No other site can make a browser send an access token: only cookies can be abused."""

    def protect(self, *arguments: Any, **options: Any) -> None:
        """Check the token against forgery of a request that is known by its cookie."""
        if bearer() is None:
            super().protect(*arguments, **options)


db = SQLA(metadata=Model.metadata, disable_autonaming=True)
migrate = Migrate()
csrf = ForgeryCheck()
