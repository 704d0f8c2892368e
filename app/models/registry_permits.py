"""Licences and state accreditation of organisations (Appendix 3, items 3.10 and 3.08)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    ACCREDITATION_NUMBER,
    DATE,
    DATE_PAST,
    FILE,
    KPP,
    LICENCE_NUMBER,
    YES_NO,
    choice,
    relation,
    string,
)
from app.kernel.record import About, Imported, Record, Section
from app.kernel.search import stored_search
from app.models.registry import LIVE, REGISTER

ASK = Policy.REQUEST
OWNED = Policy.SYSTEM


@register
class OrganisationLicence(Imported, Record):
    """A licence for educational activity (лицензия, item 3.10)."""

    __tablename__ = "organisation_licence"
    about: ClassVar[About] = About(
        title="Лицензия",
        title_many="Лицензии",
        new_title="Новая лицензия",
        module="registry",
        icon="certificate",
        caption=("licence_number",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        search=("licence_number", "granted_by"),
        search_hint="Номер лицензии или лицензирующий орган",
        order="licence_number",
        item="3.10",
        shelf="permits",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    licence_number: Mapped[str] = item(
        "3.10",
        LICENCE_NUMBER,
        "Регистрационный номер лицензии",
        identity=True,
        policy=ASK,
        listed=True,
        ordered=True,
    )
    blank_series_number: Mapped[str | None] = item(
        "3.10", string(20), "Серия и номер бланка (до 2021)", required=False, policy=ASK
    )
    granted_on: Mapped[dt.date | None] = item(
        "3.10",
        DATE_PAST,
        "Дата предоставления",
        policy=ASK,
        listed=True,
        ordered=True,
        filtered=True,
    )
    granted_by: Mapped[str | None] = item(
        "3.10", string(300), "Лицензирующий орган", policy=ASK, listed=True, width=8
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.10", DATE, "Действует до", required=False, policy=ASK
    )
    status_code: Mapped[str | None] = item(
        "3.10", choice("PERMIT_STATUS", 1), "Статус", policy=ASK, listed=True, filtered=True
    )
    file_id: Mapped[int | None] = item(
        "3.10", FILE, "Выписка из реестра", required=False, policy=ASK
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)


@register
class OrganisationAccreditation(Imported, Record):
    """A certificate of state accreditation (свидетельство, запись реестра; item 3.08).

    Names, address and requisites are kept as printed on the certificate, entrepreneurs included.
    """

    __tablename__ = "organisation_accreditation"
    about: ClassVar[About] = About(
        title="Свидетельство об аккредитации",
        title_many="Государственная аккредитация",
        new_title="Новое свидетельство об аккредитации",
        module="registry",
        icon="shield",
        caption=("registry_number",),
        matrix=REGISTER,
        parent="organisation",
        owner="organisation_id",
        search=("registry_number", "holder_full_name", "holder_inn", "issued_by"),
        search_hint="Номер записи реестра, название или ИНН",
        order="registry_number",
        item="3.08",
        shelf="permits",
        sections=(
            Section("main", "Свидетельство"),
            Section("holder", "Организация, как в свидетельстве"),
            Section("entrepreneur", "Индивидуальный предприниматель"),
        ),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    registry_number: Mapped[str] = item(
        "3.08",
        ACCREDITATION_NUMBER,
        "Номер записи реестра",
        identity=True,
        policy=ASK,
        listed=True,
        ordered=True,
    )
    issued_by: Mapped[str | None] = item(
        "3.08", string(300), "Кем выдана", policy=ASK, listed=True, width=8
    )
    decision_number: Mapped[str | None] = item(
        "3.08", string(50), "Номер распорядительного акта", required=False, policy=ASK
    )
    decision_date: Mapped[dt.date | None] = item(
        "3.08", DATE_PAST, "Дата", policy=ASK, listed=True, ordered=True, filtered=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.08", DATE, "Действует до", required=False, policy=ASK, help="Пусто — бессрочно"
    )
    status_code: Mapped[str | None] = item(
        "3.08", choice("PERMIT_STATUS", 1), "Статус", policy=ASK, listed=True, filtered=True
    )
    file_id: Mapped[int | None] = item("3.08", FILE, "Выписка", required=False, policy=ASK)
    status_text: Mapped[str | None] = field(
        choice("CERTIFICATE_STATUS", 2), "Статус в реестре Рособрнадзора", policy=ASK, width=6
    )
    kind_text: Mapped[str | None] = field(string(200), "Вид свидетельства", policy=ASK, width=6)
    is_federal: Mapped[bool | None] = field(YES_NO, "Выдано федеральным органом", policy=ASK)
    region_code: Mapped[str | None] = field(
        choice("REGION", 2), "Субъект РФ", policy=ASK, filtered=True
    )
    blank_series: Mapped[str | None] = field(string(30), "Серия бланка", policy=ASK)
    blank_number: Mapped[str | None] = field(string(30), "Номер бланка", policy=ASK)
    holder_full_name: Mapped[str | None] = field(
        string(1000), "Полное наименование", section="holder", policy=ASK, width=12
    )
    holder_short_name: Mapped[str | None] = field(
        string(500), "Сокращённое наименование", section="holder", policy=ASK, width=12
    )
    holder_address: Mapped[str | None] = field(
        string(500), "Юридический адрес", section="holder", policy=ASK, width=12
    )
    holder_inn: Mapped[str | None] = field(string(12), "ИНН", section="holder", policy=ASK)
    holder_kpp: Mapped[str | None] = field(KPP, "КПП", section="holder", policy=ASK)
    holder_ogrn: Mapped[str | None] = field(string(15), "ОГРН", section="holder", policy=ASK)
    entrepreneur_name: Mapped[str | None] = field(
        string(300), "Фамилия, имя, отчество", section="entrepreneur", policy=ASK, width=12
    )
    entrepreneur_address: Mapped[str | None] = field(
        string(500), "Адрес", section="entrepreneur", policy=ASK, width=12
    )
    entrepreneur_inn: Mapped[str | None] = field(
        string(12), "ИНН", section="entrepreneur", policy=ASK
    )
    entrepreneur_ogrnip: Mapped[str | None] = field(
        string(15), "ОГРНИП", section="entrepreneur", policy=ASK
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_organisation_accreditation_source",
            "source",
            "source_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )
