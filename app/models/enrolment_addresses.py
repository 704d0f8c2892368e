"""Addresses of learners (Appendix 3, items 1.10 and 1.11)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, POSTAL_INDEX, UUID, choice, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.models.enrolment import OWNED
from app.models.registry_addresses import OneLine

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTACTS = {"direct": "student_contacts"}
TEMPORARY = "T"  # ADDRESS_KIND: the place of stay
OWN_REGION = "67"
UNTIL = Message("Временная регистрация имеет срок: укажите, до какого дня она действует.")


@register
class StudentAddress(OneLine, Record):
    """Where a learner lives: A in fact (1.10); R by registration, T for a time (1.11)."""

    __tablename__ = "student_address"
    about: ClassVar[About] = About(
        title="Адрес обучающегося",
        title_many="Адреса",
        new_title="Новый адрес обучающегося",
        module="enrolment",
        icon="pin",
        caption=("locality",),
        matrix=CONTACTS,
        parent="student",
        owner="student_id",
        order="id",
        item="1.10",
        answers=(("1.10", "address_kind", "A"), ("1.11", "address_kind", "R")),
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="home",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    address_kind: Mapped[str] = item(
        "1.10",
        choice("ADDRESS_KIND", 1),
        "Вид адреса",
        identity=True,
        listed=True,
        filtered=True,
        width=6,
    )
    full_text: Mapped[str | None] = item(
        "1.10",
        string(500),
        "Адрес одной строкой",
        policy=OWNED,
        group="contact",
        listed=True,
        width=12,
    )
    postal_index: Mapped[str | None] = item(
        "1.10", POSTAL_INDEX, "Индекс", group="contact", width=2
    )
    region_code: Mapped[str | None] = item(
        "1.10", choice("REGION", 2), "Код субъекта РФ", default=OWN_REGION
    )
    municipality_id: Mapped[int | None] = item(
        "1.10",
        relation("municipality"),
        "Муниципальное образование",
        required=False,
        help="Обязательно для адресов Смоленской области",
        filtered=True,
        width=6,
    )
    locality: Mapped[str | None] = item("1.10", string(150), "Населённый пункт", listed=True)
    street: Mapped[str | None] = item("1.10", string(150), "Улица", required=False, group="contact")
    house: Mapped[str | None] = item("1.10", string(20), "Дом", group="contact", width=2)
    building: Mapped[str | None] = item(
        "1.10", string(20), "Корпус/строение", required=False, group="contact", width=2
    )
    flat: Mapped[str | None] = item(
        "1.10", string(20), "Квартира", required=False, group="contact", width=2
    )
    fias_guid: Mapped[uuid.UUID | None] = item(
        "1.10", UUID, "Код ФИАС/ГАР (дом)", required=False, group="contact", width=6
    )
    registration_document: Mapped[str | None] = item(
        "1.11",
        string(200),
        "Документ о регистрации",
        required=False,
        group="contact",
        width=12,
    )
    valid_from: Mapped[dt.date | None] = item("1.10", DATE, "Действует с", listed=True, width=3)
    valid_to: Mapped[dt.date | None] = item(
        "1.10",
        DATE,
        "Действует по",
        required=False,
        listed=True,
        width=3,
        help="Пусто — по настоящее время",
    )

    __table_args__ = (
        Index(
            "uq_student_address_current",
            "student_id",
            "address_kind",
            unique=True,
            postgresql_where=text("deleted_at is null and valid_to is null"),
        ),
        {"extend_existing": False},
    )

    def doubts(self) -> Iterator[Message]:
        """Which municipality of the own region it is; until when a registration for a time."""
        if self.address_kind == TEMPORARY and self.valid_to is None:
            yield UNTIL
        if self.region_code == OWN_REGION and self.municipality_id is None:
            yield Message("Укажите муниципальное образование: по нему закрепляют территорию.")
