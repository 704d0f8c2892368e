"""When a learner is taught where: spells of enrolment and classes (Appendix 3, item 1.16)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, DATE_PAST, YES_NO, choice, integer, relation, string
from app.kernel.record import About, Reading, Record, Refusal, Section, Writing
from app.kernel.rules import apart, rule
from app.kernel.search import stored_search
from app.models.enrolment_classes import HISTORY, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVED, NINTH, ELEVENTH = "01", "02", "03"  # LEAVE_KIND: to another school; finished school
TWICE = Message(
    "На эти дни у обучающегося уже есть основное зачисление. Закройте его или проверьте даты."
)
BOTH = Message("День и вид выбытия указывают вместе: заполните оба поля или очистите оба.")
ONE_CLASS = Message("На эти дни обучающийся уже состоит в классе. Проверьте даты.")
OUTSIDE = Message("В классе состоят только в дни зачисления. Проверьте даты зачисления и класса.")
ITS_YEAR = Message("Класс этого учебного года: дни в нём не выходят за учебный год.")
ENDED = Message("Укажите и последний день в классе, и причину, или очистите оба поля.")
PART_TIME = {"2", "3"}  # STUDY_FORM: part-time and by correspondence
SECOND = Message("Второе зачисление бывает только очно-заочным или заочным.")
_DAYS = "daterange(admitted_on, left_on, '[]')"
_IN_CLASS = "daterange(from_date, to_date, '[]')"


def holder() -> ForeignKeyConstraint:
    """The school that teaches now reads what earlier ones wrote: the column follows the learner."""
    return ForeignKeyConstraint(
        ["student_id", "holder_id"],
        ["student.id", "student.organisation_id"],
        ondelete="RESTRICT",
        onupdate="CASCADE",
    )


@register
class StudentEnrolment(Record):
    """A spell of a learner at a school (зачисление), from the order in to the order out.

    ``organisation_id`` is the school of the spell for good; ``holder_id`` the school that teaches
    now, which reads it too. The name is kept as it was for the school that was left.
    """

    __tablename__ = "student_enrolment"
    about: ClassVar[About] = About(
        title="Зачисление",
        title_many="Зачисления и выбытия",
        new_title="Новое зачисление",
        module="enrolment",
        icon="door",
        caption=("student_name",),
        caption_label="Обучающийся",
        naming="%(student_name)s, с %(admitted_on)s",
        matrix=HISTORY,
        search=("student_name",),
        search_hint="Фамилия, имя или отчество",
        order="admitted_on",
        item="1.16",
        parent="student",
        owner="student_id",
        reading=Reading.LEARNER,
        learner="student_id",
        holder="holder_id",
        writing=Writing.OWN,
        spans=(("admitted_on", "left_on"),),
        closing="left_on",
        daily="class_membership",
        sections=(Section("main", "Зачисление"), Section("end", "Выбытие")),
        shelf="learning",
    )

    organisation_id: Mapped[int] = item(
        "1.16",
        relation("organisation"),
        "Образовательная организация",
        identity=True,
        policy=OWNED,
        listed=True,
        filtered=True,
    )
    holder_id: Mapped[int] = field(
        relation("organisation"), "Где учится сейчас", identity=True, policy=OWNED, kept=True
    )
    student_id: Mapped[int] = field(relation("student"), "Обучающийся", identity=True, policy=OWNED)
    student_name: Mapped[str | None] = field(
        string(302), "Фамилия, имя, отчество", policy=OWNED, kept=True, width=12
    )
    admitted_on: Mapped[dt.date] = item(
        "1.16", DATE, "Зачислен с", identity=True, listed=True, ordered=True, filtered=True, width=3
    )
    admission_kind: Mapped[str | None] = item(
        "1.16", choice("ADMISSION_KIND", 2), "Вид зачисления", listed=True, filtered=True, width=5
    )
    admission_order_number: Mapped[str | None] = item(
        "1.16", string(30), "Приказ о зачислении, №", width=4
    )
    admission_order_date: Mapped[dt.date | None] = item("1.16", DATE_PAST, "Дата приказа", width=3)
    study_form: Mapped[str | None] = item(
        "1.16", choice("STUDY_FORM", 1), "Форма обучения", default="1", filtered=True, width=5
    )
    is_main: Mapped[bool | None] = item(
        "1.16", YES_NO, "Основное зачисление", default=True, width=4
    )
    left_on: Mapped[dt.date | None] = item(
        "1.16",
        DATE,
        "Выбыл",
        required=False,
        section="end",
        listed=True,
        filtered=True,
        help="Последний день обучения; пусто — учится",
        width=3,
    )
    leave_kind: Mapped[str | None] = item(
        "1.16",
        choice("LEAVE_KIND", 2),
        "Вид выбытия",
        required=False,
        section="end",
        listed=True,
        filtered=True,
        width=5,
    )
    leave_order_number: Mapped[str | None] = item(
        "1.16", string(30), "Приказ об отчислении, №", required=False, section="end", width=4
    )
    leave_order_date: Mapped[dt.date | None] = item(
        "1.16", DATE_PAST, "Дата приказа об отчислении", required=False, section="end", width=3
    )
    destination_org_id: Mapped[int | None] = item(
        "1.16", relation("organisation"), "Куда выбыл", required=False, section="end", width=6
    )
    destination_text: Mapped[str | None] = item(
        "1.16", string(300), "Куда выбыл (вне реестра)", required=False, section="end", width=6
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        holder(),
        rule("left_kind", "(left_on is null) = (leave_kind is null)", "leave_kind", BOTH),
        apart(
            "student_enrolment_once",
            (("int8range(student_id, student_id, '[]')", "&&"), (_DAYS, "&&")),
            "deleted_at is null and is_main",
            "admitted_on",
            TWICE,
        ),
        Index("ix_student_enrolment_dates", "organisation_id", "admitted_on", "left_on"),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """A second enrolment is part-time."""
        yield from super().check()
        if self.is_main is False and self.study_form not in PART_TIME:
            yield Invalid(SECOND, field="study_form")

    def doubts(self) -> Iterator[Message]:
        """Orders that are asked for, and where somebody went who went to another school."""
        if self.left_on and not (self.leave_order_number and self.leave_order_date):
            yield Message("Укажите номер и дату приказа об отчислении.")
        if self.leave_kind == MOVED and not (self.destination_org_id or self.destination_text):
            yield Message("Укажите, в какую организацию переведён обучающийся.")

    def prepare(self) -> None:
        """Main unless it is said otherwise: a day has one main spell."""
        if self.is_main is None:
            self.is_main = True


@register
class ClassMembership(Record):
    """Days of a spell in one class (состав класса); what the class was called is kept."""

    __tablename__ = "class_membership"
    about: ClassVar[About] = About(
        title="В классе",
        title_many="Классы обучающегося",
        new_title="Новое зачисление в класс",
        module="enrolment",
        icon="users",
        caption=("class_name",),
        naming="%(class_name)s, с %(from_date)s",
        matrix=HISTORY,
        order="from_date",
        parent="student_enrolment",
        owner="enrolment_id",
        reading=Reading.LEARNER,
        learner="student_id",
        holder="holder_id",
        writing=Writing.OWN,
        spans=(("from_date", "to_date"),),
        in_menu=False,
        refusals=(
            Refusal("ck_class_membership_spell", "from_date", OUTSIDE),
            Refusal("ck_class_membership_year", "from_date", ITS_YEAR),
        ),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    holder_id: Mapped[int] = field(
        relation("organisation"), "Где учится сейчас", identity=True, policy=OWNED, kept=True
    )
    student_id: Mapped[int] = field(relation("student"), "Обучающийся", identity=True, policy=OWNED)
    enrolment_id: Mapped[int] = item(
        "1.16",
        relation("student_enrolment"),
        "Зачисление",
        identity=True,
        policy=OWNED,
        own=True,
    )
    school_class_id: Mapped[int] = item(
        "1.16", relation("school_class"), "Класс", identity=True, own=True, width=4
    )
    class_name: Mapped[str | None] = field(
        string(13), "Название класса", policy=OWNED, kept=True, listed=True
    )
    grade: Mapped[int | None] = field(integer(1, 12), "Параллель", policy=OWNED, kept=True)
    school_year_id: Mapped[int | None] = field(
        relation("school_year"), "Учебный год", policy=OWNED, kept=True, listed=True
    )
    from_date: Mapped[dt.date] = item(
        "1.16", DATE, "В классе с", identity=True, listed=True, ordered=True, width=3
    )
    to_date: Mapped[dt.date | None] = item(
        "1.16", DATE, "В классе по", required=False, listed=True, width=3
    )
    end_reason: Mapped[str | None] = item(
        "1.16", choice("MEMBERSHIP_END", 2), "Причина", required=False, listed=True, width=5
    )
    order_number: Mapped[str | None] = item(
        "1.16", string(30), "Приказ №", required=False, listed=True, width=3
    )
    order_date: Mapped[dt.date | None] = item(
        "1.16", DATE_PAST, "Дата приказа", required=False, width=3
    )

    __table_args__ = (
        holder(),
        rule("end_reason", "(to_date is null) = (end_reason is null)", "end_reason", ENDED),
        apart(
            "class_membership_once",
            (("int8range(enrolment_id, enrolment_id, '[]')", "&&"), (_IN_CLASS, "&&")),
            "deleted_at is null",
            "from_date",
            ONE_CLASS,
        ),
        {"extend_existing": False},
    )
