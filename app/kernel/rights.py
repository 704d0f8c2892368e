"""Rights of fields and rows: one place for list, card, form, filter, search, export, history."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
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
SETTLE = "can_set_policies"
APPROVE = "can_approve"  # signs, decides: the steps of a workflow that say so
REVEAL = "can_reveal"  # have a masked value shown, with the purpose written down
RESET = "can_reset"  # take away the second step of somebody who lost the telephone
REQUESTS = "edit_request"  # what the permissions of requests are held on
POLICIES = "field_policy"  # what setting them is held on
LOGS = "access_log"  # what reading it is held on
ACCOUNTS = "account"  # what helping people to sign in is held on
ROWS = "*"  # in place of a field: adding rows and taking them away
TYPED_POLICIES = (Policy.DIRECT, Policy.REQUEST, Policy.OPERATOR)


def write_permission(policy: Policy | None) -> str:
    """The permission that lets a person type a field of this policy."""
    return f"can_write_{policy or Policy.DIRECT}"


PERMISSIONS = (
    *(READ, CREATE, DELETE, EXPORT, SUBMIT, DECIDE, SETTLE, REVEAL, RESET, APPROVE),
    *map(write_permission, TYPED_POLICIES),
)


def joins_people(actor: Actor) -> bool:
    """Whether the actor says which rows are one human: who writes people of the whole region."""
    return actor.reaches(None) and actor.may(write_permission(Policy.DIRECT), "student")


def policies_of(record: type[Record]) -> frozenset[Policy]:
    """The policies that occur among the fields a person may type, and those of reserved rows.

    What the database writes by itself is read by whoever the direct row of the matrix lets.
    """
    found = {f.policy or Policy.DIRECT for f in field_map(record).values() if f.typed}
    found |= {Policy.REQUEST} if record.about.reserved else set()
    return frozenset(found or {Policy.DIRECT})


def is_typed(record: type[Record]) -> bool:
    """Whether people write rows of the record at all."""
    return any(f.typed for f in field_map(record).values())


def has_policies(record: type[Record]) -> bool:
    """Whether the operator sets who changes the fields: sheets of an organisation that it fills."""
    if record.about.writing is Writing.OVERSEEN or "organisation_id" not in record.__table__.c:
        return False
    return bool({Policy.DIRECT, Policy.REQUEST} & {f.policy for f in field_map(record).values()})


def policy_of(record: type[Record], declared: Field, actor: Actor) -> Policy:
    """Who changes a field, as the actor meets it: as declared, or as the operator has set it."""
    set_otherwise = actor.policy(record.__tablename__, declared.name)
    return set_otherwise or declared.policy or Policy.DIRECT


def may_type(record: type[Record], declared: Field, actor: Actor) -> bool:
    """Whether the actor may type a field in rows within the write scope."""
    policy = policy_of(record, declared, actor)
    return declared.typed and actor.may(write_permission(policy), record.__tablename__)


def adding_policy(record: type[Record], actor: Actor) -> Policy:
    """Who adds rows of a list: no row can be added without its key fields either."""
    name = record.__tablename__
    keys = (f.name for f in field_map(record).values() if f.identity and f.typed)
    said = {actor.policy(name, key) for key in (ROWS, *keys)}
    return next((p for p in (Policy.OPERATOR, Policy.REQUEST) if p in said), Policy.DIRECT)


def may_add(record: type[Record], actor: Actor) -> bool:
    """Whether the actor may add rows."""
    open_to = adding_policy(record, actor) is Policy.DIRECT
    return open_to and actor.may(CREATE, record.__tablename__)


def may_remove(record: type[Record], actor: Actor) -> bool:
    """Whether the actor may move rows within the write scope to the trash."""
    name = record.__tablename__
    return actor.policy(name, ROWS) in {None, Policy.DIRECT} and actor.may(DELETE, name)


def decides(record: type[Record], name: str, actor: Actor) -> bool:
    """Whether a request about a field is the actor's to decide: as reviewer, who can write it."""
    declared = field_map(record).get(name)
    if declared is None:  # of an earlier release: it can only be rejected
        return True
    return actor.reviews(record.__tablename__, name) and may_type(record, declared, actor)


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


def shown(
    record: type[Record], actor: Actor, revealed: frozenset[str] = frozenset()
) -> tuple[Field, ...]:
    """The fields the actor may look at; masked ones cannot be sorted, filtered or exported.

    ``revealed`` are masked ones that are shown whole, once and written down (``revealable``).
    """
    fields = field_map(record).values()
    return tuple(
        f if actor.sees(f.group) or f.name in revealed else masked(f)
        for f in fields
        if actor.sees(f.group) or actor.masks(f.group)
    )


def revealable(record: type[Record], actor: Actor) -> tuple[Field, ...]:
    """The masked fields whose values the actor may have shown, each time for a stated purpose.

    A scan is not among them: it could be kept, and nobody would know what became of it.
    """
    if not actor.may(REVEAL, record.__tablename__):
        return ()
    fields = field_map(record).values()
    return tuple(f for f in fields if actor.masks(f.group) and f.kind is not FILE)


@lru_cache(maxsize=1024)
def masked(declared: Field) -> Field:
    """The field as those see it who are shown what is left of its values (domain.md 4.4)."""
    kind = replace(
        declared.kind,
        name=f"hidden:{declared.kind.name}",
        show=declared.kind.hidden,
        classifier="",
        target="",
        operators=(),
    )
    return replace(declared, kind=kind, ordered=False, filtered=False)


def writable(record: type[Record], actor: Actor, organisation_id: int | None) -> frozenset[str]:
    """Names of the fields the actor may type in a row of this organisation."""
    if not reaches(record, actor, organisation_id):
        return frozenset()
    return typable(record, actor)


def addable(record: type[Record], actor: Actor) -> frozenset[str]:
    """Names of the fields the actor may type in a new row; none without the right to add."""
    if not may_add(record, actor):
        return frozenset()
    return typable(record, actor)


def typable(record: type[Record], actor: Actor) -> frozenset[str]:
    """Names of the fields the actor may type in rows within the write scope."""
    return frozenset(f.name for f in visible(record, actor) if may_type(record, f, actor))


def requestable(
    record: type[Record], actor: Actor, organisation_id: int | None
) -> tuple[Field, ...]:
    """The fields the actor may ask to be changed in rows of this organisation (domain.md 3.5.2).

    Files are handed over with the reason instead: what is staged belongs to whoever staged it.
    """
    if not _may_ask(record, actor, organisation_id):
        return ()
    own = typable(record, actor)
    return tuple(
        f
        for f in visible(record, actor)
        if policy_of(record, f, actor) is Policy.REQUEST
        and f.name not in own
        and f.kind is not FILE
    )


def askable_in_new(
    record: type[Record], actor: Actor, organisation_id: int | None
) -> tuple[Field, ...]:
    """The fields of a new row of a list which the actor may ask for but not add; else none."""
    asks = bool(record.about.parent) and _may_ask(record, actor, organisation_id)
    policy = adding_policy(record, actor)
    if not asks or may_add(record, actor) or policy is Policy.OPERATOR:
        return ()
    if policy is Policy.DIRECT:
        return requestable(record, actor, organisation_id)
    told = (Policy.DIRECT, Policy.REQUEST)
    return tuple(
        f
        for f in visible(record, actor)
        if policy_of(record, f, actor) in told and f.kind is not FILE
    )


def _may_ask(record: type[Record], actor: Actor, organisation_id: int | None) -> bool:
    asks = actor.may(CREATE, REQUESTS) and actor.reaches(organisation_id)
    return asks and record.about.reserved is None


def may_ask_to_end(row: Record, actor: Actor) -> bool:
    """Whether the actor may ask that a row of a list end, or go to the trash (domain.md 3.5.3)."""
    record, organisation = type(row), getattr(row, "organisation_id", None)
    asks = bool(record.about.parent) and _may_ask(record, actor, organisation)
    policy = actor.policy(record.__tablename__, ROWS)
    if not asks or may_remove(record, actor) or policy is Policy.OPERATOR:
        return False
    return policy is Policy.REQUEST or bool(requestable(record, actor, organisation))
