"""Educational programmes and languages of instruction (Appendix 3, items 3.16 and 3.17)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, FILE, OKSO, YES_NO, choice, choices, integer, relation, string
from app.kernel.record import About, Record, Section, Writing
from app.kernel.search import stored_search
from app.models.reference import SchoolYear
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

VOCATIONAL = ("05", "06")  # programmes of secondary vocational education have a code
GENERAL = ("01", "02", "03", "04", "14")


@register
class EducationProgram(Record):
    """An educational programme (образовательная программа, item 3.16)."""

    __tablename__ = "education_program"
    about: ClassVar[About] = About(
        title="Образовательная программа",
        title_many="Образовательные программы",
        new_title="Новая образовательная программа",
        module="registry",
        icon="book",
        caption=("name",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        search=("name", "program_code"),
        search_hint="Название или код программы",
        order="name",
        item="3.16",
        writing=Writing.OWN,
        shelf="learning",
        sections=(Section("main", "Программа"), Section("how", "Как реализуется")),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    name: Mapped[str] = item(
        "3.16", string(500), "Наименование", identity=True, policy=DIRECT, listed=True, ordered=True
    )
    level_code: Mapped[str | None] = item(
        "3.16",
        choice("EDU_LEVEL", 2),
        "Уровень/вид",
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=6,
    )
    program_code: Mapped[str | None] = item(
        "3.16",
        OKSO,
        "Код профессии/специальности",
        required=False,
        policy=DIRECT,
        listed=True,
        help="Нужен для программ среднего профессионального образования",
        width=6,
    )
    is_adapted: Mapped[bool | None] = item(
        "3.16", YES_NO, "Адаптированная", policy=DIRECT, filtered=True, width=3
    )
    adapted_variant: Mapped[str | None] = item(
        "3.16",
        choice("AOP_VARIANT", 5),
        "Вариант АООП",
        required=False,
        policy=DIRECT,
        help="Для адаптированной программы",
        width=6,
    )
    profile_code: Mapped[str | None] = item(
        "3.16", choice("STUDY_PROFILE", 10), "Профиль", required=False, policy=DIRECT, width=3
    )
    duration_months: Mapped[int | None] = item(
        "3.16", integer(1, 120), "Срок обучения, мес.", policy=DIRECT, listed=True, width=3
    )
    approved_on: Mapped[dt.date | None] = item(
        "3.16", DATE, "Утверждена", policy=DIRECT, listed=True
    )
    valid_from_year_id: Mapped[int | None] = item(
        "3.16", relation("school_year"), "С учебного года", policy=DIRECT, width=3
    )
    valid_to_year_id: Mapped[int | None] = item(
        "3.16", relation("school_year"), "По учебный год", required=False, policy=DIRECT, width=3
    )
    file_id: Mapped[int | None] = item("3.16", FILE, "Файл", required=False, policy=DIRECT)
    study_forms: Mapped[str | None] = item(
        "3.16", choices("STUDY_FORM", 10), "Формы обучения", section="how", policy=DIRECT, width=12
    )
    language_code: Mapped[str | None] = item(
        "3.16",
        choice("LANGUAGE", 3),
        "Язык",
        section="how",
        policy=DIRECT,
        default="rus",
    )
    uses_distance: Mapped[bool | None] = item(
        "3.16", YES_NO, "Дистанционные технологии", section="how", policy=DIRECT, width=4
    )
    is_network: Mapped[bool | None] = item(
        "3.16", YES_NO, "Сетевая форма", section="how", policy=DIRECT
    )
    is_accredited: Mapped[bool | None] = item(
        "3.16", YES_NO, "Аккредитована", section="how", policy=DIRECT
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    def check(self) -> Iterator[Invalid]:
        """Years in their order; a variant belongs to an adapted programme."""
        yield from super().check()
        if self.adapted_variant and self.is_adapted is False:
            yield Invalid(
                "Вариант есть только у адаптированной программы. Отметьте её или уберите вариант.",
                field="adapted_variant",
            )
        begins, ends = self._years()
        if begins and ends and ends < begins:
            yield Invalid(
                "Последний учебный год раньше первого. Проверьте оба.", field="valid_to_year_id"
            )

    def _years(self) -> tuple[dt.date | None, dt.date | None]:
        session = object_session(self)
        if session is None or not (self.valid_from_year_id and self.valid_to_year_id):
            return None, None
        asked = (self.valid_from_year_id, self.valid_to_year_id)
        query = select(SchoolYear.id, SchoolYear.start_date).where(SchoolYear.id.in_(asked))
        with session.no_autoflush:
            found = {row.id: row.start_date for row in session.execute(query)}
        return found.get(asked[0]), found.get(asked[1])

    def doubts(self) -> Iterator[Message]:
        """What the law asks of some programmes only."""
        if self.level_code in VOCATIONAL and not self.program_code:
            yield Message("У программы среднего профессионального образования нужен код.")
        if self.is_adapted and not self.adapted_variant and self.level_code in GENERAL:
            yield Message("У адаптированной программы нужен вариант.")


@register
class OrganisationLanguage(Record):
    """A language of instruction (язык обучения, item 3.17)."""

    __tablename__ = "organisation_language"
    about: ClassVar[About] = About(
        title="Язык обучения",
        title_many="Языки обучения",
        new_title="Новый язык обучения",
        module="registry",
        icon="list",
        caption=("language_code",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="id",
        item="3.17",
        writing=Writing.OWN,
        in_menu=False,
        shelf="learning",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    language_code: Mapped[str] = item(
        "3.17",
        choice("LANGUAGE", 3),
        "Язык обучения",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
    )
    level_code: Mapped[str | None] = item(
        "3.17",
        choice("EDU_LEVEL", 2),
        "Уровень образования",
        required=False,
        policy=DIRECT,
        listed=True,
        filtered=True,
        help="Пусто — на всех уровнях",
        width=8,
    )
    valid_from: Mapped[dt.date | None] = item(
        "3.17", DATE, "С", required=False, policy=DIRECT, listed=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.17", DATE, "По", required=False, policy=DIRECT, listed=True
    )

    __table_args__ = (
        Index(
            "uq_organisation_language",
            "organisation_id",
            text("coalesce(level_code, '')"),
            "language_code",
            unique=True,
            postgresql_where=text("deleted_at is null and valid_to is null"),
        ),
        {"extend_existing": False},
    )
