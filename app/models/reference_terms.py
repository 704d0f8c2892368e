"""Days off and legal terms as rows: the production calendar and the rules (domain.md 2.3, 2.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import field
from app.kernel.kinds import DATE, YEAR_DAY, YES_NO, choice, integer, string
from app.kernel.record import About, Record, Refusal
from app.kernel.rules import rule
from app.kernel.search import stored_search
from app.models.reference import CLASSIFIERS

LIVE = text("deleted_at is null")
REG_EDIT = "REG_EDIT"  # from sending a request to change the register to its decision
LONGEST = 3660  # days: ten years either way
SAME_DAY = Message("Этот день уже записан: измените его запись или выберите другой день.")
SAME_START = Message("Срок с таким кодом и таким началом уже есть: укажите другой день начала.")
FORWARD = Message(
    "Срок ответа на запрос считается вперёд от дня отправки: укажите целое число от 1."
)
KINDS = Message("Портал знает рабочие, сокращённые и выходные дни: выберите одно из этого.")
UNITS = Message("Портал считает в рабочих днях, календарных днях и годах: выберите одно из этого.")
FROM_SENDING = Message("Срок ответа на запрос считается от дня отправки: оставьте это поле пустым.")


@register
class CalendarDay(Record):
    """A day that differs from its day of the week, or is a holiday (производственный календарь)."""

    __tablename__ = "calendar_day"
    about: ClassVar[About] = About(
        title="День производственного календаря",
        title_many="Производственный календарь",
        new_title="Новый день производственного календаря",
        module="reference",
        icon="calendar-off",
        caption=("date",),
        naming="%(date)s, %(note)s",
        matrix=CLASSIFIERS,
        search=("note",),
        search_hint="Праздник или перенос",
        order="date",
        refusals=(Refusal("uq_calendar_day_date", "date", SAME_DAY),),
    )

    date: Mapped[dt.date] = field(
        DATE, "День", identity=True, listed=True, filtered=True, ordered=True
    )
    kind: Mapped[str] = field(
        choice("DAY_KIND", 1),
        "Какой это день",
        identity=True,
        listed=True,
        filtered=True,
        help="Субботы и воскресенья выходные и без записи: вносите то, что отличается",
        width=5,
    )
    note: Mapped[str | None] = field(
        string(200),
        "Почему",
        listed=True,
        help="Праздник или постановление о переносе выходных",
        width=12,
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index("uq_calendar_day_date", "date", unique=True, postgresql_where=LIVE),
        rule("kind", "kind in ('W', 'S', 'H')", "kind", KINDS),
        {"extend_existing": False},
    )


@register
class DeadlineRule(Record):
    """A legal term (срок): so many days from an event; of several, the last to begin applies."""

    __tablename__ = "deadline_rule"
    about: ClassVar[About] = About(
        title="Срок",
        title_many="Сроки",
        new_title="Новый срок",
        module="reference",
        icon="hourglass",
        caption=("name",),
        hint=("code",),
        matrix=CLASSIFIERS,
        search=("code", "name", "base_event", "source"),
        search_hint="Код, название или основание",
        order="code",
        spans=(("valid_from", "valid_to"),),
        refusals=(Refusal("uq_deadline_rule_code", "valid_from", SAME_START),),
    )

    name: Mapped[str] = field(
        string(200), "Название", identity=True, listed=True, ordered=True, width=9
    )
    code: Mapped[str] = field(
        string(30),
        "Код",
        identity=True,
        listed=True,
        filtered=True,
        ordered=True,
        help="По коду срок находит портал: не меняйте его",
    )
    offset_n: Mapped[int] = field(
        integer(-LONGEST, LONGEST),
        "Сколько",
        identity=True,
        listed=True,
        help="С минусом — до события",
    )
    unit: Mapped[str] = field(
        choice("TERM_UNIT", 2), "Чего", identity=True, listed=True, filtered=True, width=3
    )
    base_event: Mapped[str] = field(
        string(200), "От какого события", identity=True, listed=True, width=6
    )
    base_day: Mapped[str | None] = field(
        YEAR_DAY, "День года", help="Если считается от него: 30.06", listed=True
    )
    count_saturday: Mapped[bool | None] = field(YES_NO, "Суббота — рабочий день")
    shift_if_nonworking: Mapped[bool | None] = field(
        YES_NO, "С выходного переносится", help="На ближайший рабочий день", width=4
    )
    source: Mapped[str | None] = field(string(300), "Основание", width=12)
    valid_from: Mapped[dt.date | None] = field(
        DATE, "Действует с", listed=True, help="Пусто — действует с самого начала", width=4
    )
    valid_to: Mapped[dt.date | None] = field(DATE, "Действует по", width=4)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_deadline_rule_code",
            "code",
            text("coalesce(valid_from, date '-infinity')"),
            unique=True,
            postgresql_where=LIVE,
        ),
        rule("unit", "unit in ('wd', 'cd', 'yr')", "unit", UNITS),
        rule("offset_n", "code <> 'REG_EDIT' or offset_n > 0", "offset_n", FORWARD),
        rule("base_day", "code <> 'REG_EDIT' or base_day is null", "base_day", FROM_SENDING),
        {"extend_existing": False},
    )
