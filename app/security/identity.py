"""The person of a request: account, active capacity, rights and row scope, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.security.database import DatabaseRole
from app.security.roles import FIELD_GROUPS, ROLES, Level, RoleCode, ScopeKind
from app.security.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.security.signed_in import SignedIn


@dataclass(frozen=True, slots=True)
class Capacity:
    """One role with its add-ons over one scope; a person acts in one at a time (decisions 10)."""

    id: int
    role: RoleCode
    add_ons: tuple[str, ...]
    organisation_id: int | None
    municipality_id: int | None
    place: str

    @property
    def title(self) -> str:
        """The role's Russian title."""
        return ROLES[self.role].title


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in person in the active capacity; implements the kernel's ``Actor``."""

    user_id: int
    username: str
    full_name: str
    capacity: Capacity | None
    capacities: tuple[Capacity, ...]
    scope: Scope
    permissions: frozenset[tuple[str, str]] = field(repr=False)
    stamp: int = 0

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def id(self) -> int:
        """The account's number, under the name Flask-Login and Flask-AppBuilder ask for."""
        return self.user_id

    @property
    def capacity_id(self) -> int | None:
        """The role assignment of the active capacity."""
        return self.capacity.id if self.capacity else None

    def get_id(self) -> str:
        """The account's number as Flask-Login wants it."""
        return str(self.user_id)

    def may(self, permission: str, record: str) -> bool:
        """Whether the active capacity holds the permission."""
        return (permission, record) in self.permissions

    def sees(self, group: str) -> bool:
        """Whether values of the access group are shown in full."""
        if self.capacity is None:
            return False
        return FIELD_GROUPS[group].get(self.capacity.role, Level.NONE) is Level.FULL

    def reaches(self, organisation_id: int | None) -> bool:
        """Whether rows of the organisation may be written in this capacity."""
        if self.scope.role is DatabaseRole.REGION:
            return self.scope.write
        return organisation_id is not None and organisation_id in self.scope.writable

    def oversees(self, organisation_id: int | None) -> bool:
        """Whether what an authority says of the organisation may be written in this capacity."""
        if self.scope.role is DatabaseRole.REGION:
            return self.scope.write
        return organisation_id is not None and organisation_id in self.scope.overseen


def identify(
    signed_in: SignedIn,
    permissions: Callable[[str, tuple[str, ...], int], frozenset[tuple[str, str]]],
    via: str = "form",
) -> Identity:
    """Work out who acts; a person without a valid capacity holds no right and sees no row.

    ``via``: form or api, as the history of what is written says it.
    """
    capacities = tuple(_capacity(row) for row in signed_in.capacities)
    active = next((c for c in capacities if c.id == signed_in.assignment_id), None)
    if active is None:
        held: frozenset[tuple[str, str]] = frozenset()
        scope = Scope(DatabaseRole.PERSON, user_id=signed_in.user_id)
    else:
        held = permissions(active.role, active.add_ons, signed_in.stamp)
        scope = scope_for(active, signed_in.user_id, signed_in.municipal_orgs, held)
    return Identity(
        signed_in.user_id,
        signed_in.username,
        signed_in.full_name,
        active,
        capacities,
        replace(scope, via=via),
        held,
        signed_in.stamp,
    )


def _capacity(row: dict[str, Any]) -> Capacity:
    return Capacity(
        row["id"],
        RoleCode(row["role"]),
        tuple(row["add_ons"]),
        row["organisation_id"],
        row["municipality_id"],
        row["place"] or "",
    )


def scope_for(
    capacity: Capacity,
    user_id: int,
    municipal_orgs: tuple[int, ...],
    permissions: frozenset[tuple[str, str]],
) -> Scope:
    """The rows a capacity reads and writes.

    A municipality reads its organisations, writes the own authority's record and what it decides
    about the organisations (assigned territories); an organisation
    reads and writes itself; a region-wide capacity writes when it holds any writing permission.
    """
    role = ROLES[capacity.role]
    own = () if capacity.organisation_id is None else (capacity.organisation_id,)
    writes = any(
        name.startswith(("can_write", "can_create", "can_delete")) for name, _ in permissions
    )
    orgs = (*own, *municipal_orgs) if role.scope is ScopeKind.MUNICIPALITY else own
    groups = frozenset(
        group for group, levels in FIELD_GROUPS.items() if levels.get(capacity.role) is Level.FULL
    )
    return Scope(
        role.database,
        orgs=orgs,
        writable=own if writes else (),
        overseen=orgs if writes and role.scope is ScopeKind.MUNICIPALITY else (),
        write=writes and role.database is DatabaseRole.REGION,
        groups=groups,
        user_id=user_id,
        capacity=capacity.role,
    )
