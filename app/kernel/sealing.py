"""Restricted identifiers at rest: sealed to the row they stand in, found again by a fingerprint.

A sealed value reads ``key:uid:text``: the name of the key, the ``uid`` of its row, and nonce with
ciphertext. AES-256-GCM authenticates the kind of value and the uid, a check constraint keeps the
uid equal to that of the row: a value moved to another row or column is refused. Equal values are
found by an HMAC-SHA256 under a key of its own; neither key is in the database (security.md 4).
Contents of files are sealed with the same keys, in pieces (``kernel/sealed_content``).
"""

from __future__ import annotations

import hmac
import os
import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

from app.kernel.errors import Message, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Dialect

NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM
KEY = 32  # bytes
SALT = 32  # bytes
UNREADABLE = Message(
    "Зашифрованное значение не читается этими ключами. Обратитесь к администратору."
)
_KEY_NAME = re.compile(r"[\w.-]{1,32}", re.ASCII)


class Unreadable(Unavailable):
    """A sealed value that no key at hand opens."""


class Sealed(str):
    """A restricted text that knows the row it belongs to; to people and checks it is the text."""

    uid: UUID
    __slots__ = ("uid",)

    def __new__(cls, text: str, uid: UUID) -> Self:
        """Tie the text to the row."""
        made = super().__new__(cls, text)
        made.uid = uid
        return made


class Pieces(Protocol):
    """What seals and opens the pieces of one content."""

    @property
    def key(self) -> str:
        """The name of the key behind it."""

    def seal(self, number: int, piece: bytes, name: str) -> bytes:
        """The stored form of a piece; only the last one is given the name of the content."""

    def open(self, number: int, sealed: bytes, name: str) -> bytes:
        """The piece behind a stored form. Raises ``Unreadable``."""


class Hash(Protocol):
    """A running hash, as of ``hashlib``."""

    def update(self, data: bytes, /) -> None:
        """Hash on."""

    def hexdigest(self) -> str:
        """The hash of everything so far."""


class Cipher(Protocol):
    """How restricted texts are kept: exchangeable as a whole, as for a certified provider."""

    @property
    def current(self) -> str:
        """The name of the key that seals."""

    def seal(self, kind: str, text: str, uid: UUID) -> str:
        """The stored form of a text of the kind in the row."""

    def unseal(self, kind: str, stored: str) -> Sealed:
        """The text behind a stored form. Raises ``Unreadable``."""

    def fingerprint(self, kind: str, text: str) -> str:
        """Equal for equal texts of a kind, in whatever row; tells nothing of the text."""

    def pieces(self, salt: bytes, key: str | None = None) -> Pieces:
        """What seals a new content of this salt, or opens an old one. Raises ``Unreadable``."""

    def naming(self) -> Hash:
        """What makes the name of a content: equal for equal ones, and telling nothing of it."""


@dataclass(frozen=True, slots=True)
class AesGcmPieces:
    """AES-256-GCM under a key of one content: number and end of the content are in the nonce."""

    key: str
    aead: AESGCM

    def seal(self, number: int, piece: bytes, name: str) -> bytes:
        """The stored form of a piece; only the last one is given the name of the content."""
        return self.aead.encrypt(_nonce(number, name), piece, name.encode())

    def open(self, number: int, sealed: bytes, name: str) -> bytes:
        """The piece behind a stored form. Raises ``Unreadable``."""
        try:
            return self.aead.decrypt(_nonce(number, name), sealed, name.encode())
        except (ValueError, InvalidTag) as error:
            raise Unreadable(UNREADABLE) from error


@dataclass(frozen=True, slots=True)
class AesGcm:
    """AES-256-GCM with several keys, of which the current one seals and all open."""

    keys: Mapping[str, bytes]
    current: str
    index: bytes

    def seal(self, kind: str, text: str, uid: UUID) -> str:
        """The stored form of a text of the kind in the row."""
        nonce = os.urandom(NONCE)
        bound = f"{kind}|{uid}".encode()
        sealed = nonce + AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), bound)
        return f"{self.current}:{uid}:{urlsafe_b64encode(sealed).decode()}"

    def unseal(self, kind: str, stored: str) -> Sealed:
        """The text behind a stored form. Raises ``Unreadable``."""
        try:
            name, row, text = stored.split(":")
            uid, sealed = UUID(row), urlsafe_b64decode(text)
            bound = f"{kind}|{uid}".encode()
            opened = AESGCM(self.keys[name]).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        except (ValueError, KeyError, InvalidTag) as error:
            raise Unreadable(UNREADABLE) from error
        return Sealed(opened.decode(), uid)

    def fingerprint(self, kind: str, text: str) -> str:
        """Equal for equal texts of a kind, in whatever row; tells nothing of the text."""
        return hmac.new(self.index, f"{kind}|{text}".encode(), sha256).hexdigest()

    def pieces(self, salt: bytes, key: str | None = None) -> Pieces:
        """What seals a new content of this salt, or opens an old one. Raises ``Unreadable``."""
        name = self.current if key is None else key
        if name not in self.keys:
            raise Unreadable(UNREADABLE)
        derived = HKDF(SHA256(), KEY, salt, b"content").derive(self.keys[name])
        return AesGcmPieces(name, AESGCM(derived))

    def naming(self) -> Hash:
        """What makes the name of a content: equal for equal ones, and telling nothing of it."""
        return hmac.new(self.index, b"content|", sha256)


def _nonce(number: int, name: str) -> bytes:
    return number.to_bytes(NONCE - 1) + (b"\1" if name else b"\0")


def cipher_of(keys: str) -> Cipher:
    """The cipher of ``name=key`` pairs, each key 32 bytes in base64; ``index`` makes fingerprints.

    Raises ``ValueError`` for anything else.
    """
    pairs = (pair.partition("=")[::2] for pair in keys.split())
    found = {name: b64decode(key, validate=True) for name, key in pairs}
    index = found.pop("index", b"")
    named = all(_KEY_NAME.fullmatch(name) for name in found)
    if not found or not named or {len(key) for key in (*found.values(), index)} != {KEY}:
        message = "keys of restricted identifiers: name=base64 of 32 bytes, one of them named index"
        raise ValueError(message)
    return AesGcm(found, next(iter(found)), index)


def print_of(name: str) -> str:
    """The column that an attribute of sealed texts is searched by."""
    return f"{name}_print"


_ciphers: list[Cipher] = []


def use(cipher: Cipher) -> None:
    """Keep restricted texts by this cipher from now on, in the whole process."""
    _ciphers[:] = [cipher]


def cipher() -> Cipher:
    """The cipher in use. Raises ``RuntimeError`` before there is one."""
    if not _ciphers:
        message = "no keys for restricted identifiers: create_app() gives them"
        raise RuntimeError(message)
    return _ciphers[0]


class SealedText(TypeDecorator[str]):
    """A column of sealed texts: ``Record`` ties what is written to its row."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: str) -> None:
        """Of this kind of value, whose name is sealed with the text."""
        super().__init__()
        self.kind = kind

    @property
    def python_type(self) -> type[str]:
        """Texts, to whoever reads them."""
        return str

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Seal; a text of no row cannot be stored or compared."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            message = f"texts of {self.kind} are written through records"
            raise TypeError(message)
        return cipher().seal(self.kind, value, value.uid)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> str | None:
        """Open."""
        return None if value is None else cipher().unseal(self.kind, value)
