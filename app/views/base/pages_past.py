"""What the history of a row shows: days, what was written on them, the filters above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Change, Chip, Empty, Link, Option


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: when, who, in which capacity, through what, and the changed fields.

    ``row`` is the row of a list it was made in, without an address where it cannot be opened;
    ``batch`` and ``request`` are the batch it belongs to and the request it came from, where the
    reader may open them; ``dates`` when that was asked for, decided and is in effect from.
    """

    time: str
    who: str
    capacity: str
    verb: str
    via: str
    batch: Link | None
    dates: str
    request: Link | None
    row: Link | None
    changes: tuple[Change, ...]
    new: bool  # the row was made: there is nothing before


@dataclass(frozen=True, slots=True)
class Day:
    """The writes of a day, newest first."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PastFilters:
    """The inputs above the timeline with what was typed; ``fields`` are groups with titles.

    ``lists``: there are lists that may be shown together with the row, ``together``: they are.
    """

    action: str
    fields: tuple[tuple[str, tuple[Option, ...]], ...]
    people: tuple[Option, ...]
    ways: tuple[Option, ...]
    dates: tuple[Option, ...]
    since: str
    until: str
    lists: bool
    together: bool


@dataclass(frozen=True, slots=True)
class PastPage:
    """The history of one row; ``looked``: how far it was looked through, where not to the end."""

    title: str
    crumbs: tuple[Link, ...]
    filters: PastFilters
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]
    days: tuple[Day, ...]
    reset_href: str
    next_href: str = ""
    first_href: str = ""
    looked: str = ""
    export_href: str = ""
    empty: Empty | None = None
    trash: Link | None = None  # the row is in the trash: the way to bring it back
