"""Telephones, e-mail, sites and postal indexes (items 3.02-3.06)."""

from __future__ import annotations

from functools import cache

from sqlalchemy import String

from app.kernel import contacts, places
from app.kernel.errors import Invalid, Message
from app.kernel.kinds.kind import BY_NUMBER, Kind
from app.kernel.text import clean, limited, quoted

_LONGEST_PHONES = 200
_OWN_INDEXES = ("214", "215", "216")


def _hidden_phone(number: str) -> str:
    country = "+7" if number.startswith("+7") else "+***"
    return f"{country} *** ***-**-{number[-2:]}"


def _hidden_email(address: str) -> str:
    name, _, domain = address.partition("@")
    ending = domain.rpartition(".")[2]
    return f"{name[:1]}***@{domain[:1]}***.{ending}"


def _phones(text: str) -> str:
    numbers = [contacts.phone(part) for part in clean(text).split(";") if part.strip()]
    if not numbers:
        raise Invalid("Введите хотя бы один номер; несколько номеров разделите точкой с запятой.")
    return limited(";".join(dict.fromkeys(numbers)), _LONGEST_PHONES)


def _spoken_phones(numbers: str) -> str:
    return "; ".join(contacts.spoken_phone(number) for number in numbers.split(";"))


def _hidden_phones(numbers: str) -> str:
    return "; ".join(_hidden_phone(number) for number in numbers.split(";"))


def _index(text: str) -> str:
    typed = clean(text).replace(" ", "")
    if not places.is_postal_index(typed):
        raise Invalid(
            "Почтовый индекс России — 6 цифр, первая от 1 до 6. Введено: «%(typed)s».",
            typed=quoted(typed),
        )
    return typed


def _index_doubt(value: str) -> Message | None:
    if value.startswith(_OWN_INDEXES):
        return None
    return Message(
        "Индекс %(typed)s не из Смоленской области: там они начинаются с 214, 215 или 216. "
        "Так ли это?",
        typed=value,
    )


@cache
def url(length: int) -> Kind:
    """Give the kind of a full web address of at most ``length`` characters (500 at most)."""
    return Kind(
        name=f"url:{length}",
        python=str,
        column=String(length),
        parse=lambda text: limited(contacts.url(text), length),
        inputmode="url",
        help="Полностью, как в строке браузера: https://…",
        width=6,
        samples=("https://sh1-desnogorsk-r66.gosweb.gosuslugi.ru/", "http://школа1.рф"),
        bad=("www.school.ru", "https://user@evil.ru", "javascript:alert(1)"),
    )


PHONE = Kind(
    name="phone",
    python=str,
    column=String(16),
    parse=contacts.phone,
    show=contacts.spoken_phone,
    edit=contacts.spoken_phone,
    hidden=_hidden_phone,
    mask="phone",
    inputmode="tel",
    help="С кодом города: +7 4812 20-00-00",
    operators=BY_NUMBER,
    samples=("+7 4812 20-00-00", "8 (910) 123-45-67", "+375 29 123-45-67"),
    bad=("123", "+7 010 123-45-67", "20-00-00", "+7 910 123-45-67 мама"),
)

PHONES = Kind(
    name="phones",
    python=str,
    column=String(_LONGEST_PHONES),
    parse=_phones,
    show=_spoken_phones,
    edit=_spoken_phones,
    hidden=_hidden_phones,
    inputmode="tel",
    help="Несколько номеров разделите точкой с запятой",
    width=6,
    operators=("contains", "empty"),
    samples=("+7 4812 20-00-00; +7 4812 20-00-01", "8 (910) 123-45-67"),
    bad=("+7 4812 20-00-00; 123", ";"),
)

EMAIL = Kind(
    name="email",
    python=str,
    column=String(254),
    parse=contacts.email,
    hidden=_hidden_email,
    inputmode="email",
    help="Например: school@mail.ru",
    samples=("school1@smolensk.ru", "info@школа.рф"),
    bad=("директор@школа.рф", "a..b@mail.ru", "a@b", "два адреса@mail.ru"),
)

URL = url(300)

POSTAL_INDEX = Kind(
    name="postal_index",
    python=str,
    column=String(6),
    parse=_index,
    mask="digits:6",
    inputmode="numeric",
    help="6 цифр",
    width=2,
    operators=BY_NUMBER,
    warn=_index_doubt,
    samples=("214000",),
    bad=("716500", "21400", "индекс"),
)
