"""A day of birth and a СНИЛС are told from the words of a name, however they are typed."""

from __future__ import annotations

import datetime as dt

import pytest

from app.kernel.search import words
from app.kernel.seeking import sought
from app.models.enrolment import Student
from app.models.registry import Organisation

DAY = dt.date(2015, 3, 12)
NUMBER = "11223344595"


@pytest.mark.parametrize(
    "typed", ["12.03.2015", "12.3.15", "12/03/2015", "2015-03-12", "2015-3-12", "12.03.2015,"]
)
def test_days(typed: str) -> None:
    found = sought(Student, f"иванов {typed} пётр")
    assert dict(found.values) == {"birth_date": DAY}
    assert words(found.words) == ["иванов", "петр"]


@pytest.mark.parametrize(
    "typed",
    ["112-233-445 95", "11223344595", "112 233 445 95", "112-233-445-95", "112.233.445.95",
     "112\u2011233\u2011445\u00a095", "№112-233-445 95", "１１２-233-445 95"],
)  # fmt: skip
def test_numbers(typed: str) -> None:
    found = sought(Student, f"Пётр {typed} 12.03.15")
    assert dict(found.values) == {"snils": NUMBER, "birth_date": DAY}
    assert words(found.words) == ["петр"]


def test_two_digits_of_a_year_are_the_last_such_year() -> None:
    assert dict(sought(Student, "01.02.85").values) == {"birth_date": dt.date(1985, 2, 1)}


@pytest.mark.parametrize("typed", ["31.02.2015", "12.03", "1122334459", "112233445951", "12.3.4.5"])
def test_what_is_no_day_and_no_number_stays_words(typed: str) -> None:
    assert sought(Student, typed).values == ()


def test_other_records_are_searched_by_words_alone() -> None:
    assert sought(Organisation, "11223344595 12.03.2015").values == ()
