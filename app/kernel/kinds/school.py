"""Values of school life: grades, breaks, houses of an assigned territory (items 3.15-3.20)."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy import String, Text

from app.kernel import places
from app.kernel.errors import Invalid
from app.kernel.grades import bells_of, written_bells
from app.kernel.kinds.kind import Kind
from app.kernel.text import clean, limited, quoted

_FIRST_GRADE, _LAST_GRADE = 1, 12
_LONGEST_BREAK = 120
_MOST_LESSONS = 20
_LESSON = re.compile(r"([0-9]{1,2})[:.]([0-9]{2}) ?[-–—] ?([0-9]{1,2})[:.]([0-9]{2})")


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


def _bells(text: str) -> str:
    """Lessons as typed, 08:30-09:10; 09:20-10:00, or as JSON, which other systems send."""
    typed = clean(text)
    pairs = _pairs(typed)
    if not pairs or len(pairs) > _MOST_LESSONS:
        raise Invalid(
            "Введите начало и конец каждого урока через точку с запятой, например "
            "08:30-09:10; 09:20-10:00, а не «%(typed)s».",
            typed=quoted(typed),
        )
    before = dt.time.min
    for begins, ends in pairs:
        if begins < before or ends <= begins:
            raise Invalid(
                "Уроки идут по порядку и не пересекаются. Проверьте урок %(begins)s–%(ends)s.",
                begins=f"{begins:%H:%M}",
                ends=f"{ends:%H:%M}",
            )
        before = ends
    return written_bells(pairs)


def _pairs(typed: str) -> tuple[tuple[dt.time, dt.time], ...]:
    """What is typed as pairs of times; nothing where it cannot be read."""
    if typed.startswith("["):
        try:
            return bells_of(typed)
        except (ValueError, TypeError, RecursionError):
            return ()
    parts = [part for part in re.split(r"[;,\n]+", typed) if part.strip()]
    found = [_LESSON.fullmatch(part.strip()) for part in parts]
    try:
        return (
            tuple(
                (dt.time(int(one[1]), int(one[2])), dt.time(int(one[3]), int(one[4])))
                for one in found
                if one is not None
            )
            if all(found)
            else ()
        )
    except ValueError:
        return ()


def _spoken_bells(stored: str) -> str:
    return "; ".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in bells_of(stored))


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

BELLS = Kind(
    name="bells",
    python=str,
    column=Text(),
    parse=_bells,
    show=_spoken_bells,
    edit=_spoken_bells,
    widget="textarea",
    help="Начало и конец каждого урока: 08:30-09:10; 09:20-10:00",
    width=12,
    operators=("empty",),
    samples=("08:30-09:10; 09:20-10:00", '[["08:30", "09:10"], ["09:20", "10:00"]]'),
    bad=("с утра до обеда", "09:10-08:30", "08:30-09:10; 09:00-09:40", "[1]", "08:30-25:00"),
)
