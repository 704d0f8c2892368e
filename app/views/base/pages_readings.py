"""What the access log and the page of who sees a learner show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell, Chip, FilterInput, Link


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One line of the log: when, who in which capacity, what, about whom, and in which words."""

    when: str
    who: str
    capacity: str
    done: Cell
    row: Link | None
    learner: Link | None
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingsPage:
    """The log, newest first, with its filters."""

    action: str
    filters: tuple[FilterInput, ...]
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]
    lines: tuple[ReadingLine, ...]
    reset_href: str
    next_href: str
    first_href: str
    export_href: str


@dataclass(frozen=True, slots=True)
class SeerLine:
    """A role that sees the learner: why, who holds it, and how each group of fields is seen."""

    role: str
    why: str
    people: tuple[str, ...]
    levels: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SeersPage:
    """Who sees a learner and why; names and readings for those who read the log."""

    title: str
    crumbs: tuple[Link, ...]
    groups: tuple[str, ...]
    lines: tuple[SeerLine, ...]
    named: bool
    last: tuple[ReadingLine, ...]
    log_href: str
