"""Parsers that several kinds share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.kernel.errors import Invalid, Message
from app.kernel.text import clean, compact, quoted

if TYPE_CHECKING:
    from collections.abc import Callable


def digits(
    check: Callable[[str], bool], lengths: tuple[int, ...], form: Message, control: Message
) -> Callable[[str], str]:
    """Give a parser of digits: ``form`` tells of wrong length or signs, ``control`` of the rest."""

    def parse(text: str) -> str:
        number = compact(text)
        if not re.fullmatch(r"[0-9]+", number) or len(number) not in lengths:
            raise Invalid(form.text, typed=quoted(clean(text)), count=len(number))
        if not check(number):
            raise Invalid(control.text, typed=number)
        return number

    return parse


def coded(check: Callable[[str], bool], form: Message) -> Callable[[str], str]:
    """Give a parser of a code whose dots and letters matter."""

    def parse(text: str) -> str:
        code = clean(text).replace(" ", "").upper()
        if not check(code):
            raise Invalid(form.text, typed=quoted(clean(text)))
        return code

    return parse
