"""What identifies a person (items 1.01-1.09, 2.01-2.09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String

from app.kernel import documents, identifiers, names
from app.kernel.errors import Invalid, Message
from app.kernel.kinds.kind import BY_NUMBER, Kind
from app.kernel.kinds.plain import choice
from app.kernel.text import clean, compact, limited, quoted

if TYPE_CHECKING:
    from collections.abc import Callable


def _snils(text: str) -> str:
    number = compact(text)
    if len(number) != 11 or not number.isascii() or not number.isdigit():  # noqa: PLR2004  (СНИЛС has 11 digits)
        raise Invalid(
            "СНИЛС — 11 цифр, например 112-233-445 95. Введено знаков: %(count)s.",
            count=len(number),
        )
    if not identifiers.is_snils(number):
        raise Invalid(
            "СНИЛС не сходится с контрольным числом: в одной из цифр ошибка. "
            "Сверьте его с документом."
        )
    return number


def _show_snils(number: str) -> str:
    return f"{number[:3]}-{number[3:6]}-{number[6:9]} {number[9:]}"


def _snils_doubt(number: str) -> Message | None:
    if identifiers.snils_has_control(number):
        return None
    return Message("У таких ранних номеров СНИЛС нет контрольного числа. Сверьте его с документом.")


def _formed(check: Callable[[str], bool], length: int, form: Message) -> Callable[[str], str]:
    def parse(text: str) -> str:
        typed = limited(clean(text), length)
        if not check(typed):
            raise Invalid(form.text, typed=quoted(typed))
        return typed

    return parse


def _hidden_number(number: str) -> str:
    return "** ** ***" + number[-3:]


SNILS = Kind(
    name="snils",
    python=str,
    column=String(11),
    parse=_snils,
    show=_show_snils,
    edit=_show_snils,
    hidden=lambda number: f"{number[:3]}-***-*** {number[9:]}",
    mask="snils",
    inputmode="numeric",
    help="11 цифр, контрольное число проверяется",
    operators=("eq", "empty"),
    sealed=True,
    group="document",
    warn=_snils_doubt,
    samples=("112-233-445 95", "087-654-303 00", "10035902800"),
    bad=("112-233-445 96", "000-000-000 00", "1122334459"),
)

NAME = Kind(
    name="name",
    python=str,
    column=String(names.LONGEST_NAME),
    parse=names.name,
    samples=("Иванов", "Салтыков-Щедрин", "О'Коннор", "Мамедов Оглы"),
    bad=("иванов", "Иvанов", "Иванов1"),
)

SEX = choice("SEX", 1)

DOCUMENT_SERIES = Kind(
    name="document_series",
    python=str,
    column=String(12),
    parse=_formed(
        lambda typed: typed != "", 12, Message("Введите серию документа, как она напечатана.")
    ),
    width=2,
    operators=("eq", "empty"),
    sealed=True,
    group="document",
    samples=("6624", "II-МП"),
    bad=("1234567890123",),
)

DOCUMENT_NUMBER = Kind(
    name="document_number",
    python=str,
    column=String(25),
    parse=_formed(
        lambda typed: typed != "", 25, Message("Введите номер документа, как он напечатан.")
    ),
    hidden=_hidden_number,
    width=3,
    operators=("eq", "empty"),
    sealed=True,
    group="document",
    samples=("123456", "AB1234567"),
    bad=("1" * 26,),
)

ISSUER_CODE = Kind(
    name="issuer_code",
    python=str,
    column=String(7),
    parse=_formed(
        documents.is_issuer_code,
        7,
        Message("Код подразделения — две тройки цифр через дефис, например 670-012."),
    ),
    mask="pattern:000-000",
    inputmode="numeric",
    help="Две тройки цифр, например 670-012",
    width=2,
    operators=BY_NUMBER,
    group="document",
    samples=("670-012",),
    bad=("670012", "67-0012"),
)
