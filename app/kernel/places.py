"""Addresses: postal index, numbers of houses, houses of an assigned territory (п. 5.1)."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.kernel.text import clean

_HOUSE = re.compile(r"([0-9]+)([А-ЯЁA-Z]?)(?:(?:/|КОРП\.?|К\.?)([0-9]+))?")
_RANGE = re.compile(r"([0-9]+)-([0-9]+)(ODD|EVEN|НЧ|Ч)?")
_PARITY = {"ODD": 1, "НЧ": 1, "EVEN": 0, "Ч": 0}


class House(NamedTuple):
    """The number of a house in parts: 15к2 is (15, "", "2"), 22а is (22, "А", "")."""

    number: int
    letter: str
    corpus: str


def is_postal_index(text: str) -> bool:
    """Whether it is an index of Russian Post: 6 digits, the first from 1 to 6."""
    return re.fullmatch(r"[1-6][0-9]{5}", text) is not None


def parse_house(text: str) -> House | None:
    """Give the parts of a house number, or nothing if it cannot be read."""
    found = _HOUSE.fullmatch(_squeezed(text))
    return House(int(found[1]), found[2], found[3] or "") if found else None


def is_house_rule(rule: str) -> bool:
    """Whether it is "all" or a list like "1-15odd;20;22А" (parity: odd, even, нч, ч)."""
    parts = _squeezed(rule).split(";")
    return parts == ["ALL"] or all(_RANGE.fullmatch(part) or parse_house(part) for part in parts)


def house_matches(rule: str, house: str) -> bool:
    """Whether the house belongs to the rule; an unreadable house never does: a person decides.

    A range compares the number only, a single house its number, letter and corpus.
    """
    typed = parse_house(house)
    if typed is None:
        return False
    return any(_part_matches(part, typed) for part in _squeezed(rule).split(";"))


def _part_matches(part: str, house: House) -> bool:
    if part == "ALL":
        return True
    bounds = _RANGE.fullmatch(part)
    if bounds is None:
        return parse_house(part) == house
    within = int(bounds[1]) <= house.number <= int(bounds[2])
    return within and (bounds[3] is None or house.number % 2 == _PARITY[bounds[3]])


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", clean(text)).upper()
