"""What a parsing process sends: frames of a kind, a length and a content."""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, NamedTuple

from app.kernel.errors import Message, Refused
from app.kernel.sentences import packed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.imports.xml_records import Source

HEAD = struct.Struct(">cI")
PLACE = struct.Struct(">Q")
RECORD, PROGRESS, REFUSED, END = b"C", b"P", b"R", b"E"
FULL = 1 << 16  # bytes that are sent together
LARGEST = 4 << 20  # bytes of a frame
TOO_LARGE = Message(
    "Одна из записей файла слишком велика: таких свидетельств не бывает. "
    "Проверьте, тот ли это файл."
)
NO_MEMORY = Message(
    "Разбор файла потребовал слишком много памяти: настоящие открытые данные столько не требуют. "
    "Ничего не загружено."
)


class Frame(NamedTuple):
    """One frame as it is received."""

    kind: bytes
    content: bytes


class Writer:
    """The side of the process that parses."""

    def __init__(self, out: int, source: int) -> None:
        """Send to a descriptor; the place in the descriptor ``source`` is told as progress."""
        self.out = out
        self.source = source
        self.unsent = bytearray()

    def heard(self, content: Source) -> Source:
        """Give the same content; reading it tells how far the file is read."""
        return _Heard(content, self)

    def all_of(self, records: Iterable[bytes]) -> None:
        """Send all records and the end, or the refusal that comes instead."""
        try:
            for record in records:
                self.send(RECORD, _bounded(record))
        except Refused as refusal:
            self._refuse(refusal.message)
        except MemoryError:
            self._refuse(NO_MEMORY)
        else:
            self.send(END, b"")
        self._push()

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a frame."""
        self.unsent += HEAD.pack(kind, len(content))
        self.unsent += content
        if len(self.unsent) >= FULL:
            self._push()

    def progress(self) -> None:
        """Send how far the file is read."""
        self.send(PROGRESS, PLACE.pack(os.lseek(self.source, 0, os.SEEK_CUR)))
        self._push()

    def _push(self) -> None:
        while self.unsent:
            del self.unsent[: os.write(self.out, self.unsent)]

    def _refuse(self, why: Message) -> None:
        self.send(REFUSED, json.dumps([why.text, packed(why)], ensure_ascii=False).encode())


def _bounded(record: bytes) -> bytes:
    if len(record) > LARGEST:
        raise Refused(TOO_LARGE)
    return record


class _Heard:
    def __init__(self, content: Source, writer: Writer) -> None:
        self.content = content
        self.writer = writer

    def read(self, size: int, /) -> bytes:
        self.writer.progress()
        return self.content.read(size)
