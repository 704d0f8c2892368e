"""Who acts in a job: the person who asked, with the rights of now; or nobody, reading only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.kernel.clock import today
from app.kernel.rights import READ
from app.security.identity import Capacity, Identity, identify, scope_for
from app.security.look import Look
from app.security.roles import RoleCode
from app.security.signed_in import SignedIn

if TYPE_CHECKING:
    from app.security.accounts import Accounts

_ACCOUNT = text(
    "select id, username, last_name, first_name, (select value from stamp) as stamp"
    " from ab_user where id = :user_id and active"
)
_CAPACITY = text(
    "select a.id, a.role, a.add_ons, a.organisation_id, a.municipality_id,"
    " coalesce(o.display_name, o.short_name, o.full_name, m.name) as place,"
    " (select coalesce(array_agg(own.id), '{}') from organisation own"
    "   where own.municipality_id = a.municipality_id and own.deleted_at is null)"
    " as municipal_orgs,"
    " (select json_agg(json_build_array(f.entity, f.field, f.policy, f.reviewer)"
    "   order by f.organisation_id nulls first) from field_policy f where f.ended_at is null"
    "   and (f.organisation_id is null or f.organisation_id = a.organisation_id)) as policies"
    " from role_assignment a left join organisation o on o.id = a.organisation_id"
    " left join municipality m on m.id = a.municipality_id"
    " where a.user_id = :user_id and a.id = :assignment_id"
    " and :today between coalesce(a.valid_from, :today) and coalesce(a.valid_to, :today)"
)


def acting(book: Accounts, user_id: int, assignment_id: int | None) -> Identity | None:
    """The person in the capacity, if the account is active and the capacity in force."""
    asked = {"user_id": user_id, "assignment_id": assignment_id, "today": today()}
    with book.asking() as connection:
        account = connection.execute(_ACCOUNT, asked).one_or_none()
        capacity = connection.execute(_CAPACITY, asked).mappings().one_or_none()
    if account is None or capacity is None:
        return None
    found = SignedIn(
        account.id,
        account.username,
        f"{account.last_name} {account.first_name}".strip(),
        capacity["id"],
        (dict(capacity),),
        tuple(capacity["municipal_orgs"]),
        account.stamp,
        Look(),
        policies=capacity["policies"] or (),
    )
    return identify(found, lambda role, add_ons, _stamp: book.permissions(role, add_ons))


def reading_operator(book: Accounts) -> Identity:
    """Nobody in particular, who reads what an operator reads and may write nothing."""
    capacity = Capacity(0, RoleCode.OPERATOR, (), None, None, "")
    held = book.permissions(RoleCode.OPERATOR, ())
    reads = frozenset(pair for pair in held if pair[0] == READ)
    scope = replace(scope_for(capacity, 0, (), reads), user_id=None, via="job")
    return Identity(0, "", "", capacity, (capacity,), scope, reads)
