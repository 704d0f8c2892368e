"""The key of an opened form: whose it is cannot be forged, and what was sent under it is known."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

from flask import current_app, request

from app.kernel.blobs import MEGABYTE

KEY = "form_key"  # the hidden input
SHAPE = re.compile(r"([1-9][0-9]{0,9})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})")
# The token differs in each session, and which button was pressed changes nothing of what is saved.
APART = {"csrf_token", "then"}


def new_key(user_id: int) -> str:
    """The key of a form that is opened for the account."""
    return signed(user_id, secrets.token_urlsafe(16))


def signed(user_id: int, key: str) -> str:
    """The key as the form carries it: with the account and a mark that only the portal makes."""
    return f"{user_id}.{key}.{_mark(user_id, key)}"


def owner_of(text: str | None) -> int | None:
    """The account the form was opened for; none where the text is no key of the portal."""
    found = SHAPE.fullmatch(text or "")
    if found is None:
        return None
    user_id, key, mark = int(found[1]), found[2], found[3]
    return user_id if hmac.compare_digest(mark, _mark(user_id, key)) else None


def posted_key(user_id: int) -> str:
    """The key of the posted form; empty unless the form was opened for this account."""
    text = request.form.get(KEY, "")
    return text.split(".")[1] if owner_of(text) == user_id else ""


def digest() -> str:
    """What was sent, files included: the same form sent twice has the same digest."""
    found = hashlib.sha256(request.full_path.encode())
    for name, text in sorted(request.form.items(multi=True)):
        if name not in APART:
            found.update(repr((name, text)).encode())
    chosen = [pair for pair in request.files.items(multi=True) if pair[1].filename]
    for name, upload in sorted(chosen, key=lambda pair: pair[0]):
        found.update(repr((name, upload.filename)).encode())
        upload.stream.seek(0)
        while piece := upload.stream.read(MEGABYTE):
            found.update(piece)
        upload.stream.seek(0)
    return found.hexdigest()


def _mark(user_id: int, key: str) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    made = hmac.digest(secret, f"form {user_id} {key}".encode(), "sha256")
    return urlsafe_b64encode(made[:16]).decode().rstrip("=")
