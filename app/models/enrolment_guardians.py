"""Identity documents of parents (Appendix 3, item 1.15; decree п. 5.1)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
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
from app.models.enrolment_documents import DOCUMENTS, IdentityDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.errors import Invalid, Message


@register
class GuardianIdentityDocument(IdentityDocument, Record):
    """An identity document of a parent (документ родителя, item 1.15)."""

    __tablename__ = "guardian_identity_document"
    about: ClassVar[About] = About(
        title="Документ родителя",
        title_many="Документы родителей",
        new_title="Новый документ родителя",
        module="enrolment",
        icon="certificate",
        caption=("doc_type_code",),
        matrix=DOCUMENTS,
        parent="guardian",
        owner="guardian_id",
        order="id",
        reading=Reading.LEARNER,
        writing=Writing.OWN,
        in_menu=False,
        spans=(("issue_date", "valid_until"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    guardian_id: Mapped[int] = field(
        relation("guardian"),
        "Родитель (законный представитель)",
        identity=True,
        policy=OWNED,
        own=True,
    )
    doc_type_code: Mapped[str] = item(
        "1.15",
        choice("ID_DOC_TYPE", 2),
        "Вид документа",
        identity=True,
        listed=True,
        filtered=True,
        width=6,
    )
    series: Mapped[str | None] = item("1.15", DOCUMENT_SERIES, "Серия", required=False, listed=True)
    number: Mapped[str] = item("1.15", DOCUMENT_NUMBER, "Номер", identity=True, listed=True)
    issued_by: Mapped[str | None] = item(
        "1.15", string(300), "Кем выдан", group="document", width=12
    )
    issuer_code: Mapped[str | None] = item("1.15", ISSUER_CODE, "Код подразделения", required=False)
    issue_date: Mapped[dt.date | None] = item(
        "1.15", DATE_PAST, "Дата выдачи", group="document", listed=True
    )
    valid_until: Mapped[dt.date | None] = item(
        "1.15", DATE, "Действителен до", required=False, group="document"
    )
    birth_place: Mapped[str | None] = item(
        "1.15",
        string(300),
        "Место рождения (по документу)",
        required=False,
        group="document",
        width=12,
    )
    birth_record_number: Mapped[str | None] = item(
        "1.15",
        string(30),
        "Номер актовой записи",
        required=False,
        group="document",
        help="Только у свидетельства о рождении",
    )
    is_current: Mapped[bool | None] = item("1.15", YES_NO, "Действующий", listed=True)
    scan_file_id: Mapped[int | None] = item(
        "1.15", FILE, "Скан-копия", required=False, group="document"
    )

    __table_args__ = (
        Index(
            "uq_guardian_identity_document_current",
            "guardian_id",
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
