"""The form that asks for the end of a row: who sees it, what it refuses, what comes of it."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with
from tests.scenarios.ending import (
    COUNT,
    FOUNDER,
    Planted,
    ask,
    enclosed,
    planted,
    rename,
    reviewed,
)
from tests.scenarios.requesting import REASON, Side, number_of

if TYPE_CHECKING:
    from tests.conftest import Portal


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(scope="module")
def head(portal: Portal) -> Side:
    return Side(portal, "head")


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Side:
    return Side(portal, "operator")


@pytest.fixture
def founder(clerk: Side) -> Planted:
    return planted(clerk, FOUNDER)


def test_another_request_about_the_row_points_to_the_first(
    clerk: Side, head: Side, founder: Planted
) -> None:
    waiting, change = number_of(ask(head, founder)), f"{founder.card}/request"
    other = number_of(clerk.fill(change, reason=REASON, founder_name="Иной"))
    number = number_of(ask(clerk, founder))
    form = clerk.client.get(founder.form).text
    assert head.step(number, "submit").status_code == 303
    for late in (waiting, other):
        refused = head.step(late, "submit")
        assert refused.status_code == 422
        assert f"уже отправлен запрос № {number}" in unescape(refused.text)
    values = form_with(form, "version") | {"request.reason": REASON}
    again = clerk.client.post(founder.form, data=values)
    assert again.status_code == 422
    assert f"уже есть запрос № {number}" in unescape(again.text)
    assert REASON in unescape(again.text)
    led = clerk.client.get(founder.form)
    assert led.headers["Location"] == f"/requests/{number}"
    field = clerk.fill(change, reason=REASON, founder_name="Иной")
    assert field.status_code == 422
    assert f"уже в запросе № {number}" in unescape(field.text)
    assert clerk.step(number, "recall").status_code == 303
    assert head.step(other, "submit").status_code == 303
    ends = head.step(waiting, "submit")
    assert ends.status_code == 422
    assert f"уже отправлен запрос № {other}" in unescape(ends.text)


def test_what_was_typed_comes_back_with_what_is_wrong(clerk: Side, founder: Planted) -> None:
    answer = ask(clerk, founder, reason=" ", effective_on="01.01.2001")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Напишите, почему это нужно изменить" in text
    assert "не дальше чем за год" in text
    assert 'value="01.01.2001"' in text
    form = clerk.client.get(founder.form).text
    rename(clerk, founder, "Другой учредитель")
    moved = clerk.client.post(
        founder.form, data=form_with(form, "version") | {"request.reason": REASON}
    )
    assert moved.status_code == 422
    text = unescape(moved.text)
    assert "в записи изменили: " in text
    assert "Другой учредитель" in text
    assert REASON in text
    begins = "update organisation_founder set valid_from = current_date + 30 where id = %s"
    clerk.write(begins, founder.id)
    early = ask(clerk, founder)
    assert early.status_code == 422
    assert "раньше, чем" in unescape(early.text)
    assert clerk.one(COUNT, founder.table, founder.id) == "0"


def test_the_head_sends_it_at_once_with_a_document_and_twice_is_once(
    head: Side, founder: Planted
) -> None:
    values = form_with(head.client.get(founder.form).text, "version")
    values |= {"request.reason": REASON, "request.go": "send"}
    first = head.client.post(founder.form, data={**values, **enclosed()})
    number = number_of(first)
    assert head.state(number) == "submitted"
    assert "приказ.pdf" in head.page(number)
    again = head.client.post(founder.form, data={**values, **enclosed()})
    assert again.headers["Location"] == first.headers["Location"]
    assert head.one(COUNT, founder.table, founder.id) == "1"


def test_those_who_may_not_ask_are_refused(clerk: Side, founder: Planted) -> None:
    for login in ("clerk2", "operator", "department", "municipal", "employee"):
        side = Side(clerk.portal, login)
        assert side.client.get(founder.form).status_code == 403
        token = form_with(side.client.get("/").text, "csrf_token")["csrf_token"]
        values = {"csrf_token": token, "version": "1", "request.reason": REASON}
        assert side.client.post(founder.form, data=values).status_code == 403
        assert "Попросить убрать…" not in side.client.get(founder.card).text
    assert clerk.one(COUNT, founder.table, founder.id) == "0"


def test_what_others_point_to_is_not_asked_to_the_trash(clerk: Side) -> None:
    table = "organisation_accreditation_supplement"
    query = (
        "select supplement_id from organisation_accreditation_program where organisation_id = %s"
    )
    answer = ask(clerk, Planted(table, clerk.one(query, clerk.school())))
    assert answer.status_code == 422
    assert "Сначала попросите убрать то, что относится к этой записи" in unescape(answer.text)


def test_the_queue_is_narrowed_to_those_who_ask_for_an_end(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    queue = unescape(operator.client.get("/requests/").text)
    assert "закончить действие (" in queue
    narrowed = unescape(operator.client.get(f"/requests/?field={FOUNDER}.-").text)
    assert "Учредитель: закончить действие" in narrowed
    assert f'href="/requests/{number}"' in narrowed
    assert "Решить сразу" not in narrowed
    at_once = operator.client.get(f"/requests/at-once?field={FOUNDER}.-")
    assert at_once.status_code == 404
    other = unescape(operator.client.get(f"/requests/?field={FOUNDER}.*").text)
    assert f'href="/requests/{number}"' not in other


def test_rows_that_a_school_may_not_remove_any_more_are_asked_about(
    clerk: Side, operator: Side
) -> None:
    query = "select id from organisation_governing_body where organisation_id = %s"
    body = Planted("organisation_governing_body", clerk.one(query, clerk.school()))
    assert clerk.client.get(body.form).status_code == 403
    page = f"/policies/{body.table}?organisation={clerk.school()}"
    form = form_with(operator.client.get(page).text, "seen")
    values = {**form, "policy-*": "request", "reason": REASON}
    assert operator.client.post(page, data=values).status_code == 303
    assert clerk.client.get(body.form).status_code == 200
