"""Who sees a row and why: the rules of scopes and groups themselves, asked for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.kernel.clock import today
from app.kernel.personal import groups_of
from app.kernel.rights import READ
from app.security.access import permissions_of
from app.security.identity import Capacity, scope_for
from app.security.policies import shows
from app.security.roles import FIELD_GROUPS, ROLES, Level, RoleCode, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.kernel.record import Record
    from app.security.accounts import Accounts

MOST = 500  # capacities that are looked at
# Whoever is bound to no place at all may be bound to the region; the scope decides.
_CAPACITIES = text(
    "select a.id, a.user_id, a.role, a.add_ons, a.organisation_id, a.municipality_id,"
    " u.last_name || ' ' || u.first_name as name,"
    " coalesce(o.display_name, o.short_name, o.full_name, m.name) as place,"
    " a.municipality_id = (select municipality_id from organisation where id = :organisation)"
    " as overseen"
    " from role_assignment a join ab_user u on u.id = a.user_id and u.active"
    " left join organisation o on o.id = a.organisation_id"
    " left join municipality m on m.id = a.municipality_id"
    " where :today between coalesce(a.valid_from, :today) and coalesce(a.valid_to, :today)"
    " and (a.organisation_id = :organisation"
    " or a.municipality_id = (select municipality_id from organisation where id = :organisation)"
    " or (a.organisation_id is null and a.municipality_id is null))"
    " order by name, a.id limit :most"
)


@dataclass(frozen=True, slots=True)
class Seer:
    """A person in a capacity that sees the row."""

    name: str
    role: RoleCode
    place: str


def seers(
    book: Accounts, record: type[Record], organisation_id: int, learner_id: int
) -> tuple[Seer, ...]:
    """Everybody whose capacity of today sees the row, by the scope each would act in."""
    asked = {"organisation": organisation_id, "today": today(), "most": MOST}
    with book.asking() as connection:
        rows = connection.execute(_CAPACITIES, asked).mappings().all()
    found = []
    for row in rows:
        place = row["place"] or ""
        bound = (row["organisation_id"], row["municipality_id"], place)
        capacity = Capacity(row["id"], RoleCode(row["role"]), tuple(row["add_ons"]), *bound)
        held = _held(capacity.role, capacity.add_ons)
        overseen = (organisation_id,) if row["overseen"] else ()
        scope = scope_for(capacity, row["user_id"], overseen, held)
        reads = (READ, record.__tablename__) in held
        if reads and shows(record, scope, organisation_id, learner_id):
            found.append(Seer(row["name"].strip(), capacity.role, place))
    return tuple(found)


def roles_reading(record: type[Record]) -> tuple[RoleCode, ...]:
    """The roles that read rows of the record one by one at all, in the order of the matrix."""
    return tuple(role for role in RoleCode if (READ, record.__tablename__) in _held(role, ()))


def level_of(role: RoleCode, group: str, among: Iterable[type[Record]]) -> Level:
    """How the role sees values of a group in these records: not at all where it reads none."""
    held = _held(role, ())
    readable = any((READ, r.__tablename__) in held and group in groups_of(r) for r in among)
    return FIELD_GROUPS[group].get(role, Level.NONE) if readable else Level.NONE


def bound_to(role: RoleCode) -> ScopeKind:
    """What the role is bound to, which is why it sees a row."""
    return ROLES[role].scope


@lru_cache(maxsize=256)
def _held(role: RoleCode, add_ons: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset(permissions_of(role, add_ons))
