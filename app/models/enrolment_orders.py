"""Orders that move learners: promote, move, graduate, expel (decree п. 5.2; domain.md 3.1.6)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field
from app.kernel.kinds import DATE, INTEGER, choice, relation, string
from app.kernel.record import About, Reading, Record, Refusal, Section, Writing
from app.kernel.workflow import State, Step, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNED = Policy.SYSTEM
ORDERS = {"direct": "orders"}
PROMOTE, MOVE, GRADUATE, EXPEL = "PR", "MV", "GR", "LV"  # ORDER_KIND
DRAFT, PARTLY, DONE = "D", "P", "E"  # ORDER_STATE
CLERK, HEAD = "clerk", "head"
SIGNED = Message(
    "Приказ исполнен: его не меняют. Отмените исполнение, исправьте и исполните снова."
)
TWICE = Message("Этот обучающийся уже есть в приказе.")
WHY = Message("Укажите вид выбытия: по нему пишется история обучения.")
ORDER_FLOW = Workflow(
    "enrolment_order",
    (
        State(DRAFT, "Проект", "warn"),
        State(PARTLY, "Исполнен не для всех классов", "warn"),
        State(DONE, "Исполнен", "ok"),
    ),
    (
        Step(
            *("execute", "Подписать и исполнить", HEAD, (DRAFT, PARTLY), (DONE, PARTLY)),
            tone="primary",
            lead="Для отмеченных классов будет записано всё, что сказано ниже: классы, выбытие, "
            "история обучения. Пока никто не изменил этих сведений, исполнение можно отменить "
            "для каждого класса.",
        ),
        Step(
            *("revert", "Отменить исполнение", HEAD, (PARTLY, DONE), (DRAFT, PARTLY)),
            tone="danger",
            lead="Классы и зачисления учеников отмеченных классов станут такими, какими были до "
            "приказа; строки приказа снова можно будет менять.",
        ),
    ),
    {CLERK: "делопроизводитель", HEAD: "руководитель"},
)


@register
class EnrolmentOrder(Record):
    """An order (приказ) with a line for each learner; what it says happens when it is executed.

    ``effective_on``: the first day in the new class, or the last day at the school.
    """

    __tablename__ = "enrolment_order"
    about: ClassVar[About] = About(
        title="Приказ о движении учеников",
        title_many="Приказы о движении",
        new_title="Новый приказ о движении учеников",
        module="enrolment",
        icon="gavel",
        caption=("number",),
        naming="№ %(number)s, %(order_date)s",
        matrix=ORDERS,
        order="order_date",
        reading=Reading.OWN,
        writing=Writing.OWN,
        flow=ORDER_FLOW,
        refusals=(Refusal("ck_enrolment_order_signed", "number", SIGNED),),
        sections=(Section("main", "Приказ"), Section("left", "Куда выбывают")),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, filtered=True
    )
    kind: Mapped[str] = field(
        choice("ORDER_KIND", 2), "О чём приказ", identity=True, listed=True, filtered=True, width=5
    )
    state: Mapped[str | None] = field(
        choice("ORDER_STATE", 1),
        "Состояние",
        policy=OWNED,
        kept=True,
        listed=True,
        filtered=True,
    )
    number: Mapped[str] = field(string(30), "Номер", identity=True, listed=True, width=3)
    order_date: Mapped[dt.date] = field(
        DATE, "Дата приказа", identity=True, listed=True, ordered=True, width=3
    )
    effective_on: Mapped[dt.date] = field(
        DATE,
        "С какого дня",
        identity=True,
        listed=True,
        help="Перевод — первый день в новом классе, выпуск и отчисление — последний день в школе",
        width=3,
    )
    school_class_id: Mapped[int | None] = field(
        relation("school_class"),
        "Класс",
        own=True,
        listed=True,
        help="Пусто — все классы школы; ученики классов внесутся в приказ сами",
        width=4,
    )
    signed_by: Mapped[str | None] = field(string(200), "Кто подписывает", width=6)
    leave_kind: Mapped[str | None] = field(
        choice("LEAVE_KIND", 2),
        "Вид выбытия",
        section="left",
        help="Только для приказа об отчислении",
        width=6,
    )
    destination_org_id: Mapped[int | None] = field(
        relation("organisation"), "Организация из реестра", section="left", width=6
    )
    destination_text: Mapped[str | None] = field(
        string(300), "Другое место", section="left", width=6
    )

    def check(self) -> Iterator[Invalid]:
        """Who is expelled is expelled for a reason."""
        yield from super().check()
        if self.kind == EXPEL and not self.leave_kind:
            yield Invalid(WHY, field="leave_kind")

    def prepare(self) -> None:
        """A new order is a draft."""
        self.state = self.state or DRAFT


@register
class EnrolmentOrderLine(Record):
    """A learner in an order (строка приказа) and what is decided on them.

    ``batch_id``: what the execution for the class of the line has written; none before it.
    """

    __tablename__ = "enrolment_order_line"
    about: ClassVar[About] = About(
        title="Строка приказа",
        title_many="Ученики в приказе",
        new_title="Новая строка приказа",
        module="enrolment",
        icon="user",
        caption=("student_name",),
        matrix=ORDERS,
        order="id",
        parent="enrolment_order",
        owner="order_id",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        refusals=(Refusal("ck_enrolment_order_signed", "enrolment_id", SIGNED),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    order_id: Mapped[int] = field(
        relation("enrolment_order"), "Приказ", identity=True, policy=OWNED, own=True
    )
    enrolment_id: Mapped[int] = field(
        relation("student_enrolment"), "Обучающийся", identity=True, own=True, width=6
    )
    student_id: Mapped[int] = field(
        relation("student"), "Карточка обучающегося", identity=True, policy=OWNED, kept=True
    )
    student_name: Mapped[str | None] = field(
        string(302), "Фамилия, имя, отчество", policy=OWNED, kept=True, listed=True
    )
    class_name: Mapped[str | None] = field(
        string(13), "Из класса", policy=OWNED, kept=True, listed=True
    )
    from_class_id: Mapped[int | None] = field(
        relation("school_class"), "Класс на день приказа", policy=OWNED, kept=True, own=True
    )
    batch_id: Mapped[int | None] = field(INTEGER, "Пакет исполнения", policy=OWNED)
    decision_code: Mapped[str | None] = field(
        choice("PROMOTION", 4), "Решение", listed=True, filtered=True, width=6
    )
    target_class_id: Mapped[int | None] = field(
        relation("school_class"),
        "В какой класс",
        own=True,
        listed=True,
        help="Пусто — следующий класс с той же буквой",
        width=6,
    )
    note: Mapped[str | None] = field(string(300), "Примечание", listed=True, width=6)

    __table_args__ = (
        Index(
            "uq_enrolment_order_line_once",
            "order_id",
            "enrolment_id",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )
