"""Supplements, programmes and decisions of state accreditation (Appendix 3, item 3.08)."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, KPP, OKSO, TEXT, YES_NO, choice, relation, string
from app.kernel.record import About, Imported, Record
from app.models.registry import LIVE, REGISTER
from app.models.registry_permits import ASK, OWNED


@register
class OrganisationAccreditationSupplement(Imported, Record):
    """A supplement to a certificate, for the organisation or a branch (приложение, item 3.08)."""

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
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )
