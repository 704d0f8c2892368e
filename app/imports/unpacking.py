"""Files that come packed: gzip and zip with one file in it, guarded while they are read."""

from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from app.kernel.errors import Refused
from app.kernel.text import quoted

if TYPE_CHECKING:
    from app.imports.xml_records import Source

LARGEST = 1 << 30  # bytes of a file, packed and unpacked
MOST_MEMBERS = 100  # of a zip
GZIP, ZIP, EMPTY_ZIP = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
ENCRYPTED = 1  # flag of a zip member
FAULTS = (
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


def unpacked(file: BinaryIO, ending: str) -> Source:
    """Give the content of a file that may be packed; ``ending`` is that of the member of a zip.

    Raises:
        Refused: the archive is damaged, encrypted or does not hold exactly one such file. What is
            given raises it too: for damage met later and for content of more than ``LARGEST``.
    """
    start = file.read(len(ZIP))
    file.seek(0)
    if start.startswith(GZIP):
        return _Guarded(gzip.GzipFile(fileobj=file))
    if start in {ZIP, EMPTY_ZIP}:
        return _Guarded(_member(file, ending))
    return _Guarded(file)


def _member(file: BinaryIO, ending: str) -> Source:
    try:
        archive = zipfile.ZipFile(file)
    except FAULTS as fault:
        raise _damaged() from fault
    members = [one for one in archive.infolist() if one.filename.lower().endswith(ending)]
    if len(members) != 1 or len(archive.infolist()) > MOST_MEMBERS:
        raise Refused(
            "В архиве должен быть один файл %(ending)s, а их %(number)s. Распакуйте архив и "
            "загрузите нужный файл.",
            ending=ending,
            number=len(members),
        )
    if members[0].flag_bits & ENCRYPTED:
        raise Refused(
            "Файл «%(name)s» в архиве закрыт паролем. Распакуйте архив и загрузите файл.",
            name=quoted(members[0].filename),
        )
    if members[0].file_size > LARGEST:
        raise too_large()
    try:
        return archive.open(members[0])
    except FAULTS as fault:
        raise _damaged() from fault


def too_large() -> Refused:
    """The refusal of a file that is larger than any real one."""
    return Refused("Файл больше %(limit)s ГБ: таких не бывает.", limit=LARGEST >> 30)


def _damaged() -> Refused:
    return Refused("Архив повреждён и не распаковывается. Ничего не загружено.")


class _Guarded:
    """Counts what comes out, for a small archive may hold any number of bytes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.number = 0

    def read(self, size: int, /) -> bytes:
        try:
            content = self.source.read(size)
        except FAULTS as fault:
            raise _damaged() from fault
        self.number += len(content)
        if self.number > LARGEST:
            raise too_large()
        return content
