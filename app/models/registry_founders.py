"""Founders and annexes of licences (Appendix 3, items 3.09 and 3.10)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    DATE,
    EMAIL,
    INN,
    OGRN_ANY,
    OKSO,
    PHONE,
    choice,
    decimal,
    relation,
    string,
)
from app.kernel.record import About, Record
from app.kernel.search import stored_search
from app.models.registry import REGISTER
from app.models.registry_permits import ASK, OWNED


@register
class OrganisationFounder(Record):
    """A founder of an organisation (учредитель, item 3.09)."""

    __tablename__ = "organisation_founder"
    about: ClassVar[About] = About(
        title="Учредитель",
        title_many="Учредители",
        new_title="Новый учредитель",
        module="registry",
        icon="users",
        caption=("founder_name",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        search=("founder_name", "inn"),
        search_hint="Наименование или ИНН",
        order="founder_name",
        item="3.09",
        in_menu=False,
        shelf="permits",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    founder_kind: Mapped[str | None] = item(
        "3.09",
        choice("FOUNDER_KIND", 1),
        "Вид учредителя",
        policy=ASK,
        listed=True,
        filtered=True,
    )
    authority_id: Mapped[int | None] = item(
        "3.09",
        relation("organisation"),
        "Орган (в реестре)",
        required=False,
        policy=ASK,
        width=8,
    )
    founder_name: Mapped[str] = item(
        "3.09",
        string(500),
        "Наименование/ФИО",
        identity=True,
        policy=ASK,
        listed=True,
        ordered=True,
    )
    inn: Mapped[str | None] = item("3.09", INN, "ИНН", required=False, policy=ASK, listed=True)
    ogrn: Mapped[str | None] = item("3.09", OGRN_ANY, "ОГРН/ОГРНИП", required=False, policy=ASK)
    head_name: Mapped[str | None] = item(
        "3.09", string(200), "Руководитель", required=False, policy=ASK
    )
    address_text: Mapped[str | None] = item(
        "3.09", string(500), "Адрес", required=False, policy=ASK
    )
    phone: Mapped[str | None] = item("3.09", PHONE, "Телефон", required=False, policy=ASK)
    email: Mapped[str | None] = item("3.09", EMAIL, "Электронная почта", required=False, policy=ASK)
    share_percent: Mapped[Decimal | None] = item(
        "3.09", decimal(5, 2, "0.01", 100), "Доля, %", required=False, policy=ASK, listed=True
    )
    valid_from: Mapped[dt.date | None] = item("3.09", DATE, "С", required=False, policy=ASK)
    valid_to: Mapped[dt.date | None] = item("3.09", DATE, "По", required=False, policy=ASK)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)


@register
class OrganisationLicenceAnnex(Record):
    """What a licence allows at an address (приложение к лицензии, item 3.10)."""

    __tablename__ = "organisation_licence_annex"
    about: ClassVar[About] = About(
        title="Приложение к лицензии",
        title_many="Приложения к лицензии",
        new_title="Новое приложение к лицензии",
        module="registry",
        caption=("level_code",),
        matrix=REGISTER,
        parent="organisation_licence",
        owner="licence_id",
        order="id",
        item="3.10",
        in_menu=False,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    licence_id: Mapped[int] = item(
        "3.10",
        relation("organisation_licence"),
        "Лицензия",
        identity=True,
        policy=Policy.SYSTEM,
        own=True,
    )
    level_code: Mapped[str] = item(
        "3.10",
        choice("EDU_LEVEL", 2),
        "Вид/уровень/подвид образования",
        identity=True,
        policy=ASK,
        listed=True,
        filtered=True,
        width=6,
    )
    address_id: Mapped[int | None] = item(
        "3.10",
        relation("organisation_address"),
        "Место осуществления",
        required=False,
        policy=ASK,
        own=True,
        listed=True,
        width=12,
    )
    program_code: Mapped[str | None] = item(
        "3.10",
        OKSO,
        "Код профессии/специальности",
        required=False,
        policy=ASK,
        listed=True,
    )
