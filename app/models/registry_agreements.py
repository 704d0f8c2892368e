"""Agreements on cooperation and governing bodies (Appendix 3, items 3.11 and 3.12)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import DATE, EMAIL, FILE, PHONE, YES_NO, choice, relation, string
from app.kernel.record import About, Record, Writing
from app.kernel.search import stored_search

OWNED = Policy.SYSTEM
DIRECT = Policy.DIRECT
KEPT = {"direct": "organisation_child_direct"}


@register
class OrganisationAgreement(Record):
    """An agreement on cooperation (договор о сотрудничестве, item 3.11)."""

    __tablename__ = "organisation_agreement"
    about: ClassVar[About] = About(
        title="Договор о сотрудничестве",
        title_many="Договоры о сотрудничестве",
        new_title="Новый договор о сотрудничестве",
        module="registry",
        icon="clipboard",
        caption=("number",),
        naming="Договор № %(number)s, %(partner_name)s",
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        search=("number", "partner_name", "subject"),
        search_hint="Номер, партнёр или предмет договора",
        order="number",
        item="3.11",
        writing=Writing.OWN,
        in_menu=False,
        shelf="papers",
        spans=(("signed_on", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    number: Mapped[str] = item(
        "3.11",
        string(50),
        "Номер",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        width=3,
    )
    signed_on: Mapped[dt.date | None] = item(
        "3.11", DATE, "Дата", policy=DIRECT, listed=True, ordered=True
    )
    agreement_kind: Mapped[str | None] = item(
        "3.11",
        choice("AGREEMENT_KIND", 2),
        "Вид",
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=6,
    )
    partner_name: Mapped[str | None] = item(
        "3.11", string(500), "Партнёр", policy=DIRECT, listed=True, width=6
    )
    partner_org_id: Mapped[int | None] = item(
        "3.11",
        relation("organisation"),
        "Партнёр (в реестре)",
        required=False,
        policy=DIRECT,
        help="Если партнёр есть в реестре организаций",
    )
    subject: Mapped[str | None] = item(
        "3.11", string(500), "Предмет договора", policy=DIRECT, listed=True
    )
    valid_to: Mapped[dt.date | None] = item(
        "3.11",
        DATE,
        "Действует до",
        required=False,
        policy=DIRECT,
        listed=True,
        help="Пусто — бессрочно",
    )
    auto_prolonged: Mapped[bool | None] = item("3.11", YES_NO, "Пролонгируется", policy=DIRECT)
    file_id: Mapped[int | None] = item("3.11", FILE, "Файл", required=False, policy=DIRECT)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)


@register
class OrganisationGoverningBody(Record):
    """A governing body of an organisation (орган управления, item 3.12)."""

    __tablename__ = "organisation_governing_body"
    about: ClassVar[About] = About(
        title="Орган управления организации",
        title_many="Органы управления",
        new_title="Новый орган управления",
        module="registry",
        icon="users",
        caption=("name",),
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        search=("name", "head_name"),
        search_hint="Название органа или руководитель",
        order="name",
        item="3.12",
        writing=Writing.OWN,
        in_menu=False,
        shelf="papers",
        spans=(("valid_from", "valid_to"),),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    body_kind: Mapped[str | None] = item(
        "3.12",
        choice("GOVERNING_BODY", 2),
        "Вид органа",
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=6,
    )
    name: Mapped[str] = item(
        "3.12",
        string(300),
        "Наименование",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        width=6,
    )
    head_name: Mapped[str | None] = item(
        "3.12", string(200), "Руководитель (ФИО)", policy=DIRECT, listed=True
    )
    head_position: Mapped[str | None] = item(
        "3.12", string(200), "Должность", required=False, policy=DIRECT, listed=True
    )
    regulation_document_id: Mapped[int | None] = item(
        "3.12",
        relation("organisation_document"),
        "Положение об органе",
        required=False,
        policy=DIRECT,
        own=True,
        width=12,
    )
    phone: Mapped[str | None] = item("3.12", PHONE, "Телефон", required=False, policy=DIRECT)
    email: Mapped[str | None] = item(
        "3.12", EMAIL, "Электронная почта", required=False, policy=DIRECT
    )
    valid_from: Mapped[dt.date | None] = item("3.12", DATE, "С", required=False, policy=DIRECT)
    valid_to: Mapped[dt.date | None] = item("3.12", DATE, "По", required=False, policy=DIRECT)
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)
