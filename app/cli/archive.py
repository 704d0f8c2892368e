"""A backup as one file: the dump of the database, the content of files, and a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import time
from contextlib import contextmanager
from shutil import rmtree
from typing import IO, TYPE_CHECKING, Any

import click

from app.cli.contents import Contents
from app.kernel.blobs import intact

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
BLOBS = "files"
WORK = ".portal-backup-"
NAME = re.compile(r"portal-\d{8}T\d{6}Z\.tar")
_BLOB = re.compile(r"files/[0-9a-f]{2}/([0-9a-f]{64})")
_SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
DAY = 86_400  # seconds


def name_of(moment: dt.datetime) -> str:
    """Name of the archive made at that moment (UTC); names sort as moments do."""
    return f"portal-{moment:%Y%m%dT%H%M%SZ}.tar"


def archives(folder: Path) -> list[Path]:
    """Archives of the folder, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest archives; gives what was removed."""
    old = archives(folder)[:-keep]
    for path in old:
        path.unlink()
    return old


def clear_leftovers(folder: Path) -> None:
    """Remove what an interrupted backup left more than a day ago."""
    for path in folder.glob(f"{WORK}*"):
        if path.stat().st_mtime < time.time() - DAY:
            rmtree(path, ignore_errors=True)


def write(path: Path, dump: Path, blobs: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Write the archive, readable by its owner only, and give the finished manifest.

    The manifest goes last: an archive that has one is whole.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            with dump.open("rb") as content:
                size = dump.stat().st_size
                digest = _add(tar, DUMP, content, size)
            stored, damaged = _add_blobs(tar, blobs)
            manifest |= {"dump": {"sha256": digest, "size": size}}
            manifest |= {"blobs": stored, "damaged_blobs": damaged}
            told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            _add(tar, MANIFEST, io.BytesIO(told), len(told))
        os.fsync(file.fileno())
    return manifest


def sha256(content: IO[bytes]) -> str:
    """SHA-256 of what is left to read, in hexadecimal."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def settle(folder: Path) -> None:
    """Make the names of the folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> str:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    reader = _Hashing(content)
    tar.addfile(info, reader)
    return reader.digest.hexdigest()


class _Hashing(io.RawIOBase):
    """A reader that hashes what goes through it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self.content.read(size)
        self.digest.update(chunk)
        return chunk


def _add_blobs(tar: tarfile.TarFile, blobs: Path) -> tuple[dict[str, int], list[str]]:
    """Add every stored content; gives their sizes, and those that are not what they are named."""
    stored: dict[str, int] = {}
    damaged: list[str] = []
    for path in sorted(blobs.glob("[0-9a-f][0-9a-f]/*")):
        if not _SHA256.fullmatch(path.name):
            continue
        try:
            content, again = path.open("rb"), path.open("rb")
        except FileNotFoundError:
            continue  # nobody needed it any more, and it went meanwhile
        with content, again:
            size = os.fstat(content.fileno()).st_size
            if not intact(again, path.name):
                damaged.append(path.name)
            _add(tar, f"{BLOBS}/{path.parent.name}/{path.name}", content, size)
            stored[path.name] = size
    return stored, damaged


class Archive:
    """An archive for reading."""

    def __init__(self, tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
        """Use ``opened``."""
        self._tar = tar
        self.manifest = manifest
        self.contents = Contents.of_json(manifest["contents"])
        self.prefix = str(manifest["prefix"])

    @contextmanager
    def dump(self) -> Iterator[IO[bytes]]:
        """The dump of the database, from its beginning."""
        with _member(self._tar, DUMP) as content:
            yield content

    def check_dump(self) -> bool:
        """Whether the dump is the one that was made."""
        with self.dump() as content:
            return sha256(content) == str(self.manifest["dump"]["sha256"])

    def blobs(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Name and content of every stored file."""
        for info in self._tar.getmembers():
            if (found := _BLOB.fullmatch(info.name)) and info.isfile():
                with _member(self._tar, info.name) as content:
                    yield found[1], content

    def check_blobs(self, named: set[str]) -> list[str]:
        """What is wrong with the stored files, in words.

        Args:
            named: contents which rows of the database refer to.
        """
        promised = set(self.manifest["blobs"])
        sound = {name for name, content in self.blobs() if intact(content, name)}
        wrong = [f"файл {name}: обещан, но его нет или он испорчен" for name in promised - sound]
        wrong += [f"файл {name}: не обещан" for name in sound - promised]
        wrong += [
            f"файл {name}: на него ссылается база данных, но его нет"
            for name in named - sound - promised
        ]
        return sorted(wrong)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive for reading.

    Raises:
        click.ClickException: it is no archive of the portal, or not a whole one.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            with _member(tar, MANIFEST) as file:
                manifest = json.load(file)
            if manifest["format"] != FORMAT:
                raise click.ClickException(
                    f"{path.name}: устройство архива № {manifest['format']}, этот портал знает"
                    f" только № {FORMAT}. Возьмите версию портала, которой архив сделан."
                )
            yield Archive(tar, manifest)
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError) as failure:
        raise click.ClickException(
            f"{path}: это не архив портала, или он записан не до конца ({failure})."
        ) from failure


@contextmanager
def _member(tar: tarfile.TarFile, name: str) -> Iterator[IO[bytes]]:
    content = tar.extractfile(name)
    if content is None:
        raise KeyError(name)
    with content:
        yield content
