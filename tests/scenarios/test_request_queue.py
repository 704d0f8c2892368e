"""The queue of those who decide: filters, hands, words beside the steps, prepared reasons."""

from __future__ import annotations

import re
from html import unescape
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.requesting import REASON, Side, number_of, reviewed, sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

APPROVER = "update role_assignment set add_ons = %s where role = 'department'"
NAMES = count(1)


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(scope="module")
def head(portal: Portal) -> Side:
    return Side(portal, "head")


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Side:
    return Side(portal, "operator")


@pytest.fixture(scope="module")
def official(portal: Portal) -> Side:
    """An official of the department, who reads requests and decides none."""
    return Side(portal, "department")


@pytest.fixture
def approver(official: Side) -> Side:
    """The same with the duty to decide."""
    official.write(APPROVER, ["registry_approver"])
    return official


@pytest.fixture(autouse=True)
def _no_requests(operator: Side) -> Iterator[None]:
    yield
    operator.write("delete from edit_request")
    operator.write(APPROVER, [])


def other() -> str:
    """A name that nobody has asked for yet."""
    return f"Новое имя {next(NAMES)}"


def numbers(side: Side, query: str = "") -> list[int]:
    """The requests of a list, in its order."""
    text = unescape(side.client.get(f"/requests/{query}").text)
    return [int(found) for found in re.findall(r'href="/requests/(\d+)"', text)]


def account(side: Side) -> int:
    return int(side.one("select id from ab_user where username = %s", side.login))


def test_the_queue_is_narrowed_by_what_the_address_says(
    clerk: Side, head: Side, operator: Side
) -> None:
    first = reviewed(clerk, head, operator, short_name=other())
    second = sent(clerk, head, head_position=other())
    third = sent(clerk, head, head_name=other())
    operator.write("update edit_request set due_on = '2020-01-09' where id = %s", third)
    assert numbers(operator) == [third, first, second]
    assert numbers(operator, "?state=under_review") == [first]
    assert numbers(operator, "?whose=mine") == [first]
    assert numbers(operator, "?whose=free") == [third, second]
    assert numbers(operator, "?late=1") == [third]
    assert numbers(operator, "?field=organisation.head_position") == [second]
    assert numbers(operator, "?q=школ&whose=free&late=1") == [third]
    assert numbers(operator, "?q=небывалое") == []
    page = unescape(operator.client.get("/requests/?field=organisation.head_position").text)
    assert "Должность руководителя (1)" in page
    assert "Ничьи (2)" in page
    assert "Только просроченные (1)" in page


def test_a_filter_that_finds_nothing_is_told_from_a_queue_that_is_empty(
    clerk: Side, head: Side, operator: Side
) -> None:
    assert "Здесь запросов нет" in unescape(operator.client.get("/requests/").text)
    sent(clerk, head, short_name=other())
    page = unescape(operator.client.get("/requests/?late=1&whose=mine").text)
    assert "По этому отбору запросов нет" in page
    assert 'href="/requests/?whose=mine"' in page  # without one of the conditions
    assert "Сбросить" in page


def test_the_filters_are_kept_from_page_to_page(clerk: Side, head: Side, operator: Side) -> None:
    number = sent(clerk, head, short_name=other())
    operator.write(
        "insert into edit_request (organisation_id, author_id, state, reason, target_table,"
        " target_id, due_on, submitted_at) select organisation_id, author_id, state, reason,"
        " target_table, target_id, due_on, submitted_at from edit_request, generate_series(1, 60)"
        " where id = %s",
        number,
    )
    page = unescape(operator.client.get("/requests/?q=школ&whose=free").text)
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more
    assert "q=" in more[1]
    assert "whose=free" in more[1]
    rest = numbers(operator, more[1].removeprefix("/requests/"))
    assert len(rest) == 11
    assert not set(rest) & set(numbers(operator, "?q=школ&whose=free"))


def test_decided_requests_are_narrowed_as_well(clerk: Side, head: Side, operator: Side) -> None:
    first = reviewed(clerk, head, operator, short_name=other())
    operator.decide(first)
    second = reviewed(clerk, head, operator, head_position=other())
    operator.decide(second, "reject")
    assert numbers(operator, "?state=done") == [second, first]
    assert numbers(operator, "?state=rejected") == [second]
    assert numbers(operator, "?state=done&whose=mine") == [second, first]
    assert numbers(operator, "?state=done&field=organisation.short_name") == [first]


@pytest.mark.parametrize(
    "odd", ["?state=explode", "?field=ab_user.password", "?whose=all", "?late=x", "?q=%00"]
)
def test_what_no_filter_means_is_left_out(
    clerk: Side, head: Side, operator: Side, odd: str
) -> None:
    number = sent(clerk, head, short_name=other())
    assert numbers(operator, odd) == [number]


def test_a_school_is_not_offered_what_only_an_office_asks(clerk: Side, head: Side) -> None:
    number = sent(clerk, head, short_name=other())
    page = unescape(clerk.client.get("/requests/?whose=free&q=небывалое").text)
    assert f'href="/requests/{number}"' in page
    assert 'name="whose"' not in page
    assert 'name="q"' not in page.split("<main")[1]


def test_a_request_is_handed_over_put_back_and_taken(
    clerk: Side, head: Side, operator: Side, approver: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name=other())
    assert "Этот запрос рассматривает" not in operator.page(number)
    assert "Этот запрос рассматривает" in approver.page(number)
    assert operator.step(number, "assign", to=str(account(approver))).status_code == 303
    assert numbers(approver, "?whose=mine") == [number]
    name = operator.one(
        "select last_name || ' ' || first_name from ab_user where id = %s", account(approver)
    )
    assert f"Передан: {name}" in clerk.page(number)
    assert approver.step(number, "assign", to="").status_code == 303
    assert "Снят с рассмотрения" in clerk.page(number)
    assert numbers(operator, "?whose=free") == [number]
    assert operator.step(number, "assign", to=str(account(operator))).status_code == 303
    assert "Взят на себя" in clerk.page(number)
    assert operator.state(number) == "under_review"


def test_somebody_elses_request_may_be_decided(
    clerk: Side, head: Side, operator: Side, approver: Side
) -> None:
    number = reviewed(clerk, head, approver, short_name=other())
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"


def test_a_request_is_handed_only_to_those_who_decide_and_in_the_version_that_was_seen(
    clerk: Side, head: Side, operator: Side, approver: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name=other())
    for nobody in (account(clerk), 999_999):
        answer = operator.step(number, "assign", to=str(nobody))
        assert answer.status_code == 422
        assert "не решает запросы" in unescape(answer.text)
    assert operator.step(number, "assign", to="кому").status_code == 400
    assert clerk.step(number, "assign", to=str(account(clerk))).status_code == 403
    opened = operator.client.get(f"/requests/{number}").text
    approver.step(number, "assign", to=str(account(approver)))
    late = operator.send(number, "assign", opened, to="")
    assert late.status_code == 409
    assert numbers(approver, "?whose=mine") == [number]
    operator.decide(number)
    version = operator.one("select version from edit_request where id = %s", number)
    assert operator.step(number, "assign", to="", version=version).status_code == 403


def test_both_sides_talk_at_any_time_and_the_decision_does_not_grow_old(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = sent(clerk, head, short_name=other())
    assert operator.step(number, "comment", comment="Когда подписан приказ?").status_code == 303
    assert operator.state(number) == "submitted"
    operator.step(number, "take")
    opened = operator.client.get(f"/requests/{number}").text
    assert clerk.step(number, "comment", comment="Первого сентября").status_code == 303
    assert "Первого сентября" in operator.page(number)
    line = clerk.line(number, "short_name")
    answer = operator.send(number, "decide", opened, **{f"choice-{line}": "approve"})
    assert answer.status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.step(number, "comment", comment="Спасибо").status_code == 403  # it is decided


def test_a_message_says_something_and_strangers_say_nothing(
    clerk: Side, head: Side, official: Side, portal: Portal
) -> None:
    draft = clerk.ask(clerk.school(), short_name=other())
    assert clerk.step(draft, "comment", comment="слово").status_code == 403  # not sent yet
    head.step(draft, "submit")
    assert clerk.step(draft, "comment", comment=" ").status_code == 422
    long = clerk.step(draft, "comment", comment="а" * 2001)
    assert long.status_code == 422
    assert "а" * 2001 in long.text  # what was typed comes back
    stranger = Side(portal, "clerk2")
    assert stranger.step(draft, "comment", comment="слово").status_code == 404
    assert official.step(draft, "comment", comment="слово").status_code == 403


def test_long_texts_are_compared_word_by_word(clerk: Side, head: Side, operator: Side) -> None:
    name = clerk.one("select full_name from organisation where id = %s", clerk.school())
    number = reviewed(clerk, head, operator, full_name=name.replace("бюджетное", "казённое"))
    page = operator.page(number)
    assert "<del>бюджетное</del>" in page
    assert "<ins>казённое</ins>" in page


def test_the_digits_of_an_account_are_checked_beside_it(
    clerk: Side, head: Side, operator: Side
) -> None:
    url = f"/registry/organisation-bank-account/request?parent={clerk.school()}"
    values = {"bik": "016614901", "account_number": "03224643660000006300"}
    number = number_of(clerk.fill(url, reason=REASON, **values))
    head.step(number, "submit")
    page = operator.page(number)
    assert "записан по правилам" in page
    assert "подходит к БИК 016614901" in page


def test_prepared_reasons_are_values_that_the_operator_keeps(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name=other())
    add = "/reference/classifier-item/add"
    for classifier, words in (
        ("REQUEST_REJECTION", "Сначала согласуйте с учредителем."),
        ("REQUEST_QUESTION", "Пришлите копию приказа."),
    ):
        values = {"classifier": classifier, "code": "90", "name_ru": words}
        assert operator.fill(add, **values).status_code == 303
    page = operator.page(number)
    assert '<option value="Сначала согласуйте с учредителем.">' in page
    assert "Пришлите копию приказа." in page
    answer = operator.step(number, "ask", reason="90", comment="До пятницы.")
    assert answer.status_code == 303
    assert "Пришлите копию приказа.\nДо пятницы." in clerk.page(number)
    assert "Сначала согласуйте с учредителем." not in clerk.page(number)


def test_an_unknown_prepared_question_asks_nothing(clerk: Side, head: Side, operator: Side) -> None:
    number = reviewed(clerk, head, operator, short_name=other())
    assert operator.step(number, "ask", reason="zz", comment="").status_code == 422
    assert operator.state(number) == "under_review"
