"""Postal indexes and houses of an assigned territory."""

from __future__ import annotations

import pytest

from app.kernel import places

RULE = "1-15odd;20;22А"


@pytest.mark.parametrize(("text", "right"), [("214000", True), ("716500", False), ("21400", False)])
def test_postal_index_has_six_digits_of_russia(text: str, *, right: bool) -> None:
    assert places.is_postal_index(text) is right


@pytest.mark.parametrize("house", ["7", "15к2", "1", "20", "22а", "15", "15 корп. 2"])
def test_house_of_the_territory(house: str) -> None:
    assert places.house_matches(RULE, house)


@pytest.mark.parametrize("house", ["8", "16", "20А", "22", "22Б", "21", "у реки", ""])
def test_house_outside_the_territory(house: str) -> None:
    assert not places.house_matches(RULE, house)


def test_whole_street_and_russian_parity() -> None:
    assert places.house_matches("all", "137/2")
    assert places.house_matches("2-10ч", "4")
    assert not places.house_matches("2-10ч", "5")


@pytest.mark.parametrize(
    ("rule", "right"), [(RULE, True), ("all", True), ("1-;2", False), ("дом", False), ("", False)]
)
def test_rule_is_checked_before_it_is_kept(rule: str, *, right: bool) -> None:
    assert places.is_house_rule(rule) is right
