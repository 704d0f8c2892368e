"""Legal terms and the production calendar: read from their tables, and laid down by the seeds."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, String, null, select, union_all

from app.kernel.calendar import Unit
from app.kernel.choices import SEEDS, load_rows
from app.kernel.deadlines import DayKind, Rule, Terms
from app.models.reference import ClassifierSeed
from app.models.reference_terms import CalendarDay, DeadlineRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

RULES = SEEDS / "deadline_rules.yaml"
HOLIDAYS = SEEDS / "holidays.yaml"
YEARS = range(-1, 3)  # from last year to the year after next
TRASH = {"include_trash": True}
_R, _D = DeadlineRule.__table__.c, CalendarDay.__table__.c
# Both tables in one statement: a page that needs them asks once, and then not until they change.
_BOTH = union_all(
    select(
        _R.code, _R.offset_n, _R.unit, _R.base_day, _R.count_saturday, _R.shift_if_nonworking,
        _R.valid_from, _R.valid_to,
    ).where(_R.deleted_at.is_(None)),
    select(
        null().cast(String), null().cast(Integer), _D.kind, null(), null(), null(),
        _D.date, null().cast(Date),
    ).where(_D.deleted_at.is_(None)),
)  # fmt: skip


def read(session: Session) -> Terms:
    """The rules and days off as they stand now, in one statement."""
    rules, days = [], {}
    for code, number, unit, base_day, saturday, shift, since, until in session.execute(_BOTH):
        if code is None:
            days[since] = DayKind(unit)
        else:
            kept = (base_day, bool(saturday), bool(shift))
            rules.append(Rule(code, number, Unit(unit), *kept, since, until))
    return Terms(rules, days, laid_down())


def last_day(session: Session, code: str, base: dt.date) -> dt.date:
    """The last day of a term that begins with an event of the day ``base``."""
    return read(session).last_day(code, base)


@cache
def laid_down() -> tuple[Rule, ...]:
    """The rules of the seed: they stand where the operator has left none in force."""
    return tuple(
        Rule(
            line["code"],
            line["number"],
            Unit(line["unit"]),
            line.get("day"),
            bool(line.get("saturday")),
            bool(line.get("shift")),
        )
        for line in load_rows(RULES)
    )


def load_terms(session: Session, today: dt.date) -> int:
    """Lay down rules and holidays that were never there; gives the number of rows written.

    What the operator has changed or moved to the trash stays so: a rule comes by its code once,
    the holidays of a year come together once.
    """
    return _load_rules(session) + sum(_load_year(session, today.year + n) for n in YEARS)


def mark_of(year: int) -> str:
    """What says, beside the hashes of classifiers, that the holidays of a year were laid down."""
    return f"calendar_day {year}"


def _load_rules(session: Session) -> int:
    known = set(session.scalars(select(DeadlineRule.code), execution_options=TRASH))
    added = [DeadlineRule(**_row(line)) for line in load_rows(RULES) if line["code"] not in known]
    session.add_all(added)
    session.flush()
    return len(added)


def _row(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": line["code"],
        "name": line["name"],
        "base_event": line["event"],
        "base_day": line.get("day"),
        "offset_n": line["number"],
        "unit": line["unit"],
        "count_saturday": bool(line.get("saturday")),
        "shift_if_nonworking": bool(line.get("shift")),
        "source": line["source"],
    }


def _load_year(session: Session, year: int) -> int:
    """The holidays of one year, unless they came before; days that were typed earlier stay."""
    mark = mark_of(year)
    if session.get(ClassifierSeed, mark) is not None:
        return 0
    session.add(ClassifierSeed(classifier=mark, sha256=""))
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    within = select(CalendarDay.date).where(CalendarDay.date.between(first, last))
    known = set(session.scalars(within, execution_options=TRASH))
    added = [
        CalendarDay(date=day, kind=DayKind.OFF.value, note=note)
        for day, note in _holidays(year)
        if day not in known
    ]
    session.add_all(added)
    session.flush()
    return len(added)


def _holidays(year: int) -> Iterator[tuple[dt.date, str]]:
    for line in load_rows(HOLIDAYS):
        day, month = map(int, line["day"].split("."))
        yield dt.date(year, month, day), line["note"]
