"""Former names of learners (Appendix 3, item 1.01), written by the database itself."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from sqlalchemy.orm import Mapped

from app.kernel.catalogue import register
from app.kernel.fields import field, item
from app.kernel.kinds import DATE_PAST, NAME, relation, string
from app.kernel.record import About, Reading, Record, Writing
from app.models.enrolment import BASE, OWNED


@register
class StudentNameHistory(Record):
    """A name a learner had (прежнее имя); a trigger writes it when the name changes."""

    __tablename__ = "student_name_history"
    about: ClassVar[About] = About(
        title="Прежние фамилия, имя, отчество",
        title_many="Прежние фамилии, имена, отчества",
        new_title="Новые прежние фамилия, имя, отчество",
        module="enrolment",
        icon="history",
        caption=("last_name",),
        naming="%(last_name)s %(first_name)s",
        matrix=BASE,
        parent="student",
        owner="student_id",
        order="id",
        reading=Reading.LEARNER,
        learner="student_id",
        writing=Writing.OWN,
        in_menu=False,
        shelf="papers",
    )

    organisation_id: Mapped[int] = field(
        relation("organisation"), "Организация", identity=True, policy=OWNED
    )
    student_id: Mapped[int] = field(
        relation("student"), "Обучающийся", identity=True, policy=OWNED, own=True
    )
    last_name: Mapped[str] = item("1.01", NAME, "Прежняя фамилия", identity=True, listed=True)
    first_name: Mapped[str] = item("1.01", NAME, "Прежнее имя", identity=True, listed=True)
    middle_name: Mapped[str | None] = item(
        "1.01", NAME, "Прежнее отчество", required=False, listed=True
    )
    changed_on: Mapped[dt.date | None] = item("1.01", DATE_PAST, "Дата изменения", listed=True)
    basis: Mapped[str | None] = item(
        "1.01", string(300), "Основание", required=False, listed=True, width=12
    )
