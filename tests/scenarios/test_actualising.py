"""The office changes directly what somebody has asked about: the request is settled by it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.kernel.clock import today
from tests.html_form import form_with
from tests.scenarios.requesting import Side, reviewed, sent

if TYPE_CHECKING:
    from tests.conftest import Portal

BASIS = "Выписка из ЕГРЮЛ от 20.11.2026"


@pytest.fixture
def clerk(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "clerk")


@pytest.fixture
def head(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "head")


@pytest.fixture
def operator(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "operator")


def edit(side: Side) -> str:
    return f"/registry/organisation/{side.school()}/edit"


def test_another_value_makes_the_line_stale_and_tells_why(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = sent(clerk, head, short_name="Лицей № 1")
    form = unescape(operator.client.get(edit(operator)).text)
    assert f'href="/requests/{number}"' in form
    assert "Почему меняете" in form
    silent = operator.fill(edit(operator), short_name="Гимназия № 1")
    assert silent.status_code == 422
    assert f"запрос № {number}" in unescape(silent.text)
    assert "Гимназия № 1" in silent.text
    answer = operator.fill(edit(operator), short_name="Гимназия № 1", **{"request.basis": BASIS})
    assert answer.status_code == 303
    assert operator.one("select line_state from edit_request_line") == "stale"
    assert operator.state(number) == "rejected"
    page = clerk.page(number)
    assert BASIS in page
    assert "Изменено напрямую" in page
    again = clerk.ask(clerk.school(), short_name="Лицей № 1")
    assert head.step(again, "submit").status_code == 303


def test_the_very_value_that_was_asked_for_approves_the_line(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Лицей № 1")
    values = {"short_name": "Лицей № 1", "request.basis": BASIS}
    assert operator.fill(edit(operator), **values).status_code == 303
    assert operator.state(number) == "approved"


def test_other_lines_of_the_request_wait_on(clerk: Side, head: Side, operator: Side) -> None:
    number = reviewed(clerk, head, operator, short_name="Лицей № 1", head_name="Петров Пётр")
    values = {"short_name": "Гимназия № 1", "request.basis": BASIS}
    assert operator.fill(edit(operator), **values).status_code == 303
    assert operator.state(number) == "under_review"
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "partially_approved"


def test_what_nobody_asked_about_needs_no_basis(clerk: Side, head: Side, operator: Side) -> None:
    number = sent(clerk, head, short_name="Лицей № 1")
    assert operator.fill(edit(operator), phone="+7 4812 38-11-22").status_code == 303
    assert operator.state(number) == "submitted"


def test_a_request_that_waits_for_an_answer_is_decided_after_it(
    clerk: Side, head: Side, operator: Side
) -> None:
    number = reviewed(clerk, head, operator, short_name="Лицей № 1")
    assert operator.step(number, "ask", comment="Где приказ?").status_code == 303
    values = {"short_name": "Гимназия № 1", "request.basis": BASIS}
    assert operator.fill(edit(operator), **values).status_code == 303
    assert operator.state(number) == "needs_info"
    assert clerk.step(number, "answer", comment="Вот он").status_code == 303
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "rejected"


def test_what_was_scheduled_is_settled_as_well(clerk: Side, head: Side, operator: Side) -> None:
    day = (today() + dt.timedelta(days=40)).strftime("%d.%m.%Y")
    number = reviewed(clerk, head, operator, short_name="Лицей № 1", effective_on=day)
    assert operator.decide(number).status_code == 303
    values = {"short_name": "Гимназия № 1", "request.basis": BASIS}
    assert operator.fill(edit(operator), **values).status_code == 303
    assert operator.state(number) == "rejected"


def test_a_direct_change_waits_for_a_decision_before_it_holds_the_row(
    clerk: Side, head: Side, operator: Side
) -> None:
    """Decisions hold the request and then the row: the other way round the two would block."""
    number = sent(clerk, head, short_name="Лицей № 1")
    form = form_with(operator.client.get(edit(operator)).text, "version")
    form |= {"short_name": "Гимназия № 1", "request.basis": BASIS}
    cluster, base = operator.portal.cluster, operator.portal.database
    row = b"select id from organisation where id = %s for update nowait"
    waits = b"select count(*) from pg_locks where not granted"
    with ThreadPoolExecutor(1) as away, cluster.connect(base) as deciding:
        deciding.execute("begin")
        deciding.execute("select id from edit_request where id = %s for update", (number,))
        answer = away.submit(operator.client.post, edit(operator), data=form)
        while operator.one(waits.decode()) == "0":
            assert not answer.done()
        assert deciding.execute(row, (operator.school(),)).fetchone()
        deciding.execute("rollback")
        assert answer.result().status_code == 303
    assert operator.state(number) == "rejected"


def test_a_value_of_the_past_comes_back_through_a_request_where_it_has_to(
    clerk: Side, operator: Side
) -> None:
    assert operator.fill(edit(operator), short_name="Другое имя").status_code == 303
    card = f"/registry/organisation/{clerk.school()}/history"
    text = clerk.client.get(card).text
    entry = clerk.one("select id from activity where after ? 'short_name' order by id desc limit 1")
    assert f"{card}/{entry}/short_name" in text
    form = unescape(clerk.client.get(f"{card}/{entry}/short_name").text)
    assert "через запрос" in form
