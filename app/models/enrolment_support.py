"""Food benefits, disability and special needs (Appendix 3, items 1.12 and 1.13): health data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, DATE_PAST, TEXT, YES_NO, choice, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.kernel.rules import apart
from app.models.enrolment import OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

HEALTH = {"direct": "student_health"}
NO_DISABILITY = "00"
_DAYS = "daterange(valid_from, valid_to, '[]')"
_WHOSE = "int8range(student_id, student_id, '[]')"
_WHICH = "int8range(hashtext(category_code), hashtext(category_code), '[]')"
TWICE = Message("За эти дни такая категория уже записана. Проверьте даты.")
ENDLESS = Message("Отмечено «бессрочно», а указано, до какого дня. Оставьте что-то одно.")


@register
class StudentFoodBenefit(Record):
    """A category of free meals of a learner (социальная выплата на питание, item 1.12)."""

    __tablename__ = "student_food_benefit"
    about: ClassVar[About] = About(
        title="Льгота на питание",
        title_many="Категории социальных выплат на питание",
        new_title="Новая льгота на питание",
        module="enrolment",
        icon="certificate",
        caption=("category_code",),
        matrix=HEALTH,
        group="health",
        parent="student",
        owner="student_id",
        order="id",
        item="1.12",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="support",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    category_code: Mapped[str] = item(
        "1.12",
        choice("FOOD_BENEFIT", 10),
        "Категория",
        identity=True,
        group="health",
        listed=True,
        filtered=True,
        width=12,
    )
    meal_kind: Mapped[str | None] = item(
        "1.12", choice("MEAL_KIND", 1), "Вид питания", group="health", listed=True
    )
    form: Mapped[str | None] = item(
        "1.12", choice("FOOD_FORM", 1), "Форма", group="health", listed=True
    )
    basis_doc_name: Mapped[str | None] = item(
        "1.12", string(200), "Документ-основание", group="health", width=6
    )
    basis_doc_number: Mapped[str | None] = item(
        "1.12", string(50), "Номер документа", required=False, group="health", width=3
    )
    basis_doc_date: Mapped[dt.date | None] = item(
        "1.12", DATE_PAST, "Дата документа", required=False, group="health", width=3
    )
    order_number: Mapped[str | None] = item(
        "1.12", string(30), "Номер приказа о предоставлении", required=False, group="health"
    )
    order_date: Mapped[dt.date | None] = item(
        "1.12", DATE, "Дата приказа", required=False, group="health"
    )
    valid_from: Mapped[dt.date | None] = item(
        "1.12", DATE, "Предоставляется с", group="health", listed=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "1.12", DATE, "Предоставляется по", required=False, group="health", listed=True
    )
    terminated_reason: Mapped[str | None] = item(
        "1.12", string(200), "Причина прекращения", required=False, group="health", width=12
    )

    __table_args__ = (
        apart(
            "student_food_benefit_once",
            ((_WHOSE, "&&"), (_WHICH, "&&"), (_DAYS, "&&")),
            "deleted_at is null",
            "valid_from",
            TWICE,
        ),
        {"extend_existing": False},
    )


@register
class StudentDisability(Record):
    """A disability of a learner, never its diagnosis (инвалидность, item 1.13)."""

    __tablename__ = "student_disability"
    about: ClassVar[About] = About(
        title="Инвалидность",
        title_many="Инвалидность",
        new_title="Новые сведения об инвалидности",
        module="enrolment",
        icon="shield",
        caption=("disability_code",),
        matrix=HEALTH,
        group="health",
        parent="student",
        owner="student_id",
        order="id",
        item="1.13",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="support",
        spans=(("established_from", "established_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    disability_code: Mapped[str] = item(
        "1.13",
        choice("DISABILITY", 2),
        "Категория инвалидности",
        identity=True,
        group="health",
        listed=True,
        filtered=True,
        help="Диагноз не указывают",
    )
    certificate_number: Mapped[str | None] = item(
        "1.13", string(30), "Справка МСЭ: серия и номер", required=False, group="health"
    )
    certificate_date: Mapped[dt.date | None] = item(
        "1.13", DATE_PAST, "Дата справки МСЭ", required=False, group="health"
    )
    established_from: Mapped[dt.date | None] = item(
        "1.13", DATE, "Установлена с", required=False, group="health", listed=True
    )
    established_to: Mapped[dt.date | None] = item(
        "1.13", DATE, "Установлена по", required=False, group="health", listed=True
    )
    indefinite: Mapped[bool | None] = item("1.13", YES_NO, "Бессрочно", group="health")
    ipra_number: Mapped[str | None] = item(
        "1.13", string(50), "Номер ИПРА", required=False, group="health"
    )
    ipra_date: Mapped[dt.date | None] = item(
        "1.13", DATE, "Дата ИПРА", required=False, group="health"
    )
    assistive_needs: Mapped[str | None] = item(
        "1.13",
        TEXT,
        "Специальные условия по ИПРА",
        required=False,
        group="health",
        width=12,
        help="Диагноз не указывают",
    )

    def check(self) -> Iterator[Invalid]:
        """For ever, or until a day."""
        yield from super().check()
        if self.indefinite and self.established_to:
            yield Invalid(ENDLESS, field="established_to")

    def doubts(self) -> Iterator[Message]:
        """The certificate that a disability is known by."""
        if self.disability_code != NO_DISABILITY and not self.certificate_number:
            yield Message("Укажите серию, номер и дату справки МСЭ.")


@register
class StudentOvz(Record):
    """Limited health opportunities and an adapted programme (ОВЗ, item 1.13; decree п. 5.1)."""

    __tablename__ = "student_ovz"
    about: ClassVar[About] = About(
        title="Ограниченные возможности здоровья",
        title_many="Ограниченные возможности здоровья",
        new_title="Новые сведения об ОВЗ",
        module="enrolment",
        icon="shield",
        caption=("pmpk_number",),
        naming="ОВЗ, заключение ПМПК № %(pmpk_number)s",
        matrix=HEALTH,
        group="health",
        parent="student",
        owner="student_id",
        order="id",
        item="1.13",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="support",
        spans=(("pmpk_date", "pmpk_valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    has_ovz: Mapped[bool] = item(
        "1.13", YES_NO, "Статус ОВЗ", identity=True, group="health", listed=True, filtered=True
    )
    pmpk_number: Mapped[str | None] = item(
        "1.13", string(50), "Номер заключения ПМПК", required=False, group="health", listed=True
    )
    pmpk_date: Mapped[dt.date | None] = item(
        "1.13", DATE_PAST, "Дата заключения ПМПК", required=False, group="health"
    )
    pmpk_valid_to: Mapped[dt.date | None] = item(
        "1.13",
        DATE,
        "Срок действия рекомендаций",
        required=False,
        group="health",
        listed=True,
    )
    needs_adapted_program: Mapped[bool | None] = item(
        "1.13",
        YES_NO,
        "Нужна адаптированная программа",
        group="health",
        listed=True,
        filtered=True,
        width=6,
    )
    adapted_program_variant: Mapped[str | None] = item(
        "1.13", choice("AOP_VARIANT", 5), "Вариант АООП", required=False, group="health"
    )
    special_conditions: Mapped[str | None] = item(
        "1.13", TEXT, "Специальные условия", required=False, group="health", width=12
    )
    parent_consent_date: Mapped[dt.date | None] = item(
        "1.13",
        DATE,
        "Дата согласия родителя на обучение по АООП",
        required=False,
        group="health",
        width=6,
    )

    def doubts(self) -> Iterator[Message]:
        """What the status and the programme are known by."""
        if self.has_ovz and not (self.pmpk_number and self.pmpk_date):
            yield Message("Укажите номер и дату заключения ПМПК.")
        if self.needs_adapted_program and not self.adapted_program_variant:
            yield Message("Укажите вариант адаптированной программы.")
        if self.needs_adapted_program and not self.parent_consent_date:
            yield Message("Укажите дату согласия родителя на обучение по адаптированной программе.")
