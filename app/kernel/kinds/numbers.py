"""Whole numbers and decimal fractions within bounds, written the Russian way."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Integer, Numeric, SmallInteger

from app.kernel.errors import Invalid
from app.kernel.kinds.kind import BY_RANGE, Kind
from app.kernel.text import clean, quoted

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

THIN_SPACE = "\u202f"  # the narrow space at which a line never breaks
_UNGROUPED = 10_000  # by the rules of Russian typography four digits are not divided
_SMALL, _WHOLE = 2**15, 2**31


@cache
def integer(low: int = -_WHOLE, high: int = _WHOLE - 1) -> Kind:
    """Give the kind of whole numbers from ``low`` to ``high``, both inclusive."""
    return Kind(
        name=f"integer:{low}:{high}",
        python=int,
        column=_integer_type(low, high),
        parse=lambda text: _integer(text, low, high),
        show=grouped,
        widget="number",
        inputmode="numeric" if low >= 0 else "",
        width=3,
        excel="0" if high < _UNGROUPED else "#,##0",
        operators=BY_RANGE,
        samples=(str(low), str(high)),
        bad=(str(low - 1), str(high + 1), "много"),
    )


@cache
def decimal(
    precision: int, scale: int, low: str | int | None = None, high: str | int | None = None
) -> Kind:
    """Give the kind of decimal fractions with ``scale`` digits after the comma.

    ``precision`` counts all digits; bounds are inclusive and follow from it when not given.
    """
    largest = (Decimal(10) ** precision - 1).scaleb(-scale)
    least = -largest if low is None else Decimal(low)
    most = largest if high is None else Decimal(high)
    return Kind(
        name=f"decimal:{precision}:{scale}:{least}:{most}",
        python=Decimal,
        column=Numeric(precision, scale),
        parse=lambda text: _decimal(text, scale, least, most),
        show=grouped,
        edit=_written,
        widget="number",
        inputmode="decimal" if least >= 0 else "",
        width=3,
        excel="0." + "0" * scale if scale else "0",
        operators=BY_RANGE,
        samples=(_written(least), _written(most)),
        bad=(_written(most + 1), "0," + "0" * scale + "1", "много"),
    )


def grouped(value: int | Decimal) -> str:
    """Give a number as people read it: 1 234 567,5 with thin spaces and no useless zeros."""
    size = abs(Decimal(value))
    sign = "−" if value < 0 else ""
    whole, _, fraction = _written(size).partition(",")
    if size >= _UNGROUPED:
        whole = f"{int(whole):,}".replace(",", THIN_SPACE)
    return sign + whole + ("," + fraction if fraction else "")


def _written(value: int | Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _integer_type(low: int, high: int) -> TypeEngine[int]:
    if low >= -_SMALL and high < _SMALL:
        return SmallInteger()
    if low >= -_WHOLE and high < _WHOLE:
        return Integer()
    return BigInteger()


def _integer(text: str, low: int, high: int) -> int:
    typed = clean(text)
    digits = typed.replace(" ", "").replace("−", "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,20}", digits) or not low <= int(digits) <= high:
        raise Invalid(
            "Введите целое число от %(low)s до %(high)s, а не «%(typed)s».",
            low=grouped(low),
            high=grouped(high),
            typed=quoted(typed),
        )
    return int(digits)


def _decimal(text: str, scale: int, low: Decimal, high: Decimal) -> Decimal:
    typed = clean(text)
    digits = typed.replace(" ", "").replace(",", ".")
    found = re.fullmatch(r"[+-]?[0-9]{1,20}(?:\.([0-9]{0,20}))?", digits)
    if found is None or not low <= Decimal(digits) <= high:
        raise Invalid(
            "Введите число от %(low)s до %(high)s, а не «%(typed)s».",
            low=grouped(low),
            high=grouped(high),
            typed=quoted(typed),
        )
    if len((found[1] or "").rstrip("0")) > scale:
        raise Invalid(
            "Слишком точное число «%(typed)s». Знаков после запятой допустимо: %(scale)s. "
            "Округлите его.",
            typed=quoted(typed),
            scale=scale,
        )
    return Decimal(digits).quantize(Decimal(1).scaleb(-scale))


INTEGER = integer()
LATITUDE = decimal(9, 6, -90, 90)
LONGITUDE = decimal(9, 6, -180, 180)
