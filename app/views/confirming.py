"""The button «Сведения актуальны» of the page of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.appendix3 import ITEMS
from app.kernel.errors import Refused
from app.models.registry import Organisation
from app.services import keep
from app.services.confirming import EVERY, confirm
from app.views.base import addresses
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.items import may_confirm
from app.views.base.numbers import known_id

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class ConfirmingView(Pages):
    """Confirmations of items by the organisation itself."""

    route_base = "/confirm"
    default_view = "confirm"

    @route("/<int:organisation>/<string:code>", needs=SIGNED_IN, methods=("POST",))
    def confirm(self, organisation: int, code: str) -> Response:
        """Say that one item, or everything that is filled, is up to date."""
        actor = identity()
        row = keep.fetch(db.session(), Organisation, known_id(organisation))
        if not may_confirm(actor, row.id):
            raise Refused("Подтверждает свои сведения сама организация.")
        number = confirm(db.session(), row, code, actor)
        if code == EVERY:
            flash(_("Подтверждено пунктов: %(number)s", number=number))
        else:
            flash(_("Подтверждено: %(name)s", name=_(ITEMS[code].name)))
        where = addresses.card(Organisation, row.id)
        return redirect(f"{where}?items={code}#items", 303)
