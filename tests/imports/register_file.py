"""Small files of the register of accredited organisations, written as the real ones are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT.parent / "shared" / "data" / "rosobrnadzor" / "sample.xml"
CARD = "11111111-0000-4000-8000-00000000000"
SCHOOL = {
    "Id": f"{CARD}1",
    "FullName": "Школа № 1",
    "ShortName": "Школа",
    "INN": "6730010475",
    "KPP": "673001001",
    "OGRN": "1027700132195",
    "RegionName": "Смоленская область",
}


def sample() -> Path:
    """The real sample; the test is skipped where it is not laid out."""
    if not SAMPLE.exists():
        pytest.skip("the open data of accredited organisations are not there")
    return SAMPLE


def element(tag: str, content: object) -> str:
    """An element with a text, with elements, or with a list of ready ones."""
    if isinstance(content, dict):
        inner = "".join(element(name, value) for name, value in content.items())
    elif isinstance(content, list):
        inner = "".join(content)
    else:
        inner = escape(str(content))
    return f"<{tag}>{inner}</{tag}>"


def school(**values: object) -> dict[str, object]:
    """A card of an organisation; an empty text takes a value away."""
    return {**SCHOOL, **values}


def supplement(
    organisation: dict[str, object] | None = None, programs: object = (), **values: object
) -> str:
    """A supplement with a card and programmes."""
    rows = [element("EducationalProgram", row) for row in programs]
    card = school() if organisation is None else organisation
    return element(
        "Supplement",
        {
            "Id": "700001",
            **values,
            "ActualEducationOrganization": card,
            "EducationalPrograms": rows,
        },
    )


def certificate(
    organisation: dict[str, object] | None = None,
    supplements: tuple[str, ...] = (),
    decisions: object = (),
    **values: object,
) -> str:
    """A certificate in force of the Smolensk region."""
    return element(
        "Certificate",
        {
            "Id": "c0000001",
            "StatusName": "Действующее",
            "RegionName": "Смоленская область",
            "RegionCode": "67",
            "RegNumber": "1745",
            "IssueDate": "2014-06-20",
            **values,
            "ActualEducationOrganization": school() if organisation is None else organisation,
            "Supplements": list(supplements),
            "Decisions": [element("Decision", row) for row in decisions],
        },
    )


def document(*certificates: str, encoding: str = "utf-8") -> BytesIO:
    """A whole file."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    body = "\n".join(certificates)
    text = f"{head}<OpenData><Certificates>\n{body}\n</Certificates></OpenData>"
    return BytesIO(text.encode(encoding))
