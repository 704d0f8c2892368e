"""One-line addresses of registers: parts are taken only where they are certain."""

from __future__ import annotations

import re

from app.kernel.kinds import POSTAL_INDEX
from app.kernel.places import is_postal_index, parse_house

LOCALITY = re.compile(
    r"(?:г|город|с|село|п|пос|поселок|д|дер|деревня|пгт|рп|р\.? ?п|п\.? ?г\.? ?т|х|хутор|"
    r"ст-ца|станица|аул)(?:\.\s*|\s+)(?=[А-ЯЁ])[^0-9]{2,}",
    re.IGNORECASE,
)
_STREET_WORD = (
    r"ул|улица|пр-т|пр-кт|просп|проспект|пер|переулок|ш|шоссе|пл|площадь|б-р|бульвар|"
    r"наб|набережная|пр-д|проезд|тракт|аллея|линия"
)
STREET = re.compile(
    rf"(?:{_STREET_WORD})(?:\.\s*|\s+)\S.+|\S.*\s(?:{_STREET_WORD})\.?", re.IGNORECASE
)
HOUSE = re.compile(r"(?:(?:д|дом)\.?\s*)?([0-9]+\s?[А-ЯЁ]?(?:/[0-9]+)?)", re.IGNORECASE)
MARKED_HOUSE = re.compile(r"(?:д|дом)\.?\s*[0-9].*", re.IGNORECASE)
_INDEX = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
PARTS = ("postal_index", "locality", "street", "house")
_LONGEST = {"locality": 150, "street": 150, "house": 20}


def parts_of(text: str) -> dict[str, str | None]:
    """Give postal index, locality, street and house of an address in one line.

    A part is None unless exactly one piece of the address can be it: «г. Одинцово, п. Часцы»
    names no single locality. The house is taken only right after the street or the locality.
    """
    pieces = [piece for piece in map(str.strip, text.split(",")) if piece]
    localities = [piece for piece in pieces if LOCALITY.fullmatch(piece)]
    streets = [p for p in pieces if STREET.fullmatch(p) and p not in localities]
    found = {
        "postal_index": _index(text),
        "locality": _single(localities),
        "street": _single(streets),
        "house": _house(pieces, _single(streets) or _single(localities)),
    }
    return {
        name: value if value and len(value) <= _LONGEST.get(name, 6) else None
        for name, value in found.items()
    }


def _single(pieces: list[str]) -> str | None:
    return pieces[0] if len(pieces) == 1 else None


def _index(text: str) -> str | None:
    found = [index for index in _INDEX.findall(text) if is_postal_index(index)]
    return str(POSTAL_INDEX.parse(found[0])) if len(set(found)) == 1 else None


def _house(pieces: list[str], before: str | None) -> str | None:
    if before is None or sum(bool(MARKED_HOUSE.fullmatch(piece)) for piece in pieces) > 1:
        return None
    after = pieces.index(before) + 1
    found = HOUSE.fullmatch(pieces[after]) if after < len(pieces) else None
    if found is None or parse_house(found[1]) is None:
        return None
    return re.sub(r"\s", "", found[1])
