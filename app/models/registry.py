"""The register of educational organisations (decree 493 п. 5.5; Appendix 3, section 3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID as Uid

from sqlalchemy import BigInteger, Computed, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.bank import account_problem, correspondent_account_problem
from app.kernel.catalogue import register
from app.kernel.errors import Invalid
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    ACCOUNT,
    BIK,
    CORR_ACCOUNT,
    DATE,
    EMAIL,
    INN,
    KPP,
    LATITUDE,
    LONGITUDE,
    OGRN_ANY,
    OKPO,
    OKTMO,
    OKVED,
    PHONE,
    PHONES,
    POSTAL_INDEX,
    TEXT,
    URL,
    UUID,
    YES_NO,
    choice,
    integer,
    relation,
    string,
)
from app.kernel.record import About, Imported, Reading, Record, Section
from app.kernel.search import stored_search

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTER = {
    "direct": "organisation_direct",
    "request": "organisation_request",
    "operator": "organisation_request",
}
LIVE = text("deleted_at is null")


@register
class Organisation(Imported, Record):
    """An educational organisation or a managing authority (образовательная организация, орган управления).

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
        sections=(
            Section("main", "Наименование"),
            Section("contact", "Контакты"),
            Section("place", "Подчинение и место"),
            Section("requisites", "Реквизиты"),
            Section("state", "Состояние и коды"),
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
        help="Как организацию называют в разговоре, например «Школа № 5 г. Смоленска»",
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


@register
class OrganisationAddress(Imported, Record):
    """An address of an organisation: F where classes are held, L by the charter (items 3.05, 3.06)."""

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
        in_menu=False,
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
    fias_guid: Mapped[Uid | None] = item(
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
        {"extend_existing": False},
    )

    def prepare(self) -> None:
        """Write the address in one line from its parts; an imported line stands where there are none."""
        parts = (
            self.postal_index,
            self.locality,
            self.street,
            self.house and f"д. {self.house}",
            self.building and f"корп. {self.building}",
            self.flat and f"кв. {self.flat}",
        )
        if self.locality or self.street or self.house:
            self.full_text = ", ".join(part for part in parts if part)[:500]


@register
class OrganisationBankAccount(Record):
    """A bank or treasury account of an organisation (банковские реквизиты, item 3.07)."""

    __tablename__ = "organisation_bank_account"
    about: ClassVar[About] = About(
        title="Банковский счёт",
        title_many="Банковские реквизиты",
        new_title="Новый банковский счёт",
        module="registry",
        icon="bank",
        caption=("account_number",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        order="account_number",
        reading=Reading.OWN,
        group="bank",
        item="3.07",
        in_menu=False,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=Policy.SYSTEM
    )
    account_kind: Mapped[str | None] = item(
        "3.07",
        choice("ACCOUNT_KIND", 1),
        "Вид счёта",
        policy=Policy.REQUEST,
        group="bank",
        listed=True,
    )
    bik: Mapped[str | None] = item(
        "3.07", BIK, "БИК", policy=Policy.REQUEST, group="bank", listed=True
    )
    bank_name: Mapped[str | None] = item(
        "3.07", string(300), "Банк / ТОФК", policy=Policy.REQUEST, group="bank", listed=True
    )
    correspondent_account: Mapped[str | None] = item(
        "3.07", CORR_ACCOUNT, "Корр. счёт / ЕКС", policy=Policy.REQUEST, group="bank", width=6
    )
    account_number: Mapped[str] = item(
        "3.07",
        ACCOUNT,
        "Казначейский / расчётный счёт",
        identity=True,
        policy=Policy.REQUEST,
        group="bank",
        listed=True,
        ordered=True,
        width=6,
    )
    personal_account: Mapped[str | None] = item(
        "3.07", string(20), "Лицевой счёт", required=False, policy=Policy.REQUEST, group="bank"
    )
    purpose: Mapped[str | None] = item(
        "3.07",
        string(200),
        "Назначение",
        required=False,
        policy=Policy.REQUEST,
        group="bank",
        width=8,
    )
    is_main: Mapped[bool | None] = item(
        "3.07", YES_NO, "Основной", policy=Policy.REQUEST, group="bank", listed=True, width=3
    )
    valid_from: Mapped[dt.date | None] = item(
        "3.07", DATE, "С", policy=Policy.REQUEST, group="bank", width=3
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.07", DATE, "По", required=False, policy=Policy.REQUEST, group="bank", width=3
    )

    __table_args__ = (
        Index(
            "uq_organisation_bank_account_number",
            "organisation_id",
            "bik",
            "account_number",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Check the key of the account against the bank's BIK (CBR rule 515, domain.md 6.5)."""
        checks = (
            ("account_number", account_problem),
            ("correspondent_account", correspondent_account_problem),
        )
        for name, problem_of in checks:
            number = getattr(self, name)
            problem = problem_of(self.bik, number) if self.bik and number else None
            if problem:
                yield Invalid(problem, field=name)
