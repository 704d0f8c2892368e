"""Rows that a table would put an end to: where they are many, it stops until that is confirmed.

A file of a part of a school that is taken for the whole of it ends the others' enrolments. So a
table that would end more than a twentieth of the rows in force of any organisation is not loaded
before somebody has declared that so many are meant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.kernel.errors import Message, Refused
from app.services.table_draft import CHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.kernel.paged import PagedWriter
    from app.services.table_draft import Draft, Plan

ENDS = "ends"  # the list of such rows, and their figures among those of a run
SHARE = 20  # of so many rows in force one may be ended
STOPPED = Message(
    "Файл закончит %(ended)s из %(open)s действующих записей, это больше 5 процентов. Посмотрите "
    "список и подтвердите, что так и нужно; пока ничего не загружено."
)


class Ends:
    """Counts rows in force that a table ends, organisation by organisation."""

    def __init__(self, session: Session, plan: Plan) -> None:
        """Count what is in force now, if the table can end anything."""
        self.closing = plan.record.about.closing
        self.open: dict[int, int] = {}
        self.ended: Counter[int] = Counter()
        if not self.closing or self.closing not in plan.columns.values():
            self.closing = ""
            return
        table: Any = plan.record.__table__
        owner = table.c.organisation_id
        counted = (
            select(owner, func.count())
            .where(table.c[self.closing].is_(None), table.c.deleted_at.is_(None))
            .group_by(owner)
        )
        self.open = {row[0]: row[1] for row in session.execute(counted)}

    def tell(self, drafts: Sequence[Draft], writer: PagedWriter) -> None:
        """Note the rows among these that end."""
        for draft, last in self._ending(drafts):
            present = draft.present or {}
            self.ended[present["organisation_id"]] += 1
            line = {
                "row": draft.number,
                "id": present["id"],
                "title": present.get("words") or "",
                "last": last,
            }
            writer.add(ENDS, line)

    def _ending(self, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, Any]]:
        if not self.closing:
            return
        for draft in drafts:
            was, now = draft.changes.get(self.closing, (None, None))
            if draft.state == CHANGED and was is None and now is not None:
                yield draft, now

    def figures(self) -> dict[str, Any]:
        """How many end, of how many of their organisations, and whether that stops the table."""
        if not self.ended:
            return {}
        many = any(number * SHARE > self.open.get(of, 0) for of, number in self.ended.items())
        in_force = sum(self.open.get(of, 0) for of in self.ended)
        return {ENDS: {"ended": self.ended.total(), "open": in_force, "many": many}}


def refuse_unconfirmed(counts: Mapping[str, Any], confirmed: int) -> None:
    """Refuse to load what ends many rows unless so many were confirmed. Raises ``Refused``."""
    told = stopping(counts)
    if told and told["ended"] > confirmed:
        raise Refused(STOPPED.text, ended=told["ended"], open=told["open"])


def stopping(counts: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a table that must be confirmed; empty where nothing need be."""
    told: dict[str, Any] = counts.get(ENDS, {})
    return told if told.get("many") else {}
