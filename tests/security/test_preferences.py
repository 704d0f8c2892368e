"""What an account prefers follows it to every computer, and nobody writes it for another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.security.database import DatabaseRole
from tests.security.door import token
from tests.security.raw import DENIED, SCOPED, acting, count

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

WRITE = "insert into user_preference (user_id, theme, density) values (%s, 'dark', 'usual')"


def number(portal: Portal, login: str) -> int:
    with portal.cluster.connect(portal.database) as base:
        found = base.execute("select id from ab_user where username = %s", (login,)).fetchone()
    assert found
    return int(found[0])


def page_of(client: FlaskClient, path: str = "/") -> str:
    """The opening tag of a page, which carries theme and height of rows."""
    found = re.search(r"<html[^>]*>", client.get(path).text)
    assert found
    return found[0]


def choose(client: FlaskClient, **chosen: str) -> int:
    return client.post("/look", data={"csrf_token": token(client), **chosen}).status_code


def test_theme_and_rows_follow_the_person_to_another_computer(portal: Portal) -> None:
    first = portal.client_as("clerk")
    assert "data-bs-theme" not in page_of(first), "as the system wishes, until something is chosen"
    assert choose(first, theme="dark") == 303
    assert choose(first, density="compact") == 303
    second = portal.client_as("clerk")
    for client in (first, second):
        assert 'data-bs-theme="dark"' in page_of(client)
        assert 'data-density="compact"' in page_of(client), "one choice leaves the other"
    assert "data-bs-theme" not in page_of(portal.client_as("operator"))
    assert choose(first, theme="system", density="usual") == 303
    assert page_of(second) == '<html lang="ru">'


def test_the_sign_in_page_looks_as_the_last_person_left_it(portal: Portal) -> None:
    client = portal.client_as("head")
    choose(client, theme="light", density="comfortable")
    client.post("/logout", data={"csrf_token": token(client)})
    assert 'data-bs-theme="light"' in page_of(client, "/login/")


@pytest.mark.parametrize("wrong", ["", "neon", '"><script>', "0" * 3000, "\u202e"])
def test_an_unknown_theme_changes_nothing_that_can_be_seen(portal: Portal, wrong: str) -> None:
    client = portal.client_as("department")
    choose(client, theme="light", density="usual")
    assert choose(client, theme=wrong, density=wrong) == 303
    assert page_of(client) == '<html lang="ru" data-bs-theme="light">'


def test_nobody_writes_the_wishes_of_another(portal: Portal) -> None:
    own, other = number(portal, "clerk2"), number(portal, "operator")
    with acting(portal, DatabaseRole.AUTH, user_id=own) as connection:
        connection.execute(WRITE, (own,))
        with pytest.raises(DENIED):
            connection.execute(WRITE, (other,))
    with acting(portal, DatabaseRole.AUTH) as connection, pytest.raises(DENIED):
        connection.execute(WRITE, (own,))


@pytest.mark.parametrize("role", [*SCOPED, DatabaseRole.SYSTEM])
def test_only_the_door_reads_wishes(portal: Portal, role: DatabaseRole) -> None:
    with acting(portal, role, user_id=1, write="on") as connection, pytest.raises(DENIED):
        count(connection, "user_preference")


def test_wishes_are_under_row_security_for_their_owner_too(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        kept = base.execute(
            "select relrowsecurity, relforcerowsecurity from pg_class"
            " where oid = 'user_preference'::regclass"
        ).fetchone()
        policies = base.execute(
            "select policyname, cmd, qual, with_check from pg_policies"
            " where tablename = 'user_preference' and policyname not like '%_owner' order by 1"
        ).fetchall()
    own = "(user_id = portal_user())"
    assert kept == (True, True)
    assert [tuple(policy) for policy in policies] == [
        ("user_preference_add_auth", "INSERT", None, own),
        ("user_preference_change_auth", "UPDATE", own, own),
        ("user_preference_read_auth", "SELECT", "true", None),
    ]
