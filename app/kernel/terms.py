"""Ages and lengths of service."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_YOUNGEST_MONTHS = 6 * 12 + 6
_OLDEST_MONTHS = 8 * 12


def first_grade_age_fits(born_on: dt.date, first_day: dt.date) -> bool:
    """Whether a child is from 6 years 6 months to 8 years old, inclusive, on ``first_day``.

    Outside this age a school needs the founder's permit (ст. 67 ч. 1 273-ФЗ).
    """
    months = (first_day.year - born_on.year) * 12 + first_day.month - born_on.month
    months -= first_day.day < born_on.day
    eighth_birthday = months == _OLDEST_MONTHS and first_day.day == born_on.day
    return _YOUNGEST_MONTHS <= months < _OLDEST_MONTHS or eighth_birthday


def service_days(periods: Iterable[tuple[dt.date, dt.date | None]], on: dt.date) -> int:
    """Count the days covered by at least one period; an open period lasts until ``on``."""
    days, covered = 0, dt.date.min
    for start, end in sorted((start, end or on) for start, end in periods):
        first = max(start, covered + dt.timedelta(days=1))
        if end >= first:
            days += (end - first).days + 1
            covered = end
    return days
