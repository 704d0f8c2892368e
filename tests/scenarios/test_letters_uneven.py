"""The mail server says no, later or nothing: no letter is lost, and none goes out twice."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.posting import Post, posting
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal


@pytest.fixture
def post(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with posting(portal, monkeypatch) as story:
        yield story


def test_what_the_server_refuses_for_now_goes_out_later_and_later(post: Post) -> None:
    post.server.answers["RCPT"] = "450 the box is full"
    post.happen("take")
    delays = []
    for _ in range(9):
        post.go()
        wait = "select round(extract(epoch from next_at - now()) / 60) from letter"
        delays.append(int(float(post.one(wait))))
        post.later()
    assert delays[:8] == [1, 5, 15, 60, 180, 360, 720, 1440]
    assert post.states == "failed"
    assert post.one("select attempts || ' ' || error from letter") == "9 450 the box is full"


def test_a_letter_put_off_arrives_once_with_the_same_number(post: Post) -> None:
    post.server.answers["the end"] = "451 try later"
    post.happen("take")
    post.go()
    assert post.states == "waiting"
    post.go()
    assert post.one("select attempts from letter") == "1", "its turn has not come"
    post.server.answers.clear()
    post.later()
    post.go()
    assert post.states == "sent"
    (letter,) = post.server.read()
    uid = post.one("select uid from letter")
    assert letter["Message-ID"] == f"<{uid}@example.com>"


def test_an_address_the_server_does_not_know_is_not_tried_again_by_itself(post: Post) -> None:
    post.server.answers["RCPT"] = "550 no such person"
    post.happen("take")
    post.go()
    assert post.states == "failed"
    post.server.answers.clear()
    operator = Side(post.portal, "operator")
    number = post.one("select id from letter")
    page = unescape(operator.client.get(f"/letters/{number}").text)
    assert "550 no such person" in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    again, data = f"/letters/{number}/again", {"csrf_token": token[1]}
    assert operator.client.post(again, data=data).status_code == 303
    post.go()
    assert post.states == "sent"
    refused = operator.client.post(again, data=data)
    assert refused.status_code == 403
    assert "не нужно отправлять ещё раз" in unescape(refused.text)


def test_while_the_server_is_away_one_letter_asks_for_all(post: Post) -> None:
    post.server.answers["EHLO"] = "hang up"
    for _ in range(3):
        post.happen("take")
        post.go()
    assert post.states == "waiting waiting waiting"
    post.server.answers.clear()
    post.later()
    post.go()
    assert post.states == "sent sent sent"


def test_one_refused_letter_keeps_no_other_from_going(post: Post) -> None:
    post.server.answers["the end"] = "554 no"
    post.happen("take")
    post.go()
    post.server.answers.clear()
    post.base.execute(
        "insert into letter (user_id, recipient, language, subject, body, state)"
        " select id, r, 'ru', 'a', 'b', 'waiting' from ab_user, unnest(array["
        " 'nobody', E'a@example.com\\r\\nX: y', 'b@example.com']) r where username = 'clerk'"
    )
    post.go()
    assert post.states == "failed failed failed sent"


def test_a_letter_perhaps_taken_is_not_sent_again_by_itself(post: Post) -> None:
    post.server.answers["the end"] = "hang up"
    post.happen("take")
    post.go()
    assert post.states == "unsure"
    post.server.answers.clear()
    post.later()
    post.go()
    assert len(post.server.letters) == 1


@pytest.mark.parametrize(
    ("handed", "state", "letters"), [(None, "sent", 1), ("2026-11-26", "unsure", 0)]
)
def test_a_letter_whose_worker_was_killed_goes_out_unless_it_may_have_gone(
    post: Post, handed: str | None, state: str, letters: int
) -> None:
    post.base.execute(
        "insert into letter (user_id, recipient, language, subject, body, state, begun_at,"
        " handed_at, attempts) select id, 'a@example.com', 'ru', 'a', 'b', 'sending',"
        " now() - interval '9 minutes', %s, 1 from ab_user where username = 'clerk'",
        (handed,),
    )
    post.go()
    assert post.states == "sending", "its worker may be alive"
    post.base.execute("update letter set begun_at = now() - interval '11 minutes'")
    post.go()
    assert post.states == state
    assert len(post.server.letters) == letters


def test_two_workers_send_each_letter_once(post: Post) -> None:
    post.base.execute(
        "insert into letter (user_id, recipient, language, subject, body, state)"
        " select id, n || '@example.com', 'ru', 'a', 'b', 'waiting' from ab_user,"
        " generate_series(1, 30) n where username = 'clerk'"
    )
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(post.go) for _ in range(3)]:
            done.result()
    assert post.states == " ".join(["sent"] * 30)
    assert len({letter["To"] for letter in post.server.read()}) == 30
    assert len(post.server.letters) == 30


@pytest.mark.parametrize(
    ("name", "value"), [("SMTP_URL", "mail:25"), ("MAIL_FROM", ""), ("MAIL_FROM", "portal")]
)
def test_a_wrong_setting_loses_no_letter(
    post: Post, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    post.happen("take")
    with monkeypatch.context() as wrong:
        wrong.setitem(post.portal.app.config, name, value)
        post.go()
    assert post.states == "waiting"
    assert "PORTAL_SMTP_URL" in post.one("select error from letter")
    post.later()
    post.go()
    assert post.states == "sent"
