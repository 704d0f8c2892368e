"""What the pages of imports show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Change, Link, Option
    from app.views.base.pages_work import JobCard


@dataclass(frozen=True, slots=True)
class Upload:
    """The form of a new file: where it goes, what it takes."""

    href: str
    endings: str
    largest: int  # bytes
    largest_words: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file in the history."""

    href: str
    name: str
    size: str
    when: str
    who: str
    stage: str
    tone: str
    told: str  # figures in a few words


@dataclass(frozen=True, slots=True)
class TableHead:
    """What the page of a record's tables has beside the form: templates and the way back."""

    title: str
    crumbs: tuple[Link, ...]
    template_href: str
    filled_href: str
    most: str  # rows that a template for changes holds
    rows: str  # that a file may have
    columns: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The form and the history, newest first."""

    upload: Upload
    kind: str
    rows: tuple[ImportRow, ...]
    next_href: str = ""
    table: TableHead | None = None


@dataclass(frozen=True, slots=True)
class CountRow:
    """Figures of one record; each with the address of its rows, where there are any."""

    record: str
    cells: tuple[tuple[str, str, str], ...]  # header, figure, address


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the page."""

    label: str
    number: str
    href: str
    current: bool
    tone: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question with its answer."""

    key: str
    value: str
    context: str
    options: tuple[Option, ...]
    answered: str = ""  # the code
    row_picker: str = ""  # address of choices, where any row may be the answer
    row_label: str = ""
    options_id: str = ""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions of one kind, with the answers that may be given to all of them at once."""

    topic: str
    what: str
    why: str
    rows: tuple[QuestionRow, ...]
    options: tuple[Option, ...]  # for all of them at once
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that is new or changed, cell by cell."""

    title: str
    href: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column of a table with its first values, and what it fills."""

    name: str
    header: str
    letter: str  # as spreadsheets call the column
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """The form of what columns fill."""

    action: str
    columns: tuple[MappedColumn, ...]
    groups: tuple[tuple[str, tuple[Option, ...]], ...]
    lacking: str = ""  # what new rows need and no column fills
    clear: bool = False
    bare: bool = False  # the first row is data
    template_href: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list the page is, in words, and the pages beside it."""

    range: str = ""
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What is open below: one of the lists."""

    kind: str  # "", questions, problems, left, matches, new, changed
    title: str = ""
    lines: tuple[tuple[str, ...], ...] = ()
    counted: bool = False  # each line begins with the number of a row
    heads: tuple[str, ...] = ()
    groups: tuple[QuestionGroup, ...] = ()
    rows: tuple[ChangedRow, ...] = ()
    filters: tuple[Tab, ...] = ()
    pager: Pager | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """So many rows in force end by a table that it is not loaded before this is confirmed."""

    number: int
    words: str
    href: str
    confirm: str  # what is declared


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One file: what it is at, what may be done, what its check or import has told."""

    href: str
    title: str
    stamp: str
    stage: str  # word
    tone: str
    what: str  # in a sentence
    here: str  # address of the page as it is open
    job: JobCard | None  # while it goes on
    failure: str
    counts: tuple[CountRow, ...]
    heads: tuple[str, ...]
    tabs: tuple[Tab, ...]
    part: Part
    actions: frozenset[str]  # check, apply, undo, again
    waiting: str = ""  # why it cannot be loaded yet, in a sentence
    differs: str = ""  # what came out otherwise than the check had told
    forecast: str = ""  # what an undo would do
    batch: Link | None = None
    report_href: str = ""
    crumbs: tuple[Link, ...] = ()
    mapping: Mapping | None = None  # of a table: what its columns fill
    errors_href: str = ""  # of a table: its rows with errors as a file
    bad: str = ""  # how many they are
    ending: Ending | None = None  # of a table: rows in force that end by it, to be confirmed
    cut: str = ""  # what the report leaves out
    gone: str = ""  # why there are no details, in a sentence
