"""What Ctrl+K finds: pages the capacity may open and, by the typed words, people and schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import jsonify, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.catalogue import record_named, records
from app.kernel.kinds import DATE
from app.kernel.rights import CREATE, READ
from app.models.enrolment import Student
from app.models.enrolment_family import Guardian
from app.models.registry import Organisation
from app.services import people
from app.services.browse import options
from app.views.base import addresses
from app.views.base.guard import SIGNED_IN, Pages, identity, route
from app.views.base.noting import note_search
from app.views.base.shell import MODULES, menu, urls
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response

    from app.kernel.record import Record
    from app.security.identity import Identity

MOST_FOUND = 8
MOST_PEOPLE = 6
LONGEST = 200

Entry = dict[str, str]


class PaletteView(Pages):
    """The one address behind the search of the whole portal."""

    route_base = ""
    default_view = "find"

    @route("/find", needs=SIGNED_IN)
    def find(self) -> Response:
        """Without words the places one may go to, with words whom and what they name."""
        typed = request.args.get("q", "").strip()[:LONGEST]
        person = identity()
        if not typed:
            places = [*_sections(person), *_lists(person)]
            found = [_group(_("Разделы"), places), _group(_("Действия"), list(_additions(person)))]
        else:
            found = [*_people(typed, person), *_organisations(typed, person)]
        return jsonify(groups=[group for group in found if group["items"]])


def _group(title: str, items: list[Entry]) -> dict[str, Any]:
    return {"title": title, "items": items}


def _sections(person: Identity) -> Iterator[Entry]:
    """The first page and what stands in the menu."""
    yield {"label": _("Главная"), "href": urls()["home"], "icon": "home", "hint": ""}
    for group in menu(person):
        for item in group.items:
            yield {"label": item.label, "href": item.href, "icon": item.icon, "hint": group.label}


def _lists(person: Identity) -> Iterator[Entry]:
    """Lists that have no line of their own in the menu: what belongs to a record."""
    for record in records():
        if not record.about.in_menu and person.may(READ, record.__tablename__):
            yield {
                "label": label(record, record.about.title_many),
                "href": addresses.home(record),
                "icon": record.about.icon,
                "hint": _above(record),
            }


def _above(record: type[Record]) -> str:
    if not record.about.parent:
        return str(_(MODULES[record.about.module]))
    parent = record_named(record.about.parent)
    return label(parent, parent.about.title_many)


def _additions(person: Identity) -> Iterator[Entry]:
    """Forms of new rows that need no row above them."""
    for record in records():
        about = record.about
        if not about.parent and person.may(CREATE, record.__tablename__):
            yield {
                "label": label(record, about.new_title or about.title),
                "href": f"{addresses.base(record)}/add",
                "icon": "plus",
                "hint": _("Добавить"),
            }


def _people(typed: str, person: Identity) -> Iterator[dict[str, Any]]:
    """Learners and parents of the row scope; two of one name differ by what stands beside it."""
    for record, words in (
        (Student, _("Искать в списке обучающихся: %(words)s", words=typed)),
        (Guardian, _("Искать в списке родителей: %(words)s", words=typed)),
    ):
        if not person.may(READ, record.__tablename__):
            continue
        entries = [
            {
                "label": one.name,
                "href": addresses.card(record, one.id),
                "icon": record.about.icon,
                "hint": _told(one),
            }
            for one in people.find(db.session(), record, typed, person, MOST_PEOPLE)
        ]
        note_search(record, typed, person, len(entries), "find")
        title = label(record, record.about.title_many)
        yield _group(title, _and_all(record, entries, typed, words))


def _told(one: people.Somebody) -> str:
    """What tells people of one name apart."""
    born = DATE.show(one.born) if one.born else ""
    return " · ".join(filter(None, (born, one.group, one.school)))


def _and_all(record: type[Record], entries: list[Entry], typed: str, words: str) -> list[Entry]:
    """What was found, and behind it the way to the list of all that has the words."""
    where = f"{addresses.home(record)}?{urlencode({'q': typed})}"
    every = {"label": words, "href": where, "icon": "list", "hint": ""}
    return [*entries, every] if entries else []


def _organisations(typed: str, person: Identity) -> Iterator[dict[str, Any]]:
    """The first organisations within the rights that have all the words."""
    if not person.may(READ, Organisation.__tablename__):
        return
    found = options(db.session(), Organisation, typed, limit=MOST_FOUND)
    entries = [
        {
            "label": words,
            "href": addresses.card(Organisation, ident),
            "icon": Organisation.about.icon,
            "hint": hint,
        }
        for ident, words, hint in found
    ]
    words = _("Искать в списке организаций: %(words)s", words=typed)
    title = label(Organisation, Organisation.about.title_many)
    yield _group(title, _and_all(Organisation, entries, typed, words))
