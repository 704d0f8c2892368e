"""What rows of a table point to: their parents, and rows that cells name by words or keys."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.kernel.catalogue import ANOTHERS, field_map, record_named
from app.services.table_columns import KEY, ORGANISATION, OWNER, naming
from app.services.table_draft import AMBIGUOUS, NO_CELL, NO_PARENT, SEVERAL, WHOSE
from app.services.table_matching import Standing, by_id, by_uid, by_values, by_words, folded, normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record
    from app.services.table_draft import Draft

LONGEST_NAME = 500


class Parents:
    """The parents of rows: found by key, by a number that only one can have, or by what is said."""

    def __init__(self, session: Session, record: type[Record], actor: Actor) -> None:
        """Look at the declarations once."""
        self.session, self.actor = session, actor
        name = record.about.parent
        self.parent = record_named(name) if name else None
        self.own: Standing | None = None
        if self.parent is not None and name == ORGANISATION and actor.organisation_id:
            ident = actor.organisation_id
            self.own = by_id(session, self.parent, [ident]).get(ident)
        self.code = f"{OWNER}{KEY}"
        if self.parent is not None:
            self.code = next((f"{OWNER}{f.name}" for f in naming(self.parent, actor)), self.code)

    def find(self, drafts: list[Draft]) -> None:
        """Give each draft its parent, or say why it has none."""
        if self.parent is None:
            return
        uids = {draft.named[KEY] for draft in drafts if draft.named.get(KEY)}
        found = by_uid(self.session, self.parent, uids)
        groups: dict[tuple[str, ...], list[Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.named.get(KEY):
                self._give(draft, [found[u]] if (u := draft.named[KEY]) in found else [], KEY)
            elif draft.named:
                groups[self._names(draft)].append(draft)
            elif self.own is not None:
                draft.parent = self.own
            elif draft.uid is None and not draft.problems:
                draft.refuse(WHOSE, self.code)
        for names, some in groups.items():
            self._by_values(names, some)

    def _names(self, draft: Draft) -> tuple[str, ...]:
        """What to look by: a sealed number alone is enough."""
        parent = self.parent
        sealed = [n for n in draft.named if parent is not None and n in parent.sealed]
        return tuple(sealed[:1] or sorted(draft.named))

    def _by_values(self, names: tuple[str, ...], drafts: list[Draft]) -> None:
        parent = self.parent
        assert parent is not None  # noqa: S101 - the caller has looked
        told = {id(d): tuple(normal(parent, name, d.named[name]) for name in names) for d in drafts}
        found = by_values(self.session, parent, names, told.values())
        for draft in drafts:
            self._give(draft, found.get(told[id(draft)], []), names[0])

    def _give(self, draft: Draft, rows: list[Standing], name: str) -> None:
        if len(rows) == 1:
            draft.parent = rows[0]
        else:
            draft.refuse(AMBIGUOUS if rows else NO_PARENT, f"{OWNER}{name}")


class Relations:
    """Rows that cells name, by the words that name them or by their keys."""

    def __init__(self, session: Session, record: type[Record], actor: Actor) -> None:
        """Look at the declarations once."""
        self.session, self.actor = session, actor
        self.fields = {n: f for n, f in field_map(record).items() if f.kind.target and f.typed}
        self.found: dict[tuple[str, str], list[Standing]] = {}

    def learn(self, drafts: Sequence[Draft]) -> None:
        """Ask for all rows that cells of the drafts name."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for draft in drafts:
            for name, f in self.fields.items():
                if isinstance(text := draft.values.get(name), str):
                    wanted[f.kind.target].add(text.strip()[:LONGEST_NAME])
        self.found = {}
        for target, texts in wanted.items():
            record = record_named(target)
            uids = {text: uid for text in texts if (uid := _uid(text))}
            known = by_uid(self.session, record, uids.values())
            words = by_words(self.session, record, {folded(t) for t in texts - uids.keys()})
            for text in texts:
                row = known.get(uids[text]) if text in uids else None
                rows = words.get(folded(text), []) if text not in uids else []
                self.found[target, text] = [row] if row else rows
        for draft in drafts:
            self._point(draft)

    def _point(self, draft: Draft) -> None:
        """Note what cells name beyond doubt, before it is known which row the draft means."""
        for name, f in self.fields.items():
            if isinstance(text := draft.values.get(name), str):
                rows = self.found.get((f.kind.target, text.strip()[:LONGEST_NAME]), [])
                if len(rows) == 1:
                    draft.pointed[name] = rows[0]["id"]

    def settle(self, draft: Draft) -> None:
        """Put numbers of rows in the place of words; the present row wins where several fit."""
        for name, f in self.fields.items():
            if isinstance(text := draft.values.get(name), str):
                draft.values[name] = self._chosen(draft, f, text.strip()[:LONGEST_NAME])

    def _chosen(self, draft: Draft, f: Field, text: str) -> Any:
        rows = self.found.get((f.kind.target, text), [])
        present = draft.present[f.name] if draft.present else None
        if any(row["id"] == present for row in rows):
            return present
        organisation = draft.organisation or self.actor.organisation_id
        near = [r for r in rows if not f.own or r["organisation_id"] == organisation]
        if len(near) == 1:
            return near[0]["id"]
        if near:
            draft.refuse(SEVERAL, f.name)
        else:
            draft.refuse(ANOTHERS if rows else NO_CELL, f.name, typed=text[:60])
        return None


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
