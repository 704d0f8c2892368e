"""School years, working days and legal terms (terms themselves are rows of tables)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

IsWorkday = Callable[[dt.date], bool]

_DAY = dt.timedelta(days=1)
_FIRST_MONTH = 9


class Unit(StrEnum):
    """What a term is counted in."""

    CALENDAR = "cd"
    WORKING = "wd"
    YEAR = "yr"


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year, from 1 September to 31 August; both days belong to it."""

    start: dt.date
    end: dt.date
    code: str

    @classmethod
    def beginning(cls, year: int) -> SchoolYear:
        """Give the school year that begins in September of ``year``."""
        return cls(
            dt.date(year, _FIRST_MONTH, 1),
            dt.date(year + 1, 8, 31),
            f"{year}/{(year + 1) % 100:02}",
        )

    @classmethod
    def of_code(cls, code: str) -> SchoolYear:
        """Give the school year written as "2026/27"; raises ``ValueError`` for another text."""
        found = re.fullmatch(r"([0-9]{4})/([0-9]{2})", code)
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            message = f"not a school year: {code!r}"
            raise ValueError(message)
        return cls.beginning(int(found[1]))

    def __contains__(self, day: dt.date) -> bool:
        """Whether the day is within the school year."""
        return self.start <= day <= self.end

    def following(self) -> SchoolYear:
        """Give the school year after this one."""
        return self.beginning(self.start.year + 1)


def school_year_of(day: dt.date) -> SchoolYear:
    """Give the school year a day belongs to."""
    return SchoolYear.beginning(day.year if day.month >= _FIRST_MONTH else day.year - 1)


def add_working_days(day: dt.date, number: int, is_workday: IsWorkday) -> dt.date:
    """Give the last of ``number`` working days that follow ``day``; 0 gives ``day`` itself.

    A number below 0 counts the working days before ``day``.
    """
    left, step = abs(number), _DAY if number > 0 else -_DAY
    while left:
        day += step
        left -= is_workday(day)
    return day


def deadline(
    base: dt.date, number: int, unit: Unit, is_workday: IsWorkday, *, shift: bool
) -> dt.date:
    """Give the last day of a term that is counted from the day after ``base``.

    A number below 0 counts back from the day before it. With ``shift`` a term that ends on a day
    off ends on the next working day (ст. 193 ГК РФ).
    """
    if unit is Unit.WORKING:
        day = add_working_days(base, number, is_workday)
    elif unit is Unit.YEAR:
        day = _years_on(base, number)
    else:
        day = base + dt.timedelta(days=number)
    while shift and not is_workday(day):
        day += _DAY
    return day


def _years_on(day: dt.date, number: int) -> dt.date:
    """The same day of another year; 28 February where that year has no 29th (ст. 192 ГК РФ)."""
    try:
        return day.replace(year=day.year + number)
    except ValueError:
        return day.replace(year=day.year + number, day=28)
