"""Calendars of the school year and their periods (Appendix 3, item 3.15; domain.md 2.3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, object_session

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field, item
from app.kernel.grades import grades_of
from app.kernel.kinds import DATE, DATETIME, FILE, GRADES, choice, integer, relation, string
from app.kernel.record import About, Record, Writing
from app.kernel.rules import apart, rule
from app.kernel.search import stored_search
from app.models.reference import SchoolYear
from app.models.registry import LIVE
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

STUDY = ("Q", "T", "H", "M")  # kinds of periods in which lessons are held
VACATION = "V"
LEAST_VACATION = dt.timedelta(days=6)  # seven days, both ends counted
OVERLAP = Message("Период пересекается с другим периодом этого графика. Проверьте даты.")
SHORT = Message("Каникулы длятся не меньше семи дней. Проверьте даты.")
_CALENDAR = "int8range(academic_calendar_id, academic_calendar_id, '[]')"
_DAYS = "daterange(start_date, end_date, '[]')"
_BOTH = ((_CALENDAR, "&&"), (_DAYS, "&&"))


@register
class AcademicCalendar(Record):
    """A calendar of the school year (календарный учебный график, item 3.15)."""

    __tablename__ = "academic_calendar"
    about: ClassVar[About] = About(
        title="Календарный учебный график",
        title_many="Календарные учебные графики",
        new_title="Новый календарный учебный график",
        module="registry",
        icon="calendar",
        caption=("name",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        search=("name",),
        search_hint="Название графика",
        order="name",
        item="3.15",
        writing=Writing.OWN,
        in_menu=False,
        shelf="learning",
        spans=(("start_date", "end_date"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    name: Mapped[str] = item(
        "3.15",
        string(200),
        "Наименование",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        width=9,
    )
    school_year_id: Mapped[int | None] = item(
        "3.15",
        relation("school_year"),
        "Учебный год",
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=3,
    )
    period_system: Mapped[str | None] = item(
        "3.15",
        choice("PERIOD_SYSTEM", 1),
        "Система периодов",
        policy=DIRECT,
        listed=True,
        filtered=True,
    )
    applies_grades: Mapped[str | None] = item(
        "3.15", GRADES, "Классы", policy=DIRECT, listed=True, width=4
    )
    weeks_count: Mapped[int | None] = item(
        "3.15", integer(30, 40), "Учебных недель", policy=DIRECT, listed=True
    )
    start_date: Mapped[dt.date | None] = item("3.15", DATE, "Начало", policy=DIRECT, listed=True)
    end_date: Mapped[dt.date | None] = item("3.15", DATE, "Окончание", policy=DIRECT, listed=True)
    approved_on: Mapped[dt.date | None] = item("3.15", DATE, "Утверждён", policy=DIRECT)
    file_id: Mapped[int | None] = item("3.15", FILE, "Файл", required=False, policy=DIRECT)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    def check(self) -> Iterator[Invalid]:
        """Days within the school year; a grade has one calendar in a year."""
        yield from super().check()
        session = object_session(self)
        if session is None or self.school_year_id is None:
            return
        with session.no_autoflush:
            year = session.get(SchoolYear, self.school_year_id)
            others = session.execute(
                select(AcademicCalendar.applies_grades, AcademicCalendar.name).where(
                    AcademicCalendar.organisation_id == self.organisation_id,
                    AcademicCalendar.school_year_id == self.school_year_id,
                    AcademicCalendar.id != (self.id or 0),
                )
            ).all()
        for name in ("start_date", "end_date"):
            day = getattr(self, name)
            if year and day and not year.start_date <= day <= year.end_date:
                yield Invalid("Этого дня нет в учебном году %(year)s.", field=name, year=year.code)
        for grades, name in others:
            shared = grades_of(grades) & grades_of(self.applies_grades)
            if shared:
                yield Invalid(
                    "У классов %(grades)s уже есть график на этот год: «%(name)s».",
                    field="applies_grades",
                    grades=", ".join(map(str, sorted(shared))),
                    name=name,
                )


@register
class CalendarPeriod(Record):
    """A period of a calendar (четверть, каникулы …, item 3.15)."""

    __tablename__ = "calendar_period"
    about: ClassVar[About] = About(
        title="Период графика",
        title_many="Учебные периоды и каникулы",
        new_title="Новый период",
        module="registry",
        icon="calendar",
        caption=("period_kind",),
        naming="%(period_kind)s %(ordinal)s",
        matrix=KEPT,
        parent="academic_calendar",
        owner="academic_calendar_id",
        order="start_date",
        item="3.15",
        writing=Writing.OWN,
        in_menu=False,
        spans=(("start_date", "end_date"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    academic_calendar_id: Mapped[int] = item(
        "3.15",
        relation("academic_calendar"),
        "График",
        identity=True,
        policy=Policy.SYSTEM,
        own=True,
    )
    period_kind: Mapped[str] = item(
        "3.15",
        choice("PERIOD_KIND", 1),
        "Вид",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=3,
    )
    ordinal: Mapped[int] = item(
        "3.15", integer(1, 20), "Номер", identity=True, policy=DIRECT, listed=True, width=2
    )
    start_date: Mapped[dt.date] = item(
        "3.15", DATE, "С", identity=True, policy=DIRECT, listed=True, ordered=True
    )
    end_date: Mapped[dt.date] = item("3.15", DATE, "По", identity=True, policy=DIRECT, listed=True)
    closed_at: Mapped[dt.datetime | None] = item(
        "3.15", DATETIME, "Закрыт", required=False, policy=Policy.SYSTEM
    )

    __table_args__ = (
        Index(
            "uq_calendar_period_ordinal",
            "academic_calendar_id",
            "period_kind",
            "ordinal",
            unique=True,
            postgresql_where=LIVE,
        ),
        rule(
            "vacation",
            "period_kind <> 'V' or end_date - start_date >= 6",
            "end_date",
            SHORT,
        ),
        apart(
            "ex_calendar_period_study",
            _BOTH,
            "deleted_at is null and period_kind in ('Q', 'T', 'H', 'M')",
            "start_date",
            OVERLAP,
        ),
        apart(
            "ex_calendar_period_vacation",
            _BOTH,
            "deleted_at is null and period_kind = 'V'",
            "start_date",
            OVERLAP,
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Vacations long enough; periods of the calendar's own system, within its days."""
        yield from super().check()
        begins: Any = self.start_date
        ends: Any = self.end_date
        if begins is None or ends is None:  # a row that is not saved yet
            return
        if self.period_kind == VACATION and ends - begins < LEAST_VACATION:
            yield Invalid(SHORT, field="end_date")
        session = object_session(self)
        if session is None:
            return
        with session.no_autoflush:
            above = session.get(AcademicCalendar, self.academic_calendar_id)
        if above is not None:
            yield from self._fits(above)

    def _fits(self, above: AcademicCalendar) -> Iterator[Invalid]:
        if self.period_kind not in STUDY:
            return
        if above.period_system and self.period_kind != above.period_system:
            yield Invalid(
                "В этом графике другая система периодов. Выберите её вид.", field="period_kind"
            )
        if above.start_date and self.start_date < above.start_date:
            yield Invalid("Период начинается раньше графика.", field="start_date")
        if above.end_date and self.end_date > above.end_date:
            yield Invalid("Период кончается позже графика.", field="end_date")
