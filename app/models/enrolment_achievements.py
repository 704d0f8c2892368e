"""Achievements, extracurricular and additional education, hobbies (items 1.22-1.24)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, DATE_PAST, FILE, choice, decimal, integer, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.models.enrolment import OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

ACHIEVEMENTS = {"direct": "achievements"}
MANUAL = "M"  # SOURCE
NO_PROVIDER = Message("Выберите организацию в реестре или введите её название.")


@register
class StudentAchievement(Record):
    """An achievement of a learner (творческое достижение, item 1.22).

    Rows of source A are written when a protocol is approved; a person writes those of source M.
    """

    __tablename__ = "student_achievement"
    about: ClassVar[About] = About(
        title="Достижение",
        title_many="Творческие достижения",
        new_title="Новое достижение",
        module="enrolment",
        icon="trophy",
        caption=("event_name",),
        matrix=ACHIEVEMENTS,
        parent="student",
        owner="student_id",
        order="event_date",
        item="1.22",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="beyond",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    achievement_kind: Mapped[str | None] = item(
        "1.22", choice("ACHIEVEMENT_KIND", 2), "Вид", listed=True, filtered=True, width=6
    )
    event_name: Mapped[str] = item(
        "1.22", string(300), "Мероприятие", identity=True, listed=True, width=12
    )
    level_code: Mapped[str | None] = item(
        "1.22", choice("EVENT_LEVEL", 1), "Уровень", listed=True, filtered=True
    )
    subject_code: Mapped[str | None] = item(
        "1.22", string(10), "Предмет/направление", required=False
    )
    stage_code: Mapped[str | None] = item(
        "1.22", choice("OLYMPIAD_STAGE", 1), "Этап олимпиады", required=False
    )
    result_code: Mapped[str | None] = item(
        "1.22", choice("ACHIEVEMENT_RESULT", 1), "Результат", listed=True, filtered=True
    )
    place: Mapped[int | None] = item("1.22", integer(1, 999), "Место", required=False, width=2)
    event_date: Mapped[dt.date | None] = item(
        "1.22", DATE_PAST, "Дата", listed=True, ordered=True, filtered=True
    )
    document_number: Mapped[str | None] = item(
        "1.22", string(100), "Реквизиты диплома", required=False, width=6
    )
    file_id: Mapped[int | None] = item("1.22", FILE, "Скан", required=False)
    source: Mapped[str | None] = item(
        "1.22", choice("SOURCE", 1), "Источник", policy=OWNED, listed=True
    )

    def prepare(self) -> None:
        """What a person enters is entered by hand."""
        self.source = self.source or MANUAL


@register
class StudentExtracurricular(Record):
    """An extracurricular course of a learner (внеурочная деятельность, item 1.23)."""

    __tablename__ = "student_extracurricular"
    about: ClassVar[About] = About(
        title="Внеурочная деятельность",
        title_many="Внеурочная деятельность",
        new_title="Новая внеурочная деятельность",
        module="enrolment",
        icon="book",
        caption=("course_name",),
        matrix=ACHIEVEMENTS,
        parent="student",
        owner="student_id",
        order="id",
        item="1.23",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="beyond",
        spans=(("from_date", "to_date"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    course_name: Mapped[str] = item(
        "1.23", string(200), "Курс/кружок", identity=True, listed=True, width=8
    )
    direction_code: Mapped[str | None] = item(
        "1.23",
        choice("EXTRACURRICULAR_DIRECTION", 2),
        "Направление",
        listed=True,
        filtered=True,
    )
    provider_id: Mapped[int | None] = item(
        "1.23", relation("organisation"), "Организация", listed=True, width=6
    )
    hours_per_week: Mapped[Decimal | None] = item(
        "1.23", decimal(3, 1, "0.5", 10), "Часов в неделю", required=False, width=3
    )
    school_year_id: Mapped[int | None] = item(
        "1.23", relation("school_year"), "Учебный год", listed=True, filtered=True, width=3
    )
    from_date: Mapped[dt.date | None] = item("1.23", DATE, "С", listed=True, width=3)
    to_date: Mapped[dt.date | None] = item("1.23", DATE, "По", required=False, width=3)
    result_text: Mapped[str | None] = item(
        "1.23", string(500), "Результат", required=False, width=12
    )


@register
class StudentHobby(Record):
    """What a learner is keen on (увлечение; decree п. 5.2, kept under item 1.23)."""

    __tablename__ = "student_hobby"
    about: ClassVar[About] = About(
        title="Увлечение",
        title_many="Увлечения",
        new_title="Новое увлечение",
        module="enrolment",
        icon="bookmark",
        caption=("hobby_kind",),
        matrix=ACHIEVEMENTS,
        parent="student",
        owner="student_id",
        order="id",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="beyond",
        spans=(("from_date", "to_date"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    hobby_kind: Mapped[str] = item(
        "1.23", choice("HOBBY", 2), "Увлечение", identity=True, listed=True, filtered=True, width=6
    )
    description: Mapped[str | None] = item(
        "1.23", string(500), "Описание", required=False, listed=True, width=12
    )
    from_date: Mapped[dt.date | None] = item("1.23", DATE, "С", required=False, listed=True)
    to_date: Mapped[dt.date | None] = item("1.23", DATE, "По", required=False, listed=True)


@register
class StudentAdditionalEducation(Record):
    """A programme of additional education (дополнительное образование, item 1.24)."""

    __tablename__ = "student_additional_education"
    about: ClassVar[About] = About(
        title="Дополнительное образование",
        title_many="Дополнительное образование",
        new_title="Новое дополнительное образование",
        module="enrolment",
        icon="book",
        caption=("program_name",),
        matrix=ACHIEVEMENTS,
        parent="student",
        owner="student_id",
        order="id",
        item="1.24",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="beyond",
        spans=(("from_date", "to_date"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    program_name: Mapped[str] = item(
        "1.24", string(300), "Программа", identity=True, listed=True, width=12
    )
    direction_code: Mapped[str | None] = item(
        "1.24", choice("ADD_EDU_DIRECTION", 1), "Направленность", listed=True, filtered=True
    )
    level_code: Mapped[str | None] = item(
        "1.24", choice("ADD_EDU_LEVEL", 1), "Уровень программы", required=False
    )
    provider_id: Mapped[int | None] = item(
        "1.24", relation("organisation"), "Организация (в реестре)", required=False, width=6
    )
    organisation_text: Mapped[str | None] = item(
        "1.24", string(300), "Организация (вне реестра)", required=False, width=6
    )
    funding_code: Mapped[str | None] = item(
        "1.24", choice("ADD_EDU_FUNDING", 1), "Финансирование", required=False
    )
    from_date: Mapped[dt.date | None] = item("1.24", DATE, "С", listed=True)
    to_date: Mapped[dt.date | None] = item("1.24", DATE, "По", required=False, listed=True)
    hours_total: Mapped[int | None] = item("1.24", integer(1, 2000), "Часов всего", required=False)
    result_text: Mapped[str | None] = item(
        "1.24", string(500), "Результат", required=False, width=12
    )
    document_number: Mapped[str | None] = item(
        "1.24", string(100), "Реквизиты документа", required=False, width=6
    )

    def doubts(self) -> Iterator[Message]:
        """Somebody teaches it."""
        if self.provider_id is None and not self.organisation_text:
            yield NO_PROVIDER
