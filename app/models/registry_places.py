"""Free places of organisations (Appendix 3, item 3.18)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Index, inspect, text
from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.clock import now
from app.kernel.errors import Message
from app.kernel.fields import Policy, field, item
from app.kernel.kinds import DATETIME, choice, integer, relation
from app.kernel.record import About, Record, Writing
from app.models.registry_agreements import DIRECT, KEPT, OWNED

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTED = ("capacity", "occupied", "reserved")
PLACES = integer(0, 3000)


@register
class OrganisationVacancy(Record):
    """Places of a grade in a school year (свободные места, item 3.18).

    How many are free is worked out by the database. Taken and reserved places are typed until
    classes and applications are kept in the portal.
    """

    __tablename__ = "organisation_vacancy"
    about: ClassVar[About] = About(
        title="Места в классе",
        title_many="Свободные места",
        new_title="Места в новом классе",
        module="registry",
        icon="users",
        caption=("grade",),
        naming="Места, класс %(grade)s, %(school_year_id)s",
        matrix=KEPT,
        parent="organisation",
        owner="organisation_id",
        order="grade",
        item="3.18",
        writing=Writing.OWN,
        shelf="admission",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED, listed=True
    )
    school_year_id: Mapped[int] = item(
        "3.18",
        relation("school_year"),
        "Учебный год",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        width=3,
    )
    program_id: Mapped[int | None] = item(
        "3.18",
        relation("education_program"),
        "Программа",
        required=False,
        policy=DIRECT,
        own=True,
        width=9,
        help="Пусто — места по классу в целом",
    )
    grade: Mapped[int] = item(
        "3.18",
        integer(1, 12),
        "Класс/курс",
        identity=True,
        policy=DIRECT,
        listed=True,
        ordered=True,
        filtered=True,
        width=2,
    )
    funding_code: Mapped[str] = item(
        "3.18",
        choice("PLACE_FUNDING", 1),
        "Финансирование",
        identity=True,
        policy=DIRECT,
        listed=True,
        filtered=True,
        default="3",
    )
    capacity: Mapped[int | None] = item("3.18", PLACES, "Мест всего", policy=DIRECT, listed=True)
    occupied: Mapped[int | None] = item("3.18", PLACES, "Занято", policy=DIRECT, listed=True)
    reserved: Mapped[int | None] = item(
        "3.18", PLACES, "Зарезервировано заявлениями", policy=DIRECT, listed=True, default=0
    )
    vacant: Mapped[int | None] = item(
        "3.18",
        PLACES,
        "Свободно",
        policy=Policy.SYSTEM,
        computed=(
            "case when capacity is null then null else"
            " greatest(capacity - coalesce(occupied, 0) - coalesce(reserved, 0), 0) end"
        ),
        listed=True,
        ordered=True,
        filtered=True,
    )
    as_of: Mapped[dt.datetime | None] = item(
        "3.18", DATETIME, "По состоянию на", policy=DIRECT, help="Пусто — на момент сохранения"
    )

    __table_args__ = (
        Index(
            "uq_organisation_vacancy_places",
            "organisation_id",
            "school_year_id",
            text("coalesce(program_id, 0)"),
            "funding_code",
            "grade",
            unique=True,
            postgresql_where=text("deleted_at is null"),
        ),
        {"extend_existing": False},
    )

    def prepare(self) -> None:
        """Numbers that were changed hold as of now, unless the moment is given with them."""
        attributes: Any = inspect(self).attrs
        changed = any(attributes[name].history.has_changes() for name in COUNTED)
        if self.as_of is None or (changed and not attributes["as_of"].history.has_changes()):
            self.as_of = now()

    def doubts(self) -> Iterator[Message]:
        """More places taken than there are."""
        taken = (self.occupied or 0) + (self.reserved or 0)
        if self.capacity is not None and taken > self.capacity:
            yield Message(
                "Занято и зарезервировано %(taken)s мест, а всего их %(capacity)s. Так ли это?",
                taken=taken,
                capacity=self.capacity,
            )
