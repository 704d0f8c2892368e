"""Numbers of rows and places in lists as they come in addresses."""

from __future__ import annotations

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
