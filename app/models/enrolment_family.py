"""Family and parents of learners (Appendix 3, items 1.14 and 1.15)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import field, item
from app.kernel.kinds import (
    DATE,
    DATE_PAST,
    EMAIL,
    NAME,
    PHONE,
    SNILS,
    YES_NO,
    choice,
    integer,
    relation,
    string,
)
from app.kernel.record import About, Reading, Record, Writing
from app.kernel.search import stored_search
from app.models.enrolment import OWNED
from app.models.enrolment_addresses import CONTACTS
from app.models.enrolment_persons import FULL_NAME, Person, named_index
from app.models.registry import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = {"direct": "student_family"}
BY_DOCUMENT = {"05", "06", "07"}  # RELATION: whose rights a document gives
NO_DOCUMENT = Message("Укажите документ об опеке или попечительстве: вид, номер и дату.")


@register
class StudentFamilyStatus(Record):
    """Who a learner lives with, for a time (полнота семьи, item 1.14)."""

    __tablename__ = "student_family_status"
    about: ClassVar[About] = About(
        title="Полнота семьи",
        title_many="Полнота семьи",
        new_title="Новые сведения о семье",
        module="enrolment",
        icon="users",
        caption=("completeness_code",),
        matrix=FAMILY,
        group="social",
        parent="student",
        owner="student_id",
        order="id",
        item="1.14",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="home",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    completeness_code: Mapped[str] = item(
        "1.14",
        choice("FAMILY_COMPLETENESS", 2),
        "Полнота семьи",
        identity=True,
        group="social",
        listed=True,
        filtered=True,
    )
    large_family: Mapped[bool | None] = item(
        "1.14", YES_NO, "Многодетная", group="social", listed=True, filtered=True
    )
    low_income: Mapped[bool | None] = item(
        "1.14", YES_NO, "Малоимущая", group="social", listed=True, filtered=True
    )
    children_count: Mapped[int | None] = item(
        "1.14", integer(1, 30), "Число детей в семье", required=False, group="social"
    )
    guardianship_kind: Mapped[str | None] = item(
        "1.14", choice("GUARDIANSHIP", 2), "Форма устройства", required=False, group="social"
    )
    valid_from: Mapped[dt.date | None] = item(
        "1.14", DATE, "Действует с", group="social", listed=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "1.14", DATE, "Действует по", required=False, group="social", listed=True
    )

    __table_args__ = (
        Index(
            "uq_student_family_status_current",
            "student_id",
            unique=True,
            postgresql_where=text("deleted_at is null and valid_to is null"),
        ),
        {"extend_existing": False},
    )


@register
class Guardian(Person, Record):
    """A parent or another legal representative (родитель, законный представитель, item 1.15).

    A row per organisation; one human in several schools is told by ``person_uid``.
    """

    __tablename__ = "guardian"
    about: ClassVar[About] = About(
        title="Родитель (законный представитель)",
        title_many="Родители (законные представители)",
        new_title="Новый родитель (законный представитель)",
        module="enrolment",
        icon="users",
        caption=("full_name",),
        caption_label="Фамилия, имя, отчество",
        matrix=CONTACTS,
        search=("last_name", "first_name", "middle_name"),
        search_hint="Фамилия, имя или отчество, в любом порядке",
        words=True,
        exact=("snils", "birth_date"),
        exact_hint="Фамилия, имя, отчество, дата рождения или СНИЛС",
        order="caption",
        keys=(("snils",), ("full_name", "birth_date")),
        reading=Reading.LEARNER,
        writing=Writing.OWN,
    )

    last_name: Mapped[str] = item("1.15", NAME, "Фамилия", identity=True, ordered=True)
    first_name: Mapped[str] = item("1.15", NAME, "Имя", identity=True)
    middle_name: Mapped[str | None] = item("1.15", NAME, "Отчество", required=False)
    full_name: Mapped[str | None] = field(
        string(302), "Фамилия, имя, отчество", policy=OWNED, computed=FULL_NAME
    )
    birth_date: Mapped[dt.date | None] = item(
        "1.15", DATE_PAST, "Дата рождения", required=False, group="personal"
    )
    workplace: Mapped[str | None] = item(
        "1.15", string(300), "Место работы", required=False, group="contact", listed=True, width=6
    )
    job_position: Mapped[str | None] = item(
        "1.15", string(200), "Должность", required=False, group="contact", width=6
    )
    phone: Mapped[str | None] = item(
        "1.15", PHONE, "Телефон", required=False, group="contact", listed=True
    )
    email: Mapped[str | None] = item(
        "1.15", EMAIL, "Электронная почта", required=False, group="contact", listed=True
    )
    snils: Mapped[str | None] = item("1.15", SNILS, "СНИЛС", required=False)
    organisation_id: Mapped[int] = field(
        relation("organisation"),
        "Организация",
        identity=True,
        policy=OWNED,
        listed=True,
        filtered=True,
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        named_index("guardian"),
        Index(
            "uq_guardian_snils",
            "organisation_id",
            "snils_print",
            unique=True,
            postgresql_where=LIVE,
        ),
        {"extend_existing": False},
    )


@register
class StudentGuardian(Record):
    """Who speaks for a learner (связь с родителем, item 1.15)."""

    __tablename__ = "student_guardian"
    about: ClassVar[About] = About(
        title="Родитель обучающегося",
        title_many="Родители (законные представители)",
        new_title="Новая связь с родителем",
        module="enrolment",
        icon="users",
        caption=("relation_code",),
        matrix=CONTACTS,
        parent="student",
        owner="student_id",
        order="contact_priority",
        item="1.15",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="home",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    guardian_id: Mapped[int] = item(
        "1.15",
        relation("guardian"),
        "Родитель (законный представитель)",
        identity=True,
        own=True,
        listed=True,
        width=8,
    )
    relation_code: Mapped[str] = item(
        "1.15",
        choice("RELATION", 2),
        "Степень родства",
        identity=True,
        listed=True,
        filtered=True,
    )
    is_legal_representative: Mapped[bool | None] = item(
        "1.15", YES_NO, "Законный представитель", listed=True
    )
    rights_document: Mapped[str | None] = item(
        "1.15",
        string(300),
        "Документ об опеке/попечительстве (вид, №, дата)",
        required=False,
        group="contact",
        width=12,
    )
    lives_together: Mapped[bool | None] = item(
        "1.15", YES_NO, "Проживает совместно", required=False
    )
    contact_priority: Mapped[int | None] = item(
        "1.15", integer(1, 9), "Очерёдность связи", default=1, listed=True, ordered=True
    )
    valid_from: Mapped[dt.date | None] = item("1.15", DATE, "Действует с", required=False)
    valid_to: Mapped[dt.date | None] = item(
        "1.15", DATE, "Действует по", required=False, help="Когда права прекращены"
    )

    __table_args__ = (
        Index(
            "uq_student_guardian_current",
            "student_id",
            "guardian_id",
            unique=True,
            postgresql_where=text("deleted_at is null and valid_to is null"),
        ),
        {"extend_existing": False},
    )

    def doubts(self) -> Iterator[Message]:
        """A guardian's rights come from a document (decree п. 5.1)."""
        if self.relation_code in BY_DOCUMENT and not self.rights_document:
            yield NO_DOCUMENT
