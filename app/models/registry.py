"""The register of educational organisations (decree 493 п. 5.5; Appendix 3, section 3)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Computed, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    DATE,
    EMAIL,
    INN,
    KPP,
    OGRN_ANY,
    OKPO,
    OKTMO,
    OKVED,
    PHONE,
    PHONES,
    TEXT,
    URL,
    choice,
    relation,
    string,
)
from app.kernel.record import About, Imported, Record, Section
from app.kernel.search import stored_search

REGISTER = {
    "direct": "organisation_direct",
    "request": "organisation_request",
    "operator": "organisation_request",
}
LIVE = text("deleted_at is null")


@register
class Organisation(Imported, Record):
    """An educational organisation or a managing authority (организация, орган управления).

    Identity is the full name alone: in the real register branches share INN, KPP and OGRN with
    their head, so these are indexed, not unique (decisions 1).
    """

    __tablename__ = "organisation"
    about: ClassVar[About] = About(
        title="Организация",
        title_many="Организации",
        new_title="Новая организация",
        module="registry",
        icon="building",
        caption=("display_name", "short_name", "full_name"),
        caption_label="Наименование",
        hint=("inn", "municipality_id"),
        matrix=REGISTER,
        search=("full_name", "short_name", "display_name", "inn", "ogrn", "registry_number"),
        search_hint="Название, ИНН, ОГРН или номер в реестре",
        order="caption",
        keys=(("ogrn",), ("inn", "kpp")),
        sections=(
            Section("main", "Наименование"),
            Section("contact", "Контакты"),
            Section("place", "Подчинение и место"),
            Section("requisites", "Реквизиты"),
            Section("state", "Состояние и коды"),
        ),
        shelves=(
            Section("main", "Об организации"),
            Section("permits", "Реквизиты, учредители и разрешения"),
            Section("papers", "Документы и управление"),
            Section("learning", "Учебный процесс"),
            Section("admission", "Приём и отчисление"),
        ),
    )

    full_name: Mapped[str] = item(
        "3.01",
        string(1000),
        "Полное наименование (по уставу)",
        identity=True,
        policy=Policy.REQUEST,
        width=12,
    )
    short_name: Mapped[str | None] = item(
        "3.01", string(255), "Сокращённое наименование", policy=Policy.REQUEST, width=6
    )
    display_name: Mapped[str | None] = item(
        "3.01",
        string(120),
        "Краткое имя для списков",
        policy=Policy.DIRECT,
        width=6,
        help="Как организацию называют в разговоре, например «Школа №\u00a05 г.\u00a0Смоленска»",
    )
    former_names: Mapped[str | None] = item(
        "3.01", TEXT, "Прежние наименования", required=False, policy=Policy.SYSTEM, width=12
    )

    phone: Mapped[str | None] = item(
        "3.02", PHONE, section="contact", policy=Policy.DIRECT, listed=True
    )
    phone_ext: Mapped[str | None] = item(
        "3.02",
        string(6),
        "Добавочный",
        required=False,
        section="contact",
        policy=Policy.DIRECT,
        width=2,
    )
    phone_extra: Mapped[str | None] = item(
        "3.02",
        PHONES,
        "Дополнительные телефоны",
        required=False,
        section="contact",
        policy=Policy.DIRECT,
        width=6,
    )
    fax: Mapped[str | None] = field(PHONES, "Факс", section="contact", policy=Policy.DIRECT)
    email: Mapped[str | None] = item(
        "3.03", EMAIL, section="contact", policy=Policy.DIRECT, listed=True
    )
    site_url: Mapped[str | None] = item(
        "3.04", URL, "Официальный сайт", section="contact", policy=Policy.DIRECT, width=6
    )
    head_name: Mapped[str | None] = field(
        string(200), "Руководитель", section="contact", policy=Policy.REQUEST, width=6
    )
    head_position: Mapped[str | None] = field(
        string(200), "Должность руководителя", section="contact", policy=Policy.REQUEST, width=6
    )

    org_type: Mapped[str | None] = field(
        choice("ORG_TYPE", 3),
        "Тип организации",
        section="place",
        policy=Policy.OPERATOR,
        filtered=True,
    )
    org_kind: Mapped[str | None] = field(
        choice("ORG_KIND", 4),
        "Вид организации",
        section="place",
        policy=Policy.REQUEST,
        filtered=True,
    )
    municipality_id: Mapped[int | None] = field(
        relation("municipality"),
        "Муниципальное образование",
        section="place",
        policy=Policy.OPERATOR,
        listed=True,
        filtered=True,
    )
    region_code: Mapped[str | None] = field(
        choice("REGION", 2), "Субъект РФ", section="place", policy=Policy.OPERATOR, filtered=True
    )
    settlement_kind: Mapped[str | None] = field(
        choice("SETTLEMENT_KIND", 1),
        "Город или село",
        section="place",
        policy=Policy.OPERATOR,
        filtered=True,
    )
    founder_level: Mapped[str | None] = field(
        choice("FOUNDER_KIND", 1),
        "Уровень учредителя",
        section="place",
        policy=Policy.OPERATOR,
        filtered=True,
    )
    authority_id: Mapped[int | None] = field(
        relation("organisation"),
        "Орган управления",
        section="place",
        policy=Policy.OPERATOR,
        width=6,
    )
    parent_id: Mapped[int | None] = field(
        relation("organisation"),
        "Головная организация",
        section="place",
        policy=Policy.OPERATOR,
        width=6,
        help="Заполняется для филиала",
    )

    inn: Mapped[str | None] = item(
        "3.07",
        INN,
        "ИНН",
        section="requisites",
        policy=Policy.OPERATOR,
        listed=True,
        ordered=True,
        filtered=True,
    )
    kpp: Mapped[str | None] = item("3.07", KPP, "КПП", section="requisites", policy=Policy.OPERATOR)
    ogrn: Mapped[str | None] = item(
        "3.07", OGRN_ANY, "ОГРН", section="requisites", policy=Policy.OPERATOR
    )
    okpo: Mapped[str | None] = item(
        "3.07", OKPO, "ОКПО", required=False, section="requisites", policy=Policy.OPERATOR
    )
    oktmo: Mapped[str | None] = item(
        "3.07", OKTMO, "ОКТМО", section="requisites", policy=Policy.OPERATOR
    )
    okved_main: Mapped[str | None] = item(
        "3.07",
        OKVED,
        "Основной ОКВЭД",
        required=False,
        section="requisites",
        policy=Policy.OPERATOR,
    )
    okopf: Mapped[str | None] = item(
        "3.07", choice("OKOPF", 5), "ОКОПФ", section="requisites", policy=Policy.OPERATOR
    )
    okfs: Mapped[str | None] = item(
        "3.07", choice("OKFS", 2), "ОКФС", section="requisites", policy=Policy.OPERATOR
    )

    status: Mapped[str | None] = field(
        choice("ORG_STATUS", 1),
        "Состояние",
        section="state",
        policy=Policy.OPERATOR,
        listed=True,
        filtered=True,
    )
    registry_number: Mapped[str | None] = field(
        string(30), "Номер в реестре", section="state", policy=Policy.OPERATOR
    )
    opened_on: Mapped[dt.date | None] = field(
        DATE, "Дата создания", section="state", policy=Policy.OPERATOR, width=3
    )
    closed_on: Mapped[dt.date | None] = field(
        DATE, "Дата закрытия", section="state", policy=Policy.OPERATOR, width=3
    )
    successor_id: Mapped[int | None] = field(
        relation("organisation"), "Правопреемник", section="state", policy=Policy.OPERATOR, width=6
    )
    frdo_code: Mapped[str | None] = field(
        string(20), "Код ФИС ФРДО", section="state", policy=Policy.OPERATOR
    )
    gia_code: Mapped[str | None] = field(
        string(6), "Код ОО для ГИА", section="state", policy=Policy.OPERATOR
    )
    oo1_code: Mapped[str | None] = field(
        string(20), "Код в форме ОО-1", section="state", policy=Policy.OPERATOR
    )

    organisation_id: Mapped[int] = mapped_column(BigInteger, Computed("id", persisted=True))
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index("uq_organisation_source", "source", "source_id", unique=True, postgresql_where=LIVE),
        Index(
            "uq_organisation_registry_number", "registry_number", unique=True, postgresql_where=LIVE
        ),
        Index("ix_organisation_inn_kpp", "inn", "kpp"),
        Index("ix_organisation_ogrn", "ogrn"),
        {"extend_existing": False},
    )
