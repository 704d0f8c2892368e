"""An organisation asks that a row of a list end, and the operator decides (п. 5.5).

A founder has a last day of its own and stays with it; an annex of a licence has none and goes to
the trash.
"""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.jobs.effects import take_all
from app.kernel.clock import today
from tests.html_form import form_with
from tests.scenarios.ending import (
    ANNEX,
    FOUNDER,
    LINE,
    TRASHED,
    UNTIL,
    Planted,
    ask,
    planted,
    rename,
    reviewed,
    sent,
)
from tests.scenarios.requesting import Side, number_of

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


@pytest.fixture
def annex(clerk: Side) -> Planted:
    return planted(clerk, ANNEX)


@pytest.fixture(params=[FOUNDER, ANNEX])
def either(request: pytest.FixtureRequest, founder: Planted, annex: Planted) -> Planted:
    return founder if request.param == FOUNDER else annex


def test_a_row_with_a_last_day_stays_and_gets_it(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    assert "Попросить убрать…" in clerk.client.get(founder.card).text
    form = unescape(clerk.client.get(founder.form).text)
    assert "Запись останется в портале, но перестанет действовать" in form
    number = reviewed(clerk, head, operator, founder)
    assert clerk.one(UNTIL, founder.id) == "None"
    page = operator.page(number)
    assert "Закончить действие" in page
    assert "Запись останется, «По»: день решения" in page
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(UNTIL, founder.id) == str(today())
    wrote = (
        "select via || ' ' || capacity from activity where table_name = %s and row_id = %s"
        " order by id desc limit 1"
    )
    assert operator.one(wrote, founder.table, founder.id) == "request operator"
    assert "Попросить убрать…" not in clerk.client.get(founder.card).text
    again = ask(clerk, founder)
    assert again.status_code == 422
    assert "и так уже не действует" in unescape(again.text)


def test_a_row_without_one_goes_to_the_trash_and_may_be_brought_back(
    clerk: Side, head: Side, operator: Side, annex: Planted
) -> None:
    assert "эта уйдёт в корзину" in unescape(clerk.client.get(annex.form).text)
    number = reviewed(clerk, head, operator, annex)
    assert "В корзину в день решения" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(TRASHED, annex.id) == "True"
    assert "Принято" in clerk.page(number)
    place = "/registry/organisation-licence-annex"
    values = form_with(operator.client.get(f"{place}/trash").text, "ids") | {"ids": annex.id}
    assert operator.client.post(f"{place}/restore", data=values).status_code == 303
    assert clerk.one(TRASHED, annex.id) == "False"


def test_what_is_rejected_or_recalled_stays_and_may_be_asked_for_again(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    assert operator.decide(number, "reject").status_code == 303
    assert operator.state(number) == "rejected"
    number = sent(clerk, head, founder)
    assert clerk.step(number, "recall").status_code == 303
    assert clerk.one(UNTIL, founder.id) == "None"
    assert number_of(ask(clerk, founder)) > number


def test_a_row_that_changed_meanwhile_is_shown_and_does_not_end_silently(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = reviewed(clerk, head, operator, founder)
    rename(operator, founder, "Другой учредитель")
    assert "Другой учредитель" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "under_review"
    assert clerk.one(UNTIL, founder.id) == "None"
    opened = operator.client.get(f"/requests/{number}").text
    shown = unescape(opened)
    assert "Принять всё равно" in shown
    assert "Учредитель пробный" in shown
    assert "Сейчас:" in shown
    rename(operator, founder, "Третий учредитель")  # after it was shown: still nothing is written
    line = operator.one("select id from edit_request_line where request_id = %s", number)
    late = form_with(opened, f"seen-{line}") | {f"choice-{line}": "over"}
    assert operator.send(number, "decide", opened, **late).status_code == 303
    assert clerk.one(UNTIL, founder.id) == "None"
    assert operator.decide(number, "over").status_code == 303
    assert operator.state(number) == "approved"
    assert clerk.one(UNTIL, founder.id) == str(today())


def test_a_row_that_has_ended_already_is_what_was_asked_for(
    clerk: Side, head: Side, operator: Side, either: Planted
) -> None:
    number, ends = reviewed(clerk, head, operator, either), either.table == FOUNDER
    change = "valid_to = current_date - 1" if ends else "deleted_at = now()"
    operator.write(f"update {either.table} set {change} where id = %s", either.id)  # noqa: S608 - a table of this test
    version = f"select version from {either.table} where id = %s"  # noqa: S608 - a table of this test
    before = operator.one(version, either.id)
    assert ends or "записи нет, она в корзине" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one(version, either.id) == before
    batch = "select batch_id is null from edit_request where id = %s"
    assert operator.one(batch, number) == "True"


@pytest.mark.parametrize("moved", [False, True])
def test_a_later_day_ends_the_row_on_that_day_if_nothing_has_moved(
    clerk: Side, head: Side, operator: Side, founder: Planted, *, moved: bool
) -> None:
    day = today() + dt.timedelta(days=40)
    number = reviewed(clerk, head, operator, founder, effective_on=day.strftime("%d.%m.%Y"))
    assert f"«По»: {day:%d.%m.%Y}" in operator.page(number)
    assert operator.decide(number).status_code == 303
    assert operator.one(LINE, number) == "scheduled"
    assert clerk.one(UNTIL, founder.id) == "None"
    if moved:
        rename(operator, founder, "Другой учредитель")
    operator.write("update edit_request set effective_on = %s where id = %s", today(), number)
    with operator.portal.app.app_context():
        assert take_all() == 1
    assert operator.state(number) == ("under_review" if moved else "approved")
    assert clerk.one(UNTIL, founder.id) == ("None" if moved else str(today()))


def test_what_the_operator_ends_directly_settles_the_request(
    clerk: Side, head: Side, operator: Side, either: Planted
) -> None:
    number = sent(clerk, head, either)
    if either.table == FOUNDER:
        day, edit = today().strftime("%d.%m.%Y"), f"{either.card}/edit"
        silent = operator.fill(edit, valid_to=day)
        assert silent.status_code == 422
        assert f"запрос № {number}" in unescape(silent.text)
        basis = {"request.basis": "Выписка из ЕГРЮЛ"}
        assert operator.fill(edit, valid_to=day, **basis).status_code == 303
    else:
        values = form_with(operator.client.get(either.card).text, "version")
        assert operator.client.post(f"{either.card}/trash", data=values).status_code == 303
    assert operator.state(number) == "approved"
    assert operator.one(LINE, number) == "approved"
    assert "Сведения изменены напрямую" in clerk.page(number)


def test_a_change_of_the_row_that_does_not_end_it_settles_nothing(
    clerk: Side, head: Side, operator: Side, founder: Planted
) -> None:
    number = sent(clerk, head, founder)
    answer = operator.fill(f"{founder.card}/edit", founder_name="Другой")
    assert answer.status_code == 303
    assert operator.state(number) == "submitted"


def test_an_official_of_the_department_hears_who_empties_into_the_trash(
    clerk: Side, head: Side, operator: Side, annex: Planted
) -> None:
    number = reviewed(clerk, head, operator, annex)
    operator.write(
        "update role_assignment set add_ons = '{registry_approver}' where role = 'department'"
    )
    answer = Side(clerk.portal, "department").decide(number)
    assert answer.status_code == 422
    assert "Запись убирает в корзину оператор" in unescape(answer.text)
    assert clerk.one(TRASHED, annex.id) == "False"
