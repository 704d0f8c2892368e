"""Which permissions a role holds on which record: all derived from the matrix, nothing besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map, records
from app.kernel.record import Reading
from app.kernel.rights import (
    ACCOUNTS,
    APPROVE,
    CREATE,
    DECIDE,
    DELETE,
    EXPORT,
    LOGS,
    POLICIES,
    READ,
    REQUESTS,
    RESET,
    REVEAL,
    SETTLE,
    SUBMIT,
    is_typed,
    policies_of,
    write_permission,
)
from app.security.roles import (
    FIELD_GROUPS,
    ROLES,
    Action,
    Level,
    RoleCode,
    ScopeCode,
    ScopeKind,
    grants,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from app.kernel.record import Record

TOLD = {ScopeKind.TEACHING, ScopeKind.PERSON}
SIMPLE = {Action.LIST: READ, Action.CREATE: CREATE, Action.ANNUL: DELETE, Action.EXPORT: EXPORT}


def permissions_of(role: RoleCode, add_ons: Collection[str] = ()) -> set[tuple[str, str]]:
    """All (permission, record) pairs of a role with its add-ons."""
    of_records = {pair for record in records() for pair in _of_record(record, role, add_ons)}
    masks = {
        (REVEAL, record.__tablename__)
        for record in records()
        if (READ, record.__tablename__) in of_records and _masks(record, role)
    }
    besides = (_of_requests(role, add_ons), _of_policies(role, add_ons), _of_logs(role))
    return of_records.union(masks, *besides, _of_accounts(role))


def _of_record(
    record: type[Record], role: RoleCode, add_ons: Collection[str]
) -> Iterator[tuple[str, str]]:
    if FIELD_GROUPS[record.about.group].get(role, Level.NONE) is Level.NONE:
        return
    name = record.__tablename__
    # Who is told of learners one by one writes nothing about them yet (ADR 0025).
    told = record.about.reading is Reading.LEARNER and ROLES[role].scope in TOLD
    for policy in policies_of(record):
        for grant in grants(record.about.matrix[policy], role, add_ons):
            if grant.aggregate:
                continue
            actions = grant.actions & {Action.LIST} if told else grant.actions
            actions = actions if is_typed(record) else actions & {Action.LIST, Action.EXPORT}
            yield from ((SIMPLE[a], name) for a in actions if a in SIMPLE)
            if Action.EDIT in actions:
                yield write_permission(policy), name
            if Action.APPROVE in actions and record.about.flow is not None:
                yield APPROVE, name


def masks_anything(record: type[Record]) -> bool:
    """Whether any role at all is shown masks in rows of the record."""
    return any(_masks(record, role) for role in RoleCode)


def _masks(record: type[Record], role: RoleCode) -> bool:
    """Whether the role is shown masks in rows of the record: the star of domain.md 4.2.

    Who is shown a mask may ask what is behind it, in the rows it reads and for a purpose that is
    written down; who is shown sums, or nothing at all, may not.
    """
    groups = {f.group for f in field_map(record).values()}
    return any(FIELD_GROUPS[group].get(role) is Level.MASKED for group in groups)


def _of_logs(role: RoleCode) -> Iterator[tuple[str, str]]:
    """Who reads what others have read."""
    if any(Action.LIST in grant.actions for grant in grants("logs", role)):
        yield READ, LOGS


def _of_accounts(role: RoleCode) -> Iterator[tuple[str, str]]:
    """Who helps people of the whole region to sign in."""
    held = grants("users", role)
    if any(g.scope is ScopeCode.REGION and Action.EDIT in g.actions for g in held):
        yield RESET, ACCOUNTS


def _of_policies(role: RoleCode, add_ons: Collection[str]) -> Iterator[tuple[str, str]]:
    """Who sees and who sets which fields are changed at once, by request or by the operator."""
    for grant in grants("field_policies", role, add_ons):
        yield READ, POLICIES
        if Action.EDIT in grant.actions:
            yield SETTLE, POLICIES


def _of_requests(role: RoleCode, add_ons: Collection[str]) -> Iterator[tuple[str, str]]:
    """Requests to the register: whoever approves in an organisation signs, in the region decides.

    An authority has nobody above it who would sign, so it sends its own.
    """
    for grant in grants("registry_requests", role, add_ons):
        yield from (
            (SIMPLE[a], REQUESTS) for a in grant.actions if a in {Action.LIST, Action.CREATE}
        )
        if Action.APPROVE in grant.actions:
            yield (SUBMIT if grant.scope is ScopeCode.ORGANISATION else DECIDE), REQUESTS
        elif role is RoleCode.MUNICIPAL and Action.CREATE in grant.actions:
            yield SUBMIT, REQUESTS
