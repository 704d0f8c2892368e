"""Requisites of organisations (item 3.07) and codes of programmes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import String

from app.kernel import identifiers
from app.kernel.errors import Message
from app.kernel.kinds.kind import BY_NUMBER, Kind
from app.kernel.kinds.parsing import coded, digits

_OWN_REGION = "67"


def _is_inn10(text: str) -> bool:
    return identifiers.is_inn(text, (10,))


_INN_CONTROL = Message(
    "ИНН %(typed)s не сходится с контрольным числом: в одной из цифр ошибка. "
    "Сверьте его со свидетельством."
)
_CONTROLLED = Message("контрольное число верно")
_OGRN_CONTROL = Message(
    "ОГРН %(typed)s не сходится с контрольным числом: в одной из цифр ошибка. "
    "Сверьте его с выпиской."
)

INN10 = Kind(
    name="inn10",
    python=str,
    column=String(10),
    parse=digits(
        _is_inn10,
        (10,),
        Message("ИНН организации — 10 цифр без пробелов. Введено знаков: %(count)s, «%(typed)s»."),
        _INN_CONTROL,
    ),
    mask="digits:10",
    inputmode="numeric",
    help="10 цифр, контрольное число проверяется",
    operators=BY_NUMBER,
    proof=_CONTROLLED,
    samples=("6730010475", "7707083893"),
    bad=("7707083890", "770708389", "0000000000", "500100732259"),
)

INN = replace(
    INN10,
    name="inn",
    column=String(12),
    parse=digits(
        identifiers.is_inn,
        (10, 12),
        Message(
            "ИНН — 10 цифр у организации, 12 у предпринимателя. "
            "Введено знаков: %(count)s, «%(typed)s»."
        ),
        _INN_CONTROL,
    ),
    mask="digits:12",
    help="10 цифр у организации, 12 у предпринимателя; контрольное число проверяется",
    samples=("6730010475", "500100732259"),
    bad=("7707083890", "770708389", "0000000000", "500100732258"),
)

OGRN = Kind(
    name="ogrn",
    python=str,
    column=String(13),
    parse=digits(
        identifiers.is_ogrn,
        (13,),
        Message("ОГРН — 13 цифр. Введено знаков: %(count)s, «%(typed)s»."),
        _OGRN_CONTROL,
    ),
    mask="digits:13",
    inputmode="numeric",
    help="13 цифр, контрольное число проверяется",
    operators=BY_NUMBER,
    proof=_CONTROLLED,
    samples=("1027700132195",),
    bad=("1027700132196", "2027700132195", "304500116000157"),
)

OGRN_ANY = replace(
    OGRN,
    name="ogrn_any",
    column=String(15),
    parse=digits(
        identifiers.is_ogrn,
        (13, 15),
        Message(
            "ОГРН — 13 цифр, ОГРНИП предпринимателя — 15. Введено знаков: %(count)s, «%(typed)s»."
        ),
        _OGRN_CONTROL,
    ),
    mask="digits:15",
    help="13 цифр (ОГРН) или 15 цифр (ОГРНИП), контрольное число проверяется",
    samples=("1027700132195", "304500116000157", "301249728944030"),
    bad=("1027700132196", "2027700132195", "304500116000158"),
)


def _kpp_doubt(value: str) -> Message | None:
    if value.startswith(_OWN_REGION):
        return None
    return Message(
        "КПП %(typed)s выдан не в Смоленской области: он начинается не с 67. Так ли это?",
        typed=value,
    )


KPP = Kind(
    name="kpp",
    python=str,
    column=String(9),
    parse=coded(
        identifiers.is_kpp,
        Message("КПП — 9 знаков: 4 цифры, 2 цифры или латинские буквы, 3 цифры, а не «%(typed)s»."),
    ),
    inputmode="numeric",
    help="9 знаков; в Смоленской области начинается с 67",
    operators=BY_NUMBER,
    warn=_kpp_doubt,
    proof=Message("записан по правилам"),
    samples=("673001001", "6730AB001"),
    bad=("67300100", "6730010A1", "6730АВ001"),
)

OKPO = Kind(
    name="okpo",
    python=str,
    column=String(14),
    parse=digits(
        identifiers.is_okpo,
        (8, 10, 14),
        Message(
            "ОКПО — 8 цифр (10 у предпринимателя, 14 у филиала). "
            "Введено знаков: %(count)s, «%(typed)s»."
        ),
        Message("ОКПО %(typed)s не сходится с контрольной цифрой. Сверьте его с документом."),
    ),
    mask="digits:14",
    inputmode="numeric",
    help="8, 10 или 14 цифр, контрольная цифра проверяется",
    operators=BY_NUMBER,
    proof=_CONTROLLED,
    samples=("00032537", "02066351"),
    bad=("00032538", "0003253"),
)

OKTMO = Kind(
    name="oktmo",
    python=str,
    column=String(11),
    parse=digits(
        identifiers.is_oktmo,
        (8, 11),
        Message("ОКТМО — 8 или 11 цифр. Введено знаков: %(count)s, «%(typed)s»."),
        Message("Проверьте ОКТМО: %(typed)s."),
    ),
    mask="digits:11",
    inputmode="numeric",
    help="8 цифр муниципального образования или 11 с населённым пунктом",
    operators=BY_NUMBER,
    samples=("66701000", "66701000001"),
    bad=("6670100", "6670100000"),
)

OKVED = Kind(
    name="okved",
    python=str,
    column=String(8),
    parse=coded(
        identifiers.is_okved,
        Message("Код ОКВЭД пишут цифрами через точку, например 85.14, а не «%(typed)s»."),
    ),
    help="Цифры через точку, например 85.14",
    operators=BY_NUMBER,
    samples=("85", "85.1", "85.14", "85.41.1", "85.41.91"),
    bad=("8514", "85.", "85.14.999"),
)

OKSO = Kind(
    name="okso",
    python=str,
    column=String(8),
    parse=coded(
        identifiers.is_okso,
        Message(
            "Код профессии, специальности или группы — три пары цифр через точку, "
            "например 09.02.07, а не «%(typed)s»."
        ),
    ),
    mask="pattern:00.00.00",
    inputmode="numeric",
    help="Три пары цифр через точку, например 09.02.07",
    operators=BY_NUMBER,
    samples=("09.02.07",),
    bad=("9.2.7", "090207"),
)
