"""Bank requisites (item 3.07); whether an account fits its bank is told by ``app.kernel.bank``."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import String

from app.kernel import bank
from app.kernel.errors import Message
from app.kernel.kinds.kind import BY_NUMBER, Kind
from app.kernel.kinds.parsing import digits

BIK = Kind(
    name="bik",
    python=str,
    column=String(9),
    parse=digits(
        bank.is_bik,
        (9,),
        Message("БИК — 9 цифр. Введено знаков: %(count)s, «%(typed)s»."),
        Message(
            "БИК российского банка начинается с 0, а введено %(typed)s. Сверьте с реквизитами."
        ),
    ),
    mask="digits:9",
    inputmode="numeric",
    help="9 цифр, первая — 0",
    operators=BY_NUMBER,
    group="bank",
    proof=Message("записан по правилам"),
    samples=("016614901", "046614632"),
    bad=("146614632", "04661463"),
)


def _is_correspondent_form(number: str) -> bool:
    return number[:3] in ("301", "401")


CORR_ACCOUNT = Kind(
    name="corr_account",
    python=str,
    column=String(20),
    parse=digits(
        _is_correspondent_form,
        (20,),
        Message("Счёт — 20 цифр. Введено знаков: %(count)s, «%(typed)s»."),
        Message(
            "Корр. счёт начинается с 301, единый казначейский счёт — с 401. "
            "Сверьте счёт %(typed)s с реквизитами."
        ),
    ),
    mask="digits:20",
    inputmode="numeric",
    help="20 цифр; контрольный ключ проверяется по БИК",
    width=6,
    operators=BY_NUMBER,
    group="bank",
    samples=("40102810445370000055", "30101810400000000225"),
    bad=("4010281044537000005", "50102810445370000055"),
)

ACCOUNT = replace(
    CORR_ACCOUNT,
    name="account",
    parse=digits(
        lambda number: number[0] != "0" or number.startswith("03"),
        (20,),
        Message("Счёт — 20 цифр. Введено знаков: %(count)s, «%(typed)s»."),
        Message(
            "Казначейский счёт начинается с 03, расчётный — обычно с 40. "
            "Сверьте счёт %(typed)s с реквизитами."
        ),
    ),
    samples=("03224643660000006300", "40602810700000000025"),
    bad=("0322464366000000630", "00000000000000000000"),
)
