"""Systems of grading and weights of marks (Appendix 3, item 3.22)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, object_session

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field, item
from app.kernel.grades import grades_of
from app.kernel.kinds import DATE, GRADES, choice, decimal, integer, relation, string
from app.kernel.record import About, Record, Writing
from app.models.registry import LIVE
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT_MARKS = "00"
ARITHMETIC = "A"


@register
class GradingSystem(Record):
    """How a school grades (система оценивания, item 3.22); the journal uses its rules."""

    __tablename__ = "grading_system"
    about: ClassVar[About] = About(
        title="Система оценивания",
        title_many="Система оценивания",
        new_title="Новая система оценивания",
        module="registry",
        icon="check",
        caption=("name",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="name",
        item="3.22",
        writing=Writing.OWN,
        in_menu=False,
        shelf="learning",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    name: Mapped[str] = item(
        "3.22",
        string(200),
        "Наименование",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        width=8,
    )
    scale_code: Mapped[str | None] = item(
        "3.22", choice("GRADE_SCALE", 2), "Шкала", policy=DIRECT, listed=True, filtered=True
    )
    applies_grades: Mapped[str | None] = item(
        "3.22", GRADES, "Классы", policy=DIRECT, listed=True, width=4
    )
    average_kind: Mapped[str | None] = item(
        "3.22", choice("AVERAGE_KIND", 1), "Средний балл", policy=DIRECT, listed=True
    )
    rounding_threshold: Mapped[Decimal | None] = item(
        "3.22",
        decimal(3, 2, "0.50", "0.70"),
        "Порог округления",
        policy=DIRECT,
        default=Decimal("0.50"),
        help="Дробная часть не меньше порога округляется вверх",
    )
    min_marks_period: Mapped[int | None] = item(
        "3.22", integer(1, 10), "Минимум отметок для аттестации", policy=DIRECT, default=3, width=4
    )
    absence_limit_percent: Mapped[int | None] = item(
        "3.22",
        integer(30, 100),
        "Порог пропусков для н/а, %",
        required=False,
        policy=DIRECT,
        width=4,
    )
    document_id: Mapped[int | None] = item(
        "3.22",
        relation("organisation_document"),
        "Положение",
        policy=DIRECT,
        own=True,
        width=12,
    )
    valid_from: Mapped[dt.date | None] = item("3.22", DATE, "С", policy=DIRECT, listed=True)
    valid_to: Mapped[dt.date | None] = item("3.22", DATE, "По", required=False, policy=DIRECT)

    def check(self) -> Iterator[Invalid]:
        """A grade is graded by one system at a time."""
        yield from super().check()
        session = object_session(self)
        if session is None or not self.applies_grades:
            return
        other = GradingSystem
        with session.no_autoflush:
            found = session.execute(
                select(other.name, other.applies_grades, other.valid_from, other.valid_to).where(
                    other.organisation_id == self.organisation_id, other.id != (self.id or 0)
                )
            ).all()
        for name, grades, begins, ends in found:
            shared = grades_of(grades) & grades_of(self.applies_grades)
            if shared and self._meets(begins, ends):
                yield Invalid(
                    "Классы %(grades)s в эти дни уже оценивает «%(name)s».",
                    field="applies_grades",
                    grades=", ".join(map(str, sorted(shared))),
                    name=name,
                )

    def _meets(self, begins: dt.date | None, ends: dt.date | None) -> bool:
        """Whether the days of the two systems have one in common; an open end lasts for ever."""
        first, last = self.valid_from or dt.date.min, self.valid_to or dt.date.max
        return first <= (ends or dt.date.max) and (begins or dt.date.min) <= last

    def doubts(self) -> Iterator[Message]:
        """Only the first grade is taught without marks."""
        if self.scale_code == WITHOUT_MARKS and grades_of(self.applies_grades) - {1}:
            yield Message("Без отметок учатся только первые классы. Проверьте классы и шкалу.")


@register
class MarkWeight(Record):
    """The weight of marks for a kind of work (вес отметки, item 3.22)."""

    __tablename__ = "mark_weight"
    about: ClassVar[About] = About(
        title="Вес отметки",
        title_many="Веса отметок",
        new_title="Новый вес отметки",
        module="registry",
        icon="list",
        caption=("work_kind",),
        matrix=KEPT,
        parent="grading_system",
        owner="grading_system_id",
        order="work_kind",
        item="3.22",
        writing=Writing.OWN,
        in_menu=False,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    grading_system_id: Mapped[int] = item(
        "3.22",
        relation("grading_system"),
        "Система",
        identity=True,
        policy=Policy.SYSTEM,
        own=True,
    )
    work_kind: Mapped[str] = item(
        "3.22",
        choice("WORK_KIND", 8),
        "Вид работы",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        filtered=True,
        width=6,
    )
    weight: Mapped[Decimal | None] = item(
        "3.22", decimal(3, 1, 0, 10), "Вес", policy=DIRECT, listed=True, help="0 — не учитывается"
    )

    __table_args__ = (
        Index(
            "uq_mark_weight_work_kind",
            "grading_system_id",
            "work_kind",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )

    def doubts(self) -> Iterator[Message]:
        """An arithmetic mean knows no weights."""
        session = object_session(self)
        system = session.get(GradingSystem, self.grading_system_id) if session else None
        if system and system.average_kind == ARITHMETIC and self.weight not in {None, Decimal(1)}:
            yield Message("Средний балл этой системы — арифметический: веса в нём не считаются.")
