"""Licences and state accreditation with supplements, programmes and decisions (items 3.08, 3.10)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    ACCREDITATION_NUMBER,
    DATE,
    DATE_PAST,
    KPP,
    LICENCE_NUMBER,
    OKSO,
    TEXT,
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
        "3.10", DATE_PAST, "Дата предоставления", policy=ASK, listed=True, ordered=True
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
        "3.08", DATE_PAST, "Дата", policy=ASK, listed=True, ordered=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.08", DATE, "Действует до", required=False, policy=ASK, help="Пусто — бессрочно"
    )
    status_code: Mapped[str | None] = item(
        "3.08", choice("PERMIT_STATUS", 1), "Статус", policy=ASK, listed=True, filtered=True
    )
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


@register
class OrganisationAccreditationSupplement(Imported, Record):
    """A supplement to a certificate, issued for the organisation or a branch (приложение)."""

    __tablename__ = "organisation_accreditation_supplement"
    about: ClassVar[About] = About(
        title="Приложение к свидетельству",
        title_many="Приложения к свидетельству",
        new_title="Новое приложение к свидетельству",
        module="registry",
        icon="file",
        caption=("number", "blank_number", "source_id"),
        matrix=REGISTER,
        parent="organisation_accreditation",
        owner="accreditation_id",
        order="id",
        in_menu=False,
        item="3.08",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    accreditation_id: Mapped[int] = item(
        "3.08", relation("organisation_accreditation"), "Аккредитация", identity=True, policy=OWNED
    )
    number: Mapped[str | None] = field(
        string(30), "Номер приложения", policy=ASK, listed=True, width=3
    )
    status_text: Mapped[str | None] = field(
        choice("SUPPLEMENT_STATUS", 2), "Статус приложения", policy=ASK, listed=True, width=3
    )
    issued_on: Mapped[dt.date | None] = field(DATE, "Дата выдачи", policy=ASK, listed=True, width=3)
    is_for_branch: Mapped[bool | None] = field(YES_NO, "Выдано филиалу", policy=ASK, width=3)
    blank_series: Mapped[str | None] = field(
        string(30), "Серия бланка", policy=ASK, listed=True, width=3
    )
    blank_number: Mapped[str | None] = field(
        string(30), "Номер бланка", policy=ASK, listed=True, width=3
    )
    holder_full_name: Mapped[str | None] = field(
        string(1000), "Полное наименование", policy=ASK, width=12
    )
    holder_short_name: Mapped[str | None] = field(
        string(500), "Сокращённое наименование", policy=ASK, width=12
    )
    holder_address: Mapped[str | None] = field(
        string(500), "Юридический адрес", policy=ASK, width=12
    )
    holder_kpp: Mapped[str | None] = field(KPP, "КПП", policy=ASK, width=3)
    note: Mapped[str | None] = field(TEXT, "Примечание", policy=ASK, width=12)

    __table_args__ = (
        Index(
            "uq_organisation_accreditation_supplement_source",
            "source",
            "source_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )


@register
class OrganisationAccreditationProgram(Imported, Record):
    """An accredited programme or level of a supplement (аккредитованная программа, item 3.08)."""

    __tablename__ = "organisation_accreditation_program"
    about: ClassVar[About] = About(
        title="Аккредитованная программа",
        title_many="Аккредитованные программы",
        new_title="Новая аккредитованная программа",
        module="registry",
        icon="book",
        caption=("program_name", "level_text"),
        matrix=REGISTER,
        parent="organisation_accreditation_supplement",
        owner="supplement_id",
        order="id",
        in_menu=False,
        item="3.08",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    accreditation_id: Mapped[int] = item(
        "3.08", relation("organisation_accreditation"), "Аккредитация", identity=True, policy=OWNED
    )
    supplement_id: Mapped[int | None] = field(
        relation("organisation_accreditation_supplement"), "Приложение", policy=OWNED
    )
    level_code: Mapped[str | None] = item(
        "3.08",
        choice("EDU_LEVEL", 2),
        "Уровень образования",
        policy=ASK,
        listed=True,
        filtered=True,
    )
    level_text: Mapped[str | None] = field(
        string(200), "Уровень, как в реестре", policy=ASK, listed=True
    )
    program_name: Mapped[str | None] = field(
        string(1000), "Наименование программы", policy=ASK, listed=True, width=8
    )
    program_code: Mapped[str | None] = field(OKSO, "Код программы", policy=ASK, listed=True)
    program_group_code: Mapped[str | None] = item(
        "3.08", OKSO, "Код профессии/специальности/УГС", required=False, policy=ASK, listed=True
    )
    program_group_name: Mapped[str | None] = field(
        string(500), "Укрупнённая группа", policy=ASK, width=8
    )
    kind_text: Mapped[str | None] = field(string(200), "Вид программы", policy=ASK)
    duration_text: Mapped[str | None] = field(string(100), "Нормативный срок", policy=ASK)
    qualification: Mapped[str | None] = field(string(500), "Квалификация", policy=ASK)
    is_accredited: Mapped[bool | None] = field(YES_NO, "Аккредитована", policy=ASK)
    is_cancelled: Mapped[bool | None] = field(YES_NO, "Лишена аккредитации", policy=ASK)
    is_suspended: Mapped[bool | None] = field(YES_NO, "Приостановлена", policy=ASK)

    __table_args__ = (
        Index(
            "uq_organisation_accreditation_program_source",
            "source",
            "source_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )


@register
class OrganisationAccreditationDecision(Imported, Record):
    """A decision of the accrediting body on a certificate (распорядительный документ)."""

    __tablename__ = "organisation_accreditation_decision"
    about: ClassVar[About] = About(
        title="Решение об аккредитации",
        title_many="Решения об аккредитации",
        new_title="Новое решение об аккредитации",
        module="registry",
        icon="gavel",
        caption=("number", "kind_text"),
        matrix=REGISTER,
        parent="organisation_accreditation",
        owner="accreditation_id",
        order="id",
        in_menu=False,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    accreditation_id: Mapped[int] = field(
        relation("organisation_accreditation"), "Аккредитация", identity=True, policy=OWNED
    )
    kind_text: Mapped[str | None] = field(string(200), "Вид документа", policy=ASK, listed=True)
    decision_text: Mapped[str | None] = field(string(300), "Тип решения", policy=ASK, listed=True)
    number: Mapped[str | None] = field(string(100), "Номер документа", policy=ASK, listed=True)
    decided_on: Mapped[dt.date | None] = field(DATE, "Дата документа", policy=ASK, listed=True)

    __table_args__ = (
        Index(
            "uq_organisation_accreditation_decision_source",
            "source",
            "source_id",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )
