"""Local acts and other documents of organisations (Appendix 3, item 3.13)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import register
from app.kernel.errors import Invalid, Message
from app.kernel.fields import field, item
from app.kernel.kinds import DATE, FILE, YES_NO, choice, relation, string, url
from app.kernel.record import About, Record, Writing
from app.kernel.rules import rule
from app.kernel.search import stored_search
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

CHARTER = "01"
ITSELF = Message("Документ не может заменять сам себя. Выберите прежний документ.")


@register
class OrganisationDocument(Record):
    """A document of an organisation (нормативный правовой или локальный акт, item 3.13).

    The school keeps its documents itself; the charter is changed by the operator upon request.
    """

    __tablename__ = "organisation_document"
    about: ClassVar[About] = About(
        title="Документ организации",
        title_many="Документы организаций",
        new_title="Новый документ",
        module="registry",
        icon="file",
        caption=("title",),
        hint=("number",),
        matrix={**KEPT, "request": "organisation_request"},
        parent="organisation",
        owner="organisation_id",
        search=("title", "number"),
        search_hint="Название или номер документа",
        order="title",
        item="3.13",
        writing=Writing.OWN,
        shelf="papers",
        spans=(("adopted_on", "valid_from"), ("valid_from", "valid_to")),
        reserved=("doc_kind", CHARTER),
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    doc_kind: Mapped[str] = item(
        "3.13",
        choice("ORG_DOC_KIND", 2),
        "Вид документа",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=6,
        help="Устав вносит оператор",
    )
    title: Mapped[str] = item(
        "3.13",
        string(500),
        "Название",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
    )
    number: Mapped[str | None] = item(
        "3.13", string(50), "Номер", required=False, policy=DIRECT, listed=True, width=3
    )
    adopted_on: Mapped[dt.date | None] = item(
        "3.13", DATE, "Дата принятия", policy=DIRECT, listed=True, ordered=True, filtered=True
    )
    valid_from: Mapped[dt.date | None] = item("3.13", DATE, "Действует с", policy=DIRECT)
    valid_to: Mapped[dt.date | None] = item(
        "3.13",
        DATE,
        "Утратил силу",
        required=False,
        policy=DIRECT,
        listed=True,
        help="Пусто — действует",
    )
    replaces_id: Mapped[int | None] = item(
        "3.13",
        relation("organisation_document"),
        "Взамен",
        required=False,
        policy=DIRECT,
        own=True,
        width=12,
    )
    file_id: Mapped[int | None] = item("3.13", FILE, "Файл", policy=DIRECT, width=12)
    is_published: Mapped[bool | None] = item("3.13", YES_NO, "Опубликован на сайте", policy=DIRECT)
    published_url: Mapped[str | None] = item(
        "3.13", url(500), "Ссылка", required=False, policy=DIRECT, width=8
    )
    search: Mapped[Any] = mapped_column(TSVECTOR, stored_search(about), deferred=True)

    __table_args__ = (
        rule("replaces", "replaces_id <> id", "replaces_id", ITSELF),
        {"extend_existing": False},
    )

    def check(self) -> Iterator[Invalid]:
        """A document replaces another one, never itself."""
        yield from super().check()
        if self.replaces_id is not None and self.replaces_id == self.id:
            yield Invalid(ITSELF, field="replaces_id")
