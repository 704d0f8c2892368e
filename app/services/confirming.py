"""«Сведения актуальны»: an organisation says of what is entered that it is still right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import insert

from app.kernel.clock import today
from app.kernel.errors import Missing, Refused
from app.models.registry_confirmed import ItemConfirmation
from app.services.items import DONE, items_seen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.models.registry import Organisation

EVERY = "all"  # items that are filled


def confirm(session: Session, row: Organisation, code: str, actor: Actor) -> int:
    """Confirm an item, or all that are filled; gives their number. A second time changes nothing.

    Who may do it, the database decides. Raises ``Missing`` for no such item, ``Refused`` for one
    in which nothing or not everything is entered.
    """
    states = {one.state.code: one.state for one in items_seen(session, row, actor, dated=False)}
    if code != EVERY and code not in states:
        raise Missing("Такого пункта нет.")
    codes = [one for one in states if code in {EVERY, one} and states[one].state in DONE]
    if not codes:
        raise Refused("Сначала заполните сведения: подтвердить можно только то, что внесено.")
    written = insert(ItemConfirmation).on_conflict_do_nothing()
    values = {"organisation_id": row.id, "confirmed_on": today(), "user_id": actor.user_id}
    session.execute(written, [{**values, "item_code": one} for one in codes])
    return len(codes)
