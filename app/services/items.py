"""Items of Appendix 3 of one organisation: filled, in part, missing, declared empty; how fresh."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.kernel.appendix3 import ITEMS
from app.kernel.clock import local, today
from app.kernel.completeness import State, parts_of, state_of
from app.models.access import Activity
from app.models.registry import Organisation
from app.models.registry_absences import OrganisationAbsence
from app.models.registry_confirmed import ItemConfirmation
from app.services.compiled import Compiled
from app.services.timeline import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import BindParameter, ColumnElement, Row
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.completeness import ItemParts, ItemState, ListPart

DONE = (State.FILLED, State.DECLARED)
FRESH = 365  # days (domain.md 2.5)
YEAR: ColumnElement[Any] = literal_column(
    "interval '366 days'"
)  # what the log is looked through for


class Confirmed(NamedTuple):
    """The last confirmation of an item: when and by whom."""

    at: dt.datetime
    last_name: str
    first_name: str


class Seen(NamedTuple):
    """One item; ``last``: when it was changed or confirmed, where the reader may know it."""

    state: ItemState
    last: dt.datetime | None = None
    confirmed: Confirmed | None = None

    @property
    def stale(self) -> bool:
        """Filled, and neither changed nor confirmed for more than a year."""
        if self.last is None or self.state.state not in DONE:
            return False
        old = (today() - local(self.last).date()).days > FRESH
        return old and ITEMS[self.state.code].periodicity.kind == "on_change"


def items_seen(session: Session, row: Organisation, actor: Actor, *, dated: bool) -> list[Seen]:
    """Every item in one statement; lists the actor may not see do not count.

    ``dated``: with the days of changes and confirmations, for those who may read the history.
    """
    parts = parts_of(type(row))
    lists = _lists(frozenset(filter(actor.sees, _groups())))
    found = _statement(lists, dated=dated).ask(session, row=row.id).one()
    number = len(lists)
    best: dict[ListPart, int | None] = dict(zip(lists, found[1 : number + 1], strict=True))
    empty: dict[str, str] = found[0] or {}
    states = (
        state_of(code, item, row, best, declared=code in empty) for code, item in parts.items()
    )
    if not dated:
        return [Seen(state) for state in states]
    dates = _Dates(row.created_at, lists, found)
    return [dates.of(state, parts[state.code]) for state in states]


class _Dates:
    """When each item was changed or confirmed, from the columns of the statement."""

    def __init__(self, created: dt.datetime, lists: tuple[ListPart, ...], found: Row[Any]) -> None:
        number = len(lists)
        self.created = created
        self.declared: dict[str, str] = found[0] or {}
        self.lists = dict(zip(lists, found[number + 1 : 2 * number + 1], strict=True))
        fields, confirmed = tuple(found)[-2:]
        self.fields: dict[str, str] = fields or {}
        self.confirmed = {code: _confirmed(*more) for code, *more in confirmed or ()}

    def of(self, state: ItemState, parts: ItemParts) -> Seen:
        confirmed = self.confirmed.get(state.code)
        last = max((*self._changes(state.code, parts), self.created))
        return Seen(state, max(last, confirmed.at) if confirmed else last, confirmed)

    def _changes(self, code: str, parts: ItemParts) -> Iterator[dt.datetime]:
        yield from (_moment(self.fields[f.name]) for f in parts.fields if f.name in self.fields)
        yield from (at for part in parts.lists if (at := self.lists.get(part)) is not None)
        if code in self.declared:
            yield _moment(self.declared[code])


def _confirmed(at: str, last_name: str | None, first_name: str | None) -> Confirmed:
    return Confirmed(_moment(at), last_name or "", first_name or "")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


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


@lru_cache(maxsize=128)
def _statement(lists: tuple[ListPart, ...], *, dated: bool) -> Compiled:
    """Ask for whatever organisation; kept, for it takes longer to write than to send."""
    said, row = OrganisationAbsence.__table__, bindparam("row", type_=BigInteger())
    declared = (
        select(func.json_object_agg(said.c.item_code, said.c.updated_at))
        .where(said.c.organisation_id == row, said.c.deleted_at.is_(None))
        .scalar_subquery()
    )
    columns = [declared, *(part.best(row) for part in lists)]
    if dated:
        columns += [
            *(part.changed(row) for part in lists),
            _fields_changed(row),
            _confirmations(row),
        ]
    return Compiled(select(*columns))


def _fields_changed(row: BindParameter[int]) -> ColumnElement[Any]:
    """When each attribute of the organisation itself was last written, within the year."""
    log = Activity.__table__
    names = func.jsonb_object_keys(log.c.after).table_valued("name").lateral()
    newest = (
        select(names.c.name, func.max(log.c.at).label("at"))
        .select_from(log.join(names, literal(value=True)))
        .where(
            log.c.table_name == Organisation.__tablename__,
            log.c.row_id == row,
            log.c.at > func.now() - YEAR,
        )
        .group_by(names.c.name)
        .subquery()
    )
    return select(func.json_object_agg(newest.c.name, newest.c.at)).scalar_subquery()


def _confirmations(row: BindParameter[int]) -> ColumnElement[Any]:
    """The newest confirmation of each item with the name of the person."""
    kept = ItemConfirmation.__table__
    newest = (
        select(kept.c.item_code, kept.c.at, PEOPLE.c.last_name, PEOPLE.c.first_name)
        .select_from(kept.outerjoin(PEOPLE, PEOPLE.c.id == kept.c.user_id))
        .where(kept.c.organisation_id == row)
        .ext(distinct_on(kept.c.item_code))
        .order_by(kept.c.item_code, kept.c.confirmed_on.desc())
        .subquery()
    )
    return select(func.json_agg(func.json_build_array(*newest.c))).scalar_subquery()
