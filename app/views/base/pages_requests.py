"""What the pages of requests show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.word_diff import Piece
    from app.views.base.pages import Cell, Chip, Link, Option
    from app.views.base.reasons import Reason


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
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """The inputs above a list of requests with what stands in them; ``fields`` by record."""

    action: str
    tab: str
    states: tuple[Option, ...]
    whose: tuple[Option, ...]
    fields: tuple[tuple[str, tuple[Option, ...]], ...]
    words: str
    wide: bool  # requests of many organisations are seen
    late: bool
    late_words: str  # none where nothing can be late


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """A tab of the requests: what waits, or what is decided."""

    rows: tuple[RequestRow, ...]
    tabs: tuple[tuple[str, str, bool], ...]  # words, address, whether it is this one
    filters: QueueFilters
    chips: tuple[Chip, ...] = ()
    reset_href: str = ""
    next_href: str = ""
    office: bool = False  # whoever reads decides
    at_once: Link | None = None  # to decide all that ask for one field


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
    elsewhere: str = ""  # who decides it, where that is not the reader
    comment: str = ""
    choice: str = ""  # as typed before it was refused
    error: str = ""
    moved: str = ""  # who changed the value meanwhile and when
    version: int = 0  # of the row as it is shown
    whole: bool = False  # a new row, decided as one
    was: tuple[Piece, ...] = ()  # both values word by word, where they are long texts
    now: tuple[Piece, ...] = ()
    proof: str = ""  # what the digits of the value say
    proven: bool = False  # they are as they should be


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
class Document:
    """A document that lies with a request; where it may be taken out of it."""

    words: str
    href: str
    remove_href: str = ""


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
    files: tuple[Document, ...] = ()
    attaches: bool = False  # whoever reads may add documents
    accept: str = ""
    largest: int = 0
    hands: tuple[Option, ...] = ()  # whom it may be handed to
    alien: str = ""  # who considers it, where it is not the reader
    talks: bool = False  # a word may be said to it at any time
    rejections: tuple[Reason, ...] = ()  # prepared words
    questions: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class AtOnceLine:
    """A line that asks for the field, with its request; ``pick`` is posted where it is chosen."""

    number: int
    href: str
    organisation: str
    row: str  # the row of a list it is about
    state: Cell
    due: Cell
    assignee: str
    pick: str
    line: LineView
    ticked: bool


@dataclass(frozen=True, slots=True)
class AtOncePage:
    """Lines of many requests about one field; ``most``: there are more, and so many are shown."""

    field: str
    action: str
    back_href: str
    lines: tuple[AtOnceLine, ...]
    most: int
    rejections: tuple[Reason, ...]
    comment: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DoneLine:
    """What became of a chosen line."""

    number: int
    href: str
    outcome: Cell
    why: str


@dataclass(frozen=True, slots=True)
class DonePage:
    """What became of all chosen lines, with the ways on."""

    field: str
    counts: tuple[tuple[Cell, int], ...]
    lines: tuple[DoneLine, ...]
    again_href: str
    back_href: str
