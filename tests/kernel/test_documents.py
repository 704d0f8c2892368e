"""Documents of persons and of schools."""

from __future__ import annotations

import datetime as dt

import pytest

from app.kernel import documents


@pytest.mark.parametrize(
    ("code", "series", "number", "issuer", "right"),
    [
        ("21", "6624", "123456", "670-012", True),
        ("21", "66 24", "123456", "670-012", True),
        ("21", "6624", "12345", "670-012", False),
        ("21", "6624", "123456", "670012", False),
        ("03", "I-МП", "512345", "", True),
        ("03", "1-мп", "512345", "", True),
        ("03", "IV-ДН", "512345", "", True),
        ("03", "IIII-МП", "512345", "", False),
        ("22", "75", "1234567", "", True),
        ("22", "75", "123456", "", False),
        ("07", "ан", "1234567", "", True),
        ("24", "АН", "12345", "", False),
        ("10", "", "AB1234567", "", True),
        ("10", "", "", "", False),
        ("91", "1" * 13, "1", "", False),
    ],
)
def test_document_has_the_form_of_its_kind(
    code: str, series: str, number: str, issuer: str, *, right: bool
) -> None:
    assert documents.is_document(code, series, number, issuer) is right


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("I–мп", "I-МП"), ("1-МП", "I-МП"), ("ІІ МП", "II-МП"), ("ху-мп", "XV-МП")],
)
def test_series_of_a_birth_certificate_is_read_however_typed(typed: str, printed: str) -> None:
    assert documents.normal_birth_series(typed) == printed


@pytest.mark.parametrize(
    ("issued_on", "on", "expired"),
    [
        (dt.date(2014, 4, 1), dt.date(2020, 5, 30), False),  # 90 days after the 20th birthday
        (dt.date(2014, 4, 1), dt.date(2020, 5, 31), True),
        (dt.date(2020, 3, 1), dt.date(2044, 12, 31), False),
        (dt.date(2020, 3, 1), dt.date(2045, 5, 31), True),
    ],
)
def test_passport_is_renewed_at_20_and_45(
    issued_on: dt.date, on: dt.date, *, expired: bool
) -> None:
    born_on_leap_day = dt.date(2000, 2, 29)
    renewed_on = born_on_leap_day.replace(year=2020)
    assert documents.is_passport_expired(dt.date(2000, 3, 1), issued_on, on) is expired
    assert not documents.is_passport_expired(born_on_leap_day, renewed_on, dt.date(2020, 3, 1))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Л035-01253-67/00192301", True),
        ("4567", True),
        ("123456-0001", True),
        ("Л035-1253-67/192301", False),
    ],
)
def test_licence_number_is_of_the_register_or_old(text: str, *, right: bool) -> None:
    assert documents.is_licence_number(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("А007-01260-22/01142162", True),
        ("1745", True),
        ("А007-1260-22/01142162", False),
        ("27-0199", False),
        ("5/021", False),
    ],
)
def test_accreditation_number_is_of_the_register_or_old(text: str, *, right: bool) -> None:
    assert documents.is_accreditation_number(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("06724 000123456", True), ("06724000123456", True), ("0672400012345", False)],
)
def test_school_certificate_has_14_digits(text: str, *, right: bool) -> None:
    assert documents.is_attestat_number(text) is right
