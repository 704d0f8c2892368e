"""Put the role matrix into Flask-AppBuilder's permission tables: exact, idempotent, in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.kernel.catalogue import records
from app.kernel.rights import ACCOUNTS, LOGS, PERMISSIONS, POLICIES, REQUESTS
from app.security.access import permissions_of
from app.security.roles import ADD_ONS, RoleCode

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOCK = 493_002  # one synchronisation at a time


def wanted() -> dict[str, set[tuple[str, str]]]:
    """Permission pairs by name of FAB role: each role, and what each add-on of it brings more."""
    roles: dict[str, set[tuple[str, str]]] = {}
    for role in RoleCode:
        base = permissions_of(role)
        roles[role.value] = base
        for add_on in ADD_ONS:
            more = permissions_of(role, (add_on,)) - base
            if more:
                roles[f"{role.value}+{add_on}"] = more
    return roles


def sync_roles(connection: Connection) -> int:
    """Make the tables equal to the matrix; gives the number of role–permission pairs.

    Bumps the stamp only when something changed, so that remembered sets are dropped.
    """
    connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": LOCK})
    roles = wanted()
    _names(connection, "ab_permission", set(PERMISSIONS))
    views = {REQUESTS, POLICIES, LOGS, ACCOUNTS, *(record.__tablename__ for record in records())}
    _names(connection, "ab_view_menu", views)
    _names(connection, "ab_role", set(roles))
    rows = [
        {"role": role, "permission": permission, "view": view}
        for role, pairs in roles.items()
        for permission, view in pairs
    ]
    if _pairs(connection, rows):
        connection.execute(
            text(
                "insert into stamp (one, value) values (true, 1)"
                " on conflict (one) do update set value = stamp.value + 1"
            )
        )
    return len(rows)


def out_of_step(connection: Connection) -> int:
    """How many role–permission pairs of the database differ from the matrix."""
    rows = connection.execute(
        text(
            "select r.name, p.name, v.name from ab_permission_view_role rp"
            " join ab_role r on r.id = rp.role_id"
            " join ab_permission_view pv on pv.id = rp.permission_view_id"
            " join ab_permission p on p.id = pv.permission_id"
            " join ab_view_menu v on v.id = pv.view_menu_id"
        )
    )
    found = {(row[0], row[1], row[2]) for row in rows}
    matrix = {(role, *pair) for role, pairs in wanted().items() for pair in pairs}
    return len(found ^ matrix)


def _names(connection: Connection, table: str, names: set[str]) -> None:
    statement = {
        "ab_permission": (
            "insert into ab_permission (id, name) select nextval('ab_permission_id_seq'), n"
            " from unnest(cast(:names as text[])) n on conflict (name) do nothing"
        ),
        "ab_view_menu": (
            "insert into ab_view_menu (id, name) select nextval('ab_view_menu_id_seq'), n"
            " from unnest(cast(:names as text[])) n on conflict (name) do nothing"
        ),
        "ab_role": (
            "insert into ab_role (id, name) select nextval('ab_role_id_seq'), n"
            " from unnest(cast(:names as text[])) n on conflict (name) do nothing"
        ),
    }[table]
    connection.execute(text(statement), {"names": sorted(names)})


def _pairs(connection: Connection, rows: list[dict[str, Any]]) -> bool:
    """Insert what is missing, remove what the matrix does not say; whether anything changed."""
    connection.execute(
        text("create temporary table wanted (role text, permission text, view text) on commit drop")
    )
    connection.execute(text("insert into wanted values (:role, :permission, :view)"), rows)
    connection.execute(
        text(
            "insert into ab_permission_view (id, permission_id, view_menu_id)"
            " select nextval('ab_permission_view_id_seq'), p.id, v.id"
            " from (select distinct permission, view from wanted) w"
            " join ab_permission p on p.name = w.permission"
            " join ab_view_menu v on v.name = w.view"
            " on conflict (permission_id, view_menu_id) do nothing"
        )
    )
    removed = connection.execute(
        text(
            "delete from ab_permission_view_role rp"
            " using ab_role r, ab_permission_view pv, ab_permission p, ab_view_menu v"
            " where r.id = rp.role_id and pv.id = rp.permission_view_id"
            " and p.id = pv.permission_id and v.id = pv.view_menu_id and not exists"
            " (select 1 from wanted w"
            " where w.role = r.name and w.permission = p.name and w.view = v.name)"
        )
    ).rowcount
    added = connection.execute(
        text(
            "insert into ab_permission_view_role (id, permission_view_id, role_id)"
            " select nextval('ab_permission_view_role_id_seq'), pv.id, r.id from wanted w"
            " join ab_role r on r.name = w.role join ab_permission p on p.name = w.permission"
            " join ab_view_menu v on v.name = w.view"
            " join ab_permission_view pv on pv.permission_id = p.id and pv.view_menu_id = v.id"
            " on conflict (permission_view_id, role_id) do nothing"
        )
    ).rowcount
    connection.execute(text("drop table wanted"))
    return bool(removed or added)
