"""School years, terms in working and calendar days, ages, length of service."""

from __future__ import annotations

import datetime as dt

import pytest

from app.kernel.calendar import SchoolYear, Unit, add_working_days, deadline, school_year_of
from app.kernel.terms import first_grade_age_fits, service_days

DAYS_OFF = {dt.date(2026, 6, 12)}  # Russia Day, a Friday


def is_workday(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("base", "number", "last"),
    [
        ("2026-06-30", 3, "2026-07-03"),
        ("2026-06-10", 2, "2026-06-15"),  # over the holiday and a weekend
        ("2026-06-15", 4, "2026-06-19"),
        ("2026-06-13", 0, "2026-06-13"),
        ("2026-06-16", -2, "2026-06-11"),  # back over the weekend and the holiday
    ],
)
def test_working_days_follow_the_base(base: str, number: int, last: str) -> None:
    assert add_working_days(day(base), number, is_workday) == day(last)
    assert deadline(day(base), number, Unit.WORKING, is_workday, shift=False) == day(last)


@pytest.mark.parametrize(
    ("base", "number", "shift", "last"),
    [
        ("2026-03-02", 30, False, "2026-04-01"),
        ("2026-02-01", 0, True, "2026-02-02"),  # a Sunday
        ("2026-03-01", 0, True, "2026-03-02"),
        ("2026-02-01", 0, False, "2026-02-01"),
        ("2026-06-11", 1, True, "2026-06-15"),
    ],
)
def test_term_that_ends_on_a_day_off_moves_only_where_said(
    base: str, number: int, last: str, *, shift: bool
) -> None:
    assert deadline(day(base), number, Unit.CALENDAR, is_workday, shift=shift) == day(last)


@pytest.mark.parametrize(
    ("base", "number", "last"),
    [
        ("2026-06-10", 1, "2027-06-10"),
        ("2028-02-29", 1, "2029-02-28"),
        ("2028-02-29", 4, "2032-02-29"),
    ],
)
def test_years_end_on_the_same_day(base: str, number: int, last: str) -> None:
    assert deadline(day(base), number, Unit.YEAR, is_workday, shift=False) == day(last)


@pytest.mark.parametrize(
    ("when", "code"),
    [("2026-08-31", "2025/26"), ("2026-09-01", "2026/27"), ("2099-12-31", "2099/00")],
)
def test_school_year_begins_on_the_first_of_september(when: str, code: str) -> None:
    year = school_year_of(day(when))
    assert year.code == code
    assert day(when) in year
    assert SchoolYear.of_code(code) == year
    assert year.following().start == year.end + dt.timedelta(days=1)


@pytest.mark.parametrize("code", ["2026/28", "2026", "2026-27", "26/27"])
def test_what_is_no_school_year_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a school year"):
        SchoolYear.of_code(code)


@pytest.mark.parametrize("born_on", ["2020-03-01", "2019-06-15", "2018-09-01"])
def test_age_for_the_first_grade(born_on: str) -> None:
    assert first_grade_age_fits(day(born_on), day("2026-09-01"))


@pytest.mark.parametrize("born_on", ["2020-03-02", "2018-08-31"])
def test_age_that_needs_a_permit(born_on: str) -> None:
    assert not first_grade_age_fits(day(born_on), day("2026-09-01"))


def test_service_counts_overlapping_days_once() -> None:
    first = (day("2010-09-01"), day("2015-08-31"))
    second = (day("2014-01-01"), day("2020-08-31"))
    assert service_days([second, first], day("2026-11-23")) == 3653
    assert service_days([(day("2026-11-20"), None)], day("2026-11-23")) == 4
    assert service_days([first, (day("2011-01-01"), day("2011-02-01"))], first[1]) == 1826
    assert service_days([], day("2026-11-23")) == 0
