"""Rights of fields and rows: one place for list, card, form, filter, search, export, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map
from app.kernel.fields import Policy
from app.kernel.kinds import FILE
from app.kernel.record import Writing

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

READ = "can_read"
CREATE = "can_create"
DELETE = "can_delete"
EXPORT = "can_export"
SUBMIT = "can_submit"  # of requests: sign and send
DECIDE = "can_decide"
REQUESTS = "edit_request"  # what the permissions of requests are held on
TYPED_POLICIES = (Policy.DIRECT, Policy.REQUEST, Policy.OPERATOR)


def write_permission(policy: Policy | None) -> str:
    """The permission that lets a person type a field of this policy."""
    return f"can_write_{policy or Policy.DIRECT}"


PERMISSIONS = (
    *(READ, CREATE, DELETE, EXPORT, SUBMIT, DECIDE),
    *map(write_permission, TYPED_POLICIES),
)


def policies_of(record: type[Record]) -> frozenset[Policy]:
    """The policies that occur among the fields a person may type, and those of reserved rows."""
    found = {f.policy or Policy.DIRECT for f in field_map(record).values() if f.typed}
    return frozenset(found | ({Policy.REQUEST} if record.about.reserved else set()))


def reaches(record: type[Record], actor: Actor, organisation_id: int | None) -> bool:
    """Whether rows of the record that belong to the organisation are within the write scope."""
    if record.about.writing is Writing.OVERSEEN:
        return actor.oversees(organisation_id)
    return actor.reaches(organisation_id)


def reserved(row: Record, actor: Actor) -> bool:
    """Whether the row is one of those that are written upon request only, and not by the actor."""
    if row.about.reserved is None:
        return False
    name, value = row.about.reserved
    may = actor.may(write_permission(Policy.REQUEST), row.__tablename__)
    return getattr(row, name) == value and not may


def writable_in(row: Record, actor: Actor) -> frozenset[str]:
    """Names of the fields the actor may type in this very row."""
    if reserved(row, actor):
        return frozenset()
    return writable(type(row), actor, getattr(row, "organisation_id", None))


def visible(record: type[Record], actor: Actor) -> tuple[Field, ...]:
    """The fields the actor may see, sort, filter and export, in the order of declaration."""
    return tuple(f for f in field_map(record).values() if actor.sees(f.group))


def writable(record: type[Record], actor: Actor, organisation_id: int | None) -> frozenset[str]:
    """Names of the fields the actor may type in a row of this organisation."""
    if not reaches(record, actor, organisation_id):
        return frozenset()
    return typable(record, actor)


def addable(record: type[Record], actor: Actor) -> frozenset[str]:
    """Names of the fields the actor may type in a new row; none without the right to add."""
    if not actor.may(CREATE, record.__tablename__):
        return frozenset()
    return typable(record, actor)


def typable(record: type[Record], actor: Actor) -> frozenset[str]:
    """Names of the fields the actor may type in rows within the write scope."""
    name = record.__tablename__
    return frozenset(
        f.name
        for f in visible(record, actor)
        if f.typed and actor.may(write_permission(f.policy), name)
    )


def requestable(
    record: type[Record], actor: Actor, organisation_id: int | None
) -> tuple[Field, ...]:
    """The fields the actor may ask to be changed in rows of this organisation (domain.md 3.5.2).

    Files are handed over with the reason instead: what is staged belongs to whoever staged it.
    """
    if not (actor.may(CREATE, REQUESTS) and actor.reaches(organisation_id)):
        return ()
    if record.about.reserved is not None:
        return ()
    own = typable(record, actor)
    return tuple(
        f
        for f in visible(record, actor)
        if f.policy is Policy.REQUEST and f.name not in own and f.kind is not FILE
    )


def may_ask_for_new(record: type[Record], actor: Actor, organisation_id: int | None) -> bool:
    """Whether the actor may ask for a new row of a list of this organisation."""
    own = actor.may(CREATE, record.__tablename__)
    return (
        bool(record.about.parent) and not own and bool(requestable(record, actor, organisation_id))
    )
