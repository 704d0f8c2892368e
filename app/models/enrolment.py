"""Learners: who they are and how they are reached (decree 493 п. 5.1; Appendix 3, 1.01-1.08)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import (
    BIRTH_DATE,
    EMAIL,
    NAME,
    PHONE,
    SEX,
    SNILS,
    YES_NO,
    choice,
    relation,
    string,
)
from app.kernel.record import About, Reading, Record, Section, Writing
from app.kernel.search import stored_search
from app.models.enrolment_persons import FULL_NAME, Person, named_index
from app.models.registry import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNED = Policy.SYSTEM
BASE = {"direct": "student_base"}
RUSSIA = "643"
RUSSIAN, TWO, FOREIGN, STATELESS = "1", "2", "3", "4"  # CITIZENSHIP_KIND
NO_COUNTRY = Message("У лица без гражданства страны гражданства нет: очистите это поле.")
ONLY_RUSSIA = Message("При гражданстве России выберите здесь Россию.")
NOT_RUSSIA = Message("Иностранный гражданин не может быть гражданином России: выберите страну.")
NO_SECOND = Message("Второе гражданство указывают у граждан России, имеющих и другое.")


@register
class Student(Person, Record):
    """A learner (обучающийся); ``organisation_id`` is the school that teaches now."""

    __tablename__ = "student"
    about: ClassVar[About] = About(
        title="Обучающийся",
        title_many="Обучающиеся",
        new_title="Новый обучающийся",
        module="enrolment",
        icon="user",
        caption=("full_name",),
        caption_label="Фамилия, имя, отчество",
        matrix=BASE,
        search=("last_name", "first_name", "middle_name"),
        search_hint="Фамилия, имя или отчество, в любом порядке",
        words=True,
        exact=("snils", "birth_date"),
        exact_hint="Фамилия, имя, отчество, дата рождения или СНИЛС",
        order="caption",
        keys=(("snils",), ("full_name", "birth_date")),
        reading=Reading.LEARNER,
        learner="id",
        writing=Writing.OWN,
        sections=(
            Section("main", "Фамилия, имя, отчество"),
            Section("origin", "Гражданство и языки"),
            Section("contact", "Связь"),
            Section("number", "СНИЛС"),
        ),
        shelves=(
            Section("papers", "Документы"),
            Section("home", "Адреса и семья"),
            Section("support", "Здоровье и льготы"),
            Section("learning", "Обучение"),
            Section("beyond", "Достижения и увлечения"),
        ),
    )

    last_name: Mapped[str] = item("1.01", NAME, "Фамилия", identity=True, ordered=True)
    first_name: Mapped[str] = item("1.01", NAME, "Имя", identity=True)
    middle_name: Mapped[str | None] = item("1.01", NAME, "Отчество", absent="no_middle_name")
    no_middle_name: Mapped[bool | None] = item(
        "1.01",
        YES_NO,
        "Отчество отсутствует",
        required=False,
        help="«Да», если отчества нет в документах",
    )
    full_name: Mapped[str | None] = field(
        string(302), "Фамилия, имя, отчество", policy=OWNED, computed=FULL_NAME
    )
    birth_date: Mapped[dt.date] = item(
        "1.02",
        BIRTH_DATE,
        identity=True,
        group="personal",
        listed=True,
        ordered=True,
        filtered=True,
    )
    sex: Mapped[str | None] = item("1.04", SEX, listed=True, filtered=True)

    citizenship_kind: Mapped[str | None] = item(
        "1.05",
        choice("CITIZENSHIP_KIND", 1),
        "Вид гражданства",
        section="origin",
        default=RUSSIAN,
        filtered=True,
    )
    citizenship_country: Mapped[str | None] = item(
        "1.05",
        choice("OKSM", 3),
        "Гражданство (страна)",
        required=False,
        section="origin",
        help="У граждан России заполняется само",
    )
    second_citizenship_country: Mapped[str | None] = item(
        "1.05", choice("OKSM", 3), "Второе гражданство", required=False, section="origin"
    )
    ru_language_test_required: Mapped[bool | None] = item(
        "1.05",
        YES_NO,
        "Требуется тестирование по русскому языку",
        policy=OWNED,
        section="origin",
        computed="citizenship_kind in ('3', '4')",
    )
    native_language_code: Mapped[str | None] = item(
        "1.03", choice("LANGUAGE", 3), "Родной язык", section="origin"
    )
    studied_native_language_code: Mapped[str | None] = item(
        "1.03",
        choice("LANGUAGE", 3),
        "Изучаемый родной язык (выбор по заявлению)",
        required=False,
        section="origin",
    )
    instruction_language_code: Mapped[str | None] = item(
        "1.03",
        choice("LANGUAGE", 3),
        "Язык образования (выбор по заявлению)",
        section="origin",
        default="rus",
    )

    phone: Mapped[str | None] = item(
        "1.06", PHONE, "Телефон", absent="no_phone", section="contact", group="contact", listed=True
    )
    no_phone: Mapped[bool | None] = item(
        "1.06", YES_NO, "Телефон отсутствует", required=False, section="contact"
    )
    email: Mapped[str | None] = item(
        "1.07", EMAIL, "Электронная почта", absent="no_email", section="contact", group="contact"
    )
    no_email: Mapped[bool | None] = item(
        "1.07", YES_NO, "Электронная почта отсутствует", required=False, section="contact"
    )

    snils: Mapped[str | None] = item(
        "1.08", SNILS, "СНИЛС", absent="no_snils", section="number", listed=True, filtered=True
    )
    no_snils: Mapped[bool | None] = item(
        "1.08",
        YES_NO,
        "СНИЛС отсутствует",
        required=False,
        section="number",
        filtered=True,
        help="У иностранных граждан и недавно прибывших",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"),
        "Организация",
        identity=True,
        policy=OWNED,
        listed=True,
        filtered=True,
    )
    school_class_id: Mapped[int | None] = field(
        relation("school_class"), "Класс", policy=OWNED, own=True, filtered=True, kept=True
    )
    class_name: Mapped[str | None] = field(
        string(13), "Учится в классе", policy=OWNED, kept=True, listed=True
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        named_index("student"),
        Index("uq_student_snils", "snils_print", unique=True, postgresql_where=LIVE),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """Citizenship and its countries go together; nothing is both there and absent."""
        yield from super().check()
        yield from self.contradictions()
        kind, country = self.citizenship_kind, self.citizenship_country
        if kind == STATELESS and country:
            yield Invalid(NO_COUNTRY, field="citizenship_country")
        if kind in {RUSSIAN, TWO} and country not in {None, RUSSIA}:
            yield Invalid(ONLY_RUSSIA, field="citizenship_country")
        if kind == FOREIGN and country == RUSSIA:
            yield Invalid(NOT_RUSSIA, field="citizenship_country")
        if self.second_citizenship_country and kind != TWO:
            yield Invalid(NO_SECOND, field="second_citizenship_country")

    def doubts(self) -> Iterator[Message]:
        """What is asked of this person and not there yet."""
        if self.citizenship_kind == TWO and not self.second_citizenship_country:
            yield Message("Укажите второе гражданство.")
        if self.citizenship_kind == FOREIGN and not self.citizenship_country:
            yield Message("Укажите страну гражданства.")

    def prepare(self) -> None:
        """The country of Russian citizens; what is typed is not absent."""
        self.settle()
        if self.citizenship_kind in {RUSSIAN, TWO} and not self.citizenship_country:
            self.citizenship_country = RUSSIA
