"""What the page of an organisation says about the 22 items of Appendix 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.appendix3 import ITEMS
from app.kernel.completeness import State, missing, parts_of
from app.models.registry import Organisation
from app.services.items import item_states
from app.views.base import addresses
from app.views.base.listing import may_add_child

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.completeness import ItemParts, ItemState
    from app.kernel.record import Record
    from app.security.identity import Identity

DONE = (State.FILLED, State.DECLARED)
TONES = {State.FILLED: "ok", State.DECLARED: "off", State.PARTLY: "warn", State.MISSING: "need"}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: number, the decree's name, its state in words, where to go on with it."""

    code: str
    name: str
    words: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class ItemsPanel:
    """All items of a row, and those of them that need something."""

    percent: int
    done: int
    total: int
    needing: tuple[ItemLine, ...]
    lines: tuple[ItemLine, ...]


def items_panel(
    session: Session, row: Record, actor: Identity, may_write: frozenset[str]
) -> ItemsPanel | None:
    """The panel of an organisation; other records have none."""
    if not isinstance(row, Organisation):
        return None
    parts = parts_of(type(row))
    states = item_states(session, row, actor)
    lines = {
        one: ItemLine(
            one.code,
            _(ITEMS[one.code].name),
            _words(one),
            TONES[one.state],
            _way(row, parts[one.code], actor, may_write, one),
        )
        for one in states
    }
    done = sum(one.state in DONE for one in states)
    needing = tuple(line for one, line in lines.items() if one.state not in DONE)
    return ItemsPanel(100 * done // len(states), done, len(states), needing, tuple(lines.values()))


def _words(one: ItemState) -> str:
    if one.state is State.PARTLY:
        return _("%(filled)s из %(total)s", filled=one.filled, total=one.total)
    words = {State.FILLED: "заполнено", State.DECLARED: "сведений нет", State.MISSING: "нет"}
    return _(words[one.state])


def _way(
    row: Record, parts: ItemParts, actor: Identity, may_write: frozenset[str], one: ItemState
) -> str:
    """The first thing that is missing: an input, an empty form of a list, or the list itself."""
    card = addresses.card(type(row), row.id)
    lacking = missing(row, parts.fields)
    if lacking:
        where = addresses.edit(type(row), row.id) if lacking[0].name in may_write else card
        return f"{where}#{lacking[0].name}"
    if not parts.lists:
        return f"{card}#{parts.fields[0].name}"
    child = parts.lists[0].record
    empty = one.state is State.MISSING
    if empty and may_add_child(child, actor, getattr(row, "organisation_id", None)):
        return f"{addresses.base(child)}/add?parent={row.id}"
    return f"{card}#{child.__tablename__}"
