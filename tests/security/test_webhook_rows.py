"""Subscriptions are the operator's in the database itself, and their secrets nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.security.database import DatabaseRole
from tests.security.raw import DENIED, SCOPED, acting, count, value

if TYPE_CHECKING:
    from tests.conftest import Portal

HOOK = "insert into webhook (url, secret, transaction, event_id) values (%s, 'hidden', 0, 0)"


@pytest.fixture(scope="module", autouse=True)
def hook(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        base.execute(HOOK, ("https://one.example",))


def test_the_operator_orders_and_never_reads_a_secret(portal: Portal) -> None:
    with acting(portal, DatabaseRole.REGION, capacity="operator", write="on") as connection:
        assert value(connection, "select url from webhook") == "https://one.example"
        connection.execute(HOOK, ("https://two.example",))
        assert connection.execute("update webhook set state = 'stopped'").rowcount == 2
        for query in (
            "select secret from webhook",
            "select url from webhook where secret = 'hidden'",
            "update webhook set secret = 'x'",
            "update webhook set url = 'https://three.example'",
            "update webhook set delivered = 7",
        ):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(query.encode())
        assert connection.execute("delete from webhook where url like '%%two%%'").rowcount == 1


@pytest.mark.parametrize("capacity", ["department", "", "clerk"])
def test_nobody_else_in_the_region_sees_any(portal: Portal, capacity: str) -> None:
    with acting(portal, DatabaseRole.REGION, capacity=capacity, write="on") as connection:
        assert connection.execute("select id from webhook").fetchall() == []
        assert connection.execute("update webhook set state = 'stopped'").rowcount == 0
        assert connection.execute("delete from webhook").rowcount == 0
        with pytest.raises(DENIED), connection.transaction():
            connection.execute(HOOK, ("https://three.example",))


@pytest.mark.parametrize("role", [one for one in SCOPED if one is not DatabaseRole.REGION])
def test_other_roles_cannot_ask(portal: Portal, role: DatabaseRole) -> None:
    with acting(portal, role, capacity="operator", write="on") as connection:
        for query in ("select id from webhook", "delete from webhook"):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(query.encode())


def test_the_portal_itself_notes_what_it_sent_and_orders_nothing(portal: Portal) -> None:
    with acting(portal, DatabaseRole.SYSTEM) as connection:
        assert value(connection, "select secret from webhook") == "hidden"
        assert connection.execute("update webhook set delivered = 1, failures = 0").rowcount == 1
        for query in (
            HOOK.replace("%s", "'x'"),
            "update webhook set url = 'x'",
            "delete from webhook",
        ):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(query.encode())


@pytest.mark.parametrize("role", [*SCOPED, DatabaseRole.SYSTEM])
def test_the_state_of_the_feed_is_read_and_never_written(
    portal: Portal, role: DatabaseRole
) -> None:
    readers = {DatabaseRole.REGION, DatabaseRole.ORG, DatabaseRole.SYSTEM}
    with acting(portal, role, write="on") as connection:
        if role in readers:
            assert count(connection, "feed") == 1
        for query in (
            "update feed set line = gen_random_uuid()",
            "delete from feed",
            "select portal_renew_feed()",
            *(() if role in readers else ("select line from feed",)),
        ):
            with pytest.raises(DENIED), connection.transaction():
                connection.execute(query.encode())
