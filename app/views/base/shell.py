"""The frame of every page: menu of what the capacity may open, who acts, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, g, render_template, request
from flask_babel import gettext as _

from app.kernel.catalogue import record_named, records
from app.kernel.rights import CREATE, LOGS, POLICIES, READ, REQUESTS, joins_people
from app.security.roles import RoleCode
from app.views.base import addresses
from app.views.base.pages import CapacityChoice, MenuGroup, MenuItem, Shell
from app.views.base.words import label, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.security.identity import Capacity, Identity

MOST_COUNTED = 99  # notices in the bell
MODULES = {
    "enrolment": "Запись в школу",
    "journal": "Электронный журнал",
    "vocational": "Профессиональное обучение",
    "staff": "Педагогические кадры",
    "registry": "Реестр образовательных организаций",
    "exams": "Запись на экзамен",
    "olympiads": "Олимпиады",
    "exchange": "Консолидация и обмен данными",
    "reference": "Справочники",
}


def render(template: str, page: Any) -> str:
    """A page in the frame."""
    return render_template(template, page=page, shell=shell(), urls=urls())


def shell() -> Shell | None:
    """The frame of the signed-in person; none before signing in."""
    person: Identity | None = g.get("identity")
    if person is None:
        return None
    return Shell(
        who=f"{person.user_id}-{person.capacity.id if person.capacity else 0}",
        user=person.full_name,
        capacity=_titled(person.capacity),
        menu=menu(person),
        capacities=tuple(
            CapacityChoice(c.id, _titled(c), c == person.capacity) for c in person.capacities
        ),
        language=language(),
        unread=_many(g.get("unread", 0)),
        oversees=oversees(person),
    )


def oversees(person: Identity) -> bool:
    """Whether the person acts as the operator, who looks after the portal itself."""
    return person.capacity is not None and person.capacity.role is RoleCode.OPERATOR


def _many(number: int) -> str:
    if number > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(number) if number else ""


def menu(person: Identity) -> tuple[MenuGroup, ...]:
    """One group per module of the decree with the records the capacity may read."""
    groups = []
    for module, title in MODULES.items():
        items = tuple(
            MenuItem(
                label(record, record.about.title_many),
                addresses.home(record),
                record.about.icon,
                request.path.startswith(f"{addresses.base(record)}/"),
            )
            for record in records()
            if record.about.module == module
            and record.about.in_menu
            and person.may(READ, record.__tablename__)
        ) + tools(person, module)
        if items:
            groups.append(MenuGroup(_(title), items))
    return tuple(groups)


def tools(person: Identity, module: str) -> tuple[MenuItem, ...]:
    """Pages of a module that are about no list of its own: requests, loading the register."""
    if module == "exchange" and person.capacity and person.capacity.role is RoleCode.OPERATOR:
        current = request.path.startswith("/webhooks/")
        return (MenuItem(_("Подписки на изменения"), "/webhooks/", "bell", current),)
    if module == "enrolment":
        return tuple(_about_people(person))
    if module != "registry":
        return ()
    found = []
    if person.may(READ, REQUESTS):
        current = request.path.startswith("/requests/")
        found.append(MenuItem(_("Запросы на изменение"), "/requests/", "inbox", current))
    if person.may(READ, POLICIES):
        current = request.path.startswith("/policies/")
        found.append(MenuItem(_("Кто что меняет"), "/policies/", "lock", current))
    if person.may(CREATE, "organisation"):
        where = "/registry/import/"
        current = request.path.startswith(where)
        found.append(MenuItem(_("Загрузка реестра"), where, "upload", current))
    return tuple(found)


def _about_people(person: Identity) -> Iterator[MenuItem]:
    """Who was entered twice, for whoever decides of it; who looked at people."""
    if joins_people(person):
        current = request.path.startswith("/doubles/")
        yield MenuItem(_("Дубли"), "/doubles/", "users", current)
    if person.may(READ, LOGS):
        current = request.path.startswith("/readings/")
        yield MenuItem(_("Журнал доступа"), "/readings/", "eye", current)


def _titled(capacity: Capacity | None) -> str:
    if capacity is None:
        return _("Нет действующих полномочий")
    title = _(capacity.title)
    return f"{title} · {capacity.place}" if capacity.place else title


def urls() -> dict[str, str]:
    """Addresses of the fixed pages."""
    found: dict[str, str] | None = current_app.extensions.get("fixed_urls")
    if found is None:
        names = ("login", "logout", "capacity", "language", "look", "keepalive")
        # By a map of its own: a request under a foreign name has none.
        paths = current_app.url_map.bind("")
        found = {name: paths.build(f"SessionView.{name}") for name in names}
        found |= {
            "home": "/",
            "api": "/api/",
            "find": "/find",
            "jobs": "/jobs/",
            "batches": "/batches/",
            "drafts": "/drafts/",
            "second": "/second/",
            "imports": "/registry/import/",
            "requests": "/requests/",
            "notices": "/notices/",
            "letters": "/letters/",
            "search": addresses.home(record_named("organisation")),
        }
        current_app.extensions["fixed_urls"] = found
    return found
