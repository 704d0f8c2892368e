"""Requests on uneven ground: rows gone, pages grown old, odd words, half-made decisions."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with
from tests.scenarios.requesting import REASON, Side, number_of, reviewed

if TYPE_CHECKING:
    from tests.conftest import Portal


@pytest.fixture
def clerk(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "clerk")


@pytest.fixture
def head(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "head")


@pytest.fixture
def operator(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "operator")


def test_a_new_licence_is_asked_for_and_added_as_one(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    card = unescape(clerk.client.get(f"/registry/organisation/{school}").text)
    url = f"/registry/organisation-licence/request?parent={school}"
    assert url in card
    number = number_of(clerk.fill(url, reason=REASON, licence_number="Л035-01253-67/00195001"))
    assert head.step(number, "submit").status_code == 303
    assert operator.step(number, "take").status_code == 303
    count = "select count(*) from organisation_licence where organisation_id = %s"
    before = int(operator.one(count, school))
    assert operator.decide(number).status_code == 303
    assert int(operator.one(count, school)) == before + 1
    assert operator.state(number) == "approved"


def test_what_the_register_refuses_is_refused_before_it_is_asked_for(clerk: Side) -> None:
    school = clerk.school()
    url = f"/registry/organisation-bank-account/request?parent={school}"
    answer = clerk.fill(url, reason=REASON, bik="044525225", account_number="40702810000000000009")
    assert answer.status_code == 422
    assert "account_number" in answer.text
    assert clerk.one("select count(*) from edit_request") == "0"


def test_a_card_with_nothing_to_save_at_once_leads_to_the_request(clerk: Side) -> None:
    founder = clerk.one(
        "select id from organisation_founder where organisation_id = %s", clerk.school()
    )
    card = clerk.client.get(f"/registry/organisation-founder/{founder}").text
    assert f"/registry/organisation-founder/{founder}/request" in card
    own = clerk.client.get(f"/registry/organisation/{clerk.school()}").text
    assert f"/registry/organisation/{clerk.school()}/request" not in own
    assert f"/registry/organisation/{clerk.school()}/edit" in own


def test_the_same_form_sent_twice_makes_one_request(clerk: Side) -> None:
    url = f"/registry/organisation/{clerk.school()}/request"
    values = form_with(clerk.client.get(url).text, "version")
    values |= {"reason": REASON, "short_name": "Новое"}
    first = clerk.client.post(url, data=values)
    again = clerk.client.post(url, data=values)
    assert first.headers["Location"] == again.headers["Location"]
    assert clerk.one("select count(*) from edit_request") == "1"


def test_a_row_that_went_to_the_trash_meanwhile_is_named_in_the_decision(
    clerk: Side, head: Side, operator: Side
) -> None:
    query = "select id from organisation_founder where organisation_id = %s limit 1"
    founder = clerk.one(query, clerk.school())
    url = f"/registry/organisation-founder/{founder}"
    number = number_of(clerk.fill(f"{url}/request", reason=REASON, founder_name="Другой"))
    head.step(number, "submit")
    operator.step(number, "take")
    version = operator.one("select version from organisation_founder where id = %s", founder)
    card = operator.client.get(url).text
    values = {**form_with(card, "version"), "version": version}
    assert operator.client.post(f"{url}/trash", data=values).status_code == 303
    assert operator.client.get(f"/requests/{number}").status_code == 200
    answer = operator.decide(number)
    assert answer.status_code == 422
    assert "Записи больше нет" in unescape(answer.text)
    assert operator.decide(number, "reject").status_code == 303
    assert operator.state(number) == "rejected"


def test_writing_over_counts_for_the_value_that_was_shown_only(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    number = reviewed(clerk, head, operator, short_name="Просят")
    operator.rename("Правка А")
    operator.decide(number)
    opened = operator.client.get(f"/requests/{number}").text
    operator.rename("Правка Б")
    seen = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', opened))
    line = clerk.line(number, "short_name")
    assert operator.send(number, "decide", opened, **{**seen, f"choice-{line}": "over"})
    row = "select short_name from organisation where id = %s"
    assert operator.one(row, school) == "Правка Б"
    assert operator.state(number) == "under_review"
    assert operator.decide(number, "over").status_code == 303
    assert operator.one(row, school) == "Просят"


def test_what_was_typed_into_a_page_that_is_old_is_told_back(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Новое")
    line = clerk.line(number, "short_name")
    opened = operator.client.get(f"/requests/{number}").text
    assert operator.decide(number).status_code == 303
    late = {f"choice-{line}": "reject", f"comment-{line}": "Длинное объяснение отказа"}
    answer = operator.send(number, "decide", opened, **late)
    assert answer.status_code == 409
    assert "Длинное объяснение отказа" in unescape(answer.text)
    assert "запрос изменился" in unescape(answer.text)


def test_a_request_of_which_a_part_is_written_is_not_recalled(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Просят", head_position="Директор школы")
    operator.rename("Правка")
    operator.decide(number)
    operator.step(number, "ask", comment="Что верно?")
    assert "Отозвать" not in clerk.page(number)
    assert clerk.step(number, "recall").status_code == 403
    assert clerk.state(number) == "needs_info"


def test_a_draft_that_was_not_sent_is_no_business_of_the_office(
    clerk: Side, operator: Side
) -> None:
    number = clerk.ask(clerk.school(), short_name="Новое")
    assert operator.client.get(f"/requests/{number}").status_code == 404
    assert clerk.step(number, "recall").status_code == 303
    assert operator.client.get(f"/requests/{number}").status_code == 404


def test_odd_words_are_refused_in_a_sentence_and_come_back(
    clerk: Side, head: Side, operator: Side
) -> None:
    url = f"/registry/organisation/{clerk.school()}/request"
    answer = clerk.fill(url, reason="Приказ\x00 № 5", short_name="Новое имя")
    assert answer.status_code == 422
    assert 'value="Новое имя"' in unescape(answer.text)
    number = reviewed(clerk, head, operator, short_name="Новое")
    line = clerk.line(number, "short_name")
    for words in ("нет\x00", "а" * 2001):
        answer = operator.decide(number, "reject", **{f"comment-{line}": words})
        assert answer.status_code == 422
        answer = operator.decide(number, comment=words)
        assert answer.status_code == 422
    lines = "\r\n".join(["слово"] * 333)  # as a browser sends 1997 characters
    assert operator.step(number, "ask", comment=lines).status_code == 303


def test_an_official_of_the_department_hears_who_adds_new_rows(
    clerk: Side, head: Side, operator: Side
) -> None:
    school = clerk.school()
    url = f"/registry/organisation-licence/request?parent={school}"
    number = number_of(clerk.fill(url, reason=REASON, licence_number="Л035-01253-67/00195001"))
    head.step(number, "submit")
    with operator.portal.cluster.connect(operator.portal.database) as base:
        base.execute(
            "update role_assignment set add_ons = '{registry_approver}' where role = 'department'"
        )
        base.commit()
    department = Side(operator.portal, "department")
    assert department.step(number, "take").status_code == 303
    answer = department.decide(number)
    assert answer.status_code == 422
    assert "Новую запись добавляет оператор" in unescape(answer.text)
