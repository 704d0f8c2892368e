"""Places in the feed of changes as programs keep them: opaque, and nobody else can write one."""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from uuid import UUID

FORM = struct.Struct(">16sqq")
MARK = 16  # bytes
LENGTH = 64  # letters


class Place(NamedTuple):
    """A line of the log: of which line of time, in which transaction, which one."""

    line: UUID
    transaction: int
    id: int


def written(place: Place, secret: str) -> str:
    """The place as a token."""
    body = FORM.pack(place.line.bytes, place.transaction, place.id)
    return urlsafe_b64encode(body + _mark(body, secret)).decode()


def understood(token: str, secret: str) -> Place | None:
    """The place of a token that this portal has written; none of any other text."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        sent = urlsafe_b64decode(token)
    except ValueError:
        return None
    body, mark = sent[: FORM.size], sent[FORM.size :]
    if not hmac.compare_digest(mark, _mark(body, secret)):
        return None
    line, transaction, ident = FORM.unpack(body)
    return Place(UUID(bytes=line), transaction, ident)


def _mark(body: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"feed " + body, "sha256")[:MARK]
