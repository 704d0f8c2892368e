"""Regime of classes and rules of expulsion (Appendix 3, items 3.20 and 3.21)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.grades import bells_of
from app.kernel.kinds import (
    BELLS,
    BREAKS,
    DATE,
    TEXT,
    TIME,
    choice,
    decimal,
    integer,
    relation,
)
from app.kernel.record import About, Record, Writing
from app.kernel.rules import rule
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST, LATEST = dt.time(8), dt.time(19)
TOO_EARLY = Message("Занятия начинаются не раньше 08:00. Исправьте время.")
TOO_LATE = Message("Занятия заканчиваются не позже 19:00. Исправьте время.")


@register
class OrganisationStudyRegime(Record):
    """How long and in which hours a level is taught (режим занятий, item 3.20)."""

    __tablename__ = "organisation_study_regime"
    about: ClassVar[About] = About(
        title="Режим занятий",
        title_many="Продолжительность обучения и режим занятий",
        new_title="Новый режим занятий",
        module="registry",
        icon="clock",
        caption=("level_code",),
        naming="Режим занятий: %(level_code)s",
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="level_code",
        item="3.20",
        writing=Writing.OWN,
        in_menu=False,
        shelf="learning",
        spans=(("valid_from", "valid_to"), ("day_start", "day_end")),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    level_code: Mapped[str] = item(
        "3.20",
        choice("EDU_LEVEL", 2),
        "Уровень образования",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        filtered=True,
        width=6,
    )
    duration_years: Mapped[Decimal | None] = item(
        "3.20", decimal(3, 1, "0.1", 12), "Срок обучения, лет", policy=DIRECT, listed=True
    )
    week_days: Mapped[int | None] = item(
        "3.20", integer(5, 6), "Дней в неделе", policy=DIRECT, listed=True
    )
    shifts: Mapped[int | None] = item("3.20", integer(1, 2), "Смен", policy=DIRECT, listed=True)
    lesson_minutes: Mapped[int | None] = item(
        "3.20", integer(15, 60), "Продолжительность урока, мин", policy=DIRECT, listed=True
    )
    day_start: Mapped[dt.time | None] = item(
        "3.20", TIME, "Начало занятий", policy=DIRECT, listed=True, help="Не раньше 08:00", width=3
    )
    day_end: Mapped[dt.time | None] = item(
        "3.20",
        TIME,
        "Окончание занятий",
        required=False,
        policy=DIRECT,
        help="Не позже 19:00",
        width=3,
    )
    break_minutes: Mapped[str | None] = item(
        "3.20", BREAKS, "Перемены, мин", required=False, policy=DIRECT, width=6
    )
    bell_schedule: Mapped[str | None] = item(
        "3.20", BELLS, "Расписание звонков", required=False, policy=DIRECT
    )
    valid_from: Mapped[dt.date | None] = item("3.20", DATE, "С", policy=DIRECT, listed=True)
    valid_to: Mapped[dt.date | None] = item("3.20", DATE, "По", required=False, policy=DIRECT)

    __table_args__ = (
        rule("earliest", "day_start >= '08:00'", "day_start", TOO_EARLY),
        rule("latest", "day_end <= '19:00'", "day_end", TOO_LATE),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Hours of the day within the sanitary rules; bells within the hours of the day."""
        yield from super().check()
        if self.day_start is not None and self.day_start < EARLIEST:
            yield Invalid(TOO_EARLY, field="day_start")
        if self.day_end is not None and self.day_end > LATEST:
            yield Invalid(TOO_LATE, field="day_end")
        if self.bell_schedule:
            yield from self._bells(self.bell_schedule)

    def _bells(self, stored: str) -> Iterator[Invalid]:
        lessons = bells_of(stored)
        begins, ends = lessons[0][0], lessons[-1][1]
        if begins < (self.day_start or EARLIEST):
            yield Invalid("Первый урок начинается раньше занятий.", field="bell_schedule")
        if ends > (self.day_end or LATEST):
            yield Invalid("Последний урок кончается позже занятий.", field="bell_schedule")

    def doubts(self) -> Iterator[Message]:
        """Bells that do not agree with the length of a lesson and the breaks."""
        if not self.bell_schedule:
            return
        lessons = bells_of(self.bell_schedule)
        lengths = {_minutes(begins, ends) for begins, ends in lessons}
        if self.lesson_minutes and lengths != {self.lesson_minutes}:
            yield Message("Уроки в расписании звонков длятся не столько, сколько указано.")
        breaks = [_minutes(a[1], b[0]) for a, b in pairwise(lessons)]
        if self.break_minutes and breaks != [int(one) for one in self.break_minutes.split(";")]:
            yield Message("Перемены в расписании звонков не такие, как указано.")


def _minutes(begins: dt.time, ends: dt.time) -> int:
    return (ends.hour - begins.hour) * 60 + ends.minute - begins.minute


@register
class OrganisationExpulsionRule(Record):
    """The rules of expulsion (порядок отчисления обучающихся, item 3.21)."""

    __tablename__ = "organisation_expulsion_rule"
    about: ClassVar[About] = About(
        title="Порядок отчисления",
        title_many="Порядок отчисления обучающихся",
        new_title="Новый порядок отчисления",
        module="registry",
        icon="file",
        caption=("document_id",),
        naming="Порядок отчисления: %(document_id)s",
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="id",
        item="3.21",
        writing=Writing.OWN,
        in_menu=False,
        shelf="admission",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    document_id: Mapped[int | None] = item(
        "3.21",
        relation("organisation_document"),
        "Локальный акт",
        policy=DIRECT,
        own=True,
        listed=True,
        width=12,
    )
    summary: Mapped[str | None] = item(
        "3.21", TEXT, "Краткое описание", required=False, policy=DIRECT, listed=True
    )
    valid_from: Mapped[dt.date] = item("3.21", DATE, "С", identity=True, policy=DIRECT, listed=True)
    valid_to: Mapped[dt.date | None] = item(
        "3.21", DATE, "По", required=False, policy=DIRECT, listed=True
    )
