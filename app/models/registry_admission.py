"""Admission to organisations and their assigned territories (Appendix 3, item 3.19)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import DATE, DATETIME, HOUSES, integer, relation, string
from app.kernel.record import About, Record, Section, Writing
from app.kernel.search import stored_search
from app.models.registry import LIVE
from app.models.registry_agreements import DIRECT, KEPT, OWNED


@register
class OrganisationAdmissionInfo(Record):
    """How a school admits to a grade in a school year (информация о зачислении, item 3.19)."""

    __tablename__ = "organisation_admission_info"
    about: ClassVar[About] = About(
        title="Приём в класс",
        title_many="Информация о зачислении",
        new_title="Приём в новый класс",
        module="registry",
        icon="clipboard",
        caption=("grade",),
        naming="Приём, класс %(grade)s, %(school_year_id)s",
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="grade",
        item="3.19",
        writing=Writing.OWN,
        in_menu=False,
        shelf="admission",
        sections=(Section("main", "Приём"), Section("windows", "Сроки подачи заявлений")),
        spans=(
            ("window1_from", "window1_to"),
            ("window1_to", "window2_from"),
            ("window2_from", "window2_to"),
        ),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    school_year_id: Mapped[int] = item(
        "3.19",
        relation("school_year"),
        "Учебный год приёма",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=4,
    )
    grade: Mapped[int] = item(
        "3.19",
        integer(1, 12),
        "Класс/курс",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        filtered=True,
        width=2,
    )
    planned_classes: Mapped[int | None] = item(
        "3.19",
        integer(0, 40),
        "Планируется классов",
        required=False,
        policy=DIRECT,
        listed=True,
    )
    planned_places: Mapped[int | None] = item(
        "3.19", integer(0, 3000), "Планируется мест", policy=DIRECT, listed=True
    )
    enrolled_count: Mapped[int | None] = item(
        "3.19", integer(0, 3000), "Зачислено", policy=Policy.SYSTEM, listed=True
    )
    territory_act_number: Mapped[str | None] = item(
        "3.19",
        string(50),
        "Акт о закреплённой территории, №",
        required=False,
        policy=DIRECT,
        width=6,
    )
    territory_act_date: Mapped[dt.date | None] = item(
        "3.19",
        DATE,
        "Дата акта",
        required=False,
        policy=DIRECT,
        help="Акт издают не позднее 15 марта",
    )
    rules_document_id: Mapped[int | None] = item(
        "3.19",
        relation("organisation_document"),
        "Правила приёма",
        required=False,
        policy=DIRECT,
        own=True,
        width=12,
    )
    contact_text: Mapped[str | None] = item(
        "3.19", string(300), "Контакты приёмной", required=False, policy=DIRECT
    )
    published_on: Mapped[dt.date | None] = item(
        "3.19", DATE, "Опубликовано", required=False, policy=DIRECT, listed=True
    )
    window1_from: Mapped[dt.datetime | None] = item(
        "3.19",
        DATETIME,
        "Приём (закреплённая территория) с",
        required=False,
        section="windows",
        policy=DIRECT,
        help="В первый класс обычно с 1 апреля, 00:00",
        listed=True,
        width=6,
    )
    window1_to: Mapped[dt.datetime | None] = item(
        "3.19",
        DATETIME,
        "Приём (закреплённая территория) по",
        required=False,
        section="windows",
        policy=DIRECT,
        help="Обычно по 30 июня, 23:59",
        listed=True,
        width=6,
    )
    window2_from: Mapped[dt.datetime | None] = item(
        "3.19",
        DATETIME,
        "Приём (остальные) с",
        required=False,
        section="windows",
        policy=DIRECT,
        help="Обычно с 6 июля",
        width=6,
    )
    window2_to: Mapped[dt.datetime | None] = item(
        "3.19",
        DATETIME,
        "Приём (остальные) по",
        required=False,
        section="windows",
        policy=DIRECT,
        help="Обычно по 5 сентября",
        width=6,
    )

    __table_args__ = (
        Index(
            "uq_organisation_admission_info_grade",
            "organisation_id",
            "school_year_id",
            "grade",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )


@register
class AssignedTerritory(Record):
    """A part of the territory assigned to a school (закреплённая территория, item 3.19).

    Kept by the municipal authority for the schools it oversees, not by the schools.
    """

    __tablename__ = "assigned_territory"
    about: ClassVar[About] = About(
        title="Закреплённая территория",
        title_many="Закреплённая территория",
        new_title="Новый участок закреплённой территории",
        module="registry",
        icon="map",
        caption=("street", "locality"),
        naming="%(locality)s, %(street)s",
        matrix={"direct": "territories"},
        parent="organisation",
        owner="organisation_id",
        search=("locality", "street"),
        search_hint="Населённый пункт или улица",
        order="locality",
        item="3.19",
        answers=(),  # said by the authority and not by the school
        writing=Writing.OVERSEEN,
        in_menu=False,
        shelf="admission",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = item(
        "3.19", relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    locality: Mapped[str] = item(
        "3.19",
        string(150),
        "Населённый пункт",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
    )
    street: Mapped[str | None] = item(
        "3.19",
        string(150),
        "Улица",
        required=False,
        policy=DIRECT,
        listed=True,
        help="Пусто — весь населённый пункт",
    )
    house_rule: Mapped[str | None] = item("3.19", HOUSES, "Дома", policy=DIRECT, listed=True)
    valid_from: Mapped[dt.date | None] = item("3.19", DATE, "С", policy=DIRECT, listed=True)
    valid_to: Mapped[dt.date | None] = item(
        "3.19", DATE, "По", required=False, policy=DIRECT, listed=True
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)
