"""Legal terms and days off that stand in tables: which rule is in force, when a term ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.kernel.calendar import Unit, deadline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SATURDAY = 5  # as ``date.weekday`` counts


class DayKind(StrEnum):
    """What a day of the production calendar is, whatever day of the week it falls on."""

    WORKING = "W"
    OFF = "H"
    SHORT = "S"


@dataclass(frozen=True, slots=True)
class Rule:
    """A term: so many units from an event, or from a day that each year has ("30.06")."""

    code: str
    number: int
    unit: Unit
    base_day: str | None = None
    count_saturday: bool = False
    shift: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def stands(self, day: dt.date) -> bool:
        """Whether the rule is in force on the day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Terms:
    """The rules and the production calendar in memory; never changes once made."""

    def __init__(
        self, rules: Sequence[Rule], days: Mapping[dt.date, DayKind], laid: Sequence[Rule] = ()
    ) -> None:
        """Take what the tables have, and ``laid``: the rules that stand where they have none."""
        self._rules, self._days, self._laid = tuple(rules), dict(days), tuple(laid)

    def rule(self, code: str, day: dt.date) -> Rule:
        """The rule in force on the day: of several, the one that began last.

        Raises ``KeyError`` for a code that is neither in force nor laid down.
        """
        standing = [rule for rule in self._rules if rule.code == code and rule.stands(day)]
        if standing:
            return max(standing, key=lambda rule: rule.valid_from or dt.date.min)
        return {rule.code: rule for rule in self._laid}[code]

    def is_workday(self, day: dt.date, *, saturday: bool = False) -> bool:
        """Whether people work on the day; ``saturday``: also on ordinary Saturdays."""
        kind = self._days.get(day)
        if kind is not None:
            return kind is not DayKind.OFF
        return day.weekday() < _SATURDAY + saturday

    def last_day(self, code: str, base: dt.date) -> dt.date:
        """The last day of the term counted from ``base``, by the rule in force on that day.

        A rule of a day of the year counts from that day of the year of ``base``.
        Raises ``KeyError`` as ``rule`` does.
        """
        rule = self.rule(code, base)
        if rule.base_day:
            day, month = map(int, rule.base_day.split("."))
            base = dt.date(base.year, month, day)
        return deadline(
            base,
            rule.number,
            rule.unit,
            lambda day: self.is_workday(day, saturday=rule.count_saturday),
            shift=rule.shift,
        )
