"""What the database itself writes of a learner's way (Appendix 3, items 1.16 and 1.17)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, INTEGER, YES_NO, choice, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.kernel.rules import rule
from app.models.enrolment_classes import HISTORY, OWNED
from app.models.enrolment_spells import holder

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULT = Message("Завершённой программе нужен результат, и только ей: заполните оба поля.")


@register
class EducationEvent(Record):
    """An event of the learning history (событие), written by triggers (decree п. 5.2).

    One live row per row that it comes from and kind; it goes with that row and comes back with it.
    """

    __tablename__ = "education_event"
    about: ClassVar[About] = About(
        title="Событие обучения",
        title_many="История обучения",
        new_title="Новое событие обучения",
        module="enrolment",
        icon="history",
        caption=("description",),
        matrix=HISTORY,
        order="event_date",
        parent="student",
        owner="student_id",
        reading=Reading.LEARNER,
        learner="student_id",
        holder="holder_id",
        writing=Writing.NOBODY,
        in_menu=False,
        shelf="learning",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    holder_id: Mapped[int] = field(
        relation("organisation"), "Где учится сейчас", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(relation("student"), "Обучающийся", identity=True, policy=OWNED)
    event_date: Mapped[dt.date] = item(
        "1.16", DATE, "Дата", identity=True, policy=OWNED, listed=True, ordered=True
    )
    event_kind: Mapped[str] = item(
        "1.16",
        choice("EDU_EVENT", 20),
        "Событие",
        identity=True,
        policy=OWNED,
        listed=True,
        filtered=True,
    )
    description: Mapped[str] = item(
        "1.16", string(500), "Описание", identity=True, policy=OWNED, listed=True, width=8
    )
    source_table: Mapped[str] = item("1.16", string(50), "Источник", identity=True, policy=OWNED)
    source_id: Mapped[int] = item("1.16", INTEGER, "Ключ источника", identity=True, policy=OWNED)

    __table_args__ = (
        holder(),
        Index(
            "uq_education_event_source",
            "source_table",
            "source_id",
            "event_kind",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )


@register
class StudentCompletedProgram(Record):
    """A programme a learner follows or has completed (освоенная программа, item 1.17).

    Opened by the first class of a level and closed by its end; those of elsewhere are typed.
    """

    __tablename__ = "student_completed_program"
    about: ClassVar[About] = About(
        title="Освоенная программа",
        title_many="Освоенные программы",
        new_title="Новая освоенная программа",
        module="enrolment",
        icon="certificate",
        caption=("program_name",),
        matrix=HISTORY,
        order="started_on",
        item="1.17",
        parent="student",
        owner="student_id",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        spans=(("started_on", "finished_on"),),
        in_menu=False,
        shelf="learning",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Чья запись", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    program_name: Mapped[str] = item(
        "1.17", string(300), "Наименование программы", identity=True, listed=True, width=8
    )
    level_code: Mapped[str | None] = item(
        "1.17", choice("EDU_LEVEL", 2), "Уровень образования", listed=True, width=4
    )
    program_id: Mapped[int | None] = item(
        "1.17",
        relation("education_program"),
        "Образовательная программа",
        required=False,
        policy=OWNED,
        width=6,
    )
    provider_id: Mapped[int | None] = item(
        "1.17", relation("organisation"), "Организация", listed=True, width=6
    )
    is_adapted: Mapped[bool | None] = item("1.17", YES_NO, "Адаптированная", width=3)
    adapted_program_variant: Mapped[str | None] = item(
        "1.17", choice("AOP_VARIANT", 5), "Вариант АООП", required=False, width=3
    )
    profile_code: Mapped[str | None] = item(
        "1.17", choice("STUDY_PROFILE", 10), "Профиль/углубление", required=False, width=6
    )
    started_on: Mapped[dt.date] = item(
        "1.17", DATE, "Начало освоения", identity=True, listed=True, ordered=True, width=3
    )
    finished_on: Mapped[dt.date | None] = item(
        "1.17", DATE, "Завершение", required=False, listed=True, width=3
    )
    result_code: Mapped[str | None] = item(
        "1.17", choice("PROGRAM_RESULT", 1), "Результат", required=False, listed=True, width=3
    )

    __table_args__ = (
        rule("result", "(finished_on is null) = (result_code is null)", "result_code", RESULT),
        Index(
            "uq_student_completed_program_open",
            "student_id",
            "level_code",
            unique=True,
            postgresql_where=text("deleted_at is null and finished_on is null"),
        ),
        {"extend_existing": False},
    )

    def doubts(self) -> Iterator[Message]:
        """What an adapted programme has and the row has not."""
        if self.is_adapted and not self.adapted_program_variant:
            yield Message("Укажите вариант адаптированной программы.")
