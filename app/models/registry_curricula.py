"""Curricula and their lines, with the weekly load sanitary rules allow (item 3.14)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, func, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field, item
from app.kernel.grades import grades_of
from app.kernel.kinds import DATE, FILE, choice, decimal, integer, relation, string
from app.kernel.kinds.numbers import grouped
from app.kernel.record import About, Record, Refusal, Writing
from app.kernel.search import stored_search
from app.models.reference_school import WeeklyLoad
from app.models.registry import LIVE
from app.models.registry_agreements import DIRECT, KEPT, OWNED
from app.models.registry_calendars import AcademicCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

APPROVED = "A"
WEIGHED = ("O", "F")  # parts of a curriculum that count for the load; extracurricular ones do not
TOO_MUCH = Message(
    "В утверждённом плане часов в неделю больше, чем допускают санитарные правила. "
    "Уменьшите часы или верните план в проект."
)


@register
class Curriculum(Record):
    """A curriculum of a school year (учебный план, item 3.14)."""

    __tablename__ = "curriculum"
    about: ClassVar[About] = About(
        title="Учебный план",
        title_many="Учебные планы",
        new_title="Новый учебный план",
        module="registry",
        icon="list",
        caption=("name",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        search=("name",),
        search_hint="Название плана",
        order="name",
        item="3.14",
        writing=Writing.OWN,
        shelf="learning",
        refusals=(Refusal("ck_curriculum_load", "state", TOO_MUCH),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    name: Mapped[str] = item(
        "3.14", string(300), "Наименование", identity=True, policy=DIRECT, listed=True, ordered=True
    )
    program_id: Mapped[int | None] = item(
        "3.14",
        relation("education_program"),
        "Образовательная программа",
        policy=DIRECT,
        own=True,
        listed=True,
        width=9,
    )
    school_year_id: Mapped[int | None] = item(
        "3.14",
        relation("school_year"),
        "Учебный год",
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=3,
    )
    week_days: Mapped[int | None] = item(
        "3.14", integer(5, 6), "Дней в учебной неделе", policy=DIRECT, listed=True
    )
    approved_on: Mapped[dt.date | None] = item("3.14", DATE, "Утверждён", policy=DIRECT)
    approval_document_id: Mapped[int | None] = item(
        "3.14",
        relation("organisation_document"),
        "Приказ",
        required=False,
        policy=DIRECT,
        own=True,
        width=6,
    )
    file_id: Mapped[int | None] = item("3.14", FILE, "Файл", required=False, policy=DIRECT)
    state: Mapped[str | None] = item(
        "3.14",
        choice("PLAN_STATE", 1),
        "Состояние",
        policy=DIRECT,
        listed=True,
        filtered=True,
        default="D",
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    def check(self) -> Iterator[Invalid]:
        """An approved plan keeps within the sanitary rules and has its days and date."""
        yield from super().check()
        if self.state != APPROVED:
            return
        for name in ("week_days", "approved_on"):
            if getattr(self, name) is None:
                yield Invalid("Заполните: без этого план не утвердить.", field=name)
        yield from (Invalid(excess, field="state") for excess in self.excesses())

    def doubts(self) -> Iterator[Message]:
        """What would stand in the way of approval."""
        yield from self.excesses()

    def excesses(self) -> Iterator[Message]:
        """Grades whose hours are above the sanitary rules (domain.md 5.6), in words."""
        session = object_session(self)
        if session is None or not self.id or self.week_days is None:
            return
        with session.no_autoflush:
            yield from _excesses(session, self.id, self.week_days)


@register
class CurriculumLine(Record):
    """Hours of a subject in a grade (строка учебного плана, item 3.14)."""

    __tablename__ = "curriculum_line"
    about: ClassVar[About] = About(
        title="Строка учебного плана",
        title_many="Предметы и часы",
        new_title="Новая строка учебного плана",
        module="registry",
        icon="list",
        caption=("subject_id",),
        naming="%(subject_id)s, %(grade)s класс",
        matrix=KEPT,
        parent="curriculum",
        owner="curriculum_id",
        order="grade",
        item="3.14",
        writing=Writing.OWN,
        in_menu=False,
        refusals=(Refusal("ck_curriculum_load", "hours_week", TOO_MUCH),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    curriculum_id: Mapped[int] = item(
        "3.14",
        relation("curriculum"),
        "Учебный план",
        identity=True,
        policy=Policy.SYSTEM,
        own=True,
    )
    subject_id: Mapped[int] = item(
        "3.14",
        relation("subject"),
        "Предмет/курс",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=6,
    )
    grade: Mapped[int] = item(
        "3.14",
        integer(1, 12),
        "Класс",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        filtered=True,
        width=2,
    )
    part_code: Mapped[str] = item(
        "3.14",
        choice("CURRICULUM_PART", 1),
        "Часть плана",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        default="O",
    )
    hours_week: Mapped[Decimal | None] = item(
        "3.14", decimal(4, 2, 0, 12), "Часов в неделю", policy=DIRECT, listed=True
    )
    hours_year: Mapped[int | None] = item(
        "3.14",
        integer(0, 500),
        "Часов в год",
        policy=DIRECT,
        listed=True,
        help="Пусто — посчитаем по неделям календарного графика",
        width=4,
    )
    attestation_form: Mapped[str | None] = item(
        "3.14",
        string(100),
        "Форма промежуточной аттестации",
        required=False,
        policy=DIRECT,
        listed=True,
        width=6,
    )

    __table_args__ = (
        Index(
            "uq_curriculum_line_subject",
            "curriculum_id",
            "part_code",
            "grade",
            "subject_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )

    def prepare(self) -> None:
        """Hours of the year are those of the week times the weeks of the calendar."""
        session = object_session(self)
        if session is None or self.hours_year is not None or self.hours_week is None:
            return
        plan = session.get(Curriculum, self.curriculum_id)
        weeks = _weeks(session, plan, self.grade) if plan else None
        if weeks:
            self.hours_year = round(weeks * self.hours_week)

    def doubts(self) -> Iterator[Message]:
        """The load of the whole plan, which this line is a part of."""
        session = object_session(self)
        plan = session.get(Curriculum, self.curriculum_id) if session else None
        if plan is not None:
            yield from plan.excesses()


def _weeks(session: Session, plan: Curriculum, grade: int) -> int | None:
    query = select(AcademicCalendar.applies_grades, AcademicCalendar.weeks_count).where(
        AcademicCalendar.organisation_id == plan.organisation_id,
        AcademicCalendar.school_year_id == plan.school_year_id,
    )
    with session.no_autoflush:
        found = session.execute(query).all()
    return next((weeks for grades, weeks in found if grade in grades_of(grades)), None)


def _excesses(session: Session, ident: int, week_days: int) -> Iterator[Message]:
    total = func.sum(CurriculumLine.hours_week)
    query = (
        select(CurriculumLine.grade, total, WeeklyLoad.hours)
        .join(
            WeeklyLoad,
            (WeeklyLoad.grade == CurriculumLine.grade) & (WeeklyLoad.week_days == week_days),
        )
        .where(CurriculumLine.curriculum_id == ident, CurriculumLine.part_code.in_(WEIGHED))
        .group_by(CurriculumLine.grade, WeeklyLoad.hours)
        .having(total > WeeklyLoad.hours)
        .order_by(CurriculumLine.grade)
    )
    for grade, hours, most in session.execute(query):
        yield Message(
            "Класс %(grade)s: в неделю %(hours)s ч, по санитарным правилам не больше %(most)s "
            "(дней в неделе: %(days)s).",
            grade=grade,
            hours=grouped(hours or Decimal()),
            most=most,
            days=week_days,
        )
