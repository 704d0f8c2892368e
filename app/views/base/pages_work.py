"""What the pages of jobs and of batches show: frozen values handed to their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.views.base.pages import Change, Link


@dataclass(frozen=True, slots=True)
class JobCard:
    """One job: what, state, how far, result."""

    id: int
    href: str
    title: str
    state: str
    tone: str  # ok, warn, off, bad
    living: bool
    percent: int | None = None  # of its steps, where their number is known
    steps: str = ""
    message: str = ""
    when: str = ""
    took: str = ""
    who: str = ""
    stop_href: str = ""  # POST
    file_href: str = ""
    file_gone: str = ""  # why there is none any more, in a sentence
    file_name: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Jobs, newest first."""

    jobs: tuple[JobCard, ...]
    next_href: str = ""
    everybody_href: str = ""  # for those who may see the jobs of others
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch in the list."""

    href: str
    title: str
    when: str
    who: str
    undone: str = ""  # in words, if it was undone


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """Batches, newest first."""

    batches: tuple[BatchRow, ...]
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One row a batch wrote."""

    record: str
    title: str
    href: str
    verb: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch: how many rows of which record, row by row, and what an undo would do."""

    title: str
    stamp: str
    counts: tuple[tuple[str, str, str, str], ...]  # record, what, number, address of its lines
    lines: tuple[BatchLine, ...]
    next_href: str = ""
    undo_href: str = ""  # POST
    forecast: str = ""  # what an undo would do, in a sentence
    undone: Link | None = None
    undoes: Link | None = None
