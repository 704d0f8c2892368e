"""Telephones, e-mail and sites: what is understood, how it is written, what is said of faults."""

from __future__ import annotations

import pytest

from app.kernel import contacts
from app.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8 (4812) 20-00-00", "+74812200000"),
        ("+7 910 123-45-67", "+79101234567"),
        ("9101234567", "+79101234567"),
        ("7 910 123 45 67", "+79101234567"),
        ("(48137) 2-67-36", "+74813726736"),
        ("8 (38580) 27–3–16", "+73858027316"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+7 701 234 56 78", "+77012345678"),  # Kazakhstan
        ("8 701 234 56 78", None),  # without its «+» no number of Russia begins so
        ("123", None),
        ("+7 010 123-45-67", None),
        ("+7 910 123-45-6", None),
        ("+7 710 00", None),
    ],
)
def test_phone_is_stored_in_international_form(typed: str, stored: str | None) -> None:
    assert contacts.normal_phone(typed) == stored


@pytest.mark.parametrize(
    ("stored", "spoken"),
    [
        ("+74812200000", "+7 4812 20-00-00"),  # Smolensk has a code of four digits
        ("+74813726736", "+7 48137 2-67-36"),  # a district has five
        ("+79101234567", "+7 910 123-45-67"),
        ("+74951234567", "+7 495 123-45-67"),
        ("+375291234567", "+375 29 123-45-67"),
    ],
)
def test_phone_is_written_as_people_write_it(stored: str, spoken: str) -> None:
    assert contacts.spoken_phone(stored) == spoken
    assert contacts.phone(spoken) == stored


@pytest.mark.parametrize("typed", ["тел. 8 (4812) 20-00-00", "Тел: +7 4812 20-00-00"])
def test_the_word_before_a_pasted_phone_does_not_matter(typed: str) -> None:
    assert contacts.phone(typed) == "+74812200000"


def test_words_after_a_phone_are_not_lost_silently() -> None:
    with pytest.raises(Invalid, match="есть буквы"):
        contacts.phone("+7 910 123-45-67 доб. 12")


def test_wrong_phone_is_answered_with_an_example() -> None:
    with pytest.raises(Invalid, match=r"«20-00-00».*\+7 4812 20-00-00"):
        contacts.phone("20-00-00")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("school1@Smolensk.RU", "school1@smolensk.ru"),
        ("School.One+x@mail.ru", "School.One+x@mail.ru"),
        ("info@школа.рф", "info@школа.рф"),
        (" info@mail.ru\u00a0", "info@mail.ru"),
        ("директор@школа.рф", None),
        ("a..b@mail.ru", None),
        ("a@b", None),
        ("a@mail.r", None),
        ("a" * 65 + "@mail.ru", None),
        ("a@" + "b" * 250 + ".ru", None),
    ],
)
def test_email_keeps_the_name_and_lowers_the_domain(typed: str, stored: str | None) -> None:
    assert contacts.normal_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("school.mail.ru", "один знак «@»"),
        ("a@b@mail.ru", "один знак «@»"),
        ("директор@школа.рф", "латинские буквы"),
        ("a@b", "нет точки"),
        ("a b@mail.ru", "не бывает пробелов"),
        ("a..b@mail.ru", "Проверьте точки"),
    ],
)
def test_wrong_email_is_told_what_to_mend(typed: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        contacts.email(typed)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("https://sh1-desnogorsk-r66.gosweb.gosuslugi.ru/", True),
        ("http://школа1.рф", True),
        ("www.school.ru", False),
        ("https://user@evil.ru", False),
        ("https://school.ru/" + "a" * 500, False),
    ],
)
def test_url_is_full_and_names_nobody(text: str, *, right: bool) -> None:
    assert contacts.is_url(text) is right


def test_site_without_a_scheme_is_offered_with_one_but_not_taken() -> None:
    with pytest.raises(Invalid, match=r"например: https://www\.school\.ru\."):
        contacts.url("www.school.ru")


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "нет", "ftp://school.ru", "школа"])
def test_what_is_no_site_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="не похоже на адрес сайта"):
        contacts.url(typed)
