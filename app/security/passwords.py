"""Passwords: argon2id, and an unknown user costs the same as a wrong password (security.md 5)."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = HASHER.hash(secrets.token_urlsafe(16))  # what an unknown user's password is compared with
MINIMUM = 12  # characters


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises ``ValueError`` for fewer than 12 characters."""
    if len(password) < MINIMUM:
        message = f"a password has at least {MINIMUM} characters"
        raise ValueError(message)
    return HASHER.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; ``None`` stands for an unknown user, never right."""
    try:
        HASHER.verify(stored or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def better_hash(stored: str, password: str) -> str | None:
    """A new hash of a right password whose stored hash is weaker than those made today."""
    return HASHER.hash(password) if HASHER.check_needs_rehash(stored) else None
