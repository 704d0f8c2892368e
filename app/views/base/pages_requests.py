"""What the pages of requests show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell, Link


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list."""

    number: int
    href: str
    organisation: str
    what: str
    state: Cell
    due: Cell
    who: str


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """A tab of the requests: what waits, or what is decided."""

    rows: tuple[RequestRow, ...]
    tabs: tuple[tuple[str, str, bool], ...]  # words, address, whether it is this one
    next_href: str = ""
    office: bool = False  # whoever reads decides


@dataclass(frozen=True, slots=True)
class LineView:
    """One asked change: what stood, what stands where it has changed meanwhile, what is asked."""

    id: int
    label: str
    base: Cell
    present: Cell | None
    wanted: Cell
    state: Cell
    open: bool
    disputed: bool  # it was shown that the value had changed
    comment: str = ""
    choice: str = ""  # as typed before it was refused
    error: str = ""
    moved: str = ""  # who changed the value meanwhile and when
    version: int = 0  # of the row as it is shown
    whole: bool = False  # a new row, decided as one


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened: when, who, what, in which words."""

    when: str
    who: str
    what: str
    comment: str


@dataclass(frozen=True, slots=True)
class Button:
    """A step that may be taken now."""

    name: str
    title: str
    tone: str
    speaks: bool


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request: what is asked and why, what has happened, what may be done."""

    href: str
    title: str
    state: Cell
    organisation: Link
    target: Link
    reason: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[LineView, ...]
    events: tuple[EventView, ...]
    buttons: tuple[Button, ...]
    version: int
    deciding: bool = False
    comment: str = ""  # as typed before it was refused
    step: str = ""  # for which step
    problems: tuple[str, ...] = ()
    batch_href: str = ""
