"""Words about people who may be entered already, with the ways to their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.extensions import db
from app.kernel.kinds import DATE
from app.services.doubles import alike, record_of
from app.views.base import addresses
from app.views.base.forming import asks_alike
from app.views.base.guard import identity
from app.views.base.pages import Link
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.doubles import Alike, Known
    from app.views.base.forming import Draft


def known_already(draft: Draft) -> str:
    """What is said once a new person is saved who may be there already; nothing is stopped."""
    if draft.filled is None or not asks_alike(draft):
        return ""
    found = alike(db.session(), draft.record, draft.filled.values, identity())
    return sentence(found) if found else ""


def links(found: Iterable[Known]) -> tuple[Link, ...]:
    """People with what tells them apart, each leading to the page of the row."""
    return tuple(Link(words(one), addresses.card(record_of(one), one.id)) for one in found)


def words(one: Known) -> str:
    """Who it is: name, day of birth, which list, which school."""
    record = record_of(one)
    born = DATE.show(one.born) if one.born else ""
    kind = label(record, record.about.title).lower()
    return " · ".join(filter(None, (one.name, born, kind, one.school)))


def sentence(found: Alike) -> str:
    """All of it in one sentence, for where there are no links."""
    if not found.rows:
        return _("Этот СНИЛС уже есть в регионе: у человека из другой организации.")
    who = "; ".join(map(words, found.rows))
    return _("Похоже, этот человек уже есть: %(who)s.", who=who)
