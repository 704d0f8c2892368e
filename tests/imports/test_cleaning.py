"""Dirty values of the register: what is mended, what is told about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.imports.accreditation import certificates
from tests.imports.register_file import certificate, document, school, supplement

if TYPE_CHECKING:
    from app.imports.accreditation_cards import CertificateCard


def read(*parts: str) -> CertificateCard:
    return next(certificates(document(*parts)))


def organisation(**values: object) -> tuple[dict[str, Any], list[str]]:
    """What is stored of a card, and the problems with it as «value: why»."""
    card = read(certificate(school(**values)))
    told = [f"{problem.value}: {problem.why}" for problem in card.problems]
    return dict(card.organisation.values), told


@pytest.mark.parametrize(
    "nothing", ["", " ", "нет", "Нет.", "-", "--", "—", "отсутствует", "\u00a0"]
)
def test_words_for_nothing_mean_nothing(nothing: str) -> None:
    values, told = organisation(ShortName=nothing, Fax=nothing, INN=nothing, WebSite=nothing)
    assert [values[name] for name in ("short_name", "fax", "inn", "site_url")] == [None] * 4
    assert not told


def test_odd_spaces_and_dashes_are_made_plain() -> None:
    values, _ = organisation(FullName="Школа\u00a0№\u202f1 –\u200b Сосенка\n\t ")
    assert values["full_name"] == "Школа № 1 - Сосенка"


@pytest.mark.parametrize(
    ("phone", "stored"),
    [
        ("8(38561) 25- 3- 16", {"phone": "+73856125316"}),
        ("+7 ( 385 69) 2 13 04", {"phone": "+73856921304"}),
        ("(4912)-255976", {"phone": "+74912255976"}),
        ("тел. 8-499-476-01-27", {"phone": "+74994760127"}),
        ("8 4812 20-00-00 доб. 12", {"phone": "+74812200000", "phone_ext": "12"}),
        (
            "8(48242)3-32-86, 8-920-681-58-82",
            {"phone": "+74824233286", "phone_extra": "+79206815882"},
        ),
        ("8-920-681-58-82; 8 920 681 58 82", {"phone": "+79206815882"}),
    ],
)
def test_phones_are_understood(phone: str, stored: dict[str, str]) -> None:
    values, told = organisation(Phone=phone)
    assert {name: values[name] for name in values if name.startswith("phone")} == stored
    assert not told


@pytest.mark.parametrize(
    ("phone", "stored", "quoted"),
    [
        ("5-77-50", None, "«5-77-50»"),
        ("8(245) 2-44-22", None, "«8(245) 2-44-22»"),
        ("(846)334-86-63, 334-86-86", "+78463348663", "«334-86-86»"),
        ("8-920-681-58-82 мама", None, "мама"),
    ],
)
def test_phones_that_are_not_understood_are_quoted(
    phone: str, stored: str | None, quoted: str
) -> None:
    values, told = organisation(Phone=phone)
    assert values.get("phone") == stored
    assert len(told) == 1
    assert quoted in told[0]


@pytest.mark.parametrize(
    ("site", "stored"),
    [
        ("www.poldnevo-sm.ru/", "http://www.poldnevo-sm.ru/"),
        ("edu15.ru", "http://edu15.ru"),
        ("https://gym1506.mskobr.ru/#/", "https://gym1506.mskobr.ru/#/"),
    ],
)
def test_sites_get_a_scheme(site: str, stored: str) -> None:
    assert organisation(WebSite=site) == ({**organisation()[0], "site_url": stored}, [])


def test_of_two_sites_the_first_is_kept_and_the_other_told_about() -> None:
    values, told = organisation(WebSite="школа.рф, edu15.ru")
    assert values["site_url"] == "http://школа.рф"
    assert ["edu15.ru" in one for one in told] == [True]


def test_the_domain_of_an_address_is_in_lower_case() -> None:
    assert organisation(Email="School@Mail.RU")[0]["email"] == "School@mail.ru"


def test_an_impossible_address_is_told_about_and_not_stored() -> None:
    values, told = organisation(Email="директор@школа", WebSite="наш сайт")
    assert {"email", "site_url"}.isdisjoint(values)
    assert len(told) == 2


def test_numbers_lose_spaces_and_signs_and_are_checked() -> None:
    values, told = organisation(INN="ИНН 6730 010-475", KPP="67 30 01 001", OGRN="1027700132195.")
    assert (values["inn"], values["kpp"], values["ogrn"]) == (
        "6730010475",
        "673001001",
        "1027700132195",
    )
    assert not told


def test_a_wrong_control_digit_is_stored_nowhere() -> None:
    values, told = organisation(INN="6717002451", OGRN="1027700132196", KPP="6730")
    assert {"inn", "ogrn", "kpp"}.isdisjoint(values)
    assert ["6717002451" in told[0], "6730" in told[1], "1027700132196" in told[2]] == [True] * 3


@pytest.mark.parametrize(
    "written", ["2010-06-18", "2010-06-18 00:00:00+04", "18.06.2010", "18.6.2010 г."]
)
def test_dates_come_in_several_forms(written: str) -> None:
    assert read(certificate(EndDate=written)).values["valid_to"] == dt.date(2010, 6, 18)


def test_a_date_that_does_not_exist_is_told_about() -> None:
    card = read(certificate(EndDate="2010-02-30", IssueDate="2999-01-01"))
    assert {"valid_to", "decision_date"}.isdisjoint(card.values)
    assert [(p.certificate, p.value) for p in card.problems] == [
        ("1745", "2999-01-01"),
        ("1745", "2010-02-30"),
    ]


@pytest.mark.parametrize(
    ("written", "meaning"),
    [("1", True), ("true", True), ("да", True), ("0", False), ("нет", False), ("", None)],
)
def test_flags_come_in_several_forms(written: str, meaning: bool | None) -> None:  # noqa: FBT001 - an expected value
    card = read(certificate(IsFederal=written))
    assert card.values["is_federal"] is meaning


def test_zero_means_accredited() -> None:
    rows = [{"Id": name, "IsAccredited": name} for name in ("0", "1", "")]
    card = read(certificate(supplements=(supplement(programs=rows),)))
    programs = card.supplements[0].programs
    assert [row.values["is_accredited"] for row in programs] == [True, False, None]


@pytest.mark.parametrize("number", ["27-0199", "5/021"])
def test_old_numbers_are_kept_and_doubted(number: str) -> None:
    card = read(certificate(RegNumber=number))
    assert card.values["registry_number"] == card.number == number
    assert [problem.value for problem in card.problems] == [number]


def test_what_is_too_long_is_cut_and_told_about() -> None:
    values, told = organisation(ShortName="я" * 300)
    assert values["short_name"] == "я" * 255
    assert "255" in told[0]


def test_the_same_problem_is_told_once() -> None:
    card = read(certificate(school(Phone="1"), supplements=(supplement(school(Phone="1")),)))
    assert len(card.problems) == 1


ADDRESSES = {
    "215445, Смоленская область, Угранский район, д. Полднево, ул. Школьная, д. 9": (
        *("215445", "д. Полднево", "ул. Школьная", "9"),
    ),
    "улица Первомайская, дом 60, город Конаково, Тверская область, 171254": (
        *("171254", "город Конаково", "улица Первомайская", "60"),
    ),
    "143421, МОСКОВСКАЯ ОБЛАСТЬ, Г КРАСНОГОРСК, П ИЛЬИНСКОЕ, УЛ НОВЫЙ ПОСЕЛОК, Д. 11В": (
        *("143421", None, "УЛ НОВЫЙ ПОСЕЛОК", "11В"),
    ),
    "676870, г.Завитинск, ул. Линейная, 6 литера": ("676870", "г.Завитинск", "ул. Линейная", None),
    "где-то в Смоленске": (None, None, None, None),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_parts_of_an_address_are_taken_only_where_they_are_certain(address: str) -> None:
    parts = read(certificate(school(PostAddress=address))).organisation.address
    assert parts["full_text"] == address
    names = ("postal_index", "locality", "street", "house")
    assert tuple(parts[name] for name in names) == ADDRESSES[address]
