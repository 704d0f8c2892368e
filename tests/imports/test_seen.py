"""Two rows of a file that mean one person, told apart by a number or not at all."""

from __future__ import annotations

from itertools import product
from typing import Any

SNILS, NAME = ("snils",), ("full_name", "birth_date")


def met(*rows: tuple[str | None, str]) -> list[tuple[int | None, bool]]:
    from app.services.table_seen import Seen  # noqa: PLC0415 - after the settings of the tests

    seen = Seen((SNILS, NAME))
    told: list[dict[tuple[str, ...], Any]] = [
        {SNILS: None if number is None else (number,), NAME: (name, "2015")}
        for number, name in rows
    ]
    return [seen.values(at, one) for at, one in enumerate(told, 2)]


def test_the_same_person_with_and_without_a_number_is_doubtful_in_either_order() -> None:
    assert met(("1", "а"), (None, "а")) == [(None, False), (2, False)]
    assert met((None, "а"), ("1", "а")) == [(None, False), (2, False)]


def test_equal_numbers_and_two_rows_without_them_are_the_same_for_certain() -> None:
    assert met(("1", "а"), ("1", "б"))[1] == (2, True)
    assert met((None, "а"), (None, "а"))[1] == (2, True)
    assert met(("1", "а"), (None, "а"), (None, "а"))[2] == (3, True)


def test_namesakes_with_numbers_of_their_own_are_two() -> None:
    for one, other in product((("1", "а"),), (("2", "а"), (None, "б"), ("2", "б"))):
        assert met(one, other)[1] == (None, False), (one, other)
