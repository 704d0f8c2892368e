"""Notices and wishes are their owner's alone, letters the operator's; nobody makes up a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.security.database import DatabaseRole
from tests.security.raw import DENIED, SCOPED, acting, count, school, value

if TYPE_CHECKING:
    from tests.conftest import Portal

MAKE = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table)"
    " values (%s, %s, 'submitted', 'ZZ', 'organisation') returning id"
)
EVENT = (
    "insert into edit_request_event (request_id, organisation_id, action, to_state)"
    " values (%s, %s, 'take', 'under_review') returning id"
)
NOTICE = (
    "insert into notice (user_id, event_id, request_id, organisation_id) values (%s, %s, %s, %s)"
)
LETTER = (
    "insert into letter (user_id, recipient, language, subject, body, state)"
    " values (%s, 'a@example.com', 'ru', 'ZZ', 'ZZ', %s)"
)
WISH = "insert into notice_setting (user_id, mail) values (%s, 'now')"


@pytest.fixture(scope="module")
def people(portal: Portal) -> tuple[int, int]:
    """Two accounts with a notice, a wish and a letter each; the first has asked for something."""
    own = school(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        query = "select id from ab_user where username in ('clerk', 'head') order by username"
        me, other = (row[0] for row in base.execute(query).fetchall())
        request = value(base, MAKE, own, me)
        event = value(base, EVENT, request, own)  # tells the first, by the trigger
        base.execute(NOTICE, (other, event, request, own))
        for number in (me, other):
            base.execute(WISH, (number,))
            base.execute(LETTER, (number, "failed"))
    return me, other


@pytest.mark.parametrize("role", SCOPED)
def test_a_person_reads_and_marks_the_own_notices_alone(
    portal: Portal, people: tuple[int, int], role: DatabaseRole
) -> None:
    me, other = people
    with acting(portal, role, user_id=me, write="on", capacity="operator") as connection:
        assert value(connection, "select array_agg(user_id) from notice") == [me]
        assert connection.execute("update notice set read_at = now()").rowcount == 1
        for change in (
            "delete from notice",
            "update notice set mailed_at = now()",
            "update notice set event_id = event_id",
        ):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(change.encode())
        with pytest.raises(DENIED), connection.transaction():
            connection.execute("update notice set user_id = %s", (other,))


@pytest.mark.parametrize("role", SCOPED)
def test_nobody_makes_up_a_notice_not_even_for_oneself(
    portal: Portal, people: tuple[int, int], role: DatabaseRole
) -> None:
    me, _other = people
    with acting(portal, role, user_id=me, write="on", capacity="operator") as connection:
        told = connection.execute("select event_id, request_id, organisation_id from notice")
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(NOTICE, (me, *(told.fetchone() or ())))
        with pytest.raises(DENIED), connection.transaction():
            connection.execute("select portal_notice()")


@pytest.mark.parametrize("role", SCOPED)
def test_a_person_says_for_the_own_account_alone_when_to_write(
    portal: Portal, people: tuple[int, int], role: DatabaseRole
) -> None:
    me, other = people
    with acting(portal, role, user_id=me, write="on", capacity="operator") as connection:
        assert value(connection, "select array_agg(user_id) from notice_setting") == [me]
        assert connection.execute("update notice_setting set mail = 'none'").rowcount == 1
        with pytest.raises(DENIED), connection.transaction():
            connection.execute("delete from notice_setting")
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(WISH, (other,))


@pytest.mark.parametrize("role", SCOPED)
@pytest.mark.parametrize("table", ["notice", "notice_setting"])
def test_without_a_person_there_is_no_notice(
    portal: Portal, people: tuple[int, int], role: DatabaseRole, table: str
) -> None:
    assert people
    with acting(portal, role, write="on", capacity="operator") as connection:
        assert count(connection, table) == 0


@pytest.mark.parametrize("capacity", ["operator", "department", "head", "clerk", ""])
def test_letters_are_seen_by_the_operator_alone(
    portal: Portal, people: tuple[int, int], capacity: str
) -> None:
    settings = {"user_id": people[0], "write": "on", "capacity": capacity}
    with acting(portal, DatabaseRole.REGION, **settings) as connection:
        assert count(connection, "letter") == (2 if capacity == "operator" else 0)
    for role in (*SCOPED[1:], DatabaseRole.AUTH):
        with acting(portal, role, **settings) as connection, pytest.raises(DENIED):
            count(connection, "letter")


def test_the_operator_sends_again_what_failed_and_writes_no_letters(
    portal: Portal, people: tuple[int, int]
) -> None:
    settings = {"user_id": people[0], "write": "on", "capacity": "operator"}
    with acting(portal, DatabaseRole.REGION, **settings) as connection:
        assert connection.execute("update letter set state = 'waiting'").rowcount == 2
        assert connection.execute("update letter set state = 'waiting'").rowcount == 0
    with acting(portal, DatabaseRole.REGION, **settings) as connection:
        for change in (
            "update letter set state = 'sent'",
            "update letter set recipient = 'b@example.com'",
            "update letter set body = ''",
            "delete from letter",
            LETTER % (people[0], "'waiting'"),
        ):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(change.encode())


def test_the_door_counts_notices_and_reads_no_more(portal: Portal, people: tuple[int, int]) -> None:
    me, _other = people
    with acting(portal, DatabaseRole.AUTH) as connection:
        unread = "select count(*) from notice where user_id = %s and read_at is null"
        assert value(connection, unread, me) == 1
        for asked in ("select request_id from notice", "update notice set read_at = now()"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(asked.encode())


def test_the_system_settles_what_is_mailed_and_tells_nobody_by_hand(
    portal: Portal, people: tuple[int, int]
) -> None:
    assert people
    with acting(portal, DatabaseRole.SYSTEM) as connection:
        assert connection.execute("update notice set mailed_at = now()").rowcount == 2
        for change in ("update notice set read_at = now()", "update notice set user_id = 1"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(change.encode())
