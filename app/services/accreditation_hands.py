"""Contacts that people keep themselves: an import does not write over what somebody typed.

The log tells who wrote a value: the newest write that left it as it stands now. What an undo wrote
does not count, for it only puts back what another had written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, text

from app.kernel.fields import Policy, fields_of
from app.models.registry import Organisation
from app.services.accreditation_report import Left

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from app.services.accreditation_drafts import Draft
    from app.services.accreditation_report import ImportReport
    from app.services.accreditation_store import Found, Row

VIA = "import"  # what the log says of the writes of an import
TYPED = text(
    "select id, name from (select distinct on (g.id, g.name) g.id, g.name, a.via"
    " from jsonb_to_recordset(cast(:given as jsonb)) g(id bigint, name text, value jsonb)"
    " join activity a on a.table_name = 'organisation' and a.row_id = g.id"
    " and a.after -> g.name = coalesce(g.value, 'null') and a.via is distinct from 'undo'"
    " order by g.id, g.name, a.id desc) last where via is distinct from :via"
).bindparams(bindparam("given", type_=Text), via=VIA)
DIRECT = {
    declared.name: declared.label
    for declared in fields_of(Organisation)
    if declared.policy is Policy.DIRECT
}


class Hands:
    """Leaves alone what people typed; tells each value once in a run."""

    def __init__(self, session: Session, report: ImportReport) -> None:
        """Begin with nothing told."""
        self.session = session
        self.report = report
        self._told: set[tuple[int, str]] = set()

    def leave(
        self,
        rows: Iterable[Row],
        found: Mapping[str, Found],
        drafts: Mapping[str, Draft],
    ) -> None:
        """Take out of the rows what would write over a value that somebody typed."""
        changes = {
            (present.id, name): (row, present)
            for row in rows
            if (present := found.get(row.key)) is not None
            for name in DIRECT.keys() & row.values.keys()
            if row.values[name] not in {None, present.values[name]}
        }
        if not changes:
            return
        given = [
            {"id": ident, "name": name, "value": present.values[name]}
            for (ident, name), (_, present) in changes.items()
        ]
        told = json.dumps(given, ensure_ascii=False)
        for ident, name in self.session.execute(TYPED, {"given": told}):
            row, present = changes[ident, name]
            theirs = row.values.pop(name)
            if (ident, name) not in self._told:
                self._told.add((ident, name))
                self.report.left.append(
                    Left(
                        drafts[row.key].certificate,
                        ident,
                        present.values["full_name"],
                        DIRECT[name],
                        present.values[name] or "",
                        theirs,
                    )
                )
