"""Classes of schools (decree п. 5.1; domain.md 3.1.6)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, Uuid, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Message
from app.kernel.fields import Policy, field
from app.kernel.kinds import choice, integer, relation, string
from app.kernel.record import About, Reading, Record, Writing, new_uid
from app.kernel.rules import rule
from app.kernel.search import stored_search

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNED = Policy.SYSTEM
HISTORY = {"direct": "student_history"}
OPEN, CLOSED = "A", "C"  # CLASS_STATE
LETTER = Message("Буква или имя класса: без пробелов и знаков, например А или К1.")


@register
class SchoolClass(Record):
    """A class of one school year (класс); ``class_line`` ties 5А to the 6А that it becomes."""

    __tablename__ = "school_class"
    about: ClassVar[About] = About(
        title="Класс",
        title_many="Классы",
        new_title="Новый класс",
        module="enrolment",
        icon="users",
        caption=("name",),
        naming="%(name)s, %(year_code)s",
        hint=("year_code",),
        matrix=HISTORY,
        search=("name", "year_code"),
        search_hint="Класс или учебный год: 5А 2026/27",
        order="name_key",
        reading=Reading.OWN,
        writing=Writing.OWN,
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, filtered=True
    )
    name: Mapped[str | None] = field(string(13), "Класс", policy=OWNED, listed=True)
    school_year_id: Mapped[int] = field(
        relation("school_year"), "Учебный год", identity=True, listed=True, filtered=True
    )
    grade: Mapped[int] = field(
        integer(1, 12), "Параллель", identity=True, listed=True, filtered=True, width=3
    )
    letter: Mapped[str] = field(
        string(10), "Буква", identity=True, help="А, Б, В… или имя класса", width=3
    )
    program_id: Mapped[int | None] = field(
        relation("education_program"), "Образовательная программа", own=True, width=6
    )
    shift: Mapped[int | None] = field(integer(1, 3), "Смена", default=1, listed=True, width=2)
    capacity: Mapped[int | None] = field(
        integer(1, 60), "Мест", default=25, listed=True, help="По нормам — не больше 25", width=2
    )
    state: Mapped[str | None] = field(
        choice("CLASS_STATE", 1), "Состояние", default=OPEN, listed=True, filtered=True
    )
    year_code: Mapped[str | None] = field(string(7), "Год класса", policy=OWNED)
    name_key: Mapped[str | None] = field(
        string(30),
        "Порядок классов",
        policy=OWNED,
        computed="lpad(grade::text, 2, '0') || upper(letter)",
        ordered=True,
    )
    class_line: Mapped[uuid.UUID] = mapped_column(
        Uuid, default=new_uid, server_default=text("gen_random_uuid()"), index=True, sort_order=89
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_school_class_name",
            "organisation_id",
            "school_year_id",
            "grade",
            text("upper(letter)"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        rule("letter", "letter ~ '^[[:alnum:]-]+$'", "letter", LETTER),
        {"extend_existing": False},
    )

    def prepare(self) -> None:
        """The letter as it is written on the door."""
        if self.letter:
            self.letter = self.letter.strip().upper()

    def doubts(self) -> Iterator[Message]:
        """What a class has and the row has not."""
        if self.program_id is None:
            yield Message("Укажите образовательную программу: по ней считают освоенные программы.")
