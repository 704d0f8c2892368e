"""Numbers of rows and places in lists as they come in addresses."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest

from app.kernel.errors import Missing

LARGEST_ID = 2**63 - 1
MOST_DIGITS = 18  # fit a bigint


def known_id(ident: int) -> int:
    """The id if it can exist. Raises ``Missing`` as for any absent row."""
    if ident > LARGEST_ID:
        raise Missing("Такой записи нет.")
    return ident


def earlier_than(text: str) -> int | None:
    """The id a page of newest-first rows begins before; nothing where it cannot be read."""
    understood = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if understood else None


def version_given() -> int:
    """The version the form was made from. Raises ``BadRequest`` for anything but a number."""
    given = request.form.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 9):  # noqa: PLR2004 - fits an int
        raise BadRequest("version")
    return int(given)
