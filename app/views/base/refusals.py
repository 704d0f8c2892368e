"""Why something was refused: which right is missing, who holds it, who grants it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import SecurityError

from app.kernel.catalogue import record_named
from app.kernel.clock import local, now
from app.kernel.rights import CREATE, DELETE, EXPORT, READ, TYPED_POLICIES, write_permission
from app.security.access import permissions_of
from app.security.roles import ROLES, RoleCode
from app.views.base.guard import WRITE, allowed, needs_of
from app.views.base.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.record import Record
    from app.security.identity import Identity

ACTS = {
    READ: "видеть раздел «%(section)s»",
    CREATE: "добавлять записи в раздел «%(section)s»",
    DELETE: "перемещать в корзину записи раздела «%(section)s»",
    EXPORT: "выгружать раздел «%(section)s»",
    WRITE: "изменять записи раздела «%(section)s»",
}
# Whom the head of an organisation appoints (domain.md 4.2, "users").
APPOINTED = {RoleCode.CLERK, RoleCode.CLASS_TEACHER, RoleCode.SUBJECT_TEACHER}


def moment() -> str:
    """The moment of the request as the log has it, in the time of the region."""
    return local(now()).strftime("%d.%m.%Y %H:%M:%S")


def way_back() -> str:
    """The page of ours that led here; empty if it is this one, the sign-in page or unknown."""
    try:
        parts, name = urlsplit(request.referrer or ""), request.host
    except (ValueError, SecurityError):  # half an address; a name that is not ours
        return ""
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    here = request.full_path.rstrip("?")
    ours = parts.netloc == name and target.startswith("/") and target != here
    return target if ours and parts.path != "/login/" and not target.startswith("//") else ""


def whom_to_ask() -> str:
    """The sentence behind a refusal that is no matter of the role."""
    return str(
        _("Если сведения нужно исправить, обратитесь к тому, кто их ведёт, или к оператору.")
    )


def missing_right() -> str:
    """Which right the person lacks for this address and who grants it; empty if none is lacking."""
    person: Identity | None = g.get("identity")
    if person is None or request.endpoint is None:
        return ""
    needs, name = needs_of(current_app, request.endpoint)
    permission = needs.permission if needs else ""
    if permission not in ACTS or not name or allowed(person, permission, name):
        return ""
    section = label(record_named(name), record_named(name).about.title_many)
    act = _(ACTS[permission], section=section)
    holders = [role for role in RoleCode if _holds(role, (), permission, name)]
    return " ".join((_lacks(person, act), *_others(person, permission, name), *_who(holders)))


def _lacks(person: Identity, act: str) -> str:
    if person.capacity is None:
        return str(_("У вас нет действующих полномочий, а нужно право %(act)s.", act=act))
    role = _(ROLES[person.capacity.role].title)
    return str(_("У роли «%(role)s» нет права %(act)s.", role=role, act=act))


def _others(person: Identity, permission: str, name: str) -> Iterable[str]:
    """Another capacity of the same person that holds it."""
    for capacity in person.capacities:
        if _holds(capacity.role, capacity.add_ons, permission, name):
            words = " · ".join(filter(None, (_(capacity.title), capacity.place)))
            yield _(
                "Это можно с другими вашими полномочиями: «%(capacity)s»."
                " Выберите их в меню справа вверху.",
                capacity=words,
            )
            return


def titles_of(record: type[Record]) -> str:
    """Titles of the roles that may add rows of a record."""
    holders = [r for r in RoleCode if _holds(r, (), CREATE, record.__tablename__)]
    return ", ".join(f"«{_(ROLES[role].title)}»" for role in holders)


def _who(holders: list[RoleCode]) -> Iterable[str]:
    if holders:
        titles = ", ".join(f"«{_(ROLES[role].title)}»" for role in holders)
        yield _("Такое право есть у ролей: %(roles)s.", roles=titles)
    if APPOINTED.intersection(holders):
        yield _("Полномочия даёт руководитель вашей организации или оператор АИС.")
    else:
        yield _("Полномочия даёт оператор АИС.")


@cache
def _granted(role: RoleCode, add_ons: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset(permissions_of(role, add_ons))


def _holds(role: RoleCode, add_ons: tuple[str, ...], permission: str, name: str) -> bool:
    wanted = (
        [write_permission(policy) for policy in TYPED_POLICIES]
        if permission == WRITE
        else [permission]
    )
    granted = _granted(role, add_ons)
    return any((one, name) in granted for one in wanted)
