"""Contents lie sealed: nothing of them shows on the disk, and what was tampered with is refused."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from app.kernel import sealing
from app.kernel.blobs import Blobs
from app.kernel.errors import Unavailable
from app.kernel.paged import Paged, PagedWriter
from app.kernel.scratch import scratch
from app.kernel.sealed_content import HEAD, PIECE, TAG
from app.kernel.sealing import cipher_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD, NEW, INDEX = (b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
OF_OLD, OF_BOTH, OF_NEW = (
    cipher_of(f"{keys} index={INDEX}")
    for keys in (f"old={OLD}", f"new={NEW} old={OLD}", f"new={NEW}")
)
LINE = "Свидетельство о рождении II-МЮ 123456 ".encode()
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5]
LARGE = """
import resource, sys
from pathlib import Path
from app.kernel import sealing
from app.kernel.blobs import Blobs
sealing.use(sealing.cipher_of(sys.argv[2]))
class Endless:
    left = 200 << 20
    def read(self, size):
        size = min(size, self.left)
        self.left -= size
        return b"x" * size
store = Blobs(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
name = store.put(Endless(), 1 << 30).sha256
assert store.verify(name)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[sealing.Cipher], None]:
    def change(cipher: sealing.Cipher) -> None:
        monkeypatch.setattr(sealing, "_ciphers", [cipher])

    change(OF_OLD)
    return change


@pytest.fixture
def store(tmp_path: Path, use: Callable[[sealing.Cipher], None]) -> Blobs:
    return Blobs(tmp_path / "files")


def put(store: Blobs, content: bytes) -> str:
    return store.put(io.BytesIO(content), 1 << 30).sha256


def text(size: int) -> bytes:
    return (LINE * (size // len(LINE) + 1))[:size]


def sealed_pieces(store: Blobs, name: str) -> list[bytes]:
    stored = store.path(name).read_bytes()
    whole = PIECE + TAG
    return [stored[:HEAD]] + [stored[at : at + whole] for at in range(HEAD, len(stored), whole)]


def refused(store: Blobs, name: str) -> bool:
    """Whether reading says in words that the content is damaged."""
    try:
        with store.open(name) as file:
            file.read()
    except Unavailable:
        return not store.verify(name)
    return False


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_from_any_place_and_shows_nothing_on_the_disk(store: Blobs, size: int) -> None:
    content = text(size)
    name = put(store, content)
    on_disk = store.path(name).read_bytes()
    assert not any(LINE[at : at + 8] in on_disk for at in range(0, len(LINE) - 8, 4))
    assert name != hashlib.sha256(content).hexdigest(), "a name must not confirm a known scan"
    with store.open(name) as file:
        assert file.read() == content
        for place in {0, 1, PIECE - 1, PIECE, size - 1, size, size + 9}:
            if place >= 0:
                file.seek(place)
                assert file.read(PIECE + 3) == content[place : place + PIECE + 3]
        assert file.seek(0, os.SEEK_END) == size


@pytest.mark.parametrize("size", [PIECE, 3 * PIECE, 3 * PIECE + 5])
def test_missing_swapped_and_foreign_pieces_are_refused(store: Blobs, size: int) -> None:
    name, other = put(store, text(size)), put(store, b"?" + text(size))
    head, *pieces = sealed_pieces(store, name)
    _, *foreign = sealed_pieces(store, other)
    whole = [head, *pieces]
    wrong = {
        "nothing": [],
        "no piece": [head],
        "a piece less": whole[:-1],
        "a part of a piece": [*whole[:-1], pieces[-1][:-1]],
        "a piece more": [*whole, pieces[-1]],
        "the end of another": [*whole[:-1], foreign[len(pieces) - 1]],
        "another file": sealed_pieces(store, other),
        "a changed head": [head[:-1] + bytes([head[-1] ^ 1]), *pieces],
        "in the open": [text(size)],
    }
    if len(pieces) > 2:
        wrong["swapped"] = [head, pieces[1], pieces[0], *pieces[2:]]
        wrong["foreign in the middle"] = [head, pieces[0], foreign[1], *pieces[2:]]
    for how, parts in wrong.items():
        store.path(name).write_bytes(b"".join(parts))
        assert refused(store, name), how
    store.path(name).write_bytes(b"".join(whole))
    assert store.verify(name)


def test_what_was_stored_in_the_open_is_read_and_sealed_as_old_as_it_was(store: Blobs) -> None:
    content = text(PIECE + 9)
    name = hashlib.sha256(content).hexdigest()
    store.path(name).parent.mkdir(parents=True)
    store.path(name).write_bytes(content)
    os.utime(store.path(name), (1000, 1000))
    with store.open(name) as file:
        assert file.read() == content
    assert store.renew(name)
    assert not store.renew(name), "it is sealed by the present key"
    assert LINE not in store.path(name).read_bytes()
    assert store.path(name).stat().st_mtime == 1000, "its age decides when it goes"
    with store.open(name) as file:
        assert file.read() == content
    store.path(name).write_bytes(content[:-1])
    assert refused(store, name)
    with pytest.raises(Unavailable):
        store.renew(name)


def test_an_old_key_opens_until_everything_is_sealed_by_the_new_one(
    store: Blobs, use: Callable[[sealing.Cipher], None]
) -> None:
    name = put(store, text(5))
    use(OF_NEW)
    assert refused(store, name)
    use(OF_BOTH)
    assert store.verify(name)
    assert store.renew(name)
    use(OF_NEW)
    assert store.verify(name)
    assert put(store, text(5)) == name, "equal contents are one, whatever seals them"


def test_a_paged_report_is_read_page_by_page(store: Blobs) -> None:
    with scratch() as file:
        writer = PagedWriter(file)
        for number in range(10_000):
            writer.add("lines", {"number": number, "text": os.urandom(40).hex()})
        writer.close({"rows": 10_000})
        file.seek(0)
        name = store.put(file, 1 << 30).sha256
    assert store.path(name).stat().st_size > 3 * PIECE
    with store.open(name) as stored:
        paged = Paged(stored)
        assert paged.page("lines", 300)[0]["number"] == 300 * 25
        assert sum(1 for _ in paged.lines("lines")) == paged.head["rows"]


def test_200_megabytes_pass_in_flat_memory(tmp_path: Path) -> None:
    keys = f"a={OLD} index={INDEX}"
    done = subprocess.run(
        [sys.executable, "-c", LARGE, str(tmp_path / "files"), keys],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert int(done.stdout) < 10, "megabytes more than before"


def test_a_scratch_file_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with scratch() as file:
        file.write(LINE)
        file.flush()
        assert list(tmp_path.iterdir()) == []
