"""Every kind takes its samples, refuses bad text with a sentence, and gives back what it stores."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest

import app.kernel.kinds as every
from app.kernel.clock import today
from app.kernel.errors import Invalid, Message
from app.kernel.kinds import (
    ACCREDITATION_NUMBER,
    BIRTH_DATE,
    CORR_ACCOUNT,
    DATE,
    DATE_PAST,
    DATETIME,
    EMAIL,
    GRADES,
    INN10,
    KPP,
    LATITUDE,
    LICENCE_NUMBER,
    PHONE,
    PHONES,
    POSTAL_INDEX,
    SNILS,
    TIME,
    URL,
    YES_NO,
    Kind,
    choice,
    choices,
    decimal,
    integer,
    relation,
    string,
    url,
)

MADE = (
    string(20),
    integer(1, 5000),
    integer(-10, 10**12),
    decimal(3, 2, "0.50", "0.70"),
    decimal(5, 2, "0.01", 100),
    choice("ORG_TYPE", 3),
    choices("STUDY_FORM", 10),
    relation("organisation"),
    url(500),
)
KINDS = {
    kind.name: kind
    for kind in (*(getattr(every, name) for name in every.__all__), *MADE)
    if isinstance(kind, Kind)
}


def words_of(value: object) -> str:
    """The same words for a case in every process that collects it."""
    return value.name if isinstance(value, Kind) else str(value)


def named(*pairs: str) -> list[tuple[Kind, str]]:
    """Give every kind with each of its samples or bad texts."""
    return [(kind, typed) for kind in KINDS.values() for typed in getattr(kind, pairs[0])]


@pytest.mark.parametrize(("kind", "typed"), named("samples"), ids=words_of)
def test_sample_is_stored_shown_and_edited_without_loss(kind: Kind, typed: str) -> None:
    value = kind.parse(typed)
    assert isinstance(value, kind.python)
    assert kind.parse(kind.edit(value)) == value
    assert kind.show(value)
    assert kind.hidden(value) != kind.show(value)


@pytest.mark.parametrize(("kind", "typed"), named("bad"), ids=words_of)
def test_bad_text_is_refused_with_a_sentence(kind: Kind, typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        kind.parse(typed)
    sentence = str(refusal.value)
    assert sentence[0].isupper() or sentence[0] == "«"
    assert sentence[-1] in ".?"
    assert "%(" not in sentence


@pytest.mark.parametrize("kind", KINDS.values(), ids=words_of)
def test_no_text_breaks_a_kind(kind: Kind) -> None:
    for typed in (
        "\x00",
        "\ud800",
        "9" * 5000,
        "%s %(x)s",
        "я" * 3000,
        "-",
        "½",
        "１",
        "; ;",
        "''",
    ):
        with suppress(Invalid):
            value = kind.parse(typed)
            assert kind.parse(kind.edit(value)) == value


@pytest.mark.parametrize("kind", KINDS.values(), ids=words_of)
def test_what_is_stored_fits_its_column(kind: Kind) -> None:
    length = getattr(kind.column, "length", None)
    if length is not None:
        assert all(len(kind.parse(typed)) <= length for typed in kind.samples)
    assert set(kind.operators) <= {"eq", "contains", "starts", "from", "to", "in", "empty"}
    assert kind.widget in {
        *("text", "textarea", "date", "datetime", "time", "number", "yesno"),
        *("choice", "choices", "relation", "file"),
    }


def test_equal_calls_make_the_same_kind() -> None:
    assert string(255) is string(255)
    assert choice("ORG_TYPE", 3) is choice("ORG_TYPE", 3)
    assert decimal(9, 6, -90, 90) is LATITUDE
    assert relation("organisation") is relation("organisation")
    assert len(KINDS) == len({id(kind) for kind in KINDS.values()})


def said(kind: Kind, typed: str) -> str:
    with pytest.raises(Invalid) as refusal:
        kind.parse(typed)
    return str(refusal.value)


def test_errors_say_what_is_wrong_and_what_to_do() -> None:
    assert said(DATE, "31.02.2011") == ("Такой даты нет: 31.02.2011. Введите день, месяц, год.")
    assert "четырьмя цифрами" in said(DATE, "01.02.11")
    assert "6717002451" in said(INN10, "6717002451")
    assert "контрольным числом" in said(INN10, "6717002451")
    assert "Введено знаков: 9" in said(INN10, "671700245")
    assert "Введено знаков: 21, допустимо: 20" in said(string(20), "я" * 21)
    assert "U+0000" in said(string(20), "а\x00б")
    assert "от 1 до 5000" in said(integer(1, 5000), "0")
    assert "https://www.school.ru" in said(URL, "www.school.ru")
    assert "начинается с 301" in said(CORR_ACCOUNT, "5" * 20)


def test_what_is_typed_comes_back_in_the_form_of_people() -> None:
    assert DATE.show(DATE.parse("1.9.2026")) == "01.09.2026"
    assert DATE.show(dt.date(1786, 9, 1)) == "01.09.1786"
    assert YES_NO.show(YES_NO.parse("TRUE")) == "да"
    assert PHONE.show(PHONE.parse("8 (4812) 20-00-00")) == "+7 4812 20-00-00"
    assert (
        PHONES.parse("84812200000; +7 (4812) 20-00-00;84812200001") == "+74812200000;+74812200001"
    )
    assert SNILS.show("11223344595") == "112-233-445 95"
    assert integer(0, 10**7).show(1234567) == "1\u202f234\u202f567"
    assert integer(1950, 2100).show(2026) == "2026"
    assert decimal(9, 2).show(Decimal("-12345.50")) == "−12\u202f345,5"
    assert GRADES.show(GRADES.parse("1; 2–9, 10-11")) == "1, 2–9, 10–11"
    assert TIME.show(TIME.parse("8.05")) == "08:05"


def test_number_is_understood_with_comma_point_and_spaces() -> None:
    percent = decimal(5, 2, 0, 100)
    assert percent.parse("12,5") == percent.parse("12.50") == Decimal("12.50")
    assert integer(0, 9999).parse("1\u00a0234") == 1234
    assert "после запятой допустимо: 2" in said(percent, "1,234")


def test_instant_is_typed_and_shown_in_moscow_time_and_stored_in_utc() -> None:
    value = DATETIME.parse("01.04.2026 00:00")
    assert value == dt.datetime(2026, 3, 31, 21, tzinfo=dt.UTC)
    assert value.utcoffset() == dt.timedelta()
    assert DATETIME.show(value) == "01.04.2026 00:00"
    assert DATETIME.parse("2010-06-18 00:00:00+04") == dt.datetime(2010, 6, 17, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "value",
    [
        dt.datetime(2014, 10, 25, 21, 30, tzinfo=dt.UTC),  # 01:30, for the first time that night
        dt.datetime(2014, 10, 25, 22, 30, tzinfo=dt.UTC),  # 01:30 again
        dt.datetime(2026, 6, 30, 20, 59, 59, 123, tzinfo=dt.UTC),
    ],
)
def test_instant_survives_editing(value: dt.datetime) -> None:
    assert DATETIME.parse(DATETIME.edit(value)) == value


def test_day_pasted_from_a_table_keeps_its_date() -> None:
    assert DATE.parse("2011-03-12 00:00:00") == dt.date(2011, 3, 12)
    assert DATE.parse("2010-06-18 00:00:00+04") == dt.date(2010, 6, 18)
    assert DATE.parse("12.03.2011 г.") == dt.date(2011, 3, 12)


def test_past_date_may_be_today_but_not_tomorrow() -> None:
    assert DATE_PAST.parse(DATE.show(today())) == today()
    assert "ещё не наступил" in said(DATE_PAST, DATE.show(today() + dt.timedelta(days=1)))


def test_masked_values_tell_only_what_they_may() -> None:
    assert SNILS.hidden("11223344595") == "112-***-*** 95"
    assert PHONE.hidden("+74812200012") == "+7 *** ***-**-12"
    assert EMAIL.hidden("ivanov@domen.ru") == "i***@d***.ru"
    assert BIRTH_DATE.hidden(dt.date(2011, 3, 12)) == "2011"
    assert every.DOCUMENT_NUMBER.hidden("123456") == "** ** ***456"
    assert string(20).hidden("тайна") == "•••"


@pytest.mark.parametrize(
    ("kind", "sure", "doubtful"),
    [
        (ACCREDITATION_NUMBER, "А007-01260-67/01142162", "27-0199"),
        (ACCREDITATION_NUMBER, "1745", "5/021"),
        (LICENCE_NUMBER, "4567", "67-Л-15"),
        (KPP, "673001001", "771301001"),
        (POSTAL_INDEX, "214000", "101000"),
        (SNILS, "11223344595", "00100199800"),
    ],
)
def test_doubtful_values_are_taken_with_a_warning(kind: Kind, sure: str, doubtful: str) -> None:
    assert kind.warn(kind.parse(sure)) is None
    assert isinstance(kind.warn(kind.parse(doubtful)), Message)


def test_latin_letter_in_a_register_number_is_mended() -> None:
    assert ACCREDITATION_NUMBER.parse("a007-01260-67/01142162") == "А007-01260-67/01142162"
