"""A program that reads a file of strangers in a process of its own, watched from here.

The file becomes its standard input; it gets no environment, no other descriptor and no folder of
ours, and it sets limits to itself before it reads (memory, CPU time, nothing to open). What it
says is bounded and checked. When it is silent for long or ends by itself, the file is refused.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Self

from app.imports.frames import END, HEAD, LARGEST, PLACE, PROGRESS, RECORD, REFUSED, Frame
from app.imports.receiving import Malformed, sentence
from app.imports.unpacking import LARGEST as LARGEST_FILE
from app.imports.unpacking import too_large
from app.kernel.errors import Message, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60.0  # seconds without a word; it tells its place after each 64 KB
CHUNK = 1 << 16
AHEAD = 64  # chunks that are read before they are wanted
SLOW = Message(
    "Файл разбирается слишком долго: настоящие открытые данные читаются быстрее. "
    "Ничего не загружено."
)
BROKEN = Message(
    "Разбор файла прерван: файл испорчен или требует больше памяти и времени, чем настоящие "
    "открытые данные. Ничего не загружено."
)


class Limited:
    """A running program and the records it sends; ``done`` and ``total`` are bytes of the file.

    To be used in a ``with`` statement, which ends the program in every case. ``slow`` and
    ``broken`` are said of files that it does not survive.
    """

    slow, broken = SLOW, BROKEN

    def __init__(self, program: Path, source: BinaryIO) -> None:
        """Start it with a file; what is no plain file on the disk is copied to one first.

        Raises:
            Refused: the file is larger than any real one.
        """
        self.done = 0
        self._source = source
        self._file = _on_disk(source)
        self.total = os.fstat(self._file.fileno()).st_size
        if self.total > LARGEST_FILE:
            self._forget()
            raise too_large()
        self._chunks: queue.Queue[bytes] = queue.Queue(AHEAD)
        self._closed = False
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-B", str(program)],
            stdin=self._file.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        self._reader = threading.Thread(target=self._pump, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """End the program, whatever it is doing."""
        self.close()

    def close(self) -> None:
        """End the program and wait for it."""
        self._closed = True
        self._process.kill()
        self._process.wait()
        while self._reader.is_alive():
            with suppress(queue.Empty):
                self._chunks.get_nowait()
            self._reader.join(0.01)
        if self._process.stdout:
            self._process.stdout.close()
        self._forget()

    def _forget(self) -> None:
        if self._file is not self._source:
            self._file.close()

    def records(self) -> Iterator[bytes]:
        """Give the records.

        Raises:
            Refused: the program refuses the file, is silent, ends before its time or does not
                keep to the form. May come after some records have been given.
        """
        for frame in self._frames():
            if frame.kind == RECORD:
                yield frame.content
            elif frame.kind == PROGRESS and len(frame.content) == PLACE.size:
                self.done = min(PLACE.unpack(frame.content)[0], self.total)
            elif frame.kind == REFUSED:
                raise self._refusal(frame.content)
            elif frame.kind == END:
                self.done = self.total
                return
            else:
                raise self.broken_off()

    def _frames(self) -> Iterator[Frame]:
        buffer = bytearray()
        while True:
            while len(buffer) < HEAD.size:
                buffer += self._chunk()
            kind, length = HEAD.unpack_from(buffer)
            if length > LARGEST:
                raise self.broken_off()
            end = HEAD.size + length
            while len(buffer) < end:
                buffer += self._chunk()
            yield Frame(kind, bytes(buffer[HEAD.size : end]))
            del buffer[:end]

    def _chunk(self) -> bytes:
        try:
            chunk = self._chunks.get(timeout=PATIENCE)
        except queue.Empty as silence:
            raise Refused(self.slow) from silence
        if not chunk:
            raise self.broken_off()
        return chunk

    def _pump(self) -> None:
        """Read ahead, so that the program works while what it has read is being stored."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        out = self._process.stdout.fileno()
        chunk = b"?"
        while chunk and not self._closed:
            chunk = os.read(out, CHUNK)
            self._chunks.put(chunk)

    def broken_off(self) -> Refused:
        """The refusal of a file that its parser did not survive."""
        return Refused(self.broken)

    def _refusal(self, content: bytes) -> Refused:
        try:
            text, values = json.loads(content)
            return Refused(sentence(text, values))
        except (Malformed, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return self.broken_off()


def _on_disk(source: BinaryIO) -> BinaryIO:
    """Give the file itself or a copy: the program needs a descriptor it can move about in."""
    with suppress(OSError, AttributeError):
        source.seek(0)
        os.lseek(source.fileno(), 0, os.SEEK_SET)
        return source
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the program
    number = 0
    while chunk := source.read(CHUNK):
        number += len(chunk)
        if number > LARGEST_FILE:
            copy.close()
            raise too_large()
        copy.write(chunk)
    copy.seek(0)
    return copy
