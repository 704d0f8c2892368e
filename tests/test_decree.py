"""The portal's list of items equals Appendix 3 of the decree, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.kernel.appendix3 import ITEMS, SECTIONS

DECREE = Path(__file__).parents[1].parent / "shared" / "decree-493-2022.txt"
COUNTS = {1: 24, 2: 17, 3: 22}


def decree_table() -> tuple[dict[int, str], dict[str, tuple[str, str]]]:
    """Read the sections, and (name, periodicity) by code, from the table of Appendix 3."""
    if not DECREE.exists():
        pytest.skip(f"the text of the decree is not there: {DECREE}")
    _, _, appendix = DECREE.read_text("utf-8").partition("Приложение № 3")
    sections: dict[int, str] = {}
    lines: dict[str, tuple[str, str]] = {}
    for row in appendix.splitlines():
        if title := re.fullmatch(r"<b>([0-9])\. (.+)</b>\s*", row):
            sections[int(title[1])] = title[2]
        elif line := re.fullmatch(r"([0-9]+)\.\t([^\t]+)\t([^\t]+)", row):
            lines[f"{max(sections)}.{int(line[1]):02}"] = (line[2].strip(), line[3].strip())
    return sections, lines


def test_there_are_63_items_in_three_sections() -> None:
    assert len(ITEMS) == 63
    assert {n: sum(i.section == n for i in ITEMS.values()) for n in SECTIONS} == COUNTS


def test_every_name_and_periodicity_is_the_decrees() -> None:
    _, lines = decree_table()
    assert {code: (i.name, i.periodicity_text) for code, i in ITEMS.items()} == lines


def test_sections_are_called_as_in_the_decree() -> None:
    sections, _ = decree_table()
    assert dict(SECTIONS) == sections
