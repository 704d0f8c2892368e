"""What is approved for a later day is written on that day, if nothing has moved meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.jobs import effects
from app.jobs.effects import take_all
from app.kernel.clock import today
from tests.scenarios.requesting import REASON, Side, reviewed

if TYPE_CHECKING:
    from tests.conftest import Portal

NAME = "select short_name from organisation where id = %s"
AHEAD = dt.timedelta(days=40)


@pytest.fixture
def clerk(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "clerk")


@pytest.fixture
def operator(fresh_portal: Portal) -> Side:
    return Side(fresh_portal, "operator")


@pytest.fixture
def number(fresh_portal: Portal, clerk: Side, operator: Side) -> int:
    """A request for a later day that the operator has approved."""
    head = Side(fresh_portal, "head")
    day = (today() + AHEAD).strftime("%d.%m.%Y")
    number = reviewed(clerk, head, operator, short_name="Лицей № 1", effective_on=day)
    assert operator.decide(number).status_code == 303
    return number


def come(side: Side, number: int) -> int:
    """Let the day come and the job run; gives how many requests it looked at."""
    write(side, "update edit_request set effective_on = current_date where id = %s", number)
    with side.portal.app.app_context():
        return take_all()


def write(side: Side, statement: str, *values: object) -> None:
    with side.portal.cluster.connect(side.portal.database) as base:
        base.execute(statement.encode(), values)


def test_nothing_is_written_before_the_day(clerk: Side, operator: Side, number: int) -> None:
    before = clerk.one(NAME, clerk.school())
    assert before != "Лицей № 1"
    assert operator.state(number) == "under_review"
    day = (today() + AHEAD).strftime("%d.%m.%Y")
    assert f"Принят, вступит в силу {day}" in clerk.page(number)
    assert ", просрочен" not in operator.client.get("/requests/").text
    with operator.portal.app.app_context():
        assert take_all() == 0
    assert clerk.one(NAME, clerk.school()) == before


def test_the_day_writes_it_once_in_the_capacity_of_whoever_approved(
    clerk: Side, operator: Side, number: int
) -> None:
    assert come(operator, number) == 1
    assert clerk.one(NAME, clerk.school()) == "Лицей № 1"
    assert operator.state(number) == "approved"
    wrote = "select via || ' ' || capacity from activity where row_id = %s order by id desc limit 1"
    assert operator.one(wrote, operator.school()) == "request operator"
    assert "Принят" in clerk.page(number)
    assert come(operator, number) == 0


def test_what_moved_meanwhile_waits_for_a_decision(
    clerk: Side, operator: Side, number: int
) -> None:
    write(operator, "update organisation set short_name = 'Другое' where id = %s", clerk.school())
    assert come(operator, number) == 1
    assert clerk.one(NAME, clerk.school()) == "Другое"
    assert operator.state(number) == "under_review"
    page = operator.page(number)
    assert "Значение изменилось" in page or "Записать поверх" in page
    assert "Другое" in page
    assert operator.decide(number, "over").status_code == 303
    assert clerk.one(NAME, clerk.school()) == "Лицей № 1"
    assert operator.state(number) == "approved"


def test_an_approval_whose_capacity_has_ended_waits_for_another(
    clerk: Side, operator: Side, number: int
) -> None:
    write(
        operator,
        "update role_assignment set valid_to = current_date - 1 where user_id ="
        " (select id from ab_user where username = %s)",
        "operator",
    )
    assert come(operator, number) == 1
    assert clerk.one(NAME, clerk.school()) != "Лицей № 1"
    assert "Полномочия того, кто принял решение, закончились" in clerk.page(number)
    assert clerk.line(number, "short_name")
    assert operator.one("select line_state from edit_request_line") == "pending"


def test_the_operator_may_think_again_before_the_day(
    clerk: Side, operator: Side, number: int
) -> None:
    assert operator.decide(number, "reject").status_code == 303
    assert operator.state(number) == "rejected"
    assert "вступит в силу" not in clerk.page(number)
    assert come(operator, number) == 0
    assert clerk.one(NAME, clerk.school()) != "Лицей № 1"


def test_a_day_that_another_has_settled_meanwhile_writes_nothing_twice(
    clerk: Side, operator: Side, number: int
) -> None:
    """The job has looked which days have come; then the operator is quicker."""
    write(operator, "update edit_request set effective_on = current_date where id = %s", number)
    app = operator.portal.app
    with app.app_context():
        due = effects.due_today()
    assert [one.id for one in due] == [number]
    assert operator.decide(number, "reject").status_code == 303
    with app.app_context():
        effects.take(due[0])
    assert operator.state(number) == "rejected"
    assert clerk.one(NAME, clerk.school()) != "Лицей № 1"
    ends = "select count(*) from edit_request_event where to_state = 'rejected'"
    assert operator.one(ends) == "1"


def test_a_day_too_far_is_not_taken(clerk: Side) -> None:
    day = (today() + dt.timedelta(days=400)).strftime("%d.%m.%Y")
    url = f"/registry/organisation/{clerk.school()}/request"
    answer = clerk.fill(url, short_name="Лицей", reason=REASON, effective_on=day)
    assert answer.status_code == 422
    assert "не дальше чем за год" in answer.text
