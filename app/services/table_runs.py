"""One run over a table: checked without writing, or written as a batch; everything told in a file.

A check writes each thousand of rows and takes it back at once, so that it knows the rules that only
the database keeps.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.imports.table_file import TableFile
from app.kernel.catalogue import record_named
from app.kernel.errors import Message, Refused
from app.kernel.paged import PagedWriter
from app.services import batches
from app.services.codes import read_choices
from app.services.import_findings import PROBLEMS
from app.services.import_runs import LARGEST_REPORT, Told, blank
from app.services.importers import importer_of
from app.services.table_columns import letters_of
from app.services.table_draft import CHANGED, NEW, SAME, SKIPPED, Plan
from app.services.table_ends import Ends, refuse_unconfirmed
from app.services.table_rows import Rows
from app.services.table_store import Store
from app.services.table_words import Lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from app.imports.spreadsheets import Cell
    from app.kernel.actor import Actor
    from app.models.imports import DataImport
    from app.services.import_runs import Shelves
    from app.services.table_draft import Draft

TOGETHER = 1_000  # rows
SAMPLE = 5  # rows shown where columns are chosen
STATES = (NEW, CHANGED, SAME, SKIPPED)
Line = tuple[int, list["Cell"]]


@dataclass(frozen=True, slots=True)
class How:
    """``keep`` what is written; ``whole``: nothing of it where a row has an error.

    ``confirmed``: so many rows may end, however many they are of those in force.
    """

    keep: bool
    whole: bool
    confirmed: int
    progress: Callable[[int, int | None], None]


def look(file_hash: str, shelves: Shelves) -> tuple[str, list[Cell]]:
    """Read the header and the first rows; gives the paged file with them, and the header.

    Raises ``Refused`` for what is no table.
    """
    with shelves.uploads.open(file_hash) as opened, TableFile(opened) as table:
        rows = list(islice(table, SAMPLE + 1))
    with blank() as made:
        writer = PagedWriter(made)
        writer.close({"head": rows[0][1], "sample": [cells for _number, cells in rows[1:]]})
        made.seek(0)
        return shelves.reports.put(made, LARGEST_REPORT).sha256, rows[0][1]


def run(session: Session, file: DataImport, shelves: Shelves, actor: Actor, how: How) -> Told:
    """Go through the table. The caller commits.

    Raises:
        Refused: the file is no table, ``how.whole`` and a row has an error, or more rows end than
            was confirmed.
        Cancelled: ``how.progress`` raised it.
    """
    title = Message(importer_of(file.kind).batch_title.text, file=file.file_name)
    with (
        session.begin_nested() as savepoint,
        shelves.uploads.open(file.file_hash) as opened,
        TableFile(opened) as table,
        blank() as made,
    ):
        batch = None
        if how.keep:
            batch = batches.begin(
                session, f"import.{file.kind}", title, organisation=actor.organisation_id
            )
        one = _Run(session, file, actor, how, PagedWriter(made))
        one.go(table)
        if how.keep and how.whole and one.states[SKIPPED]:
            raise Refused(
                "Ничего не загружено: строк с ошибками — %(number)s. Исправьте их или загрузите"
                " только верные строки.",
                number=one.states[SKIPPED],
            )
        if how.keep:
            refuse_unconfirmed(one.counts, how.confirmed)
        made.seek(0)
        stored = shelves.reports.put(made, LARGEST_REPORT)
        wrote = one.states[NEW] + one.states[CHANGED]
        if not (how.keep and wrote):
            savepoint.rollback()
    return Told(batch if wrote else None, one.counts, stored.sha256)


class _Run:
    """One run; only counts and small marks of rows stay in memory."""

    def __init__(
        self, session: Session, file: DataImport, actor: Actor, how: How, writer: PagedWriter
    ) -> None:
        self.session, self.how, self.writer = session, how, writer
        chosen = file.columns
        self.plan = Plan(
            record_named(file.record),
            {int(place): code for place, code in chosen["map"].items()},
            clear=bool(chosen.get("clear")),
        )
        self.bare = bool(chosen.get("bare"))
        self.rows = Rows(session, self.plan, actor, read_choices(session))
        self.store = Store(session, self.plan.record, actor)
        self.lines = Lines(session, self.plan, writer)
        self.ends = Ends(session, self.plan)
        self.states: Counter[str] = Counter()
        self.counts: dict[str, Any] = {}

    def go(self, table: TableFile) -> None:
        lines = iter(table)
        first = next(lines)
        head = first[1]
        if self.bare:
            lines = chain((first,), lines)
            head = [letters_of(at) for at in range(len(head))]
        self.lines.head(head)
        sample: list[list[Cell]] = []
        _plan_for_many(self.session)
        while some := list(islice(lines, TOGETHER)):
            sample += [cells for _number, cells in some[: SAMPLE - len(sample)]]
            self._take(some, table.rows)
        self.counts = self._counted()
        self.writer.close({**self.counts, "head": head, "sample": sample})

    def _take(self, some: list[Line], total: int) -> None:
        drafts = self.rows.take(some)
        with self._attempt() as savepoint:
            self.store.write(drafts)
            if savepoint is not None:
                savepoint.rollback()
        if self.how.keep:
            added = (d.ident for d in drafts if d.present is None and not d.problems)
            self.rows.written.update(ident for ident in added if ident is not None)
        self._tell(drafts)
        self.how.progress(some[-1][0], max(total, some[-1][0]))

    def _attempt(self) -> AbstractContextManager[Any]:
        """What a check writes is taken back at once."""
        return nullcontext() if self.how.keep else self.session.begin_nested()

    def _tell(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            self.states[draft.state] += 1
        self.lines.tell(drafts)
        self.ends.tell(drafts, self.writer)

    def _counted(self) -> dict[str, Any]:
        states = {state: self.states[state] for state in STATES}
        faults = self.lines.faults
        return {
            "rows": {self.plan.record.__tablename__: {**states, "faults": faults}},
            PROBLEMS: faults,
            "cells": {NEW: self.lines.cells[NEW], CHANGED: self.lines.cells[CHANGED]},
            **self.ends.figures(),
        }


def _plan_for_many(session: Session) -> None:
    """Have rows looked up by index, however small the table was when the plan was made."""
    session.execute(text("set local enable_seqscan = off"))
