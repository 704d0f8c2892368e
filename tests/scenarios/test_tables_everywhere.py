"""Every list of the portal takes back what its template asks for: generated over the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from app.kernel.catalogue import record_named, records
from tests.generated.values import PLANTED, VALUES
from tests.imports.tabling import Tables
from tests.working import person, session_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.table_columns import Target
    from app.services.table_draft import Draft
    from tests.conftest import Portal

LOGINS = ("operator", "clerk")
TRIES = 5


@dataclass
class Filling:
    """One list being filled by one person, in a transaction that is given up."""

    session: Session
    record: type[Record]
    actor: Identity

    def take(self, cells: list[Any]) -> Draft:
        """The row as loading it would make it; written."""
        from app.services.codes import read_choices  # noqa: PLC0415 - after the settings
        from app.services.table_columns import targets  # noqa: PLC0415 - likewise
        from app.services.table_draft import Plan  # noqa: PLC0415 - likewise
        from app.services.table_rows import Rows  # noqa: PLC0415 - likewise
        from app.services.table_store import Store  # noqa: PLC0415 - likewise

        known = targets(self.record, self.actor)
        plan = Plan(self.record, {at: target.code for at, target in enumerate(known)})
        rows = Rows(self.session, plan, self.actor, read_choices(self.session))
        (draft,) = rows.take([(2, cells)])
        Store(self.session, self.record, self.actor).write([draft])
        return draft

    def fill(self, known: tuple[Target, ...], lists: dict[str, list[str]]) -> Draft:
        """Fill all columns with samples; what does not go with the others is left out."""
        left: set[str] = set()
        other: set[str] = set()
        for _try in range(TRIES):
            cells = [self.cell(t, lists, other) if t.code not in left else None for t in known]
            draft = self.take(cells)
            if not draft.problems:
                return draft
            for problem in draft.problems:
                needed = any(t.code == problem.field and t.needed for t in known)
                (other if needed else left).add(problem.field or "")
            if not {t.code for t in known} & (left | other):
                break
            if left >= {p.field for p in draft.problems} and _try > 1:
                left |= {t.code for t in known if not t.needed and t.field and not t.of_owner}
        return draft

    def cell(self, target: Target, lists: dict[str, list[str]], other: set[str]) -> Any:
        """What a person might put there."""
        field = target.field
        if field is None or target.of_owner:
            named = field is None and target.of_owner
            return str(self.one(target.record, "uid")) if named else None
        name = (self.record.__tablename__, field.name)
        given = (PLANTED.get(name) if field.name in other else None) or VALUES.get(name)
        if given:
            return given
        if field.kind.target:
            row = self.one(record_named(field.kind.target), "uid")
            return str(row) if row else None
        options = lists.get(target.code)
        if options:
            return options[1 if field.name in other and len(options) > 1 else 0]
        return field.kind.samples[0]

    def one(self, record: type[Record], name: str) -> Any:
        """A row to point to, the newest of the own organisation."""
        from sqlalchemy import select  # noqa: PLC0415 - beside its use

        statement = select(getattr(record, name)).order_by(record.id.desc()).limit(1)
        own = self.actor.organisation_id
        column = record.__table__.c.get("organisation_id")
        elsewhere = self.record.about.flow is not None and record.__tablename__ == "organisation"
        if own is not None and column is not None and not elsewhere:
            statement = statement.where(column == own)
        if own is not None and record.__tablename__ == "organisation":
            # A transfer goes to another school.
            statement = statement.where(record.id != own if elsewhere else record.id == own)
        return self.session.scalar(statement)


def lists_of(content: bytes, codes: list[str]) -> dict[str, list[str]]:
    """What the lists of the template offer, by the codes of their columns."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(2).to_python(skip_empty_area=False)
    columns = zip(*rows, strict=True) if rows else ()
    return {code: [t for t in column if t] for code, column in zip(codes, columns, strict=False)}


@pytest.mark.parametrize("login", LOGINS)
def test_what_the_template_asks_for_is_taken_and_comes_back_alike(
    portal: Portal, login: str
) -> None:
    from app.kernel.rights import may_add  # noqa: PLC0415 - likewise
    from app.services.browse import Query  # noqa: PLC0415 - after the settings
    from app.services.table_columns import targets  # noqa: PLC0415 - likewise
    from app.services.table_imports import may_load  # noqa: PLC0415 - likewise
    from app.views.base.table_template import _rows  # noqa: PLC0415 - what the workbook is made of
    from app.views.base.words import Presenter, choices  # noqa: PLC0415 - likewise

    actor = person(portal, login)
    client = portal.client_as(login)
    mine = [r for r in records() if may_load(r, actor) and may_add(r, actor)]
    contents = {}
    for record in mine:
        base = f"/{record.about.module}/{record.__tablename__.replace('_', '-')}"
        contents[record] = Tables(portal, client, base).template()
    wrong, done = [], 0
    with session_of(portal, actor) as session:
        for record in mine:
            known = targets(record, actor)
            filling = Filling(session, record, actor)
            draft = filling.fill(known, lists_of(contents[record], [t.code for t in known]))
            name = record.__tablename__
            if draft.problems or draft.ident is None:
                wrong.append(f"{name}: {draft.problems} {draft.cells}")
                continue
            done += 1
            show = Presenter(choices(actor.stamp))
            query = Query(record, ids=(draft.ident,))
            (back,) = _rows(session, query, known, show)
            again = filling.take(list(back))
            if again.state != "same":
                wrong.append(f"{name}: comes back {again.state} {again.problems} {again.changes}")
        session.rollback()
    assert not wrong, "\n".join(wrong)
    assert done >= 15
