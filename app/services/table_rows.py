"""Rows of a table understood, matched and checked, a thousand at a time; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.kernel.errors import Invalid, Message
from app.kernel.rights import addable, reaches, reserved, typable
from app.services.keep import NOT_YOURS, RESERVED
from app.services.table_cells import refuse_error, understood
from app.services.table_columns import KEY, OWNER, Target, keys_of, targets
from app.services.table_draft import ALIKE, CANNOT_ADD, CHANGED, NO_SUCH_KEY, TWICE, Draft
from app.services.table_matching import Standing, by_uid, by_values, normal
from app.services.table_relations import Parents, Relations
from app.services.table_seen import Seen
from app.services.table_shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from app.imports.spreadsheets import Cell
    from app.kernel.actor import Actor
    from app.kernel.choices import Choices
    from app.kernel.record import Record
    from app.services.table_draft import Plan

MOST_CODES = 10_000  # spellings of values of classifiers that are remembered
NOT_A_KEY = Message("Это не ключ: скопируйте его из выгрузки или оставьте ячейку пустой.")


class Rows:
    """The rows of one table as they come; remembers what earlier ones meant."""

    def __init__(self, session: Session, plan: Plan, actor: Actor, book: Choices) -> None:
        """Begin."""
        self.session, self.plan, self.actor, self.book = session, plan, actor, book
        self.record: type[Record] = plan.record
        known = {target.code: target for target in targets(self.record, actor)}
        self.columns = [(at, known[code]) for at, code in plan.columns.items() if code in known]
        self.keys = keys_of(self.record, actor)
        self.typable, self.addable = typable(self.record, actor), addable(self.record, actor)
        self.shape = Shape(self.record, book)
        self.parents = Parents(session, self.record, actor)
        self.relations = Relations(session, self.record, actor)
        self.codes: dict[tuple[str, str | int], Any] = {}
        self.seen = Seen(self.keys)
        self.written: set[int] = set()  # rows that this table has added: no later row means them

    def take(self, lines: Iterable[tuple[int, list[Cell]]]) -> list[Draft]:
        """The drafts of some rows, each with what is wrong with it."""
        drafts = [self._read(number, cells) for number, cells in lines]
        self.parents.find(drafts)
        self.relations.learn(drafts)
        self._match(drafts)
        for draft in drafts:
            self._settle(draft)
        return drafts

    def _read(self, number: int, cells: list[Cell]) -> Draft:
        draft = Draft(number, cells)
        for place, target in self.columns:
            cell = cells[place] if place < len(cells) else None
            try:
                self._cell(draft, target, cell)
            except Invalid as error:
                draft.refuse(Invalid(error.message, field=target.code))
        return draft

    def _cell(self, draft: Draft, target: Target, cell: Cell) -> None:
        if cell is None:
            if self.plan.clear and target.field is not None and not target.of_owner:
                draft.values[target.code] = None
            return
        refuse_error(cell)
        if target.field is None:
            uid = _uid(cell)
            if target.of_owner:
                draft.named[KEY] = uid
            else:
                draft.uid = uid
        elif target.of_owner:
            draft.named[target.code.removeprefix(OWNER)] = self._understood(target, cell)
        elif target.field.kind.target:
            draft.values[target.code] = str(cell)
        else:
            draft.values[target.code] = self._understood(target, cell)

    def _understood(self, target: Target, cell: str | int) -> Any:
        """The value of a cell; what names a value of a classifier is looked up once."""
        assert target.field is not None  # noqa: S101 - the caller has looked
        kind = target.field.kind
        if not kind.classifier:
            return understood(kind, cell, self.book)
        asked = target.code, cell
        if asked not in self.codes:
            if len(self.codes) >= MOST_CODES:
                self.codes.clear()
            self.codes[asked] = understood(kind, cell, self.book)
        return self.codes[asked]

    def _match(self, drafts: list[Draft]) -> None:
        """Find the row each draft means."""
        found = by_uid(self.session, self.record, {d.uid for d in drafts if d.uid})
        for draft in drafts:
            if draft.uid is not None:
                draft.present = found.get(draft.uid)
                if draft.present is None:
                    draft.refuse(NO_SUCH_KEY)
        for key in self.keys or (self.shape.key,):
            self._match_by(key, [d for d in drafts if d.uid is None and d.present is None])

    def _match_by(self, key: tuple[str, ...], drafts: list[Draft]) -> None:
        told = [(draft, self._told(key, draft)) for draft in drafts]
        asked = {one for _draft, one in told if one is not None}
        if not (key and asked):
            return
        found = by_values(self.session, self.record, key, asked)
        for draft, one in told:
            if one is not None and one in found:
                self._choose(draft, [row for row in found[one] if self._fits(draft, row)])

    def _told(self, key: tuple[str, ...], draft: Draft) -> tuple[Any, ...] | None:
        """The values of a key in the file, if it gives all of them."""
        if key not in draft.told:
            draft.told[key] = self._values(key, draft)
        return draft.told[key]

    def _values(self, key: tuple[str, ...], draft: Draft) -> tuple[Any, ...] | None:
        given = self.shape.given(draft)
        values = tuple(normal(self.record, name, given.get(name)) for name in key)
        optional = not self.keys  # a key that nobody has declared may have gaps
        whole = any(v is not None for v in values) if optional else None not in values
        return values if whole else None

    def _fits(self, draft: Draft, row: Standing) -> bool:
        """Whether nothing that tells one row from all others speaks against it."""
        if row["id"] in self.written:
            return False
        single = (key[0] for key in self.keys if len(key) == 1)
        pairs = ((draft.values.get(name), row[name]) for name in single)
        return all(ours is None or theirs is None or ours == theirs for ours, theirs in pairs)

    def _choose(self, draft: Draft, rows: list[Standing]) -> None:
        if len(rows) > 1:
            rows = self.shape.standing(rows)
        if len(rows) > 1:
            draft.refuse(self.shape.ambiguous)
        elif rows:
            draft.present = rows[0]

    def _settle(self, draft: Draft) -> None:
        """Say what is wrong with the row as it would be, and what would change."""
        self._twice(draft)
        present, parent = draft.present, draft.parent
        if present and parent and present[self.shape.owner] != parent["id"]:
            draft.refuse(NO_SUCH_KEY)
        self.relations.settle(draft)
        if draft.problems:
            return
        if draft.present is None:
            self._new(draft)
        else:
            self._changed(draft)
        kept = self.record.about.reserved
        if kept is not None and draft.row is not None and reserved(draft.row, self.actor):
            draft.refuse(RESERVED, kept[0])

    def _new(self, draft: Draft) -> None:
        organisation = draft.organisation or self.actor.organisation_id
        if not self.addable:
            draft.refuse(CANNOT_ADD)
        elif not reaches(self.record, self.actor, organisation if self.shape.owned else None):
            draft.refuse(NOT_YOURS)
        else:
            self.shape.make(draft, organisation, self.addable)

    def _changed(self, draft: Draft) -> None:
        assert draft.present is not None  # noqa: S101 - the caller has looked
        if not reaches(self.record, self.actor, draft.present.get("organisation_id")):
            draft.refuse(NOT_YOURS)
            return
        self.shape.change(draft)
        if draft.state == CHANGED and not set(draft.values) <= self.typable:
            draft.refuse(NOT_YOURS)

    def _twice(self, draft: Draft) -> None:
        """Refuse a second row that means the same one."""
        if draft.present is not None:
            first = self.seen.row(draft.number, draft.present["id"])
            if first:
                draft.refuse(TWICE, row=first)
            return
        told = {key: self._told(key, draft) for key in self.keys}
        first, surely = self.seen.values(draft.number, told)
        if first:
            draft.refuse(TWICE if surely else ALIKE, row=first)


def _uid(cell: str | int) -> UUID:
    try:
        return UUID(str(cell).strip())
    except ValueError:
        raise Invalid(NOT_A_KEY) from None
