"""What the page of an organisation says about the 22 items of Appendix 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from app.kernel.appendix3 import ITEMS
from app.kernel.clock import local
from app.kernel.completeness import State, missing, parts_of
from app.kernel.kinds import DATE
from app.models.registry import Organisation
from app.security.database import DatabaseRole
from app.services.confirming import EVERY
from app.services.items import DONE, items_seen
from app.views.base import addresses
from app.views.base.listing import may_add_child

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.completeness import ItemParts, ItemState
    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.services.items import Seen

TONES = {State.FILLED: "ok", State.DECLARED: "off", State.PARTLY: "warn", State.MISSING: "need"}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: number, the decree's name, its state in words, where to go on with it.

    ``confirmed``: when and by whom; ``confirm_href`` is where the button «актуальны» posts to.
    """

    code: str
    name: str
    words: str
    tone: str
    href: str
    confirmed: str = ""
    confirm_href: str = ""


@dataclass(frozen=True, slots=True)
class ItemsPanel:
    """All items of a row, and those of them that need something; ``open``: shown at once."""

    percent: int
    done: int
    total: int
    needing: tuple[ItemLine, ...]
    lines: tuple[ItemLine, ...]
    stale: str = ""  # how many were not confirmed for a year, in words
    every_href: str = ""  # POST: all that is filled is up to date
    open: bool = False


def may_confirm(actor: Identity, organisation_id: int) -> bool:
    """Whether the capacity is one of the organisation itself, which answers for what it enters."""
    return actor.scope.role is DatabaseRole.ORG and organisation_id in actor.scope.writable


def items_panel(
    session: Session, row: Record, actor: Identity, may_write: frozenset[str], *, dated: bool
) -> ItemsPanel | None:
    """The panel of an organisation; other records have none.

    ``dated``: with confirmations and their age, for those who may read the history.
    """
    if not isinstance(row, Organisation):
        return None
    parts = parts_of(type(row))
    seen = items_seen(session, row, actor, dated=dated)
    mine = may_confirm(actor, row.id)
    lines = {
        one: ItemLine(
            one.state.code,
            _(ITEMS[one.state.code].name),
            _words(one),
            "warn" if one.stale else TONES[one.state.state],
            _way(row, parts[one.state.code], actor, may_write, one.state),
            _confirmed(one),
            _confirming(row, one.state.code) if mine and one.state.state in DONE else "",
        )
        for one in seen
    }
    done = sum(one.state.state in DONE for one in seen)
    stale = sum(one.stale for one in seen)
    return ItemsPanel(
        100 * done // len(seen),
        done,
        len(seen),
        tuple(line for one, line in lines.items() if one.stale or one.state.state not in DONE),
        tuple(lines.values()),
        _("не подтверждалось больше года: %(number)s", number=stale) if stale else "",
        _confirming(row, EVERY) if mine and done else "",
        open="items" in request.args,
    )


def _confirming(row: Record, code: str) -> str:
    return f"/confirm/{row.id}/{code}"


def _confirmed(one: Seen) -> str:
    """When the item was confirmed, and by whom."""
    if one.confirmed is None:
        return ""
    who = one.confirmed
    initials = " ".join(f"{word[0]}." for word in who.first_name.split())
    name = f"{who.last_name} {initials}".strip() or _("Система")
    return _("Подтверждено %(day)s, %(name)s", day=DATE.show(local(who.at).date()), name=name)


def _words(seen: Seen) -> str:
    one = seen.state
    if seen.stale:
        return _("не подтверждалось больше года")
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
