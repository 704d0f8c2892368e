"""Who sees this child and why, and who has looked of late (domain.md 2.7, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from flask_appbuilder import BaseView
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.rights import LOGS, READ
from app.security.roles import ROLES, Level, ScopeKind
from app.security.seeing import bound_to, level_of, roles_reading, seers
from app.services import keep, readings
from app.services.timeline import below
from app.views.base import addresses
from app.views.base.carding import caption, crumbs
from app.views.base.guard import accounts, identity, route
from app.views.base.numbers import known_id
from app.views.base.pages import Cell, Link
from app.views.base.pages_readings import SeerLine, SeersPage
from app.views.base.reading_words import learn, line_of
from app.views.base.shell import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.kernel.record import Record
    from app.security.roles import RoleCode
    from app.views.base.pages_readings import ReadingLine

# Access groups in the words of the page.
GROUPS = {
    "open": "Имя, пол, гражданство, обучение",
    "personal": "Дата рождения",
    "contact": "Телефоны, почта, адреса",
    "document": "СНИЛС и документы",
    "health": "Здоровье и питание",
    "social": "Семья",
}
WHY = {
    ScopeKind.REGION: "работает со всеми организациями региона",
    ScopeKind.MUNICIPALITY: "школа в ведении этого органа управления",
    ScopeKind.ORGANISATION: "работает в школе, где учится ребёнок",
    ScopeKind.TEACHING: "ведёт класс или группу, где учится ребёнок",
    ScopeKind.PERSON: "сам ребёнок, его родители",
    ScopeKind.CASE: "рассматривает дело, в котором назван ребёнок",
}
LEVELS = {
    Level.FULL: ("видит", "ok"),
    Level.MASKED: ("под маской", "warn"),
    Level.NONE: ("не видит", "off"),
}


class Seeing(BaseView):
    """The page of those who see a learner; their names are for those who read the access log."""

    record: ClassVar[type[Record]]

    @route("/<int:ident>/who", needs=READ)
    def who(self, ident: int) -> str:
        """Roles, reasons and groups for everybody; people and readings for the head, operator."""
        session, actor = db.session(), identity()
        row = keep.fetch(session, self.record, known_id(ident))
        named = actor.may(READ, LOGS)
        page = SeersPage(
            title=caption(row),
            crumbs=(*crumbs(session, row), Link(caption(row), addresses.card(self.record, row.id))),
            groups=tuple(str(_(words)) for words in GROUPS.values()),
            lines=tuple(_lines(row, named=named)),
            named=named,
            last=_last(row) if named else (),
            log_href=f"/readings/?learner={row.id}" if named else "",
        )
        return render("who.html", page)


def _lines(row: Record, *, named: bool) -> Iterable[SeerLine]:
    record = type(row)
    among = (record, *below(record))
    people: Mapping[RoleCode, list[str]] = {role: [] for role in roles_reading(record)}
    if named:
        for seer in seers(accounts(), record, row.organisation_id, row.id):
            people[seer.role].append(f"{seer.name} · {seer.place}" if seer.place else seer.name)
    for role, names in people.items():
        yield SeerLine(
            str(_(ROLES[role].title)),
            str(_(WHY[bound_to(role)])),
            tuple(names),
            tuple(_level(level_of(role, group, among)) for group in GROUPS),
        )


def _level(level: Level) -> Cell:
    words, tone = LEVELS[level]
    return Cell(str(_(words)), tone=tone)


def _last(row: Record) -> tuple[ReadingLine, ...]:
    session = db.session()
    found = readings.newest(session, readings.Asked(learner=row.id), readings.LAST)
    found = found[: readings.LAST]
    words = learn(session, found, set())
    return tuple(line_of(line, words) for line in found)
