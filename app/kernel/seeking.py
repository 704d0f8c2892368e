"""What is typed into the search box of people: parts of names, a day of birth, a СНИЛС."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map
from app.kernel.clock import today

if TYPE_CHECKING:
    from app.kernel.record import Record

_SNILS = re.compile(r"(?<!\w)([0-9]{3})[\W_]?([0-9]{3})[\W_]?([0-9]{3})[\W_]{0,2}([0-9]{2})(?!\w)")
_DAY = re.compile(
    r"(?<![\w.])(?:(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4}|[0-9]{2})"
    r"|(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2}))(?!\w)"
)
_CENTURY = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed: words, and values that stand for themselves with their attributes."""

    words: str
    values: tuple[tuple[str, Any], ...] = ()


def sought(record: type[Record], typed: str) -> Sought:
    """Tell the words from a day and a СНИЛС, in whatever order they stand.

    Only for records that say which of their attributes are looked for so; what is no day of the
    calendar stays words.
    """
    values: list[tuple[str, Any]] = []
    text = unicodedata.normalize("NFKC", typed.replace("№", " "))
    for name in record.about.exact:
        kind = field_map(record)[name].kind
        text, found = _days(text) if kind.python is dt.date else _numbers(text)
        values += [(name, value) for value in found]
    return Sought(text, tuple(values)) if values else Sought(typed)


def _numbers(text: str) -> tuple[str, list[str]]:
    found = ["".join(match.groups()) for match in _SNILS.finditer(text)]
    return _SNILS.sub(" ", text), found


def _days(text: str) -> tuple[str, list[dt.date]]:
    found: list[dt.date] = []

    def take(match: re.Match[str]) -> str:
        day = _day(match)
        if day is None:
            return match[0]
        found.append(day)
        return " "

    return _DAY.sub(take, text), found


def _day(match: re.Match[str]) -> dt.date | None:
    """The day; one of two digits of a year is the last such day that has been."""
    parts = match.groupdict()
    year, month = int(parts["year"] or parts["y"]), int(parts["month"] or parts["m"])
    day, short = int(parts["day"] or parts["d"]), len(parts["year"] or "") == 2  # noqa: PLR2004 - digits
    now = today()
    try:
        if not short:
            return dt.date(year, month, day)
        ahead = (year, month, day) > (now.year % _CENTURY, now.month, now.day)
        century = now.year - now.year % _CENTURY
        return dt.date(century - (_CENTURY if ahead else 0) + year, month, day)
    except ValueError:
        return None
