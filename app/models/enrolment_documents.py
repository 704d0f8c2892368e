"""Identity documents of learners (Appendix 3, item 1.09)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.documents import (
    BIRTH_CERTIFICATE,
    PASSPORT,
    TRAVEL_PASSPORT,
    is_birth_series,
    is_document,
    normal_birth_series,
)
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.kinds import (
    DATE,
    DATE_PAST,
    DOCUMENT_NUMBER,
    DOCUMENT_SERIES,
    FILE,
    ISSUER_CODE,
    YES_NO,
    choice,
    relation,
    string,
)
from app.kernel.record import About, Reading, Record, Writing
from app.models.enrolment import OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = {"direct": "student_documents"}
SERIAL = {PASSPORT, BIRTH_CERTIFICATE, TRAVEL_PASSPORT}  # documents that have a series
NO_SERIES = Message("У этого документа есть серия: введите её, как она напечатана.")
NO_CODE = Message("У паспорта есть код подразделения: введите две тройки цифр, например 670-012.")
NOT_SO = Message(
    "Серия и номер не подходят к виду документа. У паспорта — 4 и 6 цифр, у свидетельства о "
    "рождении — римское число, две русские буквы и 6 цифр, у загранпаспорта — 2 и 7 цифр."
)
ONLY_BIRTH = Message("Номер актовой записи есть только у свидетельства о рождении.")


class IdentityDocument:
    """The rules of an identity document, whoever's it is (domain.md 6.8)."""

    if TYPE_CHECKING:
        doc_type_code: Any
        series: Any
        number: Any
        issuer_code: Any
        birth_record_number: Any
        is_current: Any

    def document_faults(self) -> Iterator[Invalid]:
        """Yield what does not fit the kind of document; what is not typed yet is no fault."""
        code, whole = self.doc_type_code, not any(self.document_gaps())
        fits = is_document(code, self.series or "", self.number or "", self.issuer_code or "")
        if whole and not fits:
            yield Invalid(NOT_SO, field="number")
        if self.birth_record_number and code != BIRTH_CERTIFICATE:
            yield Invalid(ONLY_BIRTH, field="birth_record_number")

    def document_gaps(self) -> Iterator[Message]:
        """Yield what a document of this kind has and the row has not."""
        if self.doc_type_code in SERIAL and not self.series:
            yield NO_SERIES
        if self.doc_type_code == PASSPORT and not self.issuer_code:
            yield NO_CODE

    def settle_document(self) -> None:
        """Write the series of a birth certificate as it is printed; a new document is in force."""
        if self.doc_type_code == BIRTH_CERTIFICATE and is_birth_series(self.series or ""):
            self.series = normal_birth_series(self.series or "")
        if self.is_current is None:
            self.is_current = True


@register
class StudentIdentityDocument(IdentityDocument, Record):
    """An identity document of a learner (документ, удостоверяющий личность, item 1.09)."""

    __tablename__ = "student_identity_document"
    about: ClassVar[About] = About(
        title="Документ, удостоверяющий личность",
        title_many="Документы, удостоверяющие личность",
        new_title="Новый документ, удостоверяющий личность",
        module="enrolment",
        icon="certificate",
        caption=("doc_type_code",),
        matrix=DOCUMENTS,
        parent="student",
        owner="student_id",
        order="id",
        item="1.09",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="papers",
        spans=(("issue_date", "valid_until"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    doc_type_code: Mapped[str] = item(
        "1.09",
        choice("ID_DOC_TYPE", 2),
        "Вид документа",
        identity=True,
        listed=True,
        filtered=True,
        width=6,
    )
    series: Mapped[str | None] = item("1.09", DOCUMENT_SERIES, "Серия", required=False, listed=True)
    number: Mapped[str] = item("1.09", DOCUMENT_NUMBER, "Номер", identity=True, listed=True)
    issued_by: Mapped[str | None] = item(
        "1.09", string(300), "Кем выдан", group="document", width=12
    )
    issuer_code: Mapped[str | None] = item("1.09", ISSUER_CODE, "Код подразделения", required=False)
    issue_date: Mapped[dt.date | None] = item(
        "1.09", DATE_PAST, "Дата выдачи", group="document", listed=True
    )
    valid_until: Mapped[dt.date | None] = item(
        "1.09", DATE, "Действителен до", required=False, group="document"
    )
    birth_place: Mapped[str | None] = item(
        "1.09",
        string(300),
        "Место рождения (по документу)",
        required=False,
        group="document",
        width=12,
    )
    birth_record_number: Mapped[str | None] = item(
        "1.09",
        string(30),
        "Номер актовой записи",
        required=False,
        group="document",
        help="Только у свидетельства о рождении",
    )
    is_current: Mapped[bool | None] = item("1.09", YES_NO, "Действующий", listed=True)
    scan_file_id: Mapped[int | None] = item(
        "1.09", FILE, "Скан-копия", required=False, group="document"
    )

    __table_args__ = (
        Index(
            "uq_student_identity_document_current",
            "student_id",
            "doc_type_code",
            unique=True,
            postgresql_where=text("deleted_at is null and is_current"),
        ),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Series, number and code have the form of the document."""
        yield from super().check()
        yield from self.document_faults()

    def doubts(self) -> Iterator[Message]:
        """What a document of this kind has and the row has not."""
        yield from self.document_gaps()

    def prepare(self) -> None:
        """The series as it is printed."""
        self.settle_document()
