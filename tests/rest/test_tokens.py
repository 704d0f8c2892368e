"""Accounts of programs: made and ended by a command, tokens of 15 minutes, ended at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.rest.programs import ORGANISATION, TOKEN, Program, command, person, program, school

if TYPE_CHECKING:
    from tests.conftest import Portal


def clerk_of(portal: Portal, name: str) -> Program:
    return program(portal, name, "clerk", "--organisation", str(school(portal)))


def opens(who: Program) -> int:
    return who("GET", f"{ORGANISATION}?limit=1").status_code


def test_a_program_acts_in_its_capacity_and_no_further(portal: Portal) -> None:
    who = clerk_of(portal, "within its school")
    own, foreign = (f"{ORGANISATION}{school(portal, number)}" for number in (1, 2))
    for path, status in ((own, 200), (foreign, 403)):
        seen = {"If-Match": who("GET", path).headers["ETag"]}
        answer = who("PATCH", path, json={"email": "a@example.com"}, headers=seen)
        assert answer.status_code == status
    assert who("POST", ORGANISATION, json={"full_name": "Новая"}).status_code == 403


def test_a_revoked_account_is_out_at_once(portal: Portal) -> None:
    who = clerk_of(portal, "to be revoked")
    assert opens(who) == 200
    assert "Отозвано" in command(portal, "to be revoked", "--revoke")
    assert opens(who) == 401
    assert who.ask_token().status_code == 401
    again = clerk_of(portal, "to be revoked")
    assert opens(again) == 200


def test_a_new_secret_ends_the_old_one_and_its_tokens(portal: Portal) -> None:
    who = clerk_of(portal, "to be renewed")
    told = command(portal, "to be renewed", "--renew").split()
    assert opens(who) == 401
    assert who.ask_token().status_code == 401
    assert opens(Program(portal, told[1], told[3]).renew()) == 200


def test_a_token_ends_after_a_quarter_of_an_hour(portal: Portal) -> None:
    who = clerk_of(portal, "for a while")
    answer = who.ask_token()
    assert answer.get_json()["expires_in"] == 900
    assert answer.headers["Cache-Control"] == "no-store"
    with portal.cluster.connect(portal.database) as base:
        row = base.execute(
            "select max(s.expires_at - s.created_at) from user_session s join service_account c"
            " on c.user_id = s.user_id where c.client_id = %s",
            (who.client_id,),
        ).fetchone()
        assert row is not None
        assert abs(row[0] - dt.timedelta(minutes=15)) < dt.timedelta(seconds=5)
        base.execute("update user_session set expires_at = now() where user_id = (select user_id"
                     " from service_account where client_id = %s)", (who.client_id,))  # fmt: skip
    assert opens(who) == 401


def test_people_get_no_token_by_their_passwords(portal: Portal) -> None:
    who = Program(portal, "operator", "password-of-the-tests")
    answer = who.ask_token()
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "invalid_client"
    grant = who.ask_token(grant_type="password", username="operator", password=who.secret)
    assert (grant.status_code, grant.get_json()["error"]) == (400, "unsupported_grant_type")


def test_guessing_a_secret_is_slowed_down(portal: Portal) -> None:
    who = clerk_of(portal, "guessed")
    for _ in range(6):
        assert who.ask_token(client_secret="wrong").status_code == 401
    assert who.ask_token().status_code == 401


def test_a_program_cannot_sign_in_at_the_pages(portal: Portal) -> None:
    who = clerk_of(portal, "no person")
    client = portal.app.test_client()
    client.get("/login/")
    with client.session_transaction() as kept:
        assert "token" not in kept
    page = client.get("/", headers=who.headers)
    assert page.status_code == 302
    form = {"username": who.client_id, "password": who.secret}
    token = client.get("/login/").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert client.post("/login/", data={**form, "csrf_token": token}).status_code == 401


def test_the_session_of_a_person_is_no_token(portal: Portal) -> None:
    client, _ = person(portal, "clerk")
    with client.session_transaction() as kept:
        session = kept["token"]
    headers = {"Authorization": f"Bearer {session}"}
    assert portal.app.test_client().get(ORGANISATION, headers=headers).status_code == 401
    assert client.get(ORGANISATION, headers=headers).status_code == 401, "the cookie is not asked"
    assert client.get(ORGANISATION).status_code == 200


def test_a_token_may_come_by_the_header_of_oauth(portal: Portal) -> None:
    who = clerk_of(portal, "by the header")
    form = {"grant_type": "client_credentials"}
    client = portal.app.test_client()
    assert client.post(TOKEN, data=form, auth=(who.client_id, who.secret)).status_code == 200
    for odd in ({}, {"grant_type": "client_credentials", "client_id": "\0" * 300}):
        assert client.post(TOKEN, data=odd).status_code in {400, 401}


def test_only_hashes_are_stored(portal: Portal) -> None:
    who = clerk_of(portal, "hashed")
    token = who.headers["Authorization"].split()[1]
    with portal.cluster.connect(portal.database) as base:
        kept = base.execute(
            "select secret_hash from service_account where client_id = %s", (who.client_id,)
        ).fetchone()
        sessions = base.execute("select token_hash from user_session").fetchall()
    assert kept is not None
    assert kept[0].startswith("$argon2id$")
    assert (token,) not in sessions


def test_the_list_names_accounts_and_never_a_secret(portal: Portal) -> None:
    who = clerk_of(portal, "listed")
    told = command(portal, "list")
    line = next(line for line in told.splitlines() if line.startswith("listed "))
    assert who.client_id in line
    assert "Делопроизводитель" in line
    assert "действует" in line
    assert who.secret not in told


def test_scoped_roles_cannot_read_the_accounts_of_programs(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        rows = base.execute(
            "select grantee from information_schema.role_table_grants where table_name ="
            " 'service_account' and grantee not like '%%owner' and grantee <> 'postgres'"
        ).fetchall()
        guarded = base.execute(
            "select relrowsecurity and relforcerowsecurity from pg_class"
            " where relname = 'service_account'"
        ).fetchone()
    assert {row[0].rpartition("_")[2] for row in rows} <= {"auth"}
    assert guarded == (True,)
