"""What the database itself lets a capacity do with files, past the whole application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from app.kernel.catalogue import field_map, records
from app.kernel.kinds import FILE
from app.security.database import DatabaseRole
from tests.security.raw import BOUND, DENIED, SCOPED, acting, count, school, value

if TYPE_CHECKING:
    from tests.conftest import Portal

STAGE = (
    "insert into file (uid, sha256, size, media_type, name) values"
    " (gen_random_uuid(), repeat('a', 64), 1, 'application/pdf', %s) returning id"
)
ATTACH = "update organisation_licence set file_id = %s where id = %s"
REFUSED = psycopg.errors.ForeignKeyViolation
ALICE, BOB = 1, 2  # accounts; the numbers are all the policies know of them


def licence(portal: Portal, key: str) -> int:
    with portal.cluster.connect(portal.database) as base:
        query = "select min(id) from organisation_licence where organisation_id = %s"
        found: int = value(base, query, school(portal, key))
    return found


def plant(portal: Portal, name: str, **columns: object) -> int:
    """A file row as the superuser writes it: staged by Alice unless said otherwise."""
    with portal.cluster.connect(portal.database) as base:
        ident: int = value(base, STAGE, name)
        base.execute("update file set staged_by = %s where id = %s", (ALICE, ident))
        if columns:
            base.execute(
                "update file set staged_by = null, table_name = 'organisation_licence', row_id = 0,"
                " field = 'file_id', attached_at = now(), shared = %(shared)s,"
                " access_group = %(group)s, organisation_id = %(organisation)s where id = %(id)s",
                {"shared": False, "group": "open", "organisation": None, **columns, "id": ident},
            )
    return ident


def sees(connection: psycopg.Connection, ident: int) -> bool:
    return value(connection, "select count(*) from file where id = %s", ident) == 1


@pytest.mark.parametrize("role", SCOPED)
def test_a_staged_file_is_seen_by_its_owner_alone(portal: Portal, role: DatabaseRole) -> None:
    staged = plant(portal, "Черновик.pdf")
    everything = {"write": "on", "groups": "{open,bank}", "orgs": "{1,2,3}", "writable": "{1,2,3}"}
    with acting(portal, role, user_id=ALICE, **everything) as connection:
        assert sees(connection, staged)
    for other in (BOB, ""):
        with acting(portal, role, user_id=other, **everything) as connection:
            assert not sees(connection, staged)


@pytest.mark.parametrize("role", BOUND)
def test_a_file_of_own_rows_is_seen_by_the_own_organisation_alone(
    portal: Portal, role: DatabaseRole
) -> None:
    own, other = school(portal, "school-1"), school(portal, "school-2")
    secret = plant(portal, "Своя.pdf", organisation=own)
    with acting(portal, role, user_id=BOB, orgs=f"{{{own}}}") as connection:
        assert sees(connection, secret)
    with acting(portal, role, user_id=BOB, orgs=f"{{{other}}}") as connection:
        assert not sees(connection, secret)
        assert count(connection, "file", "organisation_id is not null and not shared") == 0


@pytest.mark.parametrize("role", SCOPED)
def test_a_file_of_a_guarded_record_needs_the_access_group(
    portal: Portal, role: DatabaseRole
) -> None:
    own = school(portal, "school-1")
    secret = plant(portal, "Счёт.pdf", organisation=own, group="bank")
    for groups, seen in (("{open}", False), ("{open,bank}", True)):
        with acting(portal, role, orgs=f"{{{own}}}", groups=groups) as connection:
            assert sees(connection, secret) is seen


@pytest.mark.parametrize("role", SCOPED)
def test_a_file_of_the_register_is_seen_like_its_row(portal: Portal, role: DatabaseRole) -> None:
    shared = plant(portal, "Лицензия.pdf", organisation=school(portal, "school-1"), shared=True)
    with acting(portal, role, user_id=BOB) as connection:
        assert sees(connection, shared)


@pytest.mark.parametrize("role", SCOPED)
def test_nobody_changes_or_deletes_a_file_or_writes_whose_it_is(
    portal: Portal, role: DatabaseRole
) -> None:
    staged = plant(portal, "Чей-то.pdf")
    for statement in (
        "delete from file where id = %s",
        "update file set deleted_at = null where id = %s",
        "update file set staged_by = 2 where id = %s",
        "update file set shared = true where id = %s",
    ):
        with acting(portal, role, user_id=ALICE, write="on") as connection, pytest.raises(DENIED):
            connection.execute(statement.encode(), (staged,))
    forged = (
        "insert into file (uid, sha256, size, media_type, name, staged_by)"
        " values (gen_random_uuid(), 'a', 1, 'b', 'c', 1)"
    )
    with acting(portal, role, user_id=BOB, write="on") as connection, pytest.raises(DENIED):
        connection.execute(forged)


def test_only_whoever_staged_a_file_can_attach_it(portal: Portal) -> None:
    """An id is no key: the right to write the row does not take somebody else's file."""
    row, staged = licence(portal, "school-1"), plant(portal, "Алисы.pdf")
    with (
        acting(portal, DatabaseRole.REGION, user_id=BOB, write="on") as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute(ATTACH, (staged, row))
    with acting(portal, DatabaseRole.REGION, user_id=ALICE, write="on") as connection:
        connection.execute(ATTACH, (staged, row))
        held = "select shared and organisation_id = %s and staged_by is null from file where id=%s"
        assert value(connection, held, school(portal, "school-1"), staged)


def test_a_file_stays_with_its_row(portal: Portal) -> None:
    """Neither another row nor another field of the same number can take it, its own row can."""
    first, second = licence(portal, "school-1"), licence(portal, "school-2")
    with acting(portal, DatabaseRole.REGION, user_id=ALICE, write="on") as connection:
        file = value(connection, STAGE, "Первая.pdf")
        connection.execute(ATTACH, (file, first))
        connection.execute(ATTACH, (None, first))
        gone = "select detached_at is not null from file where id = %s"
        assert value(connection, gone, file)
        connection.execute(ATTACH, (file, first))
        assert not value(connection, gone, file)
        with pytest.raises(REFUSED):
            connection.execute(ATTACH, (file, second))


def test_content_that_was_given_up_is_attached_by_nobody(portal: Portal) -> None:
    staged, row = plant(portal, "Старая.pdf"), licence(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        base.execute("update file set deleted_at = now() where id = %s", (staged,))
    with (
        acting(portal, DatabaseRole.REGION, user_id=ALICE, write="on") as connection,
        pytest.raises(REFUSED),
    ):
        connection.execute(ATTACH, (staged, row))


def test_every_field_of_files_is_watched_by_the_database(portal: Portal) -> None:
    """Insert, change and deletion of each: a field without would take any number."""
    wanted = {
        (record.__tablename__, f"{record.__tablename__}_{declared.name}_{event}")
        for record in records()
        for declared in field_map(record).values()
        if declared.kind is FILE
        for event in ("insert", "update", "delete")
    }
    wanted |= {  # documents lie with requests as well
        ("edit_request_file", f"edit_request_file_file_id_{event}")
        for event in ("insert", "update", "delete")
    }
    with portal.cluster.connect(portal.database) as base:
        rows = base.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger"
            " where tgfoid = 'portal_attach'::regproc and tgenabled = 'O'"
        ).fetchall()
    assert set(rows) == wanted
    assert wanted
