"""Days, times of the day and instants; instants are stored in UTC and shown in regional time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from sqlalchemy import Date, DateTime, String, Time

from app.kernel.clock import REGION_TIME, local, today
from app.kernel.errors import Invalid
from app.kernel.kinds.kind import BY_NUMBER, BY_RANGE, Kind
from app.kernel.text import clean, quoted

_EARLIEST, _LATEST = dt.date(1700, 1, 1), dt.date(2199, 12, 31)
_ORDINARY = 2001  # a year without 29 February
_EARLIEST_PAST = dt.date(1900, 1, 1)
_RUSSIAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: ?г\.?)?")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}(?: ?г\.?)?")
_ZONE = r"Z|[+-][0-9]{2}(?::?[0-9]{2})?"
_ISO = re.compile(
    rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[ T]00:00(?::00(?:\.0+)?)?(?:{_ZONE})?)?"
)
_YEAR_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.?")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?")
_INSTANT = re.compile(
    rf"([0-9.-]+)[ T]([0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)(\.[0-9]{{1,6}})?({_ZONE})?"
)


def _day(text: str) -> dt.date:
    typed = clean(text)
    if found := _RUSSIAN.fullmatch(typed):
        day, month, year = map(int, found.groups())
    elif found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
    elif _SHORT_YEAR.fullmatch(typed):
        raise Invalid("Введите год четырьмя цифрами: «%(typed)s».", typed=typed)
    else:
        raise Invalid(
            "«%(typed)s» не похоже на дату. Введите день, месяц, год, например 31.08.2026.",
            typed=quoted(typed),
        )
    try:
        value = dt.date(year, month, day)
    except ValueError:
        raise Invalid("Такой даты нет: %(typed)s. Введите день, месяц, год.", typed=typed) from None
    if not _EARLIEST <= value <= _LATEST:
        raise Invalid("Проверьте год: %(typed)s.", typed=typed)
    return value


def _past_day(text: str) -> dt.date:
    value = _day(text)
    if value > today():
        raise Invalid(
            "Этот день ещё не наступил: %(typed)s. Введите сегодняшнюю дату или раньше.",
            typed=_show_day(value),
        )
    if value < _EARLIEST_PAST:
        raise Invalid(
            "Слишком давняя дата: %(typed)s. Самая ранняя — 01.01.1900, проверьте год.",
            typed=_show_day(value),
        )
    return value


def _show_day(value: dt.date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def _year_day(text: str) -> str:
    typed = clean(text)
    found = _YEAR_DAY.fullmatch(typed)
    try:
        value = dt.date(_ORDINARY, int(found[2]), int(found[1])) if found else None
    except ValueError:
        value = None
    if value is None:
        raise Invalid(
            "Введите день и месяц, которые есть в каждом году, например 30.06, а не «%(typed)s».",
            typed=quoted(typed),
        )
    return f"{value:%d.%m}"


def _time(text: str) -> dt.time:
    typed = clean(text)
    if found := _TIME.fullmatch(typed):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if hours < 24 and minutes < 60 and seconds < 60:  # noqa: PLR2004  (a day has 24 hours)
            return dt.time(hours, minutes, seconds)
    raise Invalid(
        "«%(typed)s» не похоже на время. Введите часы и минуты, например 08:30.",
        typed=quoted(typed),
    )


def _write_time(value: dt.time) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def _instant(text: str) -> dt.datetime:
    typed = clean(text)
    found = _INSTANT.fullmatch(typed)
    if found is None:
        raise Invalid(
            "«%(typed)s» — не дата со временем. Введите день, месяц, год, часы и минуты, "
            "например 01.04.2026 09:00.",
            typed=quoted(typed),
        )
    day, time, fraction, zone = found.groups()
    written = f"{_day(day).isoformat()}T{_time(time).isoformat()}{fraction or ''}{zone or ''}"
    try:
        value = dt.datetime.fromisoformat(written)
    except ValueError:
        raise Invalid("Проверьте часовой пояс: «%(typed)s».", typed=quoted(typed)) from None
    return (value if zone else value.replace(tzinfo=REGION_TIME)).astimezone(dt.UTC)


def _show_instant(value: dt.datetime) -> str:
    return f"{_show_day(local(value))} {local(value):%H:%M}"


def _write_instant(value: dt.datetime) -> str:
    """Write local time; with the offset where local time alone would lose or confuse something."""
    here = local(value)
    if here.fold or here.microsecond:
        return here.isoformat(" ")
    return f"{_show_day(here)} {_write_time(here.time())}"


DATE = Kind(
    name="date",
    python=dt.date,
    column=Date(),
    parse=_day,
    show=_show_day,
    edit=_show_day,
    widget="date",
    mask="date",
    inputmode="numeric",
    width=3,
    excel="dd.mm.yyyy",
    operators=BY_RANGE,
    samples=("01.09.2026", "1.9.2026", "2026-09-01"),
    bad=("31.02.2011", "1.2.11", "вчера", "2011-13-01"),
)

DATE_PAST = replace(
    DATE,
    name="date_past",
    parse=_past_day,
    samples=("12.03.2011", "2011-03-12"),
    bad=("31.02.2011", "31.12.1899", "01.01.2199"),
)

BIRTH_DATE = replace(
    DATE_PAST,
    name="birth_date",
    hidden=lambda value: str(value.year),
    group="personal",
)

DATETIME = Kind(
    name="datetime",
    python=dt.datetime,
    column=DateTime(timezone=True),
    parse=_instant,
    show=_show_instant,
    edit=_write_instant,
    widget="datetime",
    mask="datetime",
    help="День, месяц, год, часы и минуты по московскому времени",
    excel="dd.mm.yyyy hh:mm",
    operators=("from", "to", "empty"),
    samples=("01.04.2026 09:00", "2026-04-01 09:00:00+03"),
    bad=("01.04.2026", "01.04.2026 25:00", "31.02.2026 09:00"),
)

TIME = Kind(
    name="time",
    python=dt.time,
    column=Time(),
    parse=_time,
    show=lambda value: f"{value:%H:%M}",
    edit=_write_time,
    widget="time",
    mask="time",
    inputmode="numeric",
    width=2,
    excel="hh:mm",
    operators=BY_RANGE,
    samples=("08:30", "8.30"),
    bad=("24:00", "8", "утро"),
)

YEAR_DAY = Kind(
    name="year_day",
    python=str,
    column=String(5),
    parse=_year_day,
    mask="pattern:00.00",
    inputmode="numeric",
    width=2,
    operators=BY_NUMBER,
    samples=("30.06", "1.3"),
    bad=("29.02", "31.06", "30.06.2026", "30 июня"),
)
