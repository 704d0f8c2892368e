"""Numbers of persons and organisations with their control digits.

From python-stdnum come the ИНН (the test of the region is added: the library takes 0000000000)
and the 13-digit ОГРН (the test of the first digit is added). Its 15-digit ОГРНИП is not used: it
refuses every right number whose remainder is 10 or more. The rest it does not have.
"""

from __future__ import annotations

import re
from itertools import count

from stdnum.ru import inn as stdnum_inn
from stdnum.ru import ogrn as stdnum_ogrn

from app.kernel.text import compact

_FIRST_CHECKED_SNILS = 1_001_998  # numbers up to 001-001-998 were given without a control number
_TEN = 10


def is_snils(text: str) -> bool:
    """Whether it is a СНИЛС: 11 digits, the control number fits where there is one."""
    number = compact(text)
    if not re.fullmatch(r"[0-9]{11}", number) or number.startswith("000000000"):
        return False
    if not snils_has_control(number):
        return True
    total = sum(int(digit) * weight for digit, weight in zip(number, range(9, 0, -1), strict=False))
    return int(number[9:]) == total % 101 % 100


def snils_has_control(number: str) -> bool:
    """Whether the control number of 11 digits is defined (from 001-001-999 on)."""
    return int(number[:9]) > _FIRST_CHECKED_SNILS


def is_inn(text: str, lengths: tuple[int, ...] = (10, 12)) -> bool:
    """Whether it is an ИНН of one of the lengths, of a real region, with right control digits."""
    number = compact(text)
    return (
        re.fullmatch(r"[0-9]+", number) is not None
        and len(number) in lengths
        and not number.startswith("00")
        and stdnum_inn.is_valid(number)
    )


def is_ogrn(text: str) -> bool:
    """Whether it is an ОГРН of 13 digits or an ОГРНИП of 15 with a right control digit."""
    number = compact(text)
    if re.fullmatch(r"[15][0-9]{12}", number):
        return bool(stdnum_ogrn.is_valid(number))
    if re.fullmatch(r"3[0-9]{14}", number):
        return int(number[:14]) % 13 % 10 == int(number[14])
    return False


def is_kpp(text: str) -> bool:
    """Whether it has the form of a КПП; it has no control digit."""
    return re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", compact(text)) is not None


def is_okpo(text: str) -> bool:
    """Whether it is an ОКПО: 8 or 10 digits with control; of 14 (a branch) the first 8 count."""
    number = compact(text)
    if re.fullmatch(r"[0-9]{14}", number):
        number = number[:8]
    if not re.fullmatch(r"[0-9]{8}|[0-9]{10}", number):
        return False
    return _control(number[:-1]) == int(number[-1])


def is_oktmo(text: str) -> bool:
    """Whether it has the form of an ОКТМО: 8 or 11 digits, none of them a control digit."""
    return re.fullmatch(r"[0-9]{8}([0-9]{3})?", compact(text)) is not None


def oktmo_control(code: str) -> int:
    """Give the control digit that the classifier prints beside an 8-digit ОКТМО."""
    return _control(code)


def is_okved(text: str) -> bool:
    """Whether it has the form of an ОКВЭД: NN, NN.N, NN.NN, NN.NN.N or NN.NN.NN."""
    return re.fullmatch(r"[0-9]{2}(\.[0-9]|\.[0-9]{2}(\.[0-9]{1,2})?)?", text) is not None


def is_okso(text: str) -> bool:
    """Whether it has the form NN.NN.NN of a profession or specialty."""
    return re.fullmatch(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", text) is not None


def _control(digits: str) -> int:
    """Remainder by 11 with weights 1, 2, 3…; weights start from 3 if it is 10, then 0 if again."""
    for shift in (0, 2):
        weights = (position % _TEN + 1 for position in count(shift))
        total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
        if total % 11 < _TEN:
            return total % 11
    return 0
