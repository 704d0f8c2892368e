"""A file is what its content says; what may hold a program is refused with a way out."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.kernel.errors import Invalid
from app.kernel.media import DOCX, JPEG, ODS, ODT, PDF, PNG, TXT, XLSX, Media, clean_name, recognise
from tests import documents as docs

RUSSIAN = "Приказ № 5 от 01.09.2026 «О зачислении»\r\n"
RIGHT = {
    "pdf": (docs.PDF, PDF),
    "docx": (docs.word(), DOCX),
    "xlsx": (docs.workbook(), XLSX),
    "odt": (docs.open_document(), ODT),
    "ods": (docs.open_document("spreadsheet"), ODS),
    "jpeg": (docs.JPEG, JPEG),
    "png": (docs.picture(), PNG),
    "text in utf-8": (RUSSIAN.encode(), TXT),
    "text in utf-8 with a mark": (RUSSIAN.encode("utf-8-sig"), TXT),
    "text in utf-16": (RUSSIAN.encode("utf-16"), TXT),
    "text in 1251": (RUSSIAN.encode("cp1251"), TXT),
    "long text whose letters lie across the pieces": (b"a" + "я".encode() * 600_000, TXT),
}
WRONG = {
    "exe": (docs.EXE, "программа"),
    "elf": (b"\x7fELF\x02\x01\x01" + bytes(100), "программа"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "программа"),
    "html": (docs.HTML, "веб-страница"),
    "html after spaces": (b"\xef\xbb\xbf \r\n" + docs.HTML, "веб-страница"),
    "html in utf-16": (docs.HTML.decode().encode("utf-16"), "веб-страница"),
    "svg": (docs.SVG, "веб-страница"),
    "old word": (docs.OLD_WORD, "старого вида"),
    "docm": (docs.word(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"),
             "макросы"),
    "docm by its type": (docs.word("application/vnd.ms-word.document.macroEnabled.main+xml"),
                         "макросы"),
    "odt with macros": (docs.open_document(Basic__script_lb_xml="<x/>"), "макросы"),
    "plain zip": (docs.archive({"a.txt": "x"}), "прикрепить нельзя"),
    "jar": (docs.archive({"META-INF/MANIFEST.MF": "x", "A.class": "x"}), "прикрепить нельзя"),
    "presentation": (docs.open_document("presentation"), "прикрепить нельзя"),
    "rtf": (docs.RTF, "прикрепить нельзя"),
    "gif": (docs.GIF, "прикрепить нельзя"),
    "noise": (bytes(range(256)) * 40, "прикрепить нельзя"),
    "high noise": (bytes(range(128, 256)) * 40, "прикрепить нельзя"),
    "cut zip": (docs.word()[:-30], "повреждён"),
    "zip with something behind it": (docs.word() + b"tail", "повреждён"),
    "unusual packing": (docs.archive({"[Content_Types].xml": "x"}, zipfile.ZIP_LZMA), "повреждён"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_document_is_recognised_by_its_content(name: str) -> None:
    content, media = RIGHT[name]
    assert recognise(io.BytesIO(content)) is media


@pytest.mark.parametrize("name", WRONG)
def test_anything_else_is_refused_with_a_sentence(name: str) -> None:
    content, words = WRONG[name]
    with pytest.raises(Invalid, match=words):
        recognise(io.BytesIO(content))


def test_a_zip_that_says_it_has_very_many_members_is_not_parsed() -> None:
    content = bytearray(docs.word())
    content[-22 + 12 : -22 + 16] = (100 * 1024**2).to_bytes(4, "little")
    with pytest.raises(Invalid, match="повреждён"):
        recognise(io.BytesIO(bytes(content)))


@pytest.mark.parametrize("seed", range(300))
def test_a_mutated_document_is_recognised_or_refused_and_nothing_else(seed: int) -> None:
    whole = bytearray((docs.word(), docs.workbook(), docs.open_document())[seed % 3])
    at = seed * 7919
    for step in range(1 + seed % 5):
        whole[(at + step * 104_729) % len(whole)] ^= 1 << (seed + step) % 8
    if seed % 4 == 0:
        del whole[at % len(whole) :]
    try:
        found: Media | None = recognise(io.BytesIO(bytes(whole)))
    except Invalid:
        found = None
    assert found in {None, DOCX, XLSX, ODT, ODS, TXT}


@pytest.mark.parametrize(
    ("given", "media", "kept"),
    [
        ("Выписка.pdf", PDF, "Выписка.pdf"),
        ("Выписка.PDF", PDF, "Выписка.pdf"),
        ("photo.jpeg", JPEG, "photo.jpeg"),
        ("C:\\Users\\Мария\\Выписка № 5.pdf", PDF, "Выписка № 5.pdf"),
        ("../../etc/passwd", TXT, "passwd.txt"),
        ("..", PDF, "файл.pdf"),
        (".pdf", PDF, "файл.pdf"),
        ("", PDF, "файл.pdf"),
        ("setup.exe", PDF, "setup.exe.pdf"),
        ("отчёт\u202efdp.exe", PDF, "отчётfdp.exe.pdf"),
        ("a\x00b\r\nc\t d.txt", TXT, "ab c d.txt"),
        ("школа 🏫 é.docx", DOCX, "школа 🏫 é.docx"),
        ('"><b>.png', PNG, "___b_.png"),
        ("я" * 500 + ".pdf", PDF, "я" * 196 + ".pdf"),
        ("\ud800.txt", TXT, "файл.txt"),
    ],
)
def test_a_name_is_kept_for_people_and_harmless_to_disks(
    given: str, media: Media, kept: str
) -> None:
    assert clean_name(given, media) == kept
