"""Items of Appendix 3 of one organisation: filled, in part, missing, or declared empty."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, func, select

from app.kernel.completeness import parts_of, state_of
from app.models.registry import Organisation
from app.models.registry_absences import OrganisationAbsence
from app.services.compiled import Compiled

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.completeness import ItemState, ListPart


def item_states(session: Session, row: Organisation, actor: Actor) -> list[ItemState]:
    """The state of every item in one statement; lists the actor may not see do not count."""
    parts = parts_of(type(row))
    lists = _lists(frozenset(filter(actor.sees, _groups())))
    found = _statement(lists).ask(session, row=row.id).one()
    best: dict[ListPart, int | None] = dict(zip(lists, found[1:], strict=True))
    empty = set(found[0] or ())
    return [state_of(code, item, row, best, declared=code in empty) for code, item in parts.items()]


@lru_cache(maxsize=1)
def _groups() -> frozenset[str]:
    """The access groups of all lists that answer items."""
    parts = parts_of(Organisation).values()
    return frozenset(part.record.about.group for item in parts for part in item.lists)


@lru_cache(maxsize=64)
def _lists(groups: frozenset[str]) -> tuple[ListPart, ...]:
    """The lists of the groups, in the order of the items they answer."""
    parts = parts_of(Organisation).values()
    return tuple(p for item in parts for p in item.lists if p.record.about.group in groups)


@lru_cache(maxsize=64)
def _statement(lists: tuple[ListPart, ...]) -> Compiled:
    """Ask for whatever organisation; kept, for it takes longer to write than to send."""
    said, row = OrganisationAbsence.__table__, bindparam("row", type_=BigInteger())
    declared = (
        select(func.array_agg(said.c.item_code))
        .where(said.c.organisation_id == row, said.c.deleted_at.is_(None))
        .scalar_subquery()
    )
    return Compiled(select(declared, *(part.best(row) for part in lists)))
