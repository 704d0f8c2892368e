"""Notices go out as letters: at once or once a day, each once, and what failed goes out later."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.kernel.clock import now
from app.services.letters import last_digest
from tests.scenarios.posting import Post, posting
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

AGE = "update notice set created_at = %s where mailed_at is null"


@pytest.fixture
def post(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    with posting(portal, monkeypatch) as story:
        yield story


def test_who_wants_letters_at_once_gets_one_with_all_that_is_new(post: Post) -> None:
    post.happen("take", "ask")
    post.work("post")
    (letter,) = post.server.read()
    text = letter.get_content()
    assert letter["To"] == "clerk@example.com"
    assert letter["Subject"] == "Новых уведомлений о запросах: 2"
    assert f"Запрос № {post.request} взят в работу" in text
    assert f"По запросу № {post.request} нужны пояснения" in text
    assert "Средняя школа № 1, г. Смоленск · Рассматривается" in text
    assert f"https://portal.example.com/requests/{post.request}" in text
    assert "https://portal.example.com/notices/" in text
    assert "900" not in text, "what somebody wrote may hold anything"
    assert post.states == "sent"
    post.go()
    assert len(post.server.letters) == 1, "nothing is sent twice"


def test_a_single_notice_is_the_subject_in_the_language_of_its_reader(post: Post) -> None:
    post.happen("take", language="en")
    post.go()
    (letter,) = post.server.read()
    assert letter["Subject"] == f"Request no. {post.request} is under review"
    assert letter["Content-Language"] == "en"
    assert not re.search(
        "[А-Яа-я]", letter.get_content().replace("Средняя школа", "").replace("г. Смоленск", "")
    )


def test_who_wants_them_once_a_day_gets_one_at_the_hour(post: Post) -> None:
    hour = post.portal.app.config["DIGEST_HOUR"]
    begun = last_digest(now(), hour)
    post.happen("take", wish="day")
    post.go()
    assert post.states == "", "until the next hour of the daily letters"
    post.base.execute(AGE, (begun - dt.timedelta(minutes=1),))
    post.happen("ask", wish="day")
    post.base.execute(
        "update notice set created_at = %s where mailed_at is null and event_id ="
        " (select max(id) from edit_request_event)",
        (begun + dt.timedelta(seconds=1),),
    )
    post.go()
    (letter,) = post.server.read()
    assert letter["Subject"] == f"Запрос № {post.request} взят в работу"
    post.base.execute(AGE, (begun - dt.timedelta(minutes=1),))
    post.go()
    assert len(post.server.letters) == 2


def test_the_hour_is_that_of_the_region() -> None:
    moment = dt.datetime(2026, 11, 26, 5, 0, tzinfo=dt.UTC)  # 8:00 there
    assert last_digest(moment, 8) == moment
    early = moment - dt.timedelta(seconds=1)
    assert last_digest(early, 8) == moment - dt.timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [
        "update notice_setting set mail = 'none'",
        "update notice set read_at = now()",
        "update ab_user set active = false where username = 'clerk'",
        "update ab_user set email = 'clerk@localhost' where username = 'clerk'",
        "update ab_user set email = E'a@example.com\\r\\nBcc: x@b.ru' where username = 'clerk'",
    ],
)
def test_no_letter_goes_to_who_wants_none_has_read_it_or_cannot_be_written_to(
    post: Post, change: str
) -> None:
    post.happen("take")
    post.base.execute(change.encode())
    post.go()
    post.base.execute(
        "update ab_user set active = true, email = 'clerk@example.com' where username = 'clerk'"
    )
    post.happen(wish="now")
    post.go()
    assert post.states == "", "nor later, when the wish is another"
    assert not post.server.letters


def test_without_a_mail_server_letters_are_kept_to_be_looked_at(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(post.portal.app.config, "SMTP_URL", "")
    post.happen("take")
    post.go()
    assert post.states == "kept"
    operator = Side(post.portal, "operator")
    page = unescape(operator.client.get("/letters/").text)
    assert f"Запрос № {post.request} взят в работу" in page
    assert "clerk@example.com" in page
    assert "видны только здесь" in page
    where = re.search(r'href="(/letters/[0-9]+)"', page)
    assert where
    shown = unescape(operator.client.get(where[1]).text)
    assert f"https://portal.example.com/requests/{post.request}" in shown
    monkeypatch.setitem(post.portal.app.config, "SMTP_URL", post.server.url)
    post.go()
    assert not post.server.letters, "old ones do not flood out when a server is set"


@pytest.mark.parametrize("login", ["department", "clerk", "head", "applicant"])
def test_only_the_operator_sees_letters(post: Post, login: str) -> None:
    answer = Side(post.portal, login).client.get("/letters/")
    assert answer.status_code == 403
    assert "Письма портала видит оператор." in unescape(answer.text)


def test_old_letters_and_notices_are_swept(post: Post) -> None:
    post.happen("take")
    post.go()
    post.happen("ask")
    post.base.execute("update notice set created_at = now() - interval '366 days'")
    post.base.execute("update letter set created_at = now() - interval '91 days'")
    post.work("sweep")
    assert post.one("select count(*) from notice") == "0"
    assert "sent" not in post.states
