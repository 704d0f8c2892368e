"""Types of attached files, recognised by their content, and the names they may carry."""

from __future__ import annotations

import codecs
import lzma
import os
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from app.kernel.errors import Invalid, Message
from app.kernel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 4096
CHUNK = 1024 * 1024
LONGEST_NAME = 200  # characters, the ending included
LARGEST_DIRECTORY = 2 * 1024 * 1024  # bytes of a zip's list of members: some 20,000 of them
LARGEST_MEMBER = 1024 * 1024  # bytes that are read of one member
_END = 22  # bytes of the record that ends a zip, without its comment


@dataclass(frozen=True, slots=True)
class Media:
    """A type of file: the name people call it by, its media type, its usual endings."""

    title: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
PDF = Media("PDF", "application/pdf", (".pdf",))
DOCX = Media("DOCX", f"{_OFFICE}wordprocessingml.document", (".docx",))
XLSX = Media("XLSX", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",))
ODT = Media("ODT", f"{_ODF}text", (".odt",))
ODS = Media("ODS", f"{_ODF}spreadsheet", (".ods",))
JPEG = Media("JPEG", "image/jpeg", (".jpg", ".jpeg"))
PNG = Media("PNG", "image/png", (".png",))
TXT = Media("TXT", "text/plain", (".txt",))
ACCEPTED = (PDF, DOCX, XLSX, ODT, ODS, JPEG, PNG, TXT)
TITLES = ", ".join(media.title for media in ACCEPTED)
BY_TYPE = {media.media_type: media for media in ACCEPTED}

_STARTS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNICODE_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # what no text holds
_USUAL = re.compile(r"[\t\n\r\x20-\x7eА-яЁё№«»—–…„“”]")
_MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|^basic/|^scripts/", re.IGNORECASE)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
    OSError,
    KeyError,
)

PROGRAM = Message("Это программа, а не документ: прикрепить её нельзя.")
WEB_PAGE = Message(
    "Это веб-страница, рисунок SVG или другая разметка: такие файлы бывают опасны."
    " Сохраните документ как PDF и прикрепите его."
)
MACROS = Message(
    "В документе есть макросы. Сохраните его без макросов (DOCX, XLSX) или как PDF"
    " и прикрепите снова."
)
OLD_OFFICE = Message(
    "Это документ старого вида (DOC, XLS) или под паролем."
    " Сохраните его как DOCX, XLSX или PDF без пароля и прикрепите снова."
)
DAMAGED = Message("Файл повреждён: его не открыть. Сохраните документ заново и прикрепите снова.")
OTHER = Message("Файл такого вида прикрепить нельзя. Подходят: %(types)s.", types=TITLES)

_REFUSED = ((_PROGRAMS, PROGRAM), (_OLD_OFFICE, OLD_OFFICE), (b"{\\rtf", OTHER))


def recognise(file: IO[bytes]) -> Media:
    """The type of a file by its content, whatever its name says; the place in it is moved.

    Raises ``Invalid`` with what to do for every type that is not accepted.
    """
    file.seek(0)
    head = file.read(HEAD)
    for start, media in _STARTS:
        if head.startswith(start):
            return media
    for starts, why in _REFUSED:
        if head.startswith(starts):
            raise Invalid(why)
    if head.startswith(b"PK"):
        return _packed(file)
    if _markup(head):
        raise Invalid(WEB_PAGE)
    if _is_text(file):
        return TXT
    raise Invalid(OTHER)


def clean_name(name: str, media: Media) -> str:
    """A name for people and disks: no path, no invisible or control character, a true ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if c.isspace() else c for c in last if c.isspace() or _visible(c))
    stem = re.sub(r'[<>:"|?*]', "_", " ".join(shown.split()))
    ending = next((e for e in media.endings if stem.lower().endswith(e)), "")
    stem = stem[: len(stem) - len(ending)].strip(" .") or "файл"
    ending = ending or media.endings[0]
    return stem[: LONGEST_NAME - len(ending)].rstrip(" .") + ending


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _markup(head: bytes) -> bool:
    """Whether it begins as markup does, in any of the encodings of Unicode."""
    plain = head.replace(b"\x00", b"")
    for mark in _UNICODE_MARKS:
        plain = plain.removeprefix(mark)
    return plain.lstrip().startswith(b"<")


def _is_text(file: IO[bytes]) -> bool:
    """Whether it is text in UTF-8, UTF-16 with its mark, or the Russian code page of Windows."""
    file.seek(0)
    if file.read(2) in _UNICODE_MARKS[1:]:
        return _decodes(file, "utf-16")
    return _decodes(file, "utf-8") or _russian(file)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file):
            if _UNPRINTABLE.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _russian(file: IO[bytes]) -> bool:
    """Text of the code page 1251 is mostly Russian letters, plain signs and spaces."""
    usual = size = 0
    for chunk in _chunks(file):
        text = chunk.decode("cp1251", errors="replace")
        if _UNPRINTABLE.search(text):
            return False
        size += len(text)
        usual += len(_USUAL.findall(text))
    return usual * 100 >= size * 95


def _packed(file: IO[bytes]) -> Media:
    if not _sane(file):
        raise Invalid(DAMAGED)
    try:
        with zipfile.ZipFile(file) as archive:
            return _document(archive)
    except _BROKEN as error:
        raise Invalid(DAMAGED) from error


def _sane(file: IO[bytes]) -> bool:
    """Whether the list of members is small and stands where it says: read before it is parsed."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - _END))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    end = tail[at:]
    if at < 0 or len(end) < _END or int.from_bytes(end[20:22], "little") != len(end) - _END:
        return False
    return (
        b"PK\x06\x07" not in tail[:at][-20:]  # the list of very many members: no document has it
        and int.from_bytes(end[12:16], "little") <= LARGEST_DIRECTORY
    )


def _document(archive: zipfile.ZipFile) -> Media:
    names = archive.namelist()
    if any(_MACROS.search(name) for name in names):
        raise Invalid(MACROS)
    if "[Content_Types].xml" in names:
        return _office(archive, names)
    if "mimetype" in names:
        said = _member(archive, "mimetype").decode("ascii", "replace").strip()
        if said in {ODT.media_type, ODS.media_type} and "content.xml" in names:
            return BY_TYPE[said]
    raise Invalid(OTHER)


def _office(archive: zipfile.ZipFile, names: list[str]) -> Media:
    types = _member(archive, "[Content_Types].xml").decode("utf-8", "replace")
    if "macroenabled" in types.casefold():
        raise Invalid(MACROS)
    for media, folder in ((DOCX, "word/"), (XLSX, "xl/")):
        inside = any(name.startswith(folder) for name in names)
        if inside and f"{media.media_type}.main+xml" in types:
            return media
    raise Invalid(OTHER)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a member. Only what unpacks in little memory is unpacked."""
    if archive.getinfo(name).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise zipfile.BadZipFile(quoted(name))
    with archive.open(name) as member:
        return member.read(LARGEST_MEMBER)
