"""Accounts belong to their bank: the key is counted as the Bank of Russia says."""

from __future__ import annotations

import pytest

from app.kernel import bank


@pytest.mark.parametrize(
    ("text", "right"),
    [("046614632", True), ("016614901", True), ("146614632", False), ("04661463", False)],
)
def test_bik_has_nine_digits_from_zero(text: str, *, right: bool) -> None:
    assert bank.is_bik(text) is right


@pytest.mark.parametrize(
    ("bik", "account", "right"),
    [
        ("049805000", "30101810800000000746", True),  # example 1 of the order
        ("044525225", "30101810400000000225", True),
        ("016614901", "40102810445370000055", True),  # the region's treasury
        ("017003983", "40102810445370000059", True),
        ("016614901", "40102810545370000055", False),
    ],
)
def test_correspondent_account_fits_its_bank(bik: str, account: str, *, right: bool) -> None:
    assert bank.is_correspondent_account(bik, account) is right


@pytest.mark.parametrize(
    ("bik", "account", "right"),
    [
        ("049805746", "40602810700000000025", True),  # example 3 of the order
        ("040305000", "40102810100000010001", True),  # example 2: a settlement centre
        ("016614901", "03224643660000006300", True),  # treasury accounts have no key
        ("016614901", "03100643000000016300", True),
        ("049805746", "40602810800000000025", False),
        ("044525225", "03224643660000006300", False),  # a treasury account in a bank
    ],
)
def test_account_fits_its_bank(bik: str, account: str, *, right: bool) -> None:
    assert bank.is_account(bik, account) is right


def test_wrong_key_is_told_with_both_numbers() -> None:
    problem = bank.account_problem("049805746", "40602810800000000025")
    assert problem is not None
    assert "40602810800000000025" in str(problem)
    assert "049805746" in str(problem)
    assert "контрольный ключ" in str(problem)
    assert bank.account_problem("049805746", "40602810700000000025") is None


def test_treasury_account_in_a_bank_is_told_apart() -> None:
    problem = bank.account_problem("044525225", "03224643660000006300")
    assert problem is not None
    assert "казначейств" in str(problem)


def test_wrong_correspondent_account_is_told() -> None:
    assert bank.correspondent_account_problem("016614901", "40102810545370000055") is not None
    assert bank.correspondent_account_problem("016614901", "40102810445370000055") is None
