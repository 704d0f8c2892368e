"""Theme and height of rows: those of the account, before signing in those of the browser."""

from __future__ import annotations

from flask import g, session

from app.security.look import DENSITIES, THEMES, Look
from app.views.base.guard import accounts, identity


def look() -> Look:
    """How this page is to look."""
    found: Look | None = g.get("look")
    return found or Look.of(session.get("theme"), session.get("density"))


def remember(chosen: Look) -> None:
    """Let the browser know, for the pages before signing in."""
    session["theme"], session["density"] = chosen.theme, chosen.density


def choose(theme: str | None, density: str | None) -> None:
    """Keep what the person at the browser chose; what is not said or unknown stays as it is."""
    now = look()
    chosen = Look(
        theme if theme in THEMES else now.theme,
        density if density in DENSITIES else now.density,
    )
    accounts().keep_look(identity().user_id, chosen)
    remember(chosen)
