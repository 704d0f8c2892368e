"""Content of files in the data directory: each stored once, under the SHA-256 of its bytes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from app.kernel.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 256 * 1024
MEGABYTE = 1024 * 1024
INCOMING = ".incoming-"
_NAME = re.compile(r"[0-9a-f]{64}")


class Source(Protocol):
    """What bytes are read from, once and from its present place."""

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Stored content: SHA-256 in hexadecimal and size in bytes."""

    sha256: str
    size: int


class TooLarge(Invalid):
    """The content is larger than allowed; nothing of it is kept."""


class Blobs:
    """A folder of contents: ``ab/abcdef…``, files 0600 in folders 0700.

    A content appears whole under its name or not at all, also after a power cut. Several processes
    may put and remove at the same time.
    """

    def __init__(self, root: Path) -> None:
        """Use the folder, which is made by the first ``put``."""
        self.root = root

    def put(self, stream: Source, limit: int) -> Blob:
        """Store what the stream has left.

        Raises ``TooLarge`` beyond ``limit`` bytes and ``Unavailable`` when it cannot be written;
        both leave nothing behind. Equal content is stored once, and counts as new again.
        """
        with _storing():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=INCOMING, dir=self.root)
            incoming = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    blob = _copy(stream, file, limit)
                _settle(incoming)
                self._place(incoming, blob.sha256)
            finally:
                incoming.unlink(missing_ok=True)
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """The content for reading. Raises ``Unavailable`` when it is not there."""
        try:
            return self.path(sha256).open("rb")
        except OSError as error:
            raise Unavailable(
                "Содержимое файла сейчас не прочитать. Сообщите оператору."
            ) from error

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""
        return self.path(sha256).exists()

    def path(self, sha256: str) -> Path:
        """Where the content is or would be. Raises ``ValueError`` for what is no SHA-256."""
        if not _NAME.fullmatch(sha256):
            raise ValueError(sha256)
        return self.root / sha256[:2] / sha256

    def remove(self, sha256: str, *, older_than: float = 0) -> bool:
        """Remove the content unless it was put within the last ``older_than`` seconds.

        Gives whether something was removed.
        """
        path = self.path(sha256)
        with self._locked(), suppress(FileNotFoundError):
            if path.stat().st_mtime <= time.time() - older_than:
                path.unlink()
                return True
        return False

    def verify(self, sha256: str) -> bool:
        """Whether the content is there and still has the hash it is named by."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def names(self) -> Iterator[str]:
        """SHA-256 of every stored content, in order of folders."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(p.name for p in folder.iterdir() if _NAME.fullmatch(p.name))

    def tidy(self, older_than: float) -> int:
        """Remove what a process that was killed left half written, ``older_than`` seconds ago."""
        gone = 0
        for path in self.root.glob(f"{INCOMING}*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= time.time() - older_than:
                    path.unlink()
                    gone += 1
        return gone

    def _place(self, incoming: Path, sha256: str) -> None:
        target = self.path(sha256)
        with self._locked():
            if not target.parent.exists():
                target.parent.mkdir(mode=0o700)
                _settle(self.root)
            # Also over equal content: a damaged one is mended, and its age begins anew.
            incoming.replace(target)
            _settle(target.parent)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time among all processes, so that none removes what another has just put."""
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _copy(stream: Source, file: BinaryIO, limit: int) -> Blob:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(
                "Файл слишком большой: допустимо до %(limit)s МБ.", limit=limit // MEGABYTE
            )
        digest.update(chunk)
        file.write(chunk)
    return Blob(digest.hexdigest(), size)


def _settle(path: Path) -> None:
    """Make a file's content, or the names of a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _storing() -> Iterator[None]:
    """Say in words that the disk takes nothing more."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "Файл сейчас не сохранить: на сервере закончилось место или недоступен диск."
            " Сообщите оператору и повторите позже."
        ) from error
