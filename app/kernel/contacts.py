"""Telephones, e-mail and site addresses: normal form, form for people, what is wrong with them.

``phonenumbers`` writes foreign numbers and those of other regions, and knows the numbers of
Kazakhstan, which begin with +7 too. Russian numbers are checked by the numbering plan (the code
begins with 3, 4, 8 or 9) and those of the region written with the town's own code, which the
library does not know. ``email-validator`` checks e-mail without asking the network.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from app.kernel.errors import Invalid
from app.kernel.text import clean, quoted

_LONGEST_EMAIL = 254
_LONGEST_LOCAL = 64
_LONGEST_URL = 500
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
_URL = re.compile(r"https?://[^\s/@]+\.[^\s/@]{2,}(/\S*)?")
_ENDING = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
_PHONE_WORD = re.compile(r"^(телефон|тел|т)\.?:?\s*", re.IGNORECASE)
_REGION_TOWN = re.compile(r"\+7(4812)([0-9]{2})([0-9]{2})([0-9]{2})")
_REGION_DISTRICT = re.compile(r"\+7(481[0-9]{2})([0-9])([0-9]{2})([0-9]{2})")


def normal_phone(text: str) -> str | None:
    """Give a number in E.164 form ("+74812200000"), or nothing if it is not a number."""
    typed = re.sub(r"[^0-9+]", "", clean(text))
    if _in_kazakhstan(typed):
        return typed
    if re.fullmatch(r"8[0-9]{10}", typed):
        typed = "+7" + typed[1:]
    elif re.fullmatch(r"7[0-9]{10}", typed):
        typed = "+" + typed
    elif re.fullmatch(r"[3489][0-9]{9}", typed):
        typed = "+7" + typed
    if re.fullmatch(r"\+7[3489][0-9]{9}|\+(?!7)[1-9][0-9]{7,14}", typed):
        return typed
    return None


def phone(text: str) -> str:
    """Give a number in E.164 form; raises ``Invalid`` that says how to type it."""
    typed = _PHONE_WORD.sub("", clean(text))
    if re.search(r"[^\W\d_]", typed):
        raise Invalid(
            "В номере телефона «%(typed)s» есть буквы. Оставьте только номер; "
            "добавочный и пояснения пишут в других полях.",
            typed=quoted(typed),
        )
    number = normal_phone(typed)
    if number is None:
        raise Invalid(
            "Номер «%(typed)s» не похож на телефон. Введите код и номер, всего 10 цифр, "
            "например +7 4812 20-00-00; номер другой страны начните с «+» и её кода.",
            typed=quoted(typed),
        )
    return number


def spoken_phone(number: str) -> str:
    """Give an E.164 number as people write it: «+7 4812 20-00-00», «+375 29 123-45-67»."""
    town = _REGION_TOWN.fullmatch(number) or _REGION_DISTRICT.fullmatch(number)
    if town:
        return f"+7 {town[1]} {town[2]}-{town[3]}-{town[4]}"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def normal_email(text: str) -> str | None:
    """Give an address with the domain in lower case, or nothing if it is not an address."""
    typed = clean(text)
    if len(typed) > _LONGEST_EMAIL:
        return None
    local, _at, domain = typed.rpartition("@")
    if domain.isascii() and len(local) <= _LONGEST_LOCAL and _PLAIN_LOCAL.fullmatch(local):
        known = _plain_domain(domain)  # of few providers most addresses are
        return known and f"{local}@{known}"
    return _normal_email(typed)


def _normal_email(typed: str) -> str | None:
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return None
    ending = found.ascii_domain.rpartition(".")[2]
    return found.normalized if _ENDING.fullmatch(ending) else None


@lru_cache(1024)
def _plain_domain(domain: str) -> str | None:
    found = _normal_email(f"a@{domain}")
    return found and found.rpartition("@")[2]


def email(text: str) -> str:
    """Give an address in normal form; raises ``Invalid`` that says what to mend."""
    typed = clean(text)
    address = normal_email(typed)
    if address is None:
        raise _email_fault(typed)
    return address


def is_url(text: str) -> bool:
    """Whether it is a full web address (http or https), at most 500 characters long."""
    return _URL.fullmatch(text) is not None and len(text) <= _LONGEST_URL


def url(text: str) -> str:
    """Give a web address in normal form; raises ``Invalid`` with an offer where one is clear."""
    typed = clean(text)
    if is_url(typed):
        return typed
    if is_url("https://" + typed) and "://" not in typed:
        raise Invalid(
            "Адрес сайта начинается с http:// или https://. "
            "Введите полностью, например: %(offer)s.",
            offer=quoted("https://" + typed),
        )
    raise Invalid(
        "«%(typed)s» не похоже на адрес сайта. Введите его полностью, как в строке браузера, "
        "например: https://school.smolensk.ru.",
        typed=quoted(typed),
    )


def _in_kazakhstan(typed: str) -> bool:
    if not re.fullmatch(r"\+7[67][0-9]{9}", typed):
        return False
    return phonenumbers.is_valid_number_for_region(phonenumbers.parse(typed), "KZ")


def _email_fault(typed: str) -> Invalid:
    if len(typed) > _LONGEST_EMAIL:
        return Invalid("Адрес электронной почты не бывает длиннее 254 знаков. Проверьте его.")
    if " " in typed:
        return Invalid("В адресе электронной почты не бывает пробелов. Введите один адрес.")
    name, at, domain = typed.partition("@")
    if not at or "@" in domain or not name:
        return Invalid(
            "В адресе электронной почты должен быть один знак «@», например: school@mail.ru."
        )
    if re.search(r"[А-Яа-яЁё]", name):
        return Invalid(
            "Слева от «@» могут быть только латинские буквы. Переключите раскладку "
            "и введите адрес заново."
        )
    if "." not in domain:
        return Invalid(
            "После «@» нет точки. Введите адрес с доменом, например: %(offer)s.",
            offer=quoted(f"{name}@mail.ru"),
        )
    return Invalid(
        "«%(typed)s» не похоже на адрес электронной почты. Проверьте точки и лишние знаки.",
        typed=quoted(typed),
    )
