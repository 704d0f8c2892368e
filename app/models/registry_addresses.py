"""Addresses of organisations (Appendix 3, items 3.05 and 3.06)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, inspect, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    DATE,
    LATITUDE,
    LONGITUDE,
    POSTAL_INDEX,
    UUID,
    YES_NO,
    choice,
    integer,
    relation,
    string,
)
from app.kernel.record import About, Imported, Record
from app.kernel.search import stored_search
from app.models.registry import REGISTER


class OneLine:
    """An address that is also written in one line, made of its parts."""

    if TYPE_CHECKING:
        postal_index: Any
        locality: Any
        street: Any
        house: Any
        building: Any
        flat: Any
        full_text: Any

    def prepare(self) -> None:
        """Write the line.

        An imported line stands while it has no parts; with the last part its line goes as well.
        """
        parts = (
            self.postal_index,
            self.locality,
            self.street,
            self.house and f"д. {self.house}",
            self.building and f"корп. {self.building}",
            self.flat and f"кв. {self.flat}",
        )
        essential = ("locality", "street", "house")
        attributes: Any = inspect(self).attrs
        cleared = any(any(attributes[name].history.deleted) for name in essential)
        if cleared or any(getattr(self, name) for name in essential):
            self.full_text = ", ".join(part for part in parts if part)[:500] or None


@register
class OrganisationAddress(OneLine, Imported, Record):
    """An address: F where classes are held, L by the charter (items 3.05, 3.06)."""

    __tablename__ = "organisation_address"
    about: ClassVar[About] = About(
        title="Адрес",
        title_many="Адреса",
        new_title="Новый адрес",
        module="registry",
        icon="pin",
        caption=("full_text",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        search=("full_text", "locality", "street", "postal_index"),
        search_hint="Населённый пункт, улица, индекс",
        order="full_text",
        item="3.06",
        answers=(("3.05", "address_kind", "F"), ("3.06", "address_kind", "L")),
        in_menu=False,
        shelf="main",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=Policy.SYSTEM
    )
    address_kind: Mapped[str] = item(
        "3.05",
        choice("ORG_ADDRESS_KIND", 1),
        "Вид адреса",
        identity=True,
        policy=Policy.REQUEST,
        listed=True,
        filtered=True,
    )
    full_text: Mapped[str | None] = item(
        "3.05",
        string(500),
        "Адрес одной строкой",
        policy=Policy.SYSTEM,
        listed=True,
        ordered=True,
        width=12,
    )
    postal_index: Mapped[str | None] = item(
        "3.05", POSTAL_INDEX, "Индекс", policy=Policy.REQUEST, width=2
    )
    region_code: Mapped[str | None] = item(
        "3.05", choice("REGION", 2), "Субъект РФ", policy=Policy.REQUEST, default="67"
    )
    municipality_id: Mapped[int | None] = item(
        "3.05",
        relation("municipality"),
        "Муниципальное образование",
        required=False,
        policy=Policy.REQUEST,
        help="Обязательно для адресов Смоленской области",
        width=6,
    )
    locality: Mapped[str | None] = item(
        "3.05", string(150), "Населённый пункт", policy=Policy.REQUEST
    )
    street: Mapped[str | None] = item(
        "3.05", string(150), "Улица", required=False, policy=Policy.REQUEST
    )
    house: Mapped[str | None] = item("3.05", string(20), "Дом", policy=Policy.REQUEST, width=2)
    building: Mapped[str | None] = item(
        "3.05", string(20), "Корпус/строение", required=False, policy=Policy.REQUEST, width=2
    )
    flat: Mapped[str | None] = item(
        "3.05", string(20), "Квартира", required=False, policy=Policy.REQUEST, width=2
    )
    building_name: Mapped[str | None] = item(
        "3.05", string(150), "Корпус/здание", required=False, policy=Policy.REQUEST, width=6
    )
    is_main: Mapped[bool | None] = item(
        "3.05", YES_NO, "Основной", required=False, policy=Policy.REQUEST, listed=True, width=3
    )
    capacity: Mapped[int | None] = item(
        "3.05",
        integer(1, 5000),
        "Проектная мощность, мест",
        required=False,
        policy=Policy.REQUEST,
        width=3,
    )
    fias_guid: Mapped[uuid.UUID | None] = item(
        "3.05", UUID, "Код ФИАС/ГАР (дом)", required=False, policy=Policy.REQUEST, width=6
    )
    geo_lat: Mapped[Decimal | None] = item(
        "3.05", LATITUDE, "Широта", required=False, policy=Policy.REQUEST, width=3
    )
    geo_lon: Mapped[Decimal | None] = item(
        "3.05", LONGITUDE, "Долгота", required=False, policy=Policy.REQUEST, width=3
    )
    valid_from: Mapped[dt.date | None] = item(
        "3.05", DATE, "С", policy=Policy.REQUEST, listed=True, width=3
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.05", DATE, "По", required=False, policy=Policy.REQUEST, listed=True, width=3
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_organisation_address_legal",
            "organisation_id",
            unique=True,
            postgresql_where=text("deleted_at is null and address_kind = 'L' and valid_to is null"),
        ),
        Index(
            "uq_organisation_address_main",
            "organisation_id",
            unique=True,
            postgresql_where=text(
                "deleted_at is null and address_kind = 'F' and valid_to is null and is_main"
            ),
        ),
        {"extend_existing": False},
    )
