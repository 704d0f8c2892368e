"""On the card of a class: its learners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.kernel.catalogue import field_map
from app.kernel.rights import READ, shown
from app.models.enrolment import Student
from app.models.enrolment_classes import SchoolClass
from app.services.browse import Query, browse
from app.services.conditions import Criterion
from app.services.enrolling import may_enrol
from app.views.base import addresses
from app.views.base.listing import rows_of
from app.views.base.pages import ChildList, Column, Link
from app.views.base.words import label

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.kernel.record import Record
    from app.security.identity import Identity
    from app.views.base.words import Presenter

SHOWN = ("birth_date", "sex")
MOST = 100


def learners_of(
    session: Session, row: Record, actor: Identity, show: Presenter
) -> tuple[ChildList, ...]:
    """The learners who are in the class now; nothing for other rows."""
    if not isinstance(row, SchoolClass) or not actor.may(READ, Student.__tablename__):
        return ()
    fields = tuple(f for f in shown(Student, actor) if f.name in SHOWN)
    of = Criterion(field_map(Student)["school_class_id"], "in", (row.id,))
    query = Query(Student, criteria=(of,), order=Student.about.order, size=MOST)
    page = browse(session, query, fields, few=True)
    number = f"{len(page.rows)}{'+' if page.more_after else ''}"
    places = row.capacity
    return (
        ChildList(
            Student.__tablename__,
            label(Student, Student.about.title_many),
            (
                Column("caption", label(Student, Student.about.caption_label)),
                *(Column(f.name, label(Student, f.label)) for f in fields),
            ),
            rows_of(Student, fields, page, actor, show),
            _("%(number)s из %(places)s мест", number=number, places=places) if places else number,
            add=_filling(row, actor),
            all_href=f"{addresses.home(Student)}?school_class_id__in={row.id}",
        ),
    )


def _filling(row: SchoolClass, actor: Identity) -> Link | None:
    """The way to the form that adds one learner after another."""
    if not may_enrol(row, actor):
        return None
    return Link(_("Добавить учеников"), addresses.filling(row.id), "plus")
