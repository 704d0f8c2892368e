"""Content of files in the data directory: sealed, each stored once under a keyed SHA-256 of it."""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, cast

from app.kernel.errors import Invalid, Unavailable
from app.kernel.sealed_content import DAMAGED, PIECE, SealedReader, SealedWriter, key_of
from app.kernel.sealing import Unreadable, cipher

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
    """Stored content: its name (HMAC-SHA-256 in hexadecimal) and its size in bytes, unsealed.

    A plain hash would let whoever steals the disk confirm what a file is.
    """

    sha256: str
    size: int


class TooLarge(Invalid):
    """The content is larger than allowed; nothing of it is kept."""


class Blobs:
    """A folder of contents: ``ab/abcdef…``, files 0600 in folders 0700.

    A content appears whole under its name or not at all, also after a power cut. Several processes
    may put and remove at the same time. What was stored before contents were sealed lies under its
    plain SHA-256 and is still read; ``renew`` seals it.
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
        """The content for reading. Raises ``Unavailable`` when it is not there or is damaged.

        What is damaged in the middle of a long one shows when it is read, by ``Unavailable``, too.
        """
        try:
            file = self.path(sha256).open("rb")
        except OSError as error:
            raise Unavailable(
                "Содержимое файла сейчас не прочитать. Сообщите оператору."
            ) from error
        try:
            return unsealed(file, sha256)
        except BaseException:
            file.close()
            raise

    def has(self, sha256: str) -> bool:
        """Whether the content is there."""
        return self.path(sha256).exists()

    def path(self, sha256: str) -> Path:
        """Where the content is or would be. Raises ``ValueError`` for what is no name."""
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
        """Whether the content is there, whole and what its name says."""
        try:
            return intact(self.path(sha256).open("rb"), sha256)
        except OSError:
            return False

    def renew(self, sha256: str) -> bool:
        """Seal the content with the key that seals now, unless it is so sealed; as old as before.

        Gives whether it was sealed anew. Raises ``Unavailable`` when it cannot be read or written.
        """
        path = self.path(sha256)
        with _storing(), suppress(FileNotFoundError), path.open("rb") as file:
            before = os.fstat(file.fileno())
            if key_of(file) == cipher().current:
                return False
            return self._sealed_anew(sha256, unsealed(file, sha256), before)
        return False

    def _sealed_anew(self, sha256: str, content: IO[bytes], before: os.stat_result) -> bool:
        descriptor, name = tempfile.mkstemp(prefix=INCOMING, dir=self.root)
        incoming, path = Path(name), self.path(sha256)
        try:
            with os.fdopen(descriptor, "wb") as file:
                writer = SealedWriter(file)
                while chunk := content.read(CHUNK):
                    writer.write(chunk)
                writer.close(sha256)
            os.utime(incoming, ns=(before.st_atime_ns, before.st_mtime_ns))
            _settle(incoming)
            with self._locked():
                if path.stat().st_ino != before.st_ino or _touched(path, before):
                    return False  # put again meanwhile, sealed as it should be
                incoming.replace(path)
                _settle(path.parent)
        finally:
            incoming.unlink(missing_ok=True)
        return True

    def names(self) -> Iterator[str]:
        """Names of all stored contents, in order of folders."""
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


def unsealed(file: IO[bytes], sha256: str) -> BinaryIO:
    """The content of a stored file, which is of this name; closing it closes the file.

    Raises ``Unreadable`` when it is not: damaged, of another name, or no key opens it.
    """
    if key_of(file) is not None:
        return io.BufferedReader(SealedReader(file, sha256), PIECE)
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    if digest.hexdigest() != sha256:
        raise Unreadable(DAMAGED)
    file.seek(0)
    return cast("BinaryIO", file)


def intact(file: IO[bytes], sha256: str) -> bool:
    """Whether a stored file is whole and what its name says; closes it."""
    try:
        with file, unsealed(file, sha256) as content:
            while content.read(CHUNK):
                pass
    except (OSError, Unavailable):
        return False
    return True


def _copy(stream: Source, file: IO[bytes], limit: int) -> Blob:
    writer, name, size = SealedWriter(file), cipher().naming(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge(
                "Файл слишком большой: допустимо до %(limit)s МБ.", limit=limit // MEGABYTE
            )
        name.update(chunk)
        writer.write(chunk)
    writer.close(name.hexdigest())
    return Blob(name.hexdigest(), size)


def _touched(path: Path, before: os.stat_result) -> bool:
    return path.stat().st_mtime_ns != before.st_mtime_ns


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
