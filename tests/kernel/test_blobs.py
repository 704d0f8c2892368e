"""Contents are stored whole under their hash or not at all."""

from __future__ import annotations

import io
import os
import re
import resource
import stat
import subprocess
import sys
import threading
import time
from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from app.kernel import sealing
from app.kernel.blobs import Blob, Blobs, TooLarge
from app.kernel.errors import Unavailable
from app.kernel.sealing import cipher_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = "Выписка из реестра лицензий".encode() * 1000
KEYS = " ".join(f"{name}={b64encode(name[:1].encode() * 32).decode()}" for name in ("a", "index"))
CIPHER = cipher_of(KEYS)
NAMING = CIPHER.naming()
NAMING.update(CONTENT)
SHA = NAMING.hexdigest()
DAY = 24 * 60 * 60
KILLED = """
import os, signal, sys
from pathlib import Path
from app.kernel import sealing
from app.kernel.blobs import Blobs
sealing.use(sealing.cipher_of(sys.argv[2]))
class Dying:
    left = 3
    def read(self, size):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"x" * size
Blobs(Path(sys.argv[1])).put(Dying(), 10**9)
"""


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_ciphers", [CIPHER])


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files")


def contents(blobs: Blobs) -> list[str]:
    """Names of all files in the store, the lock aside."""
    return sorted(p.name for p in blobs.root.rglob("*") if p.is_file() and p.name != ".lock")


@contextmanager
def disk_takes_only(size: int) -> Iterator[None]:
    """No file may grow beyond the size: the disk answers as a full one does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_is_put_is_read_back_from_under_its_hash(blobs: Blobs) -> None:
    assert blobs.put(io.BytesIO(CONTENT), 10**6) == Blob(SHA, len(CONTENT))
    with blobs.open(SHA) as file:
        assert file.read() == CONTENT
    assert blobs.path(SHA) == blobs.root / SHA[:2] / SHA
    assert list(blobs.names()) == [SHA]
    assert blobs.verify(SHA)


def test_nobody_else_on_the_machine_can_read_it(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), 10**6)
    for path in (blobs.root, *blobs.root.rglob("*")):
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_equal_content_is_stored_once_and_counts_as_new(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), 10**6)
    os.utime(blobs.path(SHA), (0, 0))
    blobs.put(io.BytesIO(CONTENT), 10**6)
    assert contents(blobs) == [SHA]
    assert not blobs.remove(SHA, older_than=DAY)
    assert blobs.verify(SHA)


def test_one_byte_more_than_allowed_is_refused_and_leaves_nothing(blobs: Blobs) -> None:
    assert blobs.put(io.BytesIO(CONTENT), len(CONTENT)).size == len(CONTENT)
    with pytest.raises(TooLarge, match="допустимо до 2 МБ"):
        blobs.put(io.BytesIO(b"x" * (2 * 1024**2 + 1)), 2 * 1024**2)
    assert contents(blobs) == [SHA]


def test_a_reader_that_breaks_leaves_nothing(blobs: Blobs) -> None:
    class Broken:
        left = 3

        def read(self, size: int) -> bytes:
            self.left -= 1
            if not self.left:
                message = "the client has gone"
                raise ValueError(message)
            return b"x" * size

    with pytest.raises(ValueError, match="gone"):
        blobs.put(Broken(), 10**9)
    assert contents(blobs) == []


def test_a_full_disk_is_said_in_words_and_leaves_nothing(blobs: Blobs) -> None:
    with disk_takes_only(100_000), pytest.raises(Unavailable, match="закончилось место"):
        blobs.put(io.BytesIO(b"x" * 200_000), 10**6)
    assert contents(blobs) == []


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should be")
    with pytest.raises(Unavailable):
        Blobs(tmp_path / "files").put(io.BytesIO(CONTENT), 10**6)


def test_a_killed_process_leaves_no_content_and_its_rest_is_tidied_up(blobs: Blobs) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(blobs.root), KEYS], check=False, timeout=60
    )
    assert killed.returncode < 0
    assert list(blobs.names()) == []
    (rest,) = contents(blobs)
    assert blobs.tidy(older_than=DAY) == 0, "it may still be written"
    os.utime(blobs.root / rest, (0, 0))
    assert blobs.tidy(older_than=DAY) == 1
    assert contents(blobs) == []


def test_old_content_is_removed_and_young_is_kept(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), 10**6)
    assert not blobs.remove(SHA, older_than=DAY)
    long_ago = time.time() - DAY - 60
    os.utime(blobs.path(SHA), (long_ago, long_ago))
    assert blobs.remove(SHA, older_than=DAY)
    assert not blobs.remove(SHA, older_than=DAY), "nothing is left to remove"
    with pytest.raises(Unavailable, match="не прочитать"):
        blobs.open(SHA)
    assert not blobs.verify(SHA)


def test_damage_is_found_and_mended_by_putting_it_again(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT), 10**6)
    sealed = blobs.path(SHA).read_bytes()
    blobs.path(SHA).write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert not blobs.verify(SHA)
    blobs.put(io.BytesIO(CONTENT), 10**6)
    assert blobs.verify(SHA)


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"]
)
def test_a_name_that_is_no_hash_is_no_path(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(name)}$"):
        blobs.path(name)


def test_putting_and_removing_at_once_never_loses_what_was_put(blobs: Blobs) -> None:
    """A content that was just put again is young, whoever is removing the old one meanwhile."""
    lost: list[int] = []
    done = threading.Event()

    def remove() -> None:
        while not done.is_set():
            if blobs.root.exists():
                blobs.remove(SHA, older_than=DAY)

    sweeper = threading.Thread(target=remove)
    sweeper.start()
    for turn in range(200):
        blobs.put(io.BytesIO(CONTENT), 10**6)
        if not blobs.path(SHA).exists():
            lost.append(turn)
        else:
            os.utime(blobs.path(SHA), (0, 0))
    done.set()
    sweeper.join()
    assert not lost
