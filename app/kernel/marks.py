"""Average marks and proposals for a period (item 3.22 gives weights and rounding)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_ATTESTED: Literal["н/а"] = "н/а"
_LOWEST, _HIGHEST = 2, 5


def average(marks: Sequence[tuple[int, str]]) -> Fraction | None:
    """Give the weighted mean of (mark, weight) exactly; nothing without marks or weight.

    A weight is decimal text ("0.1"), so that no rounding of binary fractions creeps in.
    """
    total = sum((Fraction(weight) for _, weight in marks), Fraction())
    if not total:
        return None
    return sum((mark * Fraction(weight) for mark, weight in marks), Fraction()) / total


def half_up(value: Fraction, places: str = "0.01") -> Decimal:
    """Round as people do at school: a half goes up."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(places), ROUND_HALF_UP)


def period_proposal(
    marks: Sequence[tuple[int, str]], threshold: str = "0.50", minimum: int = 3
) -> int | Literal["н/а"]:
    """Propose the mark of a period; a fraction of ``threshold`` and more goes up.

    Fewer marks than ``minimum``, or marks without any weight, give «н/а» (not attested).
    """
    mean = average(marks)
    if len(marks) < minimum or mean is None:
        return NOT_ATTESTED
    whole = int(mean)
    return min(_HIGHEST, max(_LOWEST, whole + (mean - whole >= Fraction(threshold))))
