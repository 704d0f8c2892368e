"""Workbooks and texts made for tests, and ones that mean harm."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLAIN = '<c r="A1" t="inlineStr"><is><t>Фамилия</t></is></c>'
TYPES = """<?xml version="1.0"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""
BOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
 <sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
LINKS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
 <Relationship Id="rId1" Target="worksheets/sheet1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>
</Relationships>"""


def workbook(*rows: Sequence[object]) -> bytes:
    """A workbook with these rows on its first sheet."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if hasattr(cell, "year"):
                    sheet.write_datetime(at, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(at, place, cell)
                elif cell is not None:
                    sheet.write(at, place, cell)
    return file.getvalue()


def text(*rows: Sequence[str], encoding: str = "utf-8", separator: str = ";") -> bytes:
    """The rows as separated text."""
    return "\r\n".join(separator.join(row) for row in rows).encode(encoding)


def parts(cells: str, *, head: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A workbook whose sheet has this very XML for cells."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'{head}<worksheet xmlns="{name}"><sheetData>{cells}</sheetData></worksheet>'
    return archive(
        {
            "[Content_Types].xml": TYPES.encode(),
            "xl/workbook.xml": BOOK.encode(),
            "xl/_rels/workbook.xml.rels": LINKS.encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            **(more or {}),
        }
    )


def archive(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def opendocument(cells: str) -> bytes:
    """A table of OpenDocument whose rows are this very XML."""
    names = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    body = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        f'<table:table table:name="1">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    list_of_parts = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return archive(
        {
            "mimetype": kind,
            "content.xml": body.encode(),
            "META-INF/manifest.xml": list_of_parts.encode(),
        }
    )


def repeated(times: int, inside: str = "x") -> str:
    """A row of one cell that stands there so many times."""
    return (
        "<table:table-row><table:table-cell office:value-type='string'"
        f" table:number-columns-repeated='{times}'><text:p>{inside}</text:p></table:table-cell>"
        "</table:table-row>"
    )


def locked() -> bytes:
    """A workbook whose members say that they are encrypted."""
    made = bytearray(workbook(["a"]))
    at = 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 8] |= 1
        at += 4
    return bytes(made)


def _far(reference: str) -> str:
    return f'<row r="1">{PLAIN}</row><row><c r="{reference}"><v>1</v></c></row>'


ENTITY = '<!DOCTYPE w [<!ENTITY a "xx">]>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zero bytes": lambda: b"\0" * 5000,
    "noise": lambda: random.Random(1).randbytes(1 << 20),  # noqa: S311 - no secret
    "a program": lambda: b"\x7fELF" + b"\x01" * 10_000,
    "encrypted or .xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "members with a password": locked,
    "archive of something else": lambda: archive({"readme.txt": b"x"}),
    "empty archive": lambda: b"PK\x05\x06" + b"\0" * 18,
    "cut": lambda: workbook(["Фамилия"], ["Иванов"])[:-300],
    "damaged": lambda: workbook(["Фамилия"], ["Иванов"]).replace(b"\x00\x00", b"\x00\x01"),
    "many members": lambda: parts(PLAIN, more={f"x{n}": b"" for n in range(3_000)}),
    "zip bomb": lambda: parts(PLAIN, more={"xl/x.bin": b"\0" * (40 << 20)}),
    "bomb in the sheet": lambda: parts(f"<row>{PLAIN}</row>" + " " * (40 << 20)),
    "far cell": lambda: parts(_far("XFD1048576")),
    "far cell without its place": lambda: parts('<row r="1048576"><c><v>1</v></c></row>'),
    "a place of digits only": lambda: parts(_far("99")),
    "a row beyond all": lambda: parts(_far("A9999999")),
    "a row that is no number": lambda: parts('<row r="x"><c><v>1</v></c></row>'),
    "document type": lambda: parts(PLAIN, head="<!DOCTYPE worksheet>"),
    "entities": lambda: parts(PLAIN.replace("Фамилия", "&a;"), head=ENTITY),
    "broken XML": lambda: parts("<row>" + PLAIN),
    "deep XML": lambda: parts("<a>" * 200_000),
    "too many columns": lambda: workbook([str(n) for n in range(250)]),
    "an empty workbook": workbook,
    "OpenDocument, many times": lambda: opendocument(repeated(16_384)),
    "OpenDocument, rows without end": lambda: opendocument(
        repeated(1).replace("-row>", "-row table:number-rows-repeated='1048576'>", 1)
    ),
    "a quotation without end": lambda: b'a;b\n1;"' + b"x" * 300_000,
    "two encodings": lambda: "Фамилия\n".encode() * 40_000 + "Имя\n".encode("cp1251") + b"\x98",
}  # fmt: skip
