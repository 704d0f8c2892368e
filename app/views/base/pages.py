"""What a page shows: plain frozen values for the templates, so that none asks the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.word_diff import Piece
    from app.views.base.items import ItemsPanel
    from app.views.base.pages_list import DayTotals, Selection, Switcher, Tools
    from app.views.base.pages_portions import PortionRow


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address; ``tone`` is one of ``primary``, ``plain``, ``danger``."""

    label: str
    href: str
    icon: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the sidebar."""

    label: str
    href: str
    icon: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """One module of the decree in the sidebar with what the capacity may open."""

    label: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class CapacityChoice:
    """A role assignment the user may act in; ``id`` is posted to switch."""

    id: int
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around every page of a signed-in user; ``who`` tells one capacity from another."""

    who: str
    user: str
    capacity: str
    menu: tuple[MenuGroup, ...]
    capacities: tuple[CapacityChoice, ...]
    language: str
    unread: str = ""  # notices, where there are any: a number, or 99+
    oversees: bool = False  # sees the letters of the portal


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as text; ``empty`` prints a grey dash; ``tone``: ``ok``, ``warn``, ``off``."""

    text: str = ""
    href: str = ""
    tone: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A list column; ``sort_href`` is empty where no index serves the order."""

    name: str
    label: str
    sort_href: str = ""
    direction: str = ""  # "", "asc", "desc"
    align: str = ""  # "", "end"


@dataclass(frozen=True, slots=True)
class Row:
    """A list row; its first cell is the link to the record page."""

    id: int
    href: str
    cells: tuple[Cell, ...]
    edit_href: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a short list."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FilterInput:
    """One input of the filter panel; ``name`` is the query parameter (``field__op``)."""

    name: str
    label: str
    widget: str  # text, date, number, choice, yesno, relation
    value: str = ""
    value_label: str = ""
    options: tuple[Option, ...] = ()
    picker_href: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, with the address of the list without it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a list shows nothing: ``first`` use, ``nothing`` found, no ``right``."""

    kind: str
    title: str
    text: str
    actions: tuple[Link, ...] = ()
    drops: tuple[Chip, ...] = ()  # conditions, each with the address of the list without it


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list with search, filters, order and keyset paging."""

    title: str
    count: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    search: str
    search_hint: str
    filters: tuple[FilterInput, ...]
    chips: tuple[Chip, ...]
    action: str  # address of the search and filter form (GET)
    hidden: tuple[tuple[str, str], ...]  # order and page size kept by that form
    reset_href: str
    problems: tuple[str, ...] = ()  # filter values that were not understood
    first_href: str = ""
    previous_href: str = ""
    next_href: str = ""
    range: str = ""  # "1–25"
    add: Link | None = None
    exports: tuple[Link, ...] = ()
    empty: Empty | None = None
    crumbs: tuple[Link, ...] = ()
    tools: Tools | None = None
    switcher: Switcher | None = None  # classes of a school
    selection: Selection | None = None  # where something may be done with chosen rows
    bin_href: str = ""  # the trash, for those who may delete
    dated: bool = False  # the list can be shown as of a day
    totals: DayTotals | None = None  # of the day it is shown as of


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; ``item``: its number in Appendix 3, ``source``: wording and periodicity."""

    label: str
    cell: Cell
    item: str = ""
    source: str = ""
    wide: bool = False
    needed: bool = False  # asked by law and not filled
    name: str = ""  # anchor of the fact, so that what is missing can be led to
    reveal_href: str = ""  # where a masked value may be asked for


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of facts."""

    id: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ChildList:
    """Records that are lists of this one, shown inside its page."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    count: str
    add: Link | None = None
    all_href: str = ""
    item: str = ""
    source: str = ""
    shelf: str = ""  # title of the group of lists it stands in


@dataclass(frozen=True, slots=True)
class Completeness:
    """Share of what the law asks that is filled; ``missing`` leads to the inputs that are not."""

    percent: int
    filled: int
    total: int
    missing: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record with its child lists."""

    title: str
    kind: str  # "Организация"
    crumbs: tuple[Link, ...]
    sections: tuple[Section, ...]
    children: tuple[ChildList, ...]
    status: Cell | None = None
    edit: Link | None = None
    ask: Link | None = None  # for a change that the operator decides
    history_href: str = ""
    trash_href: str = ""  # POST
    end_href: str = ""  # to ask for its end
    version: int = 0
    read_only: str = ""  # why it cannot be changed, in a sentence
    completeness: Completeness | None = None
    items: ItemsPanel | None = None
    stamp: str = ""  # "Изменено 23.11.2026 14:05, Иванова А. П."
    doubles: tuple[Link, ...] = ()  # rows that may be of the same person
    who_href: str = ""  # who sees this learner, and why
    steps: tuple[Link, ...] = ()  # of its workflow, that may be taken now
    portions: tuple[PortionRow, ...] = ()  # pieces of it that steps are taken for one by one
    revealed: str = ""  # labels of masked values that this one answer shows

    @property
    def masked(self) -> bool:
        """Whether there are masked values that may be asked for."""
        return any(fact.reveal_href for section in self.sections for fact in section.facts)

    @property
    def shelves(self) -> tuple[tuple[str, tuple[ChildList, ...]], ...]:
        """The lists in their groups; neighbours of one group have one title."""
        return tuple((t, tuple(of)) for t, of in groupby(self.children, lambda one: one.shelf))


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; ``was`` and ``now``: the same word by word, for long texts.

    ``back_href`` opens the form with the value of before, ``stuck`` says why it cannot be typed.
    """

    label: str
    before: Cell
    after: Cell
    was: tuple[Piece, ...] = ()
    now: tuple[Piece, ...] = ()
    back_href: str = ""
    stuck: str = ""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """An answer other than success, in words; ``moment``: when, to be told to those who help."""

    code: int
    title: str
    text: str
    actions: tuple[Link, ...] = field(default=())
    moment: str = ""
    back: str = ""  # the page the person came from


@dataclass(frozen=True, slots=True)
class HomePage:
    """First page after signing in: what the capacity may open."""

    title: str
    greeting: str
    groups: tuple[MenuGroup, ...]
    own: tuple[Link, ...] = ()  # the user's own organisation(s)
