"""Education documents of learners and their annexes (Appendix 3, item 1.18)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.documents import is_attestat_number
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import DATE_PAST, YES_NO, choice, decimal, integer, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.models.enrolment import OWNED
from app.models.enrolment_documents import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTESTATS = {"01", "02", "03", "04"}  # EDU_DOC_KIND: certificates on a numbered form
NOTES = {"06", "07"}  # letters, which have no form
NO_NUMBER = Message("Введите серию и номер бланка.")
FOURTEEN = Message("На бланке аттестата 14 цифр. Сверьте номер с документом.")
NO_ISSUER = Message("Выберите организацию в реестре или введите её название.")


@register
class StudentEducationDocument(Record):
    """A certificate or another education document (документ об образовании, item 1.18)."""

    __tablename__ = "student_education_document"
    about: ClassVar[About] = About(
        title="Документ об образовании",
        title_many="Документы об образовании",
        new_title="Новый документ об образовании",
        module="enrolment",
        icon="certificate",
        caption=("doc_kind",),
        matrix=DOCUMENTS,
        parent="student",
        owner="student_id",
        order="id",
        item="1.18",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="learning",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    doc_kind: Mapped[str] = item(
        "1.18",
        choice("EDU_DOC_KIND", 2),
        "Вид документа",
        identity=True,
        listed=True,
        filtered=True,
        width=6,
    )
    level_code: Mapped[str | None] = item(
        "1.18", choice("EDU_LEVEL", 2), "Уровень образования", listed=True, filtered=True, width=6
    )
    series_number: Mapped[str | None] = item(
        "1.18",
        string(20),
        "Серия и номер бланка",
        required=False,
        group="document",
        listed=True,
        help="У аттестата — 14 цифр",
    )
    registration_number: Mapped[str | None] = item(
        "1.18", string(30), "Регистрационный номер", group="document"
    )
    issue_date: Mapped[dt.date | None] = item("1.18", DATE_PAST, "Дата выдачи", listed=True)
    issuer_id: Mapped[int | None] = item(
        "1.18", relation("organisation"), "Кем выдан (в реестре)", required=False, width=6
    )
    issuer_text: Mapped[str | None] = item(
        "1.18", string(300), "Кем выдан (текст)", required=False, width=6
    )
    with_honours: Mapped[bool | None] = item("1.18", YES_NO, "С отличием", listed=True)
    medal_code: Mapped[str | None] = item("1.18", choice("MEDAL", 1), "Медаль", required=False)
    average_mark: Mapped[Decimal | None] = item(
        "1.18", decimal(4, 2, "3", 5), "Средний балл", required=False
    )
    frdo_status: Mapped[str | None] = item(
        "1.18", choice("EXCHANGE_STATUS", 1), "Статус передачи в ФИС ФРДО", default="0", width=6
    )
    is_duplicate: Mapped[bool | None] = item("1.18", YES_NO, "Дубликат")
    replaces_id: Mapped[int | None] = item(
        "1.18",
        relation("student_education_document"),
        "Взамен документа",
        required=False,
        own=True,
        width=6,
    )

    __table_args__ = (
        Index(
            "uq_student_education_document_number",
            "doc_kind",
            "series_number",
            unique=True,
            postgresql_where=text("deleted_at is null and not coalesce(is_duplicate, false)"),
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """The number has the form of the document."""
        yield from super().check()
        number = self.series_number
        if number and self.doc_kind in ATTESTATS and not is_attestat_number(number):
            yield Invalid(FOURTEEN, field="series_number")

    def doubts(self) -> Iterator[Message]:
        """A number, and somebody who issued it."""
        if not self.series_number and self.doc_kind not in NOTES:
            yield NO_NUMBER
        if self.issuer_id is None and not self.issuer_text:
            yield NO_ISSUER


@register
class StudentEducationDocumentMark(Record):
    """A line of the annex (отметка в приложении к документу об образовании, item 1.18)."""

    __tablename__ = "student_education_document_mark"
    about: ClassVar[About] = About(
        title="Отметка в приложении",
        title_many="Отметки в приложении",
        new_title="Новая отметка в приложении",
        module="enrolment",
        icon="list",
        caption=("subject_name",),
        matrix=DOCUMENTS,
        parent="student_education_document",
        owner="education_document_id",
        order="sort_order",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    education_document_id: Mapped[int] = item(
        "1.18",
        relation("student_education_document"),
        "Документ",
        identity=True,
        policy=Policy.SYSTEM,
        own=True,
    )
    subject_name: Mapped[str] = item(
        "1.18", string(150), "Предмет", identity=True, listed=True, width=6
    )
    mark: Mapped[str] = item(
        "1.18",
        string(15),
        "Отметка",
        identity=True,
        group="document",
        listed=True,
        help="3, 4, 5 или «зачтено»",
    )
    sort_order: Mapped[int] = item(
        "1.18", integer(0, 999), "Порядок", identity=True, listed=True, ordered=True
    )
