"""Who holds a session: the account, its capacities and what it prefers, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.security.look import Look

if TYPE_CHECKING:
    from sqlalchemy import Row

Policies = Sequence[tuple[str, str, str | None, str | None]]  # record, field, policy, reviewer

SIGNED_IN = text(
    "select u.id as user_id, u.username, u.first_name, u.last_name, u.email, s.assignment_id,"
    " s.seen_at, (select value from stamp) as stamp, p.theme, p.density,"
    " exists (select from second_step f where f.user_id = u.id) as stepped,"
    " (select json_agg(json_build_array(f.entity, f.field, f.policy, f.reviewer)"
    "   order by f.organisation_id nulls first) from field_policy f where f.ended_at is null"
    "   and (f.organisation_id is null or f.organisation_id = (select own.organisation_id"
    "     from role_assignment own where own.id = s.assignment_id))) as policies,"
    " (select count(*) from (select from notice n where n.user_id = u.id and n.read_at is null"
    "   limit 100) few) as unread,"
    " (select coalesce(json_agg(json_build_object('id', a.id, 'role', a.role, 'add_ons', a.add_ons,"
    "   'organisation_id', a.organisation_id, 'municipality_id', a.municipality_id,"
    "   'place', coalesce(o.display_name, o.short_name, o.full_name, m.name)) order by a.id), '[]')"
    "  from role_assignment a left join organisation o on o.id = a.organisation_id"
    "  left join municipality m on m.id = a.municipality_id"
    "  where a.user_id = u.id and :today between coalesce(a.valid_from, :today)"
    "  and coalesce(a.valid_to, :today)) as capacities,"
    " (select coalesce(array_agg(o.id), '{}') from role_assignment a"
    "  join organisation o on o.municipality_id = a.municipality_id and o.deleted_at is null"
    "  where a.id = s.assignment_id) as municipal_orgs"
    " from user_session s join ab_user u on u.id = s.user_id"
    " left join user_preference p on p.user_id = u.id"
    " where s.token_hash = :token and not s.waiting and u.active and s.expires_at > :now"
    " and s.seen_at > :idle"
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a valid session says: the account, its capacities, the active one.

    ``policies``: what the operator has set for fields, those of the own organisation last;
    ``stepped``: signs in by two steps. ``unread`` counts the notices that were not read, up to a
    hundred.
    """

    user_id: int
    username: str
    full_name: str
    assignment_id: int | None
    capacities: tuple[dict[str, Any], ...]
    municipal_orgs: tuple[int, ...]
    stamp: int
    look: Look
    email: str = ""
    unread: int = 0
    policies: Policies = ()
    stepped: bool = False


def holder(row: Row[Any]) -> SignedIn:
    """The holder of a session from the row of ``SIGNED_IN``."""
    return SignedIn(
        row.user_id,
        row.username,
        f"{row.last_name} {row.first_name}".strip(),
        row.assignment_id,
        tuple(row.capacities),
        tuple(row.municipal_orgs),
        row.stamp,
        Look.of(row.theme, row.density),
        row.email,
        row.unread,
        row.policies or (),
        row.stepped,
    )
