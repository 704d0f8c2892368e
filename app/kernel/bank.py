"""Bank requisites: the key of an account (order of the Bank of Russia 515 of 08.09.1997)."""

from __future__ import annotations

import re
from itertools import cycle

from app.kernel.errors import Message
from app.kernel.text import compact

_ACCOUNT = re.compile(r"[0-9]{20}")
_TREASURY_BIK_ENDS = ("000", "001", "002")  # settlement centres of the Bank of Russia


def is_bik(text: str) -> bool:
    """Whether it has the form of a БИК: 9 digits, the first is 0."""
    return re.fullmatch(r"0[0-9]{8}", compact(text)) is not None


def is_correspondent_account(bik: str, account: str) -> bool:
    """Whether the bank's account (301…) or single treasury account (401…) fits the БИК."""
    return (
        is_bik(bik)
        and _ACCOUNT.fullmatch(account) is not None
        and account[:3] in ("301", "401")
        and _key_fits("0" + bik[4:6], account)
    )


def is_account(bik: str, account: str) -> bool:
    """Whether a settlement or treasury account fits the БИК.

    A treasury account (03…) has no key: it must be in roubles and not belong to a bank (БИК 04…).
    """
    if not (is_bik(bik) and _ACCOUNT.fullmatch(account)):
        return False
    if account.startswith("03"):
        return account[5:8] == "643" and not bik.startswith("04")
    if bik[6:] in _TREASURY_BIK_ENDS:
        return _key_fits("0" + bik[4:6], account)
    return _key_fits(bik[6:], account)


def correspondent_account_problem(bik: str, account: str) -> Message | None:
    """Give the sentence about a correspondent account that does not fit the БИК, if so."""
    if is_correspondent_account(bik, account):
        return None
    return Message(
        "Корр. счёт %(account)s не подходит к БИК %(bik)s: не сходится контрольный ключ. "
        "Сверьте оба номера с реквизитами банка.",
        account=account,
        bik=bik,
    )


def account_problem(bik: str, account: str) -> Message | None:
    """Give the sentence about an account that does not fit the БИК, if so."""
    if is_account(bik, account):
        return None
    if account.startswith("03"):
        return Message(
            "Казначейский счёт %(account)s открывают в казначействе, "
            "а БИК %(bik)s ему не подходит. Сверьте оба номера с реквизитами.",
            account=account,
            bik=bik,
        )
    return Message(
        "Счёт %(account)s не подходит к БИК %(bik)s: не сходится контрольный ключ. "
        "Сверьте оба номера с реквизитами банка.",
        account=account,
        bik=bik,
    )


def _key_fits(prefix: str, account: str) -> bool:
    weighted = zip(prefix + account, cycle((7, 1, 3)), strict=False)
    return sum(int(digit) * weight % 10 for digit, weight in weighted) % 10 == 0
