"""Above the list of learners: the classes of the school as links, and which school it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask_babel import gettext as _

from app.kernel.clock import today
from app.models.enrolment import Student
from app.services.classes import Taught, taught
from app.services.enrolling import may_enrol_at
from app.views.base import addresses
from app.views.base.noting import place_of
from app.views.base.numbers import earlier_than
from app.views.base.pages import Link
from app.views.base.pages_list import ClassChip, Switcher

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.security.identity import Identity
    from app.views.base.ask import Asked
    from app.views.base.words import Presenter

SCHOOL, CLASS, NO_CLASS = "organisation_id__in", "school_class_id__in", "school_class_id__empty"


def switcher(
    session: Session, asked: Asked, path: str, actor: Identity, show: Presenter
) -> Switcher | None:
    """The classes of the one school whose learners are listed; others choose the school first."""
    if asked.query.record is not Student:
        return None
    typed, own = dict(asked.typed), place_of(actor)
    school = own or earlier_than(typed.get(SCHOOL, ""))
    found = taught(session, school, today()) if school else None
    rooms = found.classes if found else ()
    if found:
        show.know({"organisation": {school or 0: found.words}})
        show.know({"school_class": {room.id: room.name for room in rooms}})
    chips = _chips(asked, path, rooms) if rooms else ()
    if own is not None:
        return Switcher(chips, add=_filling(asked, own, rooms, actor)) if chips else None
    kept = asked.text(**{SCHOOL: None, CLASS: None, NO_CLASS: None})
    return Switcher(
        chips,
        picker_href=addresses.picker("organisation"),
        action=path,
        name=SCHOOL,
        value=str(school or ""),
        words=found.words if found else "",
        kept=tuple(parse_qsl(kept)),
    )


def _filling(asked: Asked, school: int, rooms: tuple[Taught, ...], actor: Identity) -> Link | None:
    """The way to the form that adds learners to the chosen class."""
    chosen = dict(asked.typed).get(CLASS, "")
    room = next((room for room in rooms if str(room.id) == chosen), None)
    if room is None or not may_enrol_at(school, actor):
        return None
    words = _("Добавить учеников: %(room)s", room=room.name)
    return Link(words, addresses.filling(room.id), "plus")


def _chips(asked: Asked, path: str, rooms: tuple[Taught, ...]) -> tuple[ClassChip, ...]:
    typed = dict(asked.typed)
    chosen, none = typed.get(CLASS, ""), NO_CLASS in typed
    every = asked.address(path, **{CLASS: None, NO_CLASS: None})
    without = asked.address(path, **{CLASS: None, NO_CLASS: "1"})
    return (
        ClassChip(_("Все классы"), "", every, current=not chosen and not none),
        *(
            ClassChip(
                room.name,
                str(room.learners),
                asked.address(path, **{CLASS: str(room.id), NO_CLASS: None}),
                current=chosen == str(room.id),
                first=at > 0 and room.grade != rooms[at - 1].grade,
            )
            for at, room in enumerate(rooms)
        ),
        ClassChip(_("Без класса"), "", without, current=none, first=True),
    )
