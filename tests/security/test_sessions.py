"""How sessions, capacities and what was typed in them end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from tests.security.door import LIST, RIGHT, WRONG, assign, cookie, sign_in, token

if TYPE_CHECKING:
    import psycopg

    from tests.conftest import Portal


def test_logout_ends_the_session_and_a_copied_cookie_with_it(
    portal: Portal, base: psycopg.Connection
) -> None:
    client = portal.client_as("clerk")
    thief = portal.app.test_client()
    thief.set_cookie("session", cookie(client))
    assert thief.get(LIST).status_code == 200
    forgery = token(client)
    answer = client.post("/logout", data={"csrf_token": forgery})
    assert (answer.status_code, answer.location) == (303, "/login/")
    assert client.get(LIST).status_code == 302
    assert thief.get(LIST).status_code == 302
    assert thief.post("/keepalive", data={"csrf_token": forgery}).status_code == 401


def test_each_sign_in_is_a_session_of_its_own(portal: Portal, base: psycopg.Connection) -> None:
    client = portal.client_as("clerk")
    before = cookie(client)
    assert sign_in(portal, "clerk", RIGHT, client).status_code == 303
    assert cookie(client) != before
    thief = portal.app.test_client()
    thief.set_cookie("session", before)
    assert thief.get(LIST).status_code == 302, "the earlier session of the browser has ended"
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("column", "minutes", "status"),
    [
        ("seen_at", -29, 200),
        ("seen_at", -31, 302),
        ("expires_at", 1, 200),
        ("expires_at", -1, 302),
    ],
)
def test_session_ends_after_idle_time_and_after_its_longest_life(
    portal: Portal, base: psycopg.Connection, column: str, minutes: int, status: int
) -> None:
    base.execute("delete from user_session")
    client = portal.client_as("clerk")
    change = sql.SQL("update user_session set {} = now() + %s * interval '1 minute'")
    base.execute(change.format(sql.Identifier(column)), (minutes,))
    assert client.get(LIST).status_code == status


def test_use_extends_idle_time_and_never_the_longest_life(
    portal: Portal, base: psycopg.Connection
) -> None:
    base.execute("delete from user_session")
    client = portal.client_as("clerk")
    life = (
        "select expires_at - created_at <= interval '10 hours 1 minute', expires_at"
        " from user_session"
    )
    first = base.execute(life).fetchone()
    base.execute("update user_session set seen_at = now() - interval '20 minutes'")
    client.post("/keepalive", data={"csrf_token": token(client)})
    idle = base.execute("select now() - seen_at < interval '1 minute' from user_session").fetchone()
    assert first
    assert first[0]
    assert base.execute(life).fetchone() == first
    assert idle == (True,)


def test_cookie_of_a_session_says_nothing_and_cannot_be_made(
    portal: Portal, base: psycopg.Connection
) -> None:
    client = portal.client_as("clerk")
    stored = base.execute("select token_hash from user_session").fetchall()
    assert not [row for row in stored if row[0] in cookie(client)]
    for forged in ("", "x", cookie(client)[:-2] + "zz", "eyJ0b2tlbiI6MX0.x.y", "\u00e9"):
        stranger = portal.app.test_client()
        stranger.set_cookie("session", forged)
        assert stranger.get(LIST).status_code == 302


def test_blocked_account_is_out_at_once(portal: Portal, base: psycopg.Connection) -> None:
    client = portal.client_as("applicant")
    base.execute("update ab_user set active = false where username = 'applicant'")
    assert client.get("/").status_code == 302
    assert sign_in(portal, "applicant", RIGHT).status_code == 401
    base.execute("update ab_user set active = true where username = 'applicant'")


def test_notices_of_one_person_do_not_reach_the_next(
    portal: Portal, base: psycopg.Connection
) -> None:
    client = portal.client_as("operator")
    data = {"csrf_token": token(client), "full_name": "Школа проверки уведомлений"}
    assert client.post(f"{LIST}add", data=data).status_code == 303
    client.post("/logout", data={"csrf_token": token(client)})
    assert sign_in(portal, "clerk", RIGHT, client).status_code == 303
    assert "уведомлений" not in client.get("/").text


@pytest.mark.parametrize(
    "term", [{"valid_to": "2020-01-01"}, {"valid_from": "2100-01-01"}, {"role": "applicant"}]
)
def test_capacity_out_of_its_term_holds_no_right_at_once(
    portal: Portal, base: psycopg.Connection, term: dict[str, str]
) -> None:
    client = portal.client_as("clerk2")
    bank = "/registry/organisation-bank-account/"
    assert client.get(bank).status_code == 200
    assign(base, "clerk2", **term)
    assert client.get(bank).status_code == 403
    assert client.get(LIST).status_code == (200 if "role" in term else 403)
    assert client.get("/").status_code == 200
    assign(base, "clerk2", valid_to=None, valid_from=None, role="clerk")
    assert client.get(bank).status_code == 200


def test_person_switches_to_own_capacities_only(portal: Portal, base: psycopg.Connection) -> None:
    client = portal.client_as("head")
    of = (
        "select a.id from role_assignment a join ab_user u on u.id = a.user_id where username {} %s"
    )
    own = [row[0] for row in base.execute(of.format("=").encode(), ("head",)).fetchall()]
    foreign = [row[0] for row in base.execute(of.format("<>").encode(), ("head",)).fetchall()]
    acting = (
        "select assignment_id from user_session s join ab_user u on u.id = s.user_id"
        " where username = 'head' order by s.created_at desc limit 1"
    )
    forgery = token(client)
    for ident in foreign:
        answer = client.post("/capacity", data={"csrf_token": forgery, "capacity": ident})
        assert answer.status_code == 422
        assert base.execute(acting).fetchone() in [(i,) for i in own]
    for ident in reversed(own):
        answer = client.post("/capacity", data={"csrf_token": forgery, "capacity": ident})
        assert (answer.status_code, answer.location) == (303, "/")
        assert base.execute(acting).fetchone() == (ident,)
    ended = own[-1]
    base.execute("update role_assignment set valid_to = '2020-01-01' where id = %s", (ended,))
    assert (
        client.post("/capacity", data={"csrf_token": forgery, "capacity": ended}).status_code == 422
    )
    base.execute("update role_assignment set valid_to = null where id = %s", (ended,))


def test_what_was_typed_comes_back_to_the_same_person_only(
    portal: Portal, base: psycopg.Connection
) -> None:
    """On a shared computer nobody saves in another's name what that one had typed."""
    own = re.search(r'"(/registry/organisation/\d+)"', portal.client_as("clerk").get("/").text)
    assert own
    for login, comes_back in (("clerk", True), ("clerk2", False)):
        client = portal.client_as("clerk")
        forgery = token(client)
        base.execute("delete from user_session")
        typed = {"csrf_token": forgery, "version": "1", "fax": "8 4812 20-11-99"}
        page = client.post(f"{own[1]}/edit", data=typed)
        assert page.status_code == 401
        assert 'name="kept.fax" value="8 4812 20-11-99"' in page.text
        kept = {"kept.version": "1", "kept.fax": "8 4812 20-11-99", "next": f"{own[1]}/edit"}
        answer = sign_in(portal, login, RIGHT, client, **kept)
        assert ("20-11-99" in answer.text) is comes_back
        assert answer.status_code == (200 if comes_back else 303)


def test_sign_ins_failures_and_denials_are_logged(portal: Portal, base: psycopg.Connection) -> None:
    base.execute("truncate access_log")
    sign_in(portal, "clerk", WRONG)
    sign_in(portal, "a password in the wrong box", WRONG)
    portal.client_as("clerk").get("/registry/organisation/add")
    rows = base.execute("select action, target, capacity from access_log order by id").fetchall()
    assert rows == [
        ("login_failed", "clerk", None),
        ("login_failed", "", None),
        ("login", "clerk", None),
        ("denied", "GET /registry/organisation/add", "clerk"),
    ]
