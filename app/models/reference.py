"""Classifiers as versioned data, municipalities, school years (domain.md 5, decisions 7 and 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import Index, String, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field
from app.kernel.kinds import DATE, INTEGER, OKTMO, YES_NO, relation, string
from app.kernel.record import About, Reading, Record, Table, Writing
from app.kernel.search import stored_search

CLASSIFIERS = {"direct": "classifiers", "request": "classifiers", "operator": "classifiers"}


class ClassifierSeed(Table):
    """A loaded edition of a classifier: which one, and the hash of its text."""

    __tablename__ = "classifier_seed"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    classifier: Mapped[str] = mapped_column(String(40), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))


@register
class ClassifierItem(Record):
    """A value of a classifier (значение классификатора); closed by ``valid_to``, never removed."""

    __tablename__ = "classifier_item"
    about: ClassVar[About] = About(
        title="Значение классификатора",
        title_many="Классификаторы",
        new_title="Новое значение классификатора",
        module="reference",
        icon="list",
        caption=("name_ru", "code"),
        hint=("classifier", "code"),
        matrix=CLASSIFIERS,
        search=("classifier", "code", "name_ru", "name_en"),
        search_hint="Классификатор, код или название",
        order="classifier",
        reading=Reading.EVERYBODY,
        writing=Writing.NOBODY,
    )

    classifier: Mapped[str] = field(
        string(40), "Классификатор", identity=True, listed=True, filtered=True, ordered=True
    )
    code: Mapped[str] = field(string(20), "Код", identity=True, listed=True)
    name_ru: Mapped[str] = field(string(300), "Название", identity=True, listed=True, ordered=True)
    name_en: Mapped[str | None] = field(string(300), "Название по-английски", listed=True)
    name_short: Mapped[str | None] = field(string(100), "Краткое название")
    sort: Mapped[int | None] = field(INTEGER, "Порядок")
    parent_code: Mapped[str | None] = field(string(20), "Код вышестоящего")
    valid_from: Mapped[dt.date | None] = field(DATE, "Действует с")
    valid_to: Mapped[dt.date | None] = field(DATE, "Действует по", listed=True)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_classifier_item_code",
            "classifier",
            "code",
            text("coalesce(valid_from, date '-infinity')"),
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )


@register
class Municipality(Record):
    """A municipality of the region (муниципальное образование); renamed ones keep a successor."""

    __tablename__ = "municipality"
    about: ClassVar[About] = About(
        title="Муниципальное образование",
        title_many="Муниципальные образования",
        new_title="Новое муниципальное образование",
        module="reference",
        icon="map",
        caption=("name",),
        hint=("oktmo",),
        matrix=CLASSIFIERS,
        search=("name", "oktmo"),
        search_hint="Название или ОКТМО",
        order="name",
    )

    oktmo: Mapped[str] = field(OKTMO, "ОКТМО", identity=True, listed=True)
    name: Mapped[str] = field(string(150), "Наименование", identity=True, listed=True, ordered=True)
    kind: Mapped[str | None] = field(string(60), "Вид", listed=True)
    valid_from: Mapped[dt.date | None] = field(DATE, "Действует с")
    valid_to: Mapped[dt.date | None] = field(DATE, "Действует по", listed=True)
    successor_id: Mapped[int | None] = field(relation("municipality"), "Преемник")
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_municipality_oktmo",
            "oktmo",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )


@register
class SchoolYear(Record):
    """A school year (учебный год): 1 September to 31 August (domain.md 2.3)."""

    __tablename__ = "school_year"
    about: ClassVar[About] = About(
        title="Учебный год",
        title_many="Учебные годы",
        new_title="Новый учебный год",
        module="reference",
        icon="calendar",
        caption=("code",),
        matrix=CLASSIFIERS,
        search=("code",),
        search_hint="Например, 2026/27",
        order="code",
    )

    code: Mapped[str] = field(string(7), "Учебный год", identity=True, listed=True, ordered=True)
    start_date: Mapped[dt.date] = field(DATE, "Начало", identity=True, listed=True)
    end_date: Mapped[dt.date] = field(DATE, "Окончание", identity=True, listed=True)
    is_current: Mapped[bool | None] = field(YES_NO, "Текущий", listed=True, policy=Policy.OPERATOR)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        Index(
            "uq_school_year_code", "code", unique=True, postgresql_where=text("deleted_at is null")
        ),
        {"extend_existing": False},
    )
