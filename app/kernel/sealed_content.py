"""Contents of files at rest: sealed in pieces of 64 KiB, written in one go, read from any place.

A file begins with a mark, the name of the key and a salt; pieces follow. Each is AES-256-GCM under
a key of this content alone, its number in the nonce; the last one also authenticates the name of
the content. So pieces that are missing, swapped or of another file, and whole files under another
name, do not open; what is missing at the end is found when the file is opened.
"""

from __future__ import annotations

import io
import os
from typing import IO, TYPE_CHECKING

from app.kernel.errors import Message
from app.kernel.sealing import SALT, Unreadable, cipher

if TYPE_CHECKING:
    from app.kernel.sealing import Pieces

PIECE = 64 * 1024  # bytes before sealing
TAG = 16  # bytes that sealing adds to each piece
MARK = b"portal\x00\x01"
LONGEST_KEY = 32  # bytes of a key's name
HEAD = len(MARK) + LONGEST_KEY + SALT
DAMAGED = Message("Файл испорчен или зашифрован другими ключами. Сообщите оператору.")


class SealedWriter:
    """Seals what is written into an open file; ``close`` ends the content and says its name."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin the file with the key that seals now."""
        salt = os.urandom(SALT)
        self._file = file
        self._pieces = cipher().pieces(salt)
        self._waiting = bytearray()
        self._number = 0
        file.write(MARK + self._pieces.key.encode().ljust(LONGEST_KEY, b"\0") + salt)

    def write(self, content: bytes) -> None:
        """Add to the content."""
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def close(self, name: str) -> None:
        """End the content, which is to lie under this name; the file stays open."""
        self._put(bytes(self._waiting), name)

    def _put(self, piece: bytes, name: str = "") -> None:
        self._file.write(self._pieces.seal(self._number, piece, name))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The content of such a file. Reading raises ``Unreadable`` where it is damaged."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        """Read the content of this name; takes the file over.

        Raises ``Unreadable`` when it is another one, has no end or no key opens it.
        """
        self._file = file
        self._name = name
        self._pieces = _pieces(file)
        sealed = file.seek(0, os.SEEK_END) - HEAD
        self._count = max(1, -(-sealed // (PIECE + TAG)))
        self.size = sealed - TAG * self._count
        self._place = 0
        self._number, self._piece = -1, b""
        self._load(self._count - 1)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The place that is read next."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place. Raises ``OSError`` for one before the beginning."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            message = "a place before the beginning"
            raise OSError(message)
        self._place = base + offset
        return self._place

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override] # io calls it so
        """Read on, to the end of a piece at most."""
        if self._place >= self.size:
            return 0
        number, begin = divmod(self._place, PIECE)
        self._load(number)
        part = self._piece[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(HEAD + number * (PIECE + TAG))
        sealed = self._file.read(PIECE + TAG)
        name = self._name if number == self._count - 1 else ""
        self._piece = self._pieces.open(number, sealed, name)
        self._number = number


def key_of(file: IO[bytes]) -> str | None:
    """The name of the key that opens the file; none for one that is not sealed."""
    file.seek(0)
    head = file.read(HEAD)
    if len(head) < HEAD or not head.startswith(MARK):
        return None
    return head[len(MARK) : len(MARK) + LONGEST_KEY].rstrip(b"\0").decode("ascii", "replace")


def _pieces(file: IO[bytes]) -> Pieces:
    key = key_of(file)
    if key is None:
        raise Unreadable(DAMAGED)
    file.seek(HEAD - SALT)
    return cipher().pieces(file.read(SALT), key)
