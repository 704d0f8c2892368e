"""Drafts and used keys are their owner's alone, in the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.security.database import DatabaseRole
from tests.security.raw import DENIED, SCOPED, acting, count, value

if TYPE_CHECKING:
    from tests.conftest import Portal

DRAFT = (
    "insert into form_draft (user_id, key, record, typed)"
    " values (%s, gen_random_uuid()::text, 'organisation', '{}')"
)
SENT = "insert into form_sent (user_id, key, digest, location) values (%s, %s, 'x', '/')"


@pytest.fixture(scope="module")
def people(portal: Portal) -> tuple[int, int]:
    """Two accounts, each with a draft and a used key."""
    with portal.cluster.connect(portal.database) as base:
        query = "select id from ab_user where username in ('clerk', 'head') order by username"
        me, other = (row[0] for row in base.execute(query).fetchall())
        for number in (me, other):
            base.execute(DRAFT, (number,))
            base.execute(SENT, (number, "used"))
    return me, other


@pytest.mark.parametrize("role", SCOPED)
def test_a_person_reads_and_writes_the_own_drafts_alone(
    portal: Portal, people: tuple[int, int], role: DatabaseRole
) -> None:
    me, other = people
    with acting(portal, role, user_id=me, write="on") as connection:
        assert count(connection, "form_draft") == 1
        assert value(connection, "select user_id from form_draft") == me
        connection.execute(DRAFT, (me,))
        changed = connection.execute('update form_draft set typed = \'{"a": "b"}\'')
        assert changed.rowcount == 2
        assert connection.execute("delete from form_draft").rowcount == 2
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(DRAFT, (other,))
        connection.execute(DRAFT, (me,))
        with pytest.raises(DENIED), connection.transaction():
            connection.execute("update form_draft set user_id = %s", (other,))


@pytest.mark.parametrize("role", SCOPED)
def test_a_used_key_is_seen_by_its_owner_and_stays_used(
    portal: Portal, people: tuple[int, int], role: DatabaseRole
) -> None:
    me, other = people
    with acting(portal, role, user_id=me, write="on") as connection:
        assert value(connection, "select array_agg(user_id) from form_sent") == [me]
        connection.execute(SENT, (me, "another"))
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(SENT, (other, "another"))
        for change in ("delete from form_sent", "update form_sent set location = '/x'"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(change.encode())


@pytest.mark.parametrize("role", SCOPED)
@pytest.mark.parametrize("table", ["form_draft", "form_sent"])
def test_without_a_person_there_is_nothing(
    portal: Portal, people: tuple[int, int], role: DatabaseRole, table: str
) -> None:
    assert people
    with acting(portal, role, write="on") as connection:
        assert count(connection, table) == 0


def test_the_sweeping_sees_how_old_drafts_are_and_not_what_is_in_them(
    portal: Portal, people: tuple[int, int]
) -> None:
    assert people
    with acting(portal, DatabaseRole.SYSTEM) as connection:
        assert value(connection, "select count(saved_at) from form_draft") == 2
        for column in ("select typed from form_draft", "select record from form_draft"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(column.encode())
    with acting(portal, DatabaseRole.AUTH) as connection, pytest.raises(DENIED):
        count(connection, "form_draft")
