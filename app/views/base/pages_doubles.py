"""What the pages of people entered twice show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell, Link


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """A pair in the queue: who, and where each of the two rows stands."""

    href: str
    name: str
    born: str
    first: str
    second: str
    numbers_differ: bool  # both have a СНИЛС, and not the same


@dataclass(frozen=True, slots=True)
class DoublesPage:
    """Pairs of one state."""

    tabs: tuple[tuple[str, str, bool], ...]
    lines: tuple[DoubleLine, ...]
    next_href: str


@dataclass(frozen=True, slots=True)
class Said:
    """What both rows say of one attribute."""

    label: str
    first: Cell
    second: Cell
    differs: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision of the past."""

    when: str
    who: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class DoublePage:
    """Two rows side by side and what may be decided."""

    title: str
    home_href: str
    action: str
    state: str
    first: Link
    second: Link
    lines: tuple[Said, ...]
    merges: bool  # both of one school: one takes over the lists of the other
    joined: bool
    gone: bool  # one of them is in the trash
    returns: bool
    past: tuple[DecisionLine, ...]
    problem: str = ""
    reason: str = ""
