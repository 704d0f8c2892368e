"""Names of persons: Cyrillic letters, space, hyphen, apostrophe, dot (domain rule R.NAME)."""

from __future__ import annotations

import re

from app.kernel.errors import Invalid
from app.kernel.text import clean, limited, mixture, quoted

LONGEST_NAME = 100
_NAME = re.compile(r"[А-ЯЁ][а-яёА-ЯЁ]*(?:[ '’.\-][а-яёА-ЯЁ]+\.?)*")
_SEPARATED = re.compile(r"\s*([-'’])\s*")


def is_name(text: str) -> bool:
    """Whether it is one part of a person's name in normal form."""
    return _NAME.fullmatch(text) is not None and len(text) <= LONGEST_NAME


def name(text: str) -> str:
    """Give a surname, first name or patronymic in normal form; raises ``Invalid`` with the mend."""
    typed = limited(_SEPARATED.sub(r"\1", clean(text)), LONGEST_NAME)
    if is_name(typed):
        return typed
    mixed = mixture(typed)
    if mixed:
        raise Invalid(mixed)
    if re.search(r"[A-Za-z]", typed):
        raise Invalid("Введите русскими буквами, как в документе на русском языке.")
    if re.search(r"[0-9]", typed):
        raise Invalid("В фамилии, имени и отчестве не бывает цифр. Уберите их.")
    if is_name(typed[:1].upper() + typed[1:]):
        raise Invalid(
            "Начните с прописной буквы: %(offer)s.", offer=quoted(typed[:1].upper() + typed[1:])
        )
    raise Invalid(
        "Допустимы русские буквы, пробел, дефис, апостроф и точка. Проверьте: «%(typed)s».",
        typed=quoted(typed),
    )
