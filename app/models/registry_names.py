"""Former names of organisations (Appendix 3, item 3.01), written by the database itself."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import DATE, relation, string
from app.kernel.record import About, Record
from app.models.registry import REGISTER

OPERATOR = Policy.OPERATOR


@register
class OrganisationNameHistory(Record):
    """A name the organisation had (прежнее наименование).

    A trigger writes it when the name changes, whatever the change came through; the operator adds
    names of earlier times and the document of each change.
    """

    __tablename__ = "organisation_name_history"
    about: ClassVar[About] = About(
        title="Прежнее наименование",
        title_many="Прежние наименования",
        new_title="Новое прежнее наименование",
        module="registry",
        icon="history",
        caption=("short_name", "full_name"),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        order="id",
        in_menu=False,
        shelf="main",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=Policy.SYSTEM
    )
    full_name: Mapped[str] = item(
        "3.01",
        string(1000),
        "Полное наименование",
        identity=True,
        policy=OPERATOR,
        listed=True,
        width=12,
    )
    short_name: Mapped[str | None] = item(
        "3.01", string(255), "Сокращённое наименование", policy=OPERATOR, listed=True, width=6
    )
    valid_from: Mapped[dt.date | None] = item("3.01", DATE, "С", policy=OPERATOR, listed=True)
    valid_to: Mapped[dt.date | None] = item(
        "3.01", DATE, "По", required=False, policy=OPERATOR, listed=True
    )
    basis: Mapped[str | None] = item(
        "3.01", string(300), "Основание (документ)", policy=OPERATOR, listed=True, width=12
    )
