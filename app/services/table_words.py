"""What a run over a table tells, as lists of a paged file: changes cell by cell, errors, rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map
from app.kernel.record import new_uid
from app.kernel.sealing import cipher
from app.services.captions import captions_of
from app.services.import_differences import list_name
from app.services.import_findings import PROBLEMS, said
from app.services.table_draft import CHANGED, NEW, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.imports.spreadsheets import Cell
    from app.kernel.errors import Invalid
    from app.kernel.paged import PagedWriter
    from app.services.table_draft import Draft, Plan

BAD = "bad"  # the list of rows that were not loaded, as they came
LONGEST = 200  # characters of a value that is repeated beside an error


class Lines:
    """Writes the lists."""

    def __init__(self, session: Session, plan: Plan, writer: PagedWriter) -> None:
        """Begin with nothing told."""
        self.session, self.plan, self.writer = session, plan, writer
        self.places = {code: place for place, code in plan.columns.items()}
        self.headers: Sequence[Cell] = ()
        self.cells: Counter[str] = Counter()
        self.faults = 0
        fields = field_map(plan.record)
        self.pointers = {n: f.kind.target for n, f in fields.items() if f.kind.target}

    def head(self, headers: Sequence[Cell]) -> None:
        """Take the first row of the file."""
        self.headers = headers

    def tell(self, drafts: Sequence[Draft]) -> None:
        """Write what becomes of these rows."""
        for draft in drafts:
            if draft.state == SKIPPED:
                self._errors(draft)
        told = [draft for draft in drafts if draft.state in {NEW, CHANGED}]
        words = captions_of(self.session, self._pointed(told)) if self.pointers else {}
        for draft in told:
            self._changes(draft, words)

    def _pointed(self, drafts: Sequence[Draft]) -> dict[str, set[int]]:
        wanted: dict[str, set[int]] = {}
        for draft in drafts:
            for target, value in self._pairs(draft):
                wanted.setdefault(target, set()).add(value)
        wanted.pop("file", None)
        return wanted

    def _pairs(self, draft: Draft) -> Iterator[tuple[str, int]]:
        for name, pair in draft.changes.items():
            if name in self.pointers:
                yield from ((self.pointers[name], v) for v in pair if v is not None)

    def _changes(self, draft: Draft, words: dict[str, dict[int, str]]) -> None:
        own: dict[str, dict[int, str]] = {}
        for target, value in self._pairs(draft):
            own.setdefault(target, {})[value] = words.get(target, {}).get(value, "")
        self.cells[draft.state] += len(draft.changes)
        self.writer.add(
            list_name(draft.state, self.plan.record.__tablename__),
            {
                "id": draft.ident or (draft.present["id"] if draft.present else 0),
                "row": draft.number,
                "title": self._title(draft),
                "values": self._sealed(draft),
                "words": own,
            },
        )

    def _sealed(self, draft: Draft) -> dict[str, list[Any]]:
        """The changes as the log holds them: restricted texts sealed."""
        kinds = self.plan.record.sealed
        found: dict[str, list[Any]] = {name: list(pair) for name, pair in draft.changes.items()}
        for name in kinds.keys() & found.keys():
            was, now = (
                None if text is None else known or cipher().seal(kinds[name], text, new_uid())
                for text, known in zip(found[name], ("", draft.sealed.get(name)), strict=True)
            )
            found[name] = [was, now]
        return found

    def _title(self, draft: Draft) -> str:
        """Words that name the row; of a list, those of its parent."""
        for row in (draft.parent, draft.present):
            if row is not None and row.get("words"):
                return str(row["words"])
        worked = draft.row.worked_out() if draft.row is not None else {}
        names = self.plan.record.about.caption
        found: dict[str, Any] = {n: now for n, (_was, now) in draft.changes.items()} | worked
        return next((str(found[n]) for n in names if found.get(n)), "")

    def _errors(self, draft: Draft) -> None:
        told = [self._error(draft, problem) for problem in draft.problems]
        for line in told:
            self.writer.add(PROBLEMS, line)
        self.faults += len(told)
        why = [[line["column"], line["field"], line["why"]] for line in told]
        self.writer.add(BAD, {"row": draft.number, "cells": draft.cells, "why": why})

    def _error(self, draft: Draft, problem: Invalid) -> dict[str, Any]:
        code = problem.field or ""
        place = self.places.get(code)
        value = None
        if place is not None and place < len(draft.cells):
            value = draft.cells[place]
        header = None
        if place is not None and place < len(self.headers):
            header = self.headers[place]
        return {
            "row": draft.number,
            "column": "" if header is None else str(header)[:LONGEST],
            "field": code,
            "value": "" if value is None else str(value)[:LONGEST],
            "why": said(problem.message),
        }
