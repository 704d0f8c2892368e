"""Subjects and the largest weekly loads of classes (domain.md 3.2.1, 5.6)."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import field
from app.kernel.kinds import YES_NO, integer, string
from app.kernel.record import About, Record
from app.kernel.search import stored_search
from app.models.reference import CLASSIFIERS

LIVE = text("deleted_at is null")


@register
class Subject(Record):
    """A subject or course that curricula and journals name (предмет)."""

    __tablename__ = "subject"
    about: ClassVar[About] = About(
        title="Предмет",
        title_many="Предметы",
        new_title="Новый предмет",
        module="reference",
        icon="book",
        caption=("name",),
        hint=("area",),
        matrix=CLASSIFIERS,
        search=("name", "code", "area"),
        search_hint="Название или предметная область",
        order="name",
    )

    code: Mapped[str] = field(string(20), "Код", identity=True, width=2)
    name: Mapped[str] = field(
        string(200), "Название", identity=True, listed=True, ordered=True, width=6
    )
    area: Mapped[str | None] = field(string(200), "Предметная область", listed=True)
    is_graded: Mapped[bool | None] = field(YES_NO, "Оценивается отметкой", listed=True)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index("uq_subject_code", "code", unique=True, postgresql_where=LIVE),
        {"extend_existing": False},
    )


@register
class WeeklyLoad(Record):
    """The most lessons of a week in a grade by sanitary rules (недельная нагрузка)."""

    __tablename__ = "weekly_load"
    about: ClassVar[About] = About(
        title="Предельная недельная нагрузка",
        title_many="Предельная недельная нагрузка",
        new_title="Новая норма недельной нагрузки",
        module="reference",
        icon="clock",
        caption=("grade",),
        naming="Класс %(grade)s, дней в неделе: %(week_days)s",
        matrix=CLASSIFIERS,
        order="grade",
    )

    grade: Mapped[int] = field(integer(1, 12), "Класс", identity=True, listed=True, ordered=True)
    week_days: Mapped[int] = field(integer(5, 6), "Дней в неделе", identity=True, listed=True)
    hours: Mapped[int] = field(
        integer(0, 60),
        "Часов в неделю, не больше",
        identity=True,
        listed=True,
        help="0 — такая неделя в этом классе не допускается",
        width=4,
    )

    __table_args__ = (
        Index("uq_weekly_load_grade", "grade", "week_days", unique=True, postgresql_where=LIVE),
        {"extend_existing": False},
    )
