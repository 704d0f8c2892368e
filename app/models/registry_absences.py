"""«Сведений нет»: what an organisation says it does not have, by item of Appendix 3."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.clock import today
from app.kernel.fields import field
from app.kernel.kinds import DATE_PAST, choice, relation, string
from app.kernel.record import About, Record, Writing
from app.models.registry import LIVE
from app.models.registry_agreements import DIRECT, KEPT, OWNED


@register
class OrganisationAbsence(Record):
    """A declaration that there is nothing to enter in a list (сведений нет); ignored once there is.

    An empty list and one of which somebody has said that it is empty are different things.
    """

    __tablename__ = "organisation_absence"
    about: ClassVar[About] = About(
        title="Сведений нет",
        title_many="Заявлено, что сведений нет",
        new_title="Заявить, что сведений нет",
        module="registry",
        icon="check",
        caption=("item_code",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="main",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    item_code: Mapped[str] = field(
        choice("APPENDIX3_LIST", 4),
        "О чём нет сведений",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=12,
    )
    declared_on: Mapped[dt.date | None] = field(
        DATE_PAST, "Заявлено", policy=DIRECT, listed=True, help="Пусто — сегодня"
    )
    basis: Mapped[str | None] = field(string(300), "Почему", policy=DIRECT, listed=True, width=9)

    __table_args__ = (
        Index(
            "uq_organisation_absence_item",
            "organisation_id",
            "item_code",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )

    def prepare(self) -> None:
        """Declared today, unless another day is given."""
        self.declared_on = self.declared_on or today()
