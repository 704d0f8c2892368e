"""What a record asks of its rows: made of a draft, checked as a form's row is, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from app.kernel.catalogue import ending_of, field_map, record_named
from app.kernel.errors import Invalid
from app.services.codes import accepted
from app.services.table_draft import AMBIGUOUS
from app.services.validity import NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.choices import Choices
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.table_draft import Draft
    from app.services.table_matching import Standing

STAMPS = {
    *("id", "uid", "version", "created_at", "created_by", "updated_at", "updated_by"),
    *("deleted_at", "deleted_by", "person_uid"),
}


class Shape:
    """One record, with everything about it that is asked for each row."""

    ambiguous = AMBIGUOUS

    def __init__(self, record: type[Record], book: Choices) -> None:
        """Look at the declarations once."""
        self.record, self.book = record, book
        self.fields = field_map(record)
        self.owner = record.about.owner
        self.owned = "organisation_id" in self.fields
        self.tied = tuple(self._tied())
        self.columns = tuple(self._columns())
        self.blank = dict.fromkeys(self.fields)
        self.identity = tuple(n for n, f in self.fields.items() if f.identity and f.typed)
        self.coded = {n: f for n, f in self.fields.items() if f.kind.classifier}
        self.defaults = {n: f.default for n, f in self.fields.items() if f.default is not None}
        self.ends = ending_of(record)
        captions = tuple(n for n in record.about.caption if n in self.identity)
        owners = (self.owner,) if self.owner else ()
        self.key = tuple(dict.fromkeys((*owners, *(self.identity or captions))))

    def _tied(self) -> Iterator[str]:
        """Relations that a row has because its parent has them."""
        if not self.record.about.parent:
            return
        parent = field_map(record_named(self.record.about.parent))
        for name, f in self.fields.items():
            if name != self.owner and not f.typed and f.kind.target and name in parent:
                yield name

    def _columns(self) -> Iterator[str]:
        """Attributes that are written as they are: not stamped, not computed by the database."""
        for attribute in inspect(self.record).column_attrs:
            column = attribute.columns[0]
            if attribute.key in STAMPS or column.computed is not None:
                continue
            if attribute.key in self.fields:
                yield attribute.key

    def given(self, draft: Draft) -> dict[str, Any]:
        """Values of the draft as keys take them: of the parent and computed ones too."""
        if draft.facts is None:
            draft.facts = self._given(draft)
        return draft.facts

    def _given(self, draft: Draft) -> dict[str, Any]:
        texts = {n for n, v in draft.values.items() if self.fields[n].kind.target and v is not None}
        values = {n: v for n, v in draft.values.items() if n not in texts} | draft.pointed
        if self.owner and draft.parent is not None:
            values[self.owner] = draft.parent["id"]
        if self.record.about.keys:
            said = {n: v for n, v in values.items() if not self.fields[n].kind.target}
            values |= self._row(said).worked_out()
        return values

    def standing(self, rows: list[Standing]) -> list[Standing]:
        """Of several rows the one that is in force, if there is only one."""
        if self.ends:
            rows = [row for row in rows if row[self.ends] is None] or rows
        return rows

    def make(self, draft: Draft, organisation: int | None, allowed: frozenset[str]) -> None:
        """The new row a draft asks for."""
        values = {n: v for n, v in self.defaults.items() if n in allowed}
        values |= {n: v for n, v in draft.values.items() if v is not None}
        if self.owned:
            values["organisation_id"] = organisation
        if draft.parent is not None:
            values |= {name: draft.parent[name] for name in self.tied}
            values[self.owner] = draft.parent["id"]
        draft.row = self._row(values)
        self._check(draft, set(draft.values))
        if not draft.problems:
            draft.row.prepare()
            now: dict[str, Any] = inspect(draft.row).dict
            draft.changes = {n: (None, now[n]) for n in self.columns if now[n] is not None}

    def change(self, draft: Draft) -> None:
        """The present row with what a draft says otherwise."""
        present = draft.present
        assert present is not None  # noqa: S101 - the caller has looked
        differs = {n: v for n, v in draft.values.items() if present[n] != v}
        if not differs:
            return
        row = draft.row = self._row({name: present[name] for name in self.columns} | differs)
        self._check(draft, set(differs))
        if not draft.problems:
            row.prepare()
            will: dict[str, Any] = inspect(row).dict
            pairs = ((n, present[n], will[n]) for n in self.columns)
            draft.changes = {n: (was, now) for n, was, now in pairs if was != now}

    def _row(self, values: dict[str, Any]) -> Record:
        """A row outside of any session; it is never written, so nobody need hear of its changes."""
        row = self.record()
        inspect(row).dict.update(self.blank | values)
        return row

    def _check(self, draft: Draft, touched: set[str]) -> None:
        row = draft.row
        assert row is not None  # noqa: S101 - just made
        for name in touched:
            if name in self.coded:
                self._code(draft, self.coded[name])
        for name in self.identity:
            if getattr(row, name) is None:
                draft.refuse(Invalid(NEEDED, field=name))
        if not draft.problems:
            draft.problems += row.check()

    def _code(self, draft: Draft, field: Field) -> None:
        """A code that may be chosen today, or that the row has already."""
        present = draft.present[field.name] if draft.present else None
        value = draft.values[field.name]
        if value is None or value == present:
            return
        try:
            accepted(field, value, self.book)
        except Invalid as error:
            draft.refuse(Invalid(error.message, field=field.name))
