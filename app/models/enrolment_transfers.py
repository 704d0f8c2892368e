"""Transfers of learners between schools of the region (decree п. 5.1; domain.md 3.1.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field
from app.kernel.kinds import BIRTH_DATE, DATE, DATE_PAST, choice, integer, relation, string
from app.kernel.record import About, Reading, Record, Refusal, Section, Writing
from app.kernel.search import stored_search
from app.kernel.workflow import State, Step, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNED = Policy.SYSTEM
TRANSFERS = {"direct": "transfers"}
DRAFT, SENT, PLACE, RELEASED, DONE, ENDED = "D", "S", "P", "R", "E", "C"  # TRANSFER_STATE
SOURCE, SOURCE_HEAD, TARGET, TARGET_HEAD = "source", "source_head", "target", "target_head"
ITSELF = Message("Обучающийся уже в этой организации. Выберите другую.")
SENT_ALREADY = Message(
    "Перевод уже отправлен или окончен. Чтобы выбрать другую школу, прекратите его и начните новый."
)
STANDS = Message("Перевод этого обучающегося уже оформляется. Закончите или отмените его.")
TOO_EARLY = Message(
    "Зачислить раньше, чем обучающийся был зачислен в прежней школе, нельзя. Проверьте день."
)
NOT_OURS = Message("Выберите класс своей школы того учебного года, в который зачисляете.")
TRANSFER_FLOW = Workflow(
    "transfer_request",
    (
        State(DRAFT, "Черновик", "off"),
        State(SENT, "Ждёт подтверждения места", "warn"),
        State(PLACE, "Место подтверждено", "warn"),
        State(RELEASED, "Отчислен переводом", "warn"),
        State(DONE, "Зачислен", "ok", final=True),
        State(ENDED, "Прекращён", "off", final=True),
    ),
    (
        Step("send", "Отправить в принимающую школу", SOURCE, (DRAFT,), (SENT,), tone="primary"),
        Step("confirm", "Подтвердить место", TARGET, (SENT,), (PLACE,), tone="primary"),
        Step(
            *("refuse", "Отказать: мест нет", TARGET, (SENT,), (ENDED,)),
            tone="danger",
            asks=("answer",),
        ),
        Step(
            *("release", "Подписать приказ об отчислении", SOURCE_HEAD, (PLACE,), (RELEASED,)),
            tone="primary",
            asks=("application_date", "leave_order_number", "leave_order_date"),
            lead="До зачисления в новую школу обучающийся остаётся в списках вашей.",
        ),
        Step(
            *("enrol", "Зачислить", TARGET_HEAD, (RELEASED,), (DONE,)),
            tone="primary",
            asks=(
                "admitted_on",
                "admission_order_number",
                "admission_order_date",
                "target_class_id",
            ),
            lead="Карточка со всеми сведениями перейдёт в вашу школу, прежнее зачисление закроется "
            "предыдущим днём, новое откроется.",
        ),
        Step(
            *("cancel", "Прекратить перевод", SOURCE, (DRAFT, SENT, PLACE, RELEASED), (ENDED,)),
            tone="danger",
        ),
    ),
    {
        SOURCE: "школа, из которой переводят",
        SOURCE_HEAD: "её руководитель",
        TARGET: "принимающая школа",
        TARGET_HEAD: "её руководитель",
    },
)


@register
class TransferRequest(Record):
    """A transfer (перевод) from ``organisation_id`` to another school; both of them read it.

    The schools take its steps in turn; the last one hands the learner over in one transaction.
    """

    __tablename__ = "transfer_request"
    about: ClassVar[About] = About(
        title="Перевод в другую школу",
        title_many="Переводы между школами",
        new_title="Новый перевод в другую школу",
        module="enrolment",
        icon="swap",
        caption=("student_name",),
        caption_label="Обучающийся",
        matrix=TRANSFERS,
        search=("student_name",),
        search_hint="Фамилия, имя или отчество",
        order="id",
        parent="student",
        owner="student_id",
        reading=Reading.LEARNER,
        learner="student_id",
        holder="to_organisation_id",
        holder_writes=True,
        writing=Writing.OWN,
        shelf="learning",
        flow=TRANSFER_FLOW,
        refusals=(
            Refusal("uq_transfer_request_open", "to_organisation_id", STANDS),
            Refusal("ck_transfer_request_sent", "to_organisation_id", SENT_ALREADY),
            Refusal("ck_transfer_request_early", "admitted_on", TOO_EARLY),
            Refusal("ck_transfer_request_class", "target_class_id", NOT_OURS),
        ),
        sections=(
            Section("main", "Кого и куда переводят"),
            Section("leave", "Отчисление"),
            Section("enrol", "Зачисление"),
        ),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Из школы", identity=True, policy=OWNED, listed=True
    )
    student_id: Mapped[int] = field(
        relation("student"), "Карточка обучающегося", identity=True, policy=OWNED
    )
    student_name: Mapped[str | None] = field(
        string(302), "Фамилия, имя, отчество", policy=OWNED, kept=True, width=12
    )
    birth_date: Mapped[dt.date | None] = field(
        BIRTH_DATE, "Дата рождения", policy=OWNED, kept=True, group="personal", listed=True
    )
    grade: Mapped[int | None] = field(
        integer(1, 12), "Параллель", policy=OWNED, kept=True, listed=True
    )
    state: Mapped[str | None] = field(
        choice("TRANSFER_STATE", 1), "Состояние", policy=OWNED, listed=True, filtered=True
    )
    to_organisation_id: Mapped[int] = field(
        relation("organisation"),
        "В школу",
        identity=True,
        listed=True,
        help="За пределы области переводят приказом об отчислении",
        width=8,
    )
    reason: Mapped[str | None] = field(string(300), "Причина перевода", width=12)
    answer: Mapped[str | None] = field(string(300), "Ответ принимающей школы", width=12)
    application_date: Mapped[dt.date | None] = field(
        DATE_PAST, "Заявление родителей от", section="leave", width=4
    )
    leave_order_number: Mapped[str | None] = field(
        string(30), "Приказ об отчислении, №", section="leave", width=4
    )
    leave_order_date: Mapped[dt.date | None] = field(
        DATE_PAST, "Дата приказа об отчислении", section="leave", width=4
    )
    admitted_on: Mapped[dt.date | None] = field(DATE, "Зачислен с", section="enrol", width=3)
    admission_order_number: Mapped[str | None] = field(
        string(30), "Приказ о зачислении, №", section="enrol", width=3
    )
    admission_order_date: Mapped[dt.date | None] = field(
        DATE_PAST, "Дата приказа о зачислении", section="enrol", width=3
    )
    target_class_id: Mapped[int | None] = field(
        relation("school_class"), "В какой класс", section="enrol", width=3
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_transfer_request_open",
            "student_id",
            unique=True,
            postgresql_where=text("deleted_at is null and state not in ('E', 'C')"),
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Another school."""
        yield from super().check()
        if self.to_organisation_id == self.organisation_id:
            yield Invalid(ITSELF, field="to_organisation_id")

    def prepare(self) -> None:
        """A new transfer is a draft."""
        self.state = self.state or DRAFT
