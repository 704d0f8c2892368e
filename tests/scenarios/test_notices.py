"""What happens to a request is told to whom it concerns, and to nobody else (decree п. 5.5)."""

from __future__ import annotations

import re
from html import unescape
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.noticing import Reader, flood, happen, told
from tests.scenarios.requesting import sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

TURNS = count(1)
APPROVER = "update role_assignment set add_ons = %s where role = 'department'"


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Reader:
    return Reader(portal, "clerk")


@pytest.fixture(scope="module")
def head(portal: Portal) -> Reader:
    return Reader(portal, "head")


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Reader:
    return Reader(portal, "operator")


@pytest.fixture
def number(clerk: Reader, head: Reader) -> Iterator[int]:
    """A request that was sent; what was told of it is gone afterwards."""
    made = sent(clerk, head, short_name=f"Школа имени Гагарина, корпус {next(TURNS)}")
    yield made
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute("delete from edit_request")


def test_steps_of_the_school_are_told_to_all_who_decide_until_somebody_considers(
    clerk: Reader, head: Reader, operator: Reader, number: int
) -> None:
    assert told(clerk, number, "create") == ""
    assert told(clerk, number, "submit") == "operator"
    assert operator.step(number, "take").status_code == 303
    assert told(clerk, number, "take") == "clerk head", "the author, and whoever sent it"
    assert operator.step(number, "ask", comment="Приложите приказ").status_code == 303
    assert told(clerk, number, "ask") == "clerk head"
    assert head.step(number, "answer", comment="Приказ № 5").status_code == 303
    assert told(clerk, number, "answer") == "operator"
    assert operator.decide(number).status_code == 303
    assert told(clerk, number, "decide") == "clerk head"
    page = clerk.notices()
    assert f"Запрос № {number} принят" in page
    assert f"По запросу № {number} нужны пояснения" in page
    assert "Приложите приказ" in page
    assert "Орлова Вера Павловна" in page
    assert f"По запросу № {number} даны пояснения" in operator.notices()


def test_everybody_who_decides_is_told_and_only_they(
    clerk: Reader, head: Reader, number: int
) -> None:
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute(APPROVER, (["registry_approver"],))
        assert happen(clerk, number, "submit", who="head", role="org") == "department operator"
        base.execute(
            "update role_assignment set valid_to = current_date - 2 where role = 'operator'"
        )
        assert clerk.ask(clerk.school(), head_name="Петров Пётр") > number
        later = int(clerk.one("select max(id) from edit_request"))
        assert head.step(later, "submit").status_code == 303
        assert told(clerk, later, "submit") == "department", "a capacity that ended decides nothing"
        base.execute("update role_assignment set valid_to = null where role = 'operator'")
        base.execute(APPROVER, ([],))


def test_the_one_who_considers_is_told_alone_while_able_to_decide(
    clerk: Reader, operator: Reader, number: int
) -> None:
    assert operator.step(number, "take").status_code == 303
    assert happen(clerk, number, "answer", who="clerk", role="org") == "operator"
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute("update ab_user set active = false where username = 'operator'")
        assert happen(clerk, number, "recall", who="clerk", role="org") == ""
        base.execute("update ab_user set active = true where username = 'operator'")


@pytest.mark.parametrize("action", ["stale", "part", "scheduled", "applied"])
def test_what_the_portal_itself_does_is_told_to_the_school(
    clerk: Reader, number: int, action: str
) -> None:
    assert happen(clerk, number, action) == "clerk head"
    assert f"№ {number}" in clerk.notices()


def test_what_was_not_written_on_its_day_is_told_to_both_sides(clerk: Reader, number: int) -> None:
    assert happen(clerk, number, "unwritten") == "clerk head operator"


def test_a_comment_is_told_to_the_other_side(clerk: Reader, operator: Reader, number: int) -> None:
    assert operator.step(number, "take").status_code == 303
    assert clerk.step(number, "comment", comment="Приказ будет завтра").status_code == 303
    assert told(clerk, number, "comment") == "operator"
    assert operator.step(number, "comment", comment="Жду").status_code == 303
    assert told(clerk, number, "comment") == "clerk head operator"
    assert "Приказ будет завтра" in operator.notices()


def test_a_new_assignee_is_told_and_an_unknown_action_goes_to_author_and_assignee(
    clerk: Reader, operator: Reader, number: int
) -> None:
    department = clerk.one("select id from ab_user where username = 'department'")
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute(APPROVER, (["registry_approver"],))
        assert operator.step(number, "assign", to=department).status_code == 303
        base.execute(APPROVER, ([],))
    assert told(clerk, number, "assign") == "clerk department head"
    assert happen(clerk, number, "signed", who="head", role="org") == "clerk department"
    assert happen(clerk, number, "folded", who="clerk", role="org") == "department"
    assert f"Новое в запросе № {number}" in clerk.notices()


def test_nobody_outside_the_school_hears_of_a_draft(clerk: Reader) -> None:
    draft = clerk.ask(clerk.school(), short_name="Школа имени Титова")
    assert clerk.step(draft, "recall").status_code == 303
    assert told(clerk, draft, "create") == told(clerk, draft, "recall") == ""


def test_an_author_who_left_the_school_is_told_nothing_more(clerk: Reader, number: int) -> None:
    leave = "update role_assignment set valid_to = %s from ab_user u where u.id = user_id and"
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute(f"{leave} u.username = 'clerk'", ("2020-01-01",))
        assert happen(clerk, number, "applied") == "head"
        base.execute(f"{leave} u.username = 'clerk'", (None,))


def test_whoever_takes_a_step_has_read_what_came_before(operator: Reader, number: int) -> None:
    unread = (
        "select count(*) from notice where user_id = %s and request_id = %s and read_at is null"
    )
    assert operator.one(unread, operator.number, number) == "1"
    assert operator.step(number, "take").status_code == 303
    assert operator.one(unread, operator.number, number) == "0"


def test_the_bell_counts_what_is_new_and_a_click_opens_the_request(
    clerk: Reader, operator: Reader, number: int
) -> None:
    clerk.press("read", last=str(10**9))
    assert clerk.bell() == ""
    assert operator.step(number, "take").status_code == 303
    assert clerk.bell() == "1"
    assert 'aria-label="Уведомления, новых: 1"' in clerk.notices()
    answer = clerk.press(clerk.newest())
    assert answer.headers["Location"] == f"/requests/{number}"
    assert clerk.bell() == ""
    assert clerk.client.get(f"/notices/{clerk.newest()}").status_code == 405, "a look changes none"
    flood(clerk, number, 100)
    assert clerk.bell() == "99+"


def test_all_that_was_shown_is_marked_and_what_came_meanwhile_stays_new(
    clerk: Reader, number: int
) -> None:
    happen(clerk, number, "stale")
    shown = clerk.notices()
    last = re.search(r'name="last" value="([0-9]+)"', shown)
    assert last
    happen(clerk, number, "applied")
    assert clerk.press("read", last=last[1]).status_code == 303
    assert clerk.bell() == "1"
    clerk.press("read", last=clerk.newest())
    assert "Отметить все прочитанными" not in clerk.notices()


def test_notices_go_on_page_by_page(clerk: Reader, number: int) -> None:
    flood(clerk, number, 60)
    first = clerk.notices()
    further = re.search(r'href="/notices/(\?before=[0-9]+)"', first)
    assert further
    second = clerk.notices(further[1])
    ids = [re.findall(r'action="/notices/([0-9]+)"', page) for page in (first, second)]
    assert len(ids[0]) == 50
    assert len(ids[1]) >= 10
    assert not set(ids[0]) & set(ids[1])
    assert "Отметить все" not in second, "there what was not shown would be marked as well"


def test_a_notice_of_another_capacity_says_so_and_tells_nothing(
    head: Reader, operator: Reader, number: int
) -> None:
    assert operator.step(number, "take").status_code == 303
    other = "select a.id from role_assignment a where a.user_id = %s and a.role = %s"
    for role, words in (("employee", "в других ваших полномочиях"), ("head", "взят в работу")):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', head.notices())
        capacity = head.one(other, head.number, role)
        assert token
        data = {"csrf_token": token[1], "capacity": capacity}
        assert head.client.post("/capacity", data=data).status_code == 303
        page = head.notices()
        assert words in page
        assert f"№ {number}" in page
        assert ("Средняя школа № 1" in page.partition('class="notices"')[2]) == (role == "head")


def test_nobody_opens_the_notice_of_another(clerk: Reader, head: Reader, number: int) -> None:
    happen(clerk, number, "stale")
    assert head.press(clerk.newest()).status_code == 404
    assert clerk.bell() != ""
    assert head.press("read", last="x").status_code == 400


def test_whoever_has_no_notices_is_told_what_will_be_here(portal: Portal) -> None:
    page = Reader(portal, "applicant").notices()
    assert "Уведомлений нет" in page
    assert "Присылать на applicant@example.com" in page


def test_a_wish_about_letters_is_kept_and_a_wrong_one_refused(clerk: Reader) -> None:
    assert re.search(r'value="day"[^>]*checked', clerk.notices())
    assert clerk.press("mail", mail="now").status_code == 303
    assert re.search(r'value="now"[^>]*checked', clerk.notices())
    for wrong in ("", "never", "now\x00", "а" * 3000):
        answer = clerk.press("mail", mail=wrong)
        assert answer.status_code == 422
        assert "Выберите, когда присылать письма." in unescape(answer.text)
    assert clerk.press("mail", mail="day").status_code == 303


def test_without_an_address_there_is_nothing_to_choose(clerk: Reader) -> None:
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        change = "update ab_user set email = %s where username = 'clerk'"
        base.execute(change, ("clerk@localhost",))
        assert "нет адреса электронной почты" in clerk.notices()
        base.execute(change, ("clerk@example.com",))


def test_letters_come_in_the_language_that_was_chosen_last(clerk: Reader) -> None:
    kept = "select mail || ' ' || language from notice_setting where user_id = %s"
    clerk.press("mail", mail="now")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', clerk.notices())
    assert token
    assert clerk.one(kept, clerk.number) == "now ru"
    for language in ("en", "xx", "ru"):
        chosen = {"csrf_token": token[1], "language": language}
        assert clerk.client.post("/language", data=chosen).status_code == 303
        assert clerk.one(kept, clerk.number) == f"now {'ru' if language == 'ru' else 'en'}"
    clerk.press("mail", mail="day")
