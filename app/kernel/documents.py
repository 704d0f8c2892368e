"""Identity documents, education documents, licences and accreditations."""

from __future__ import annotations

import datetime as dt
import re

from app.kernel.text import clean, compact

PASSPORT = "21"
BIRTH_CERTIFICATE = "03"
TRAVEL_PASSPORT = "22"
MILITARY = ("07", "24")

_ROMAN = r"(?=[IVXLC])(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})"
_BIRTH_SERIES = re.compile(_ROMAN + r"-[А-ЯЁ]{2}")
_ROMAN_DOUBLES = str.maketrans({"І": "I", "1": "I", "Х": "X", "У": "V", "С": "C"})
_LONGEST_SERIES = 12
_LONGEST_NUMBER = 25
_PASSPORT_AGES = (20, 45)
_PASSPORT_GRACE = dt.timedelta(days=90)


def normal_birth_series(text: str) -> str:
    """Give the series of a birth certificate as it is printed: «ii мп», «1-МП» → «II-МП», «I-МП».

    Russian letters and digits that look like Roman numerals become Roman numerals.
    """
    head, _, tail = re.sub(r"[\s-]+", "-", clean(text).upper()).partition("-")
    return head.translate(_ROMAN_DOUBLES) + "-" + tail.replace("-", "")


def is_document(code: str, series: str, number: str, issuer_code: str = "") -> bool:
    """Whether series, number and code of the issuer have the form of the document ``code``.

    ``code`` is one of ID_DOC_TYPE (codes of the tax service). The number of a foreign or another
    document is free within 25 characters, its series within 12.
    """
    series, number = clean(series), clean(number)
    if code == PASSPORT:
        return (
            re.fullmatch(r"[0-9]{4}", compact(series)) is not None
            and re.fullmatch(r"[0-9]{6}", number) is not None
            and is_issuer_code(issuer_code)
        )
    if code == BIRTH_CERTIFICATE:
        return is_birth_series(series) and re.fullmatch(r"[0-9]{6}", number) is not None
    if code == TRAVEL_PASSPORT:
        return bool(re.fullmatch(r"[0-9]{2}", series) and re.fullmatch(r"[0-9]{7}", number))
    if code in MILITARY:
        return bool(
            re.fullmatch(r"[А-ЯЁ]{2}", series.upper()) and re.fullmatch(r"[0-9]{6,7}", number)
        )
    return 1 <= len(number) <= _LONGEST_NUMBER and len(series) <= _LONGEST_SERIES


def is_birth_series(text: str) -> bool:
    """Whether it is a Roman numeral, a dash and two Russian letters."""
    return _BIRTH_SERIES.fullmatch(normal_birth_series(text)) is not None


def is_issuer_code(text: str) -> bool:
    """Whether it has the form NNN-NNN of a passport office."""
    return re.fullmatch(r"[0-9]{3}-[0-9]{3}", text) is not None


def is_passport_expired(born_on: dt.date, issued_on: dt.date, on: dt.date) -> bool:
    """Whether a Russian passport ran out: issued before 20 or 45 years, 90 days of grace over."""
    birthdays = (_birthday(born_on, age) for age in _PASSPORT_AGES)
    return any(issued_on < day and on > day + _PASSPORT_GRACE for day in birthdays)


def is_licence_number(text: str) -> bool:
    """Whether it is a number of the licence register (Л035-NNNNN-NN/NNNNNNNN) or an old one."""
    form = r"Л035-[0-9]{5}-[0-9]{2}/[0-9]{8}|[0-9]{1,6}(-[0-9]{1,4})?"
    return re.fullmatch(form, text) is not None


def is_accreditation_number(text: str) -> bool:
    """Whether it is a number of the accreditation register (А007-NNNNN-NN/NNNNNNNN) or an old one.

    Real old numbers also look like 27-0199 and 5/021: they are doubtful, not wrong.
    """
    form = r"А007-[0-9]{5}-[0-9]{2}/[0-9]{8}|[0-9]{1,6}"
    return re.fullmatch(form, text) is not None


def is_attestat_number(text: str) -> bool:
    """Whether it has the 14 digits of a school certificate issued since 2014."""
    return re.fullmatch(r"[0-9]{14}", compact(text)) is not None


def _birthday(born_on: dt.date, age: int) -> dt.date:
    """Give the day a person turns ``age``; who was born on 29 February does so on 1 March."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return dt.date(born_on.year + age, 3, 1)
