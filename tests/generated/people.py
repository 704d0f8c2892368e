"""Everybody who asks the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.security.roles import RoleCode
from tests.scope_model import Person

if TYPE_CHECKING:
    from tests.generated.world import World


def people(world: World) -> list[Person]:
    """Everybody who asks: each role once, a second school, an add-on, nobody's capacity, nobody."""
    ours, theirs, authority = (world.schools[n] for n in ("own", "second", "authority"))
    overseen = frozenset(
        row[0]
        for row in world.base.execute(
            "select id from organisation where deleted_at is null and municipality_id ="
            " (select municipality_id from organisation where id = %s)",
            (authority,),
        )
    )
    bound = {RoleCode.HEAD: ours, RoleCode.CLERK: ours, RoleCode.MUNICIPAL: authority}
    found = [
        Person(
            role.value,
            role,
            bound.get(role),
            overseen if role is RoleCode.MUNICIPAL else frozenset(),
        )
        for role in RoleCode
    ]
    return [
        *found,
        Person("clerk2", RoleCode.CLERK, theirs),
        Person("approver", RoleCode.DEPARTMENT, add_ons=("registry_approver",)),
        Person("lapsed"),
        Person("anonymous", signed_in=False),
    ]
