"""Items of Appendix 3 of one organisation: filled, in part, missing, or declared empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select

from app.kernel.completeness import parts_of, state_of
from app.models.registry_absences import OrganisationAbsence

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.completeness import ItemState, ListPart
    from app.models.registry import Organisation


def item_states(session: Session, row: Organisation, actor: Actor) -> list[ItemState]:
    """The state of every item in one statement; lists the actor may not see do not count."""
    parts = parts_of(type(row))
    lists: list[ListPart] = [
        part
        for item in parts.values()
        for part in item.lists
        if actor.sees(part.record.about.group)
    ]
    said = OrganisationAbsence.__table__
    declared = (
        select(func.array_agg(said.c.item_code))
        .where(said.c.organisation_id == row.id, said.c.deleted_at.is_(None))
        .scalar_subquery()
    )
    ident = literal(row.id)
    found = session.execute(select(declared, *(part.best(ident) for part in lists))).one()
    best = dict(zip(lists, found[1:], strict=True))
    empty = set(found[0] or ())
    return [state_of(code, item, row, best, declared=code in empty) for code, item in parts.items()]
