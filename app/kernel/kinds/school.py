"""Values of school life: grades, breaks, houses of an assigned territory (items 3.15-3.20)."""

from __future__ import annotations

import re

from sqlalchemy import String

from app.kernel import places
from app.kernel.errors import Invalid
from app.kernel.kinds.kind import Kind
from app.kernel.text import clean, limited, quoted

_FIRST_GRADE, _LAST_GRADE = 1, 12
_LONGEST_BREAK = 120


def _grades(text: str) -> str:
    parts = [part for part in re.split(r"[;,]", clean(text).replace(" ", "")) if part]
    if not parts or not all(map(_is_grade_range, parts)):
        raise Invalid(
            "Введите классы от 1 до 12 через точку с запятой, например 1;2-9;10-11, "
            "а не «%(typed)s».",
            typed=quoted(clean(text)),
        )
    return limited(";".join(dict.fromkeys(parts)), 50)


def _is_grade_range(part: str) -> bool:
    found = re.fullmatch(r"([1-9][0-9]?)(?:-([1-9][0-9]?))?", part)
    return found is not None and _FIRST_GRADE <= int(found[1]) <= int(found[2] or found[1]) <= (
        _LAST_GRADE
    )


def _breaks(text: str) -> str:
    parts = [part for part in re.split(r"[;,\s]+", clean(text)) if part]
    whole = all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts)
    if not parts or not whole or max(map(int, parts)) > _LONGEST_BREAK:
        raise Invalid(
            "Введите перемены в минутах через точку с запятой, например 10;20;20;10, "
            "а не «%(typed)s».",
            typed=quoted(clean(text)),
        )
    return limited(";".join(str(int(part)) for part in parts), 50)


def _houses(text: str) -> str:
    typed = limited(clean(text), 300)
    if not places.is_house_rule(typed):
        raise Invalid(
            "Перечислите дома через точку с запятой, например 1-15нч;20;22А, "
            "или напишите all для всей улицы. Не разобрано: «%(typed)s».",
            typed=quoted(typed),
        )
    return typed


def _listed(value: str) -> str:
    return value.replace(";", ", ").replace("-", "–")


GRADES = Kind(
    name="grades",
    python=str,
    column=String(50),
    parse=_grades,
    show=_listed,
    help="Например: 1;2-9;10-11",
    width=3,
    samples=("1;2-9;10-11", "5"),
    bad=("0", "13", "9-5", "пятый"),
)

BREAKS = Kind(
    name="breaks",
    python=str,
    column=String(50),
    parse=_breaks,
    show=_listed,
    help="Минуты через точку с запятой, например 10;20;20;10",
    samples=("10;20;20;10",),
    bad=("десять", "500"),
)

HOUSES = Kind(
    name="houses",
    python=str,
    column=String(300),
    parse=_houses,
    help="Например: 1-15нч;20;22А или all — все дома",
    width=12,
    operators=("contains", "empty"),
    samples=("1-15odd;20;22А", "all"),
    bad=("дом у реки", "1-"),
)
