"""Texts, yes or no, UUID, codes of classifiers and links to other records."""

from __future__ import annotations

import re
import uuid
from functools import cache

from sqlalchemy import BigInteger, Boolean, String, Text, Uuid

from app.kernel.errors import Invalid
from app.kernel.kinds.kind import BY_CHOICE, Kind
from app.kernel.text import clean, clean_lines, limited, quoted

_LONGEST_TEXT = 20_000
_LONGEST_CODE = 20
_LARGEST_ID = 2**63 - 1
_YES = frozenset({"да", "1", "true", "истина", "yes", "on", "+"})
_NO = frozenset({"нет", "0", "false", "ложь", "no", "off", "-"})
_WIDTHS = ((12, 2), (30, 3), (80, 4), (200, 6))


@cache
def string(length: int) -> Kind:
    """Give the kind of one line of at most ``length`` characters."""
    return Kind(
        name=f"string:{length}",
        python=str,
        column=String(length),
        parse=lambda text: _filled(limited(clean(text), length)),
        width=next((width for limit, width in _WIDTHS if length <= limit), 12),
        samples=("Пример"[:length],),
        bad=("я" * (length + 1), "\x00"),
    )


def _filled(text: str) -> str:
    if not text:
        raise Invalid("Здесь нет ни одного видимого знака. Введите значение заново.")
    return text


def _choice_code(text: str, length: int) -> str:
    code = _filled(clean(text))
    if len(code) > length:
        raise Invalid("Такого значения в списке нет: «%(typed)s».", typed=quoted(code))
    return code


@cache
def choice(classifier: str, length: int = _LONGEST_CODE) -> Kind:
    """Give the kind of a code of ``classifier``; whether the code exists is not known here."""
    return Kind(
        name=f"choice:{classifier}:{length}",
        python=str,
        column=String(length),
        parse=lambda text: _choice_code(text, length),
        widget="choice",
        operators=BY_CHOICE,
        classifier=classifier,
        samples=("1",),
        bad=("9" * (length + 1),),
    )


@cache
def choices(classifier: str, length: int = 200) -> Kind:
    """Give the kind of several codes of ``classifier``, stored sorted: "1;3"."""

    def parse(text: str) -> str:
        codes = sorted({code for code in re.split(r"[;,\s]+", clean(text)) if code})
        return _choice_code(";".join(codes), length)

    return Kind(
        name=f"choices:{classifier}:{length}",
        python=str,
        column=String(length),
        parse=parse,
        show=lambda codes: codes.replace(";", ", "),
        widget="choices",
        operators=("contains", "empty"),
        classifier=classifier,
        samples=("1", "3; 1"),
        bad=("9" * (length + 1), ";"),
    )


@cache
def relation(target: str) -> Kind:
    """Give the kind of a link to a row of the record ``target``, by its number."""
    return Kind(
        name=f"relation:{target}",
        python=int,
        column=BigInteger(),
        parse=_row_id,
        widget="relation",
        width=6,
        excel="0",
        operators=BY_CHOICE,
        target=target,
        samples=("1",),
        bad=("школа", "-1", "0"),
    )


def _row_id(text: str) -> int:
    typed = clean(text)
    if not re.fullmatch(r"[0-9]{1,19}", typed) or not 0 < int(typed) <= _LARGEST_ID:
        raise Invalid("Выберите запись из списка.")
    return int(typed)


def _file_id(text: str) -> int:
    typed = clean(text)
    if not re.fullmatch(r"[0-9]{1,19}", typed) or not 0 < int(typed) <= _LARGEST_ID:
        raise Invalid("Такого файла нет. Прикрепите файл заново.")
    return int(typed)


def _yes_no(text: str) -> bool:
    typed = clean(text).casefold()
    if typed in _YES:
        return True
    if typed in _NO:
        return False
    raise Invalid("Введите «да» или «нет», а не «%(typed)s».", typed=quoted(typed))


def _uuid(text: str) -> uuid.UUID:
    typed = clean(text)
    if not re.fullmatch(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", typed):
        raise Invalid(
            "Это не код ФИАС/ГАР: в нём 32 знака (цифры и буквы a–f), "
            "например 0c5b2444-70a0-4932-980c-b4dc0d3f02b5."
        )
    return uuid.UUID(typed)


TEXT = Kind(
    name="text",
    python=str,
    column=Text(),
    parse=lambda text: _filled(limited(clean_lines(text), _LONGEST_TEXT)),
    widget="textarea",
    width=12,
    operators=("contains", "empty"),
    samples=("Первая строка\nВторая строка",),
    bad=("\x07", "\u200b"),
)

YES_NO = Kind(
    name="yes_no",
    python=bool,
    column=Boolean(),
    parse=_yes_no,
    show=lambda value: "да" if value else "нет",
    edit=lambda value: "1" if value else "0",
    widget="yesno",
    width=3,
    operators=("eq", "empty"),
    samples=("да", "нет"),
    bad=("может быть",),
)

UUID = Kind(
    name="uuid",
    python=uuid.UUID,
    column=Uuid(),
    parse=_uuid,
    width=6,
    operators=("eq", "empty"),
    samples=("0c5b2444-70a0-4932-980c-b4dc0d3f02b5",),
    bad=("0c5b2444", "0c5b2444-70a0-4932-980c-b4dc0d3f02bz"),
)

FILE = Kind(
    name="file",
    python=int,
    column=BigInteger(),
    parse=_file_id,
    widget="file",
    width=6,
    operators=("empty",),
    target="file",
    samples=("1",),
    bad=("выписка.pdf", "-1", "0"),
)
