"""What the tools of a list show: chosen rows, conditions, columns, saved views, files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Link, Option


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the selection bar: it posts ``scope``, ``ids`` and ``query`` to the address.

    ``tone`` is one of ``primary``, ``plain``, ``danger``; ``download``: the answer is a file;
    ``dialog``: it is no post but a dialog, whose address the list keeps under this name.
    """

    label: str
    href: str
    icon: str = ""
    tone: str = "plain"
    download: bool = False
    dialog: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The bar of chosen rows; ``all_label`` is empty where the page shows every row there is."""

    query: str  # the parameters of the list, for actions on all that it finds
    filter: str  # the part of them that decides which rows there are
    all_label: str
    all_said: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ViewChip:
    """A saved view above the list."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Tools:
    """Saved views of a list, and the addresses of its dialogs as the list stands.

    ``savable``: there is something to keep; ``update``: where one's own changed view is kept.
    """

    filter_href: str
    columns_href: str
    views_href: str
    export_href: str
    views: tuple[ViewChip, ...]
    savable: bool
    update: str
    query: str
    load_href: str = ""  # where rows are loaded from a file


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field that conditions may name; ``options`` are the values of a short list."""

    name: str
    label: str
    section: str
    widget: str
    operators: tuple[tuple[str, str], ...]
    picker_href: str = ""
    options: str = ""  # the name of its list of values


@dataclass(frozen=True, slots=True)
class FilterPage:
    """The builder of conditions: «all» and «any», one level of groups."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    kept: tuple[tuple[str, str], ...]
    fields: tuple[FieldChoice, ...]
    values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # lists of values by name
    tree: dict[str, object]
    most: int


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A field that may be a column."""

    name: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """The chooser of columns; ``first`` is the one that always stands first."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    query: str
    first: str
    lines: tuple[ColumnLine, ...]
    most: int
    back_href: str


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view with what may be done with it; ``options``: whom it may be for."""

    id: int
    name: str
    href: str
    whom: str
    own: bool
    first: bool
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ViewsPage:
    """The saved views of a list, and the form that keeps the present one."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    query: str
    lines: tuple[ViewLine, ...]
    options: tuple[Option, ...]
    back_href: str
    name: str = ""
    shared: str = "own"
    error: str = ""


@dataclass(frozen=True, slots=True)
class ExportPage:
    """The export dialog; ``found``, ``whole``: rows of the filter and of the list, in words."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    query: str
    found: str
    whole: str
    columns: tuple[ColumnLine, ...]
    most: str
    back_href: str


@dataclass(frozen=True, slots=True)
class ClassChip:
    """A class of the school with its learners; ``first``: of another grade than the one before."""

    label: str
    count: str
    href: str
    current: bool
    first: bool = False


@dataclass(frozen=True, slots=True)
class Switcher:
    """The classes of a school, and for those who see several the choice of the school."""

    chips: tuple[ClassChip, ...]
    picker_href: str = ""
    action: str = ""
    name: str = ""
    value: str = ""
    words: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    add: Link | None = None  # the form that adds learners to the chosen class


@dataclass(frozen=True, slots=True)
class DayTotals:
    """How many rows there were on a day; ``lines``: a grade, its number, its classes in words.

    ``over``: there are too many to be counted by grade.
    """

    day: str
    number: int
    lines: tuple[tuple[str, int, str], ...]
    over: bool = False
