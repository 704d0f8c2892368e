"""Averages and proposals of marks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from app.kernel.marks import average, half_up, period_proposal


@pytest.mark.parametrize(
    ("marks", "threshold", "shown", "proposed"),
    [
        ([(5, "1"), (4, "2"), (3, "1")], "0.50", "4.00", 4),
        ([(5, "1"), (4, "1"), (5, "1"), (4, "1")], "0.50", "4.50", 5),
        ([(5, "1"), (4, "1"), (5, "1"), (4, "1")], "0.60", "4.50", 4),
        ([(5, "1.5"), (4, "0.5"), (4, "0.5")], "0.60", "4.60", 5),
        ([(2, "1"), (3, "1"), (2, "1"), (3, "1")], "0.50", "2.50", 3),
        ([(4, "0.1"), (4, "0.1"), (3, "0.2")], "0.50", "3.50", 4),  # exact, no binary fractions
        ([(5, "1"), (5, "1")], "0.50", "5.00", "н/а"),
    ],
)
def test_period_mark_is_proposed_from_weights(
    marks: list[tuple[int, str]], threshold: str, shown: str, proposed: int | str
) -> None:
    mean = average(marks)
    assert mean is not None
    assert half_up(mean) == Decimal(shown)
    assert period_proposal(marks, threshold) == proposed


def test_nothing_is_proposed_without_marks_or_weight() -> None:
    assert average([]) is None
    assert period_proposal([(5, "0")] * 3) == "н/а"


def test_half_goes_up() -> None:
    assert half_up(Fraction(9, 2), "1") == 5
    assert half_up(Fraction(1, 200)) == Decimal("0.01")
