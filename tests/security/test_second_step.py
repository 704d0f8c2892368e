"""The second step of signing in: set up, taken, refused, lost, and nothing opens before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.cli.second_step import reset_second_step
from app.kernel import totp
from app.kernel.clock import now
from app.security.throttle import FREE_TRIES
from app.views.base.guard import PUBLIC, needs_of
from tests.security.door import LIST, RIGHT, sign_in, token

if TYPE_CHECKING:
    import psycopg
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

STEP = "/login/second"
KEPT = {"kept.full_name": "Набранное до конца сеанса"}


@pytest.fixture(autouse=True)
def _demanding(portal: Portal, base: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal.app.extensions["accounts"], "demanding", True)
    base.execute("delete from second_step")
    base.execute("delete from user_session")
    base.execute("delete from login_throttle")


def code(seed: str, drift: int = 0) -> str:
    return totp.code_at(seed, totp.step_of(now()) + drift)


def seed_on(page: str) -> str:
    found = re.search(r'class="seed">([A-Z2-7 ]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


def answer(client: FlaskClient, typed: str, path: str = STEP, **more: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), "code": typed, **more})


def waiting(portal: Portal, login: str, **more: str) -> tuple[FlaskClient, TestResponse]:
    """Somebody whose password was right."""
    client = portal.app.test_client()
    page = sign_in(portal, login, RIGHT, client, **more)
    assert page.status_code == 200
    assert client.get(LIST).status_code == 302
    return client, page


def enrolled(portal: Portal, login: str = "operator") -> tuple[str, list[str]]:
    """Seed and recovery codes of an account that has just set its second step up."""
    client, page = waiting(portal, login)
    seed = seed_on(page.text)
    done = answer(client, code(seed, -1))
    assert done.status_code == 200
    assert client.get(LIST).status_code == 200
    return seed, re.findall(r"<li><code>([a-z2-7-]+)</code>", done.text)


def logged(base: psycopg.Connection, login: str) -> list[str]:
    rows = base.execute(
        "select action from access_log where action <> 'denied' and (target = %s or user_id ="
        " (select id from ab_user where username = %s)) order by id desc limit 6",
        (login, login),
    )
    return [row[0] for row in rows.fetchall()]


def test_the_operator_sets_it_up_at_the_first_sign_in(
    portal: Portal, base: psycopg.Connection
) -> None:
    client, page = waiting(portal, "operator", **KEPT)
    seed = seed_on(page.text)
    assert '<svg class="qr"' in page.text
    wrong = answer(client, "000000", **KEPT)
    assert wrong.status_code == 401
    assert seed_on(wrong.text) == seed, "the application has it already"
    assert KEPT["kept.full_name"] in wrong.text, "what was typed goes along"
    before = client.get_cookie("session")
    done = answer(client, code(seed), next=LIST, **KEPT)
    assert len(re.findall(r"<li><code>", done.text)) == totp.RECOVERY_CODES
    assert f'href="{LIST}"' in done.text
    assert client.get_cookie("session") != before, "a new session after the second step"
    assert client.get(LIST).status_code == 200
    stored = base.execute("select seed from second_step").fetchone()
    assert stored
    assert seed not in stored[0]
    assert logged(base, "operator")[:3] == ["second_set_up", "second_failed", "password"]


def test_a_code_opens_once_and_not_far_from_its_time(
    portal: Portal, base: psycopg.Connection
) -> None:
    seed, _codes = enrolled(portal)
    client, page = waiting(portal, "operator")
    assert "seed" not in page.text, "a seed is shown once"
    for stale in (code(seed, -2), code(seed, 3), "", "x" * 1000, "\0"):
        assert answer(client, stale).status_code == 401
        base.execute("delete from login_throttle")
    spent = code(seed, 1)
    assert answer(client, spent).status_code == 303
    assert client.get(LIST).status_code == 200
    again, _page = waiting(portal, "operator")
    assert answer(again, spent).status_code == 401, "a code that was seen is worth nothing"


def test_a_recovery_code_opens_once(portal: Portal, base: psycopg.Connection) -> None:
    _seed, codes = enrolled(portal)
    client, _page = waiting(portal, "operator")
    assert answer(client, codes[0].upper()).status_code == 303
    assert "9" in client.get("/second/").text
    assert logged(base, "operator")[:2] == ["login", "second_recovery"]
    again, _page = waiting(portal, "operator")
    assert answer(again, codes[0]).status_code == 401
    assert answer(again, codes[1]).status_code == 303


def test_codes_cannot_be_tried_at_leisure(portal: Portal) -> None:
    seed, codes = enrolled(portal)
    client, _page = waiting(portal, "operator")
    for _ in range(FREE_TRIES):
        assert answer(client, "000000").status_code == 401
    for right in (code(seed, 1), codes[0]):
        refused = answer(client, right)
        assert refused.status_code == 401
        assert "ненадолго закрывается" in refused.text
    assert client.get(LIST).status_code == 302


def test_the_step_does_not_wait_for_long(portal: Portal, base: psycopg.Connection) -> None:
    seed, _codes = enrolled(portal)
    client, _page = waiting(portal, "operator")
    base.execute("update user_session set expires_at = now() where waiting")
    late = answer(client, code(seed, 1), **KEPT)
    assert late.status_code == 401
    assert "Время на второй шаг вышло" in late.text
    assert KEPT["kept.full_name"] in late.text
    assert client.get(STEP).location == "/login/"


def test_whoever_needs_no_second_step_may_have_one_and_end_it(portal: Portal) -> None:
    client = portal.client_as("clerk")
    begun = client.post("/second/begin", data={"csrf_token": token(client)})
    seed = seed_on(begun.text)
    assert answer(client, "1", "/second/confirm").status_code == 422
    done = answer(client, code(seed, -1), "/second/confirm")
    assert "recovery" in done.text
    assert client.get(LIST).status_code == 200
    again, _page = waiting(portal, "clerk")
    assert answer(again, code(seed)).status_code == 303
    assert answer(again, code(seed, 1), "/second/end").status_code == 303
    assert sign_in(portal, "clerk", RIGHT).status_code == 303
    seed, _codes = enrolled(portal)
    operator, _page = waiting(portal, "operator")
    answer(operator, code(seed))
    assert answer(operator, code(seed, 1), "/second/end").status_code == 403


def test_sessions_of_one_step_end_when_the_second_is_set_up(
    portal: Portal, base: psycopg.Connection
) -> None:
    thief, client = portal.client_as("head"), portal.client_as("head")
    seed = seed_on(client.post("/second/begin", data={"csrf_token": token(client)}).text)
    assert answer(client, code(seed), "/second/confirm").status_code == 200
    assert client.get(LIST).status_code == 200
    assert thief.get(LIST).status_code == 302
    base.execute("delete from second_step")
    office = base.execute(
        "insert into role_assignment (user_id, role) select id, 'department' from ab_user"
        " where username = 'head' returning id"
    ).fetchone()
    assert office
    chosen = {"csrf_token": token(client), "capacity": str(office[0])}
    assert client.post("/capacity", data=chosen).status_code == 422, "one step does not open it"
    base.execute("delete from role_assignment where id = %s", office)


def test_new_recovery_codes_end_the_former_ones(portal: Portal) -> None:
    seed, codes = enrolled(portal)
    client, _page = waiting(portal, "operator")
    answer(client, code(seed))
    fresh = answer(client, code(seed, 1), "/second/codes")
    assert fresh.status_code == 200
    assert codes[0] not in fresh.text
    again, _page = waiting(portal, "operator")
    assert answer(again, codes[0]).status_code == 401


def test_the_operator_helps_others_and_a_command_helps_the_operator(
    portal: Portal, base: psycopg.Connection
) -> None:
    enrolled(portal, "department")
    seed, _codes = enrolled(portal)
    operator, _page = waiting(portal, "operator")
    answer(operator, code(seed))
    for login, path in (("operator", "/second/reset"), ("nobody", "/second/reset")):
        answer(operator, "", path, username=login)
    assert base.execute("select count(*) from second_step").fetchone() == (2,)
    clerk = portal.client_as("clerk")
    assert answer(clerk, "", "/second/reset", username="department").status_code == 403
    assert answer(operator, "", "/second/reset", username="Department").status_code == 303
    assert "seed" in waiting(portal, "department")[1].text, "to be set up anew"
    assert "second_reset" in logged(base, "department")
    done = portal.app.test_cli_runner().invoke(reset_second_step, ["operator"])
    assert done.exit_code == 0, done.output
    assert operator.get(LIST).status_code == 302, "its sessions have ended"
    assert "second_reset" in logged(base, "operator")
    assert portal.app.test_cli_runner().invoke(reset_second_step, ["operator"]).exit_code == 1


def test_no_route_opens_before_the_second_step(portal: Portal) -> None:
    """Neither while it is to be taken nor while it is to be set up; generated over all routes."""
    client, _page = waiting(portal, "operator")
    forgery, tried = token(client), 0
    for rule in portal.app.url_map.iter_rules():
        needs, _record = needs_of(portal.app, rule.endpoint)
        if needs is None or needs.permission == PUBLIC:
            continue
        path = re.sub(r"<[^>]+>", "1", str(rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            headers = {"X-CSRFToken": forgery}
            got = client.open(path, method=method, headers=headers)
            shut = got.status_code == 401 or (
                got.status_code == 302 and got.location.startswith("/login/")
            )
            assert shut, (method, path, got.status_code)
            tried += 1
    assert tried > 300


def test_personal_data_leave_only_after_two_steps(portal: Portal) -> None:
    clerk = portal.client_as("clerk")
    rules = map(str, portal.app.url_map.iter_rules())
    export = next(r for r in rules if r.endswith("/student/export/<string:form>"))
    export = export.replace("<string:form>", "csv")
    refused = clerk.get(export)
    assert refused.status_code == 403
    assert "персональные данные" in refused.text
    assert clerk.get("/registry/organisation/export/csv").status_code == 200
    seed = seed_on(clerk.post("/second/begin", data={"csrf_token": token(clerk)}).text)
    answer(clerk, code(seed), "/second/confirm")
    assert clerk.get(export).status_code == 200
