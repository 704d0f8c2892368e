"""What the pages of many rows at once and of the trash show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Cell, Change, Link
    from app.views.base.pages_form import FormField
    from app.views.base.pages_list import Selection

Kept = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BulkInput:
    """A field that may get one value in all rows; ``change`` and ``clear`` as they were ticked."""

    name: str
    field: FormField
    change: bool
    clear: bool
    clearable: bool


@dataclass(frozen=True, slots=True)
class BulkForm:
    """The form of new values; ``kept``: which rows, carried from page to page."""

    title: str
    said: str
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    kept: Kept
    sections: tuple[tuple[str, tuple[BulkInput, ...]], ...]
    errors: tuple[tuple[str, str, str], ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A row of the preview: what changes in it, or what is wrong with it."""

    title: str
    href: str
    changes: tuple[Change, ...] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What would be done: figures, reasons, the first rows; ``confirm`` is empty for nothing."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    back_href: str
    kept: Kept
    values: tuple[tuple[str, Cell], ...]
    counts: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    rows: tuple[BulkRow, ...]
    wrong: tuple[BulkRow, ...]
    wrong_count: str
    skip: bool
    confirm: str
    danger: bool
    notice: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TrashRow:
    """A row of the trash; ``parent_gone``: what it belongs to is there as well."""

    id: int
    title: str
    when: str
    who: str
    parent: str = ""
    parent_gone: bool = False


@dataclass(frozen=True, slots=True)
class TrashPage:
    """The trash of a list."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    restore_href: str
    search: str
    search_hint: str
    parent_label: str
    rows: tuple[TrashRow, ...]
    selection: Selection
    next_href: str = ""
