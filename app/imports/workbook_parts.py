"""Which member of an .xlsx archive a sheet is kept in."""

from __future__ import annotations

import posixpath
import zipfile
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable

WORKBOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
Attributes = dict[str, str]


def member_of(file: BinaryIO, sheet: str) -> str:
    """The member with the cells of a sheet, empty where the archive does not say it.

    To be asked of archives only that have been looked through.
    """
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def name(element: str, attributes: Attributes) -> None:
        if element == "sheet":
            ident = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            ids[attributes.get("name", "")] = ident

    def link(element: str, attributes: Attributes) -> None:
        if element == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    with zipfile.ZipFile(file) as archive:
        if not {WORKBOOK, LINKS} <= set(archive.namelist()):
            return ""
        _read(archive.read(WORKBOOK), name)
        _read(archive.read(LINKS), link)
    target = targets.get(ids.get(sheet, ""), "")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


def _read(content: bytes, start: Callable[[str, Attributes], None]) -> None:
    def local(name: str, attributes: Attributes) -> None:
        start(name.rpartition(":")[2], attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = local
    parser.Parse(content, True)  # noqa: FBT003 - the library's signature
