"""Rows of a table written by a few statements; one the database refuses is left and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Text, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.kernel.catalogue import record_named
from app.kernel.errors import Message
from app.kernel.record import new_uid
from app.kernel.sealing import cipher, print_of
from app.services.given import given, given_json
from app.services.keep import NOT_YOURS, standing
from app.services.table_draft import CHANGED, MOVED, NEW, Draft
from app.services.validity import explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import Table
    from sqlalchemy.orm import Session
    from sqlalchemy.types import TypeEngine

    from app.kernel.actor import Actor
    from app.kernel.record import Record

DENIED = "42501"  # insufficient_privilege, as of a policy
GONE = Message("Запись, к которой относится строка, только что удалили.")


class Store:
    """Writes drafts of one record."""

    def __init__(self, session: Session, record: type[Record], actor: Actor) -> None:
        """Write into this session."""
        self.session, self.record, self.actor = session, record, actor
        self.table = cast("Table", record.__table__)

    def write(self, drafts: Iterable[Draft]) -> None:
        """Write those that are new or changed; what cannot be written is refused in its draft."""
        some = [draft for draft in drafts if draft.state in {NEW, CHANGED}]
        self._hold(some)
        self._put([draft for draft in some if not draft.problems])

    def _hold(self, drafts: Sequence[Draft]) -> None:
        """Keep the parents of new rows where they are until the end."""
        about = self.record.about
        ids = {d.parent["id"] for d in drafts if d.parent is not None and d.state == NEW}
        if not (about.parent and ids):
            return
        held = standing(self.session, record_named(about.parent), sorted(ids), self.actor)
        for draft in drafts:
            if draft.parent is not None and draft.state == NEW and draft.parent["id"] not in held:
                draft.refuse(GONE)

    def _put(self, drafts: Sequence[Draft]) -> None:
        """All of them, or each half of them by itself where the database refuses something.

        New rows that collide are left out by the statement itself and then tried one by one.
        """
        if not drafts:
            return
        alone = len(drafts) == 1
        left: list[Draft] = []
        try:
            with self.session.begin_nested():
                new = [draft for draft in drafts if draft.state == NEW]
                left = self._add(new, over=not alone)
                self._change([draft for draft in drafts if draft.state == CHANGED])
        except (IntegrityError, ProgrammingError) as error:
            denied = getattr(error.orig, "sqlstate", None) == DENIED
            if not denied and not isinstance(error, IntegrityError):
                raise
            if not alone:
                half = len(drafts) // 2
                self._put(drafts[:half])
                self._put(drafts[half:])
                return
            drafts[0].ident = None
            if isinstance(error, IntegrityError):
                drafts[0].problems.append(explained(self.record, error))
            else:
                drafts[0].refuse(NOT_YOURS)
        for draft in left:
            self._put([draft])

    def _add(self, drafts: Sequence[Draft], *, over: bool) -> list[Draft]:
        """Add them; ``over``: pass over those that collide with a row, and give them back."""
        if not drafts:
            return []
        names = sorted({name for draft in drafts for name in draft.changes})
        uids = [new_uid() for _draft in drafts]
        rows = [{"uid": uid} | self._sealed(d, uid) for d, uid in zip(drafts, uids, strict=True)]
        columns = ["uid", *self._with_prints(names)]
        new = given(self._types(columns))
        source = select(*(new.c[n] for n in columns))
        adding = insert(self.table).from_select(columns, source, include_defaults=False)
        if over:
            adding = adding.on_conflict_do_nothing()
        statement = adding.returning(self.table.c.id, self.table.c.uid)
        found = self.session.execute(statement, {"given": given_json(rows)})
        ids = {uid: ident for ident, uid in found}
        for draft, uid in zip(drafts, uids, strict=True):
            draft.ident = ids.get(uid)
        return [draft for draft in drafts if draft.ident is None]

    def _change(self, drafts: Sequence[Draft]) -> None:
        """Rows that change the same attributes go together: no other is touched."""
        groups: dict[tuple[str, ...], list[Draft]] = {}
        for draft in drafts:
            groups.setdefault(tuple(sorted(draft.changes)), []).append(draft)
        for names, some in groups.items():
            done = self._update(names, some)
            for draft in some:
                assert draft.present is not None  # noqa: S101 - it is changed
                draft.ident = draft.present["id"]
                if draft.ident not in done:
                    draft.refuse(MOVED)

    def _update(self, names: tuple[str, ...], drafts: Sequence[Draft]) -> set[int]:
        columns = self._with_prints(names)
        new = given(self._types(["id", "version", *columns]))
        statement = (
            update(self.table)
            .values({name: new.c[name] for name in columns})
            .where(self.table.c.id == new.c.id, self.table.c.version == new.c.version)
            .returning(self.table.c.id)
        )
        rows = [self._changed(draft) for draft in drafts]
        return set(self.session.scalars(statement, {"given": given_json(rows)}))

    def _changed(self, draft: Draft) -> dict[str, Any]:
        present = draft.present
        assert present is not None  # noqa: S101 - it is changed
        own = {"id": present["id"], "version": present["version"]}
        return own | self._sealed(draft, present["uid"])

    def _sealed(self, draft: Draft, uid: UUID) -> dict[str, Any]:
        """The values as they lie in the table: restricted texts sealed, with their fingerprints."""
        values = {name: now for name, (_was, now) in draft.changes.items()}
        for name, kind in self.record.sealed.items():
            text = values.get(name)
            if text is not None:
                values[name] = draft.sealed[name] = cipher().seal(kind, text, uid)
                values[print_of(name)] = cipher().fingerprint(kind, text)
        return values

    def _with_prints(self, names: Iterable[str]) -> list[str]:
        known = list(names)
        return [*known, *(print_of(name) for name in known if name in self.record.sealed)]

    def _types(self, names: Iterable[str]) -> Mapping[str, TypeEngine[Any]]:
        sealed = self.record.sealed
        return {n: Text() if n in sealed else self.table.c[n].type for n in names}
