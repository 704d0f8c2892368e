"""Addresses of built files, which the build names by a hash of their content."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import current_app


def asset(name: str) -> str:
    """Address of a built file by its source name, such as ``main.css``.

    Raises ``LookupError`` when the interface was not built or has no such file.
    """
    found = _manifest(str(current_app.static_folder)).get(name)
    if found is None:
        message = f"no built file {name}: run npm run build"
        raise LookupError(message)
    return f"{current_app.static_url_path}/{found}"


def icon(name: str) -> str:
    """Address of an icon of the sprite, for ``<use href>``."""
    return f"{asset('icons.svg')}#{name}"


@cache
def _manifest(folder: str) -> dict[str, str]:
    path = Path(folder) / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found
