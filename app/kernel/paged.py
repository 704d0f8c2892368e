"""A file of many long lists that is read a page at a time: written once, in flat memory.

Lines are JSON. Each list is cut into blocks of compressed lines; behind them stands where each
block begins, so that any page of a list costs one read, however long the list is.
"""

from __future__ import annotations

import json
import zlib
from array import array
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BLOCK = 25  # lines, also the size of a page
WIDTH = 8  # bytes of a place in the file
LARGEST_HEAD = 64 << 20  # bytes
Line = dict[str, Any]


class PagedWriter:
    """Writes lists into an open binary file; ``close`` writes the head and where everything is."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin at the beginning of the file."""
        self._file = file
        self._waiting: dict[str, list[Line]] = {}
        self._places: dict[str, array[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, line: Line) -> None:
        """Put a line at the end of the list of that name."""
        waiting = self._waiting.setdefault(name, [])
        waiting.append(line)
        if len(waiting) == BLOCK:
            self._settle(name)

    def count(self, name: str) -> int:
        """How many lines the list has so far."""
        return self._counts.get(name, 0) + len(self._waiting.get(name, ()))

    def close(self, head: Mapping[str, Any]) -> None:
        """Write what is left, then the head (JSON values); the file stays open."""
        for name in self._waiting:
            self._settle(name)
        lists: dict[str, list[int]] = {}
        for name, places in self._places.items():
            lists[name] = [self._counts[name], self._file.tell()]
            self._file.write(b"".join(place.to_bytes(WIDTH) for place in places))
        packed = _packed({"head": dict(head), "lists": lists})
        self._file.write(packed)
        self._file.write(len(packed).to_bytes(WIDTH))

    def _settle(self, name: str) -> None:
        waiting = self._waiting[name]
        if not waiting:
            return
        packed = _packed(waiting)
        self._places.setdefault(name, array("Q")).append(self._file.tell())
        self._counts[name] = self._counts.get(name, 0) + len(waiting)
        self._file.write(len(packed).to_bytes(WIDTH) + packed)
        waiting.clear()


class Paged:
    """Such a file, open for reading."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the head. Raises ``ValueError`` for another file."""
        self._file = file
        end = file.seek(-WIDTH, 2)
        length = int.from_bytes(file.read(WIDTH))
        if length > min(end, LARGEST_HEAD):
            raise ValueError(length)
        file.seek(end - length)
        found = _unpacked(file.read(length))
        self.head: dict[str, Any] = found["head"]
        self._lists: dict[str, list[int]] = found["lists"]

    def names(self) -> tuple[str, ...]:
        """The lists that have a line."""
        return tuple(self._lists)

    def count(self, name: str) -> int:
        """How many lines the list has."""
        return self._lists.get(name, [0])[0]

    def page(self, name: str, number: int) -> list[Line]:
        """The ``BLOCK`` lines of a page, counted from 0; none beyond the end."""
        if not 0 <= number * BLOCK < self.count(name):
            return []
        self._file.seek(self._lists[name][1] + number * WIDTH)
        self._file.seek(int.from_bytes(self._file.read(WIDTH)))
        length = int.from_bytes(self._file.read(WIDTH))
        lines: list[Line] = _unpacked(self._file.read(length))
        return lines

    def lines(self, name: str) -> Iterator[Line]:
        """All lines of a list, a page in memory at a time."""
        for number in range(-(-self.count(name) // BLOCK)):
            yield from self.page(name, number)


def _packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, default=str).encode(), 3)


def _unpacked(content: bytes) -> Any:
    return json.loads(zlib.decompress(content))
