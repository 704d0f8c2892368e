"""Codes that change every 30 seconds (TOTP, RFC 6238), and recovery codes for a lost telephone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from base64 import b32decode, b32encode
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps that a clock may be slow or fast
SEED = 20  # bytes, as RFC 4226 recommends
RECOVERY_CODES = 10
_GROUP = 4  # letters of a recovery code that stand together


def new_seed() -> str:
    """A random seed in base32, as applications take it."""
    return b32encode(secrets.token_bytes(SEED)).decode()


def step_of(moment: dt.datetime) -> int:
    """The number of the 30 seconds in which the moment lies."""
    return int(moment.timestamp()) // STEP


def code_at(seed: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step."""
    mac = hmac.digest(b32decode(seed), struct.pack(">Q", step), "sha1")
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching(seed: str, code: str, step: int, after: int) -> int | None:
    """The step whose code this is, near the present one and later than ``after``; else none."""
    found = None
    for near in range(step - DRIFT, step + DRIFT + 1):
        if hmac.compare_digest(code_at(seed, near).encode(), code.encode()) and near > after:
            found = near
    return found


def address_of(seed: str, issuer: str, account: str) -> str:
    """What an application reads from a QR code."""
    label = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{label}?secret={seed}&issuer={quote(issuer)}"


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to write down, each good for one sign-in."""
    return tuple(spelt(b32encode(secrets.token_bytes(10)).decode()) for _ in range(RECOVERY_CODES))


def spelt(letters: str) -> str:
    """Letters in groups, easier to copy by hand."""
    parts = (letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
    return "-".join(parts).lower()


def plain(typed: str) -> str:
    """A code as it was typed, without what people put between its signs."""
    return "".join(c for c in typed if c.isascii() and c.isalnum()).upper()


def hashed(user_id: int, codes: Iterable[str]) -> list[str]:
    """What is kept of recovery codes of an account."""
    return [hashlib.sha256(f"{user_id}|{plain(code)}".encode()).hexdigest() for code in codes]
