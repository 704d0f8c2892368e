"""The person of a request: account, active capacity, rights and row scope, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.kernel.fields import Policy
from app.kernel.rights import LOGS, READ
from app.security.database import DatabaseRole
from app.security.roles import FIELD_GROUPS, ROLES, Level, RoleCode, ScopeKind
from app.security.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.security.signed_in import Policies, SignedIn


@dataclass(frozen=True, slots=True)
class Setting:
    """What the operator has set for a field beside its declaration (domain.md 3.5.2)."""

    policy: Policy | None = None
    reviewer: RoleCode | None = None


UNSET = Setting()
LOG_GROUP = "log"  # access group of the access log, which holds no field of a record


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
    set_policies: Mapping[tuple[str, str], Setting] = field(default_factory=dict, repr=False)
    stepped: bool = False  # signs in by two steps

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

    def masks(self, group: str) -> bool:
        """Whether what is left of masked values of the access group is shown."""
        if self.capacity is None:
            return False
        return FIELD_GROUPS[group].get(self.capacity.role, Level.NONE) is Level.MASKED

    @property
    def organisation_id(self) -> int | None:
        """The organisation of the active capacity."""
        return self.capacity.organisation_id if self.capacity else None

    def policy(self, record: str, field: str) -> Policy | None:
        """What the operator has set for the field; offices of the region are not bound by it."""
        if self.scope.role is DatabaseRole.REGION:
            return None
        return self.set_policies.get((record, field), UNSET).policy

    def reviewer(self, record: str, field: str) -> RoleCode | None:
        """The role that considers requests about the field; none where any decider does."""
        return self.set_policies.get((record, field), UNSET).reviewer

    def reviews(self, record: str, field: str) -> bool:
        """Whether requests about the field are considered by the role of the active capacity."""
        reviewer = self.reviewer(record, field)
        return reviewer is None or (self.capacity is not None and self.capacity.role is reviewer)

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
        _settings(signed_in.policies),
        signed_in.stepped,
    )


def _settings(policies: Policies) -> dict[tuple[str, str], Setting]:
    """What is set for each field: a rule of the own organisation wins, who considers is for all."""
    found: dict[tuple[str, str], Setting] = {}
    for record, name, policy, reviewer in policies:
        before = found.get((record, name), UNSET)
        found[record, name] = Setting(
            Policy(policy) if policy else before.policy,
            RoleCode(reviewer) if reviewer else before.reviewer,
        )
    return found


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
    groups = {
        group for group, levels in FIELD_GROUPS.items() if levels.get(capacity.role) is Level.FULL
    }
    if (READ, LOGS) in permissions:
        groups.add(LOG_GROUP)
    return Scope(
        role.database,
        orgs=orgs,
        writable=own if writes else (),
        overseen=orgs if writes and role.scope is ScopeKind.MUNICIPALITY else (),
        write=writes and role.database is DatabaseRole.REGION,
        groups=frozenset(groups),
        user_id=user_id,
        capacity=capacity.role,
    )
