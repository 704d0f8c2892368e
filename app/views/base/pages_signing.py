"""What the pages of signing in show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoginPage:
    """Signing in; ``kept`` is what was typed into a form whose session had expired."""

    action: str
    username: str = ""
    next_url: str = "/"
    error: str = ""
    kept: tuple[tuple[str, str], ...] = ()
