"""An order is signed class by class: two at once, a killed connection, and the way back."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.html_form import form_with
from tests.scenarios.meanwhile import Meanwhile
from tests.scenarios.requesting import Side
from tests.scenarios.test_orders import LINES, ORDERS, drawn_up, line_of, said, taught
from tests.scenarios.test_way_of_a_learner import CLASS, EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

STATE = "select state from enrolment_order where id = %s"
BATCHES = "select count(distinct batch_id) from enrolment_order_line where order_id = %s"
OPEN = (
    "select count(*) from class_membership where deleted_at is null and to_date is null"
    " and student_id = any (%s)"
)


class Drawn(NamedTuple):
    """An order on two classes of three learners each."""

    number: int
    fourth: list[int]
    fifth: list[int]

    @property
    def execute(self) -> str:
        return f"{ORDERS}{self.number}/step/execute"

    @property
    def revert(self) -> str:
        return f"{ORDERS}{self.number}/step/revert"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    return {login: Side(portal, login) for login in ("head", "clerk")}


@pytest.fixture
def order(sides: dict[str, Side]) -> Iterator[Drawn]:
    clerk = sides["clerk"]
    fourth, fifth = taught(clerk, "2025/26", 4), taught(clerk, "2025/26", 5)
    (seat, first), (_other, second) = next(fourth), next(fifth)
    number = drawn_up(clerk, seat)
    for learner in second:
        spell = clerk.one("select id from student_enrolment where student_id = %s", learner)
        line = {"enrolment_id": spell, "decision_code": "PR"}
        assert clerk.fill(f"{LINES}add?parent={number}", **line).status_code == 303
    yield Drawn(number, first, second)
    for made in (fourth, fifth):
        next(made, None)


def chosen(page: str, *titles: str) -> list[str]:
    """The keys of the classes of these names, ticked or not."""
    found = re.findall(r'name="step.portion" value="([^"]+)"[^>]*> (\S+)<', page)
    return [key for key, title in found if title in titles]


def sign(side: Side, url: str, *titles: str) -> TestResponse:
    page = side.client.get(url).text
    return side.client.post(
        url, data=form_with(page, "version") | {"step.portion": chosen(page, *titles)}
    )


def classes(side: Side, learners: list[int]) -> list[str]:
    return [side.one(CLASS, one) for one in learners]


def test_each_class_is_signed_and_taken_back_by_itself(
    sides: dict[str, Side], order: Drawn
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    undecided = f"{LINES}{line_of(clerk, order.number, order.fifth[0])}/edit"
    clerk.fill(undecided, decision_code="")
    before = unescape(head.client.get(order.execute).text)
    assert before.count("4ПРОБА → 5ПРОБА") == 3
    assert "Решение не выбрано: Аистова Анна" in before
    held = head.client.get(order.execute).text
    data = form_with(held, "version") | {"step.portion": chosen(held, "5ПРОБА")}
    assert "Решение не выбрано" in said(head.client.post(order.execute, data=data))
    assert clerk.one(BATCHES, order.number) == "0", "nothing was written by looking"
    assert sign(head, order.execute, "4ПРОБА").status_code == 303
    assert clerk.one(STATE, order.number) == "P"
    assert classes(clerk, order.fourth + order.fifth) == ["5ПРОБА"] * 6
    card = unescape(clerk.client.get(f"{ORDERS}{order.number}").text)
    assert "исполнено 1 из 2, учеников 6" in card
    assert "Решение не выбрано: Аистова Анна" in card
    signed = clerk.fill(f"{LINES}{line_of(clerk, order.number, order.fourth[0])}/edit", note="!")
    assert "Приказ исполнен" in said(signed)
    assert clerk.fill(undecided, decision_code="RY").status_code == 303
    assert sign(head, order.execute, "5ПРОБА").status_code == 303
    assert clerk.one(STATE, order.number) == "E"
    assert clerk.one(BATCHES, order.number) == "2"
    assert classes(clerk, order.fifth) == ["5ПРОБА", "6ПРОБА", "6ПРОБА"]
    assert sign(head, order.revert, "4ПРОБА").status_code == 303
    assert clerk.one(STATE, order.number) == "P"
    assert classes(clerk, order.fourth) == ["4ПРОБА"] * 3
    assert classes(clerk, order.fifth)[0] == "5ПРОБА", "who repeats keeps the new class"
    assert sign(head, order.execute, "4ПРОБА").status_code == 303
    assert sign(head, order.revert, "4ПРОБА", "5ПРОБА").status_code == 303
    assert clerk.one(STATE, order.number) == "D"
    assert classes(clerk, order.fourth + order.fifth) == ["4ПРОБА"] * 3 + ["5ПРОБА"] * 3
    assert {clerk.one(EVENTS, one) for one in order.fourth + order.fifth} == {"ENROLLED"}


def test_who_went_on_ends_the_way_back_of_that_class_alone(
    sides: dict[str, Side], order: Drawn
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    assert sign(head, order.execute, "4ПРОБА", "5ПРОБА").status_code == 303
    clerk.write(
        "update student_enrolment set left_on = '2026-11-20', leave_kind = '06'"
        " where student_id = %s",
        order.fourth[1],
    )
    refused = sign(head, order.revert, "4ПРОБА", "5ПРОБА")
    assert refused.status_code == 422
    assert "4ПРОБА: после приказа сведения изменились: Бурова Анна" in said(refused)
    assert classes(clerk, order.fifth) == ["6ПРОБА"] * 3, "all of the chosen, or none"
    assert sign(head, order.revert, "5ПРОБА").status_code == 303
    assert clerk.one(STATE, order.number) == "P"
    batch = clerk.one("select max(batch_id) from enrolment_order_line where order_id = %s",
                      order.number)  # fmt: skip
    page = head.client.get(f"/batches/{batch}").text
    assert f"/batches/{batch}/undo" not in page, "an order is taken back on its own page"


def test_a_line_that_was_changed_meanwhile_is_not_signed_unseen(
    sides: dict[str, Side], order: Drawn
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    page = head.client.get(order.execute).text
    data = form_with(page, "version") | {"step.portion": chosen(page, "4ПРОБА")}
    clerk.fill(f"{LINES}{line_of(clerk, order.number, order.fourth[0])}/edit", decision_code="RY")
    late = head.client.post(order.execute, data=data)
    assert late.status_code == 409
    fresh = re.search(r'name="version" value="(\d+)"', late.text)
    assert fresh
    stale = head.client.post(order.execute, data=data | {"version": fresh[1]})
    assert stale.status_code == 409
    assert "строки класса изменили" in unescape(stale.text)
    nothing = head.client.post(order.execute, data=form_with(late.text, "version") |
                               {"step.portion": []})  # fmt: skip
    assert "Отметьте хотя бы один класс" in said(nothing)
    assert clerk.one(STATE, order.number) == "D"


def test_of_two_who_sign_at_once_one_does(
    portal: Portal, sides: dict[str, Side], order: Drawn
) -> None:
    clerk, signers = sides["clerk"], (sides["head"], Side(portal, "head"))
    with Meanwhile(portal) as others:
        others.hold("select from enrolment_order where id = %s for update", order.number)
        sent = [others.start(lambda side=side: sign(side, order.execute, "4ПРОБА", "5ПРОБА"))
                for side in signers]  # fmt: skip
        others.wait_for(2)
        others.let_go()
        answers = sorted((one.result() for one in sent), key=lambda one: one.status_code)
    assert [one.status_code for one in answers] == [303, 422]
    assert "Состояние изменилось" in said(answers[1])
    assert clerk.one(BATCHES, order.number) == "2"
    assert clerk.one(OPEN, order.fourth + order.fifth) == "6"


def test_a_connection_killed_in_the_middle_leaves_nothing_and_the_step_is_taken_again(
    portal: Portal, sides: dict[str, Side], order: Drawn
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    with Meanwhile(portal) as others:
        others.hold("select from class_membership where student_id = %s for update", order.fifth[2])
        sent = others.start(lambda: sign(head, order.execute, "4ПРОБА", "5ПРОБА"))
        others.wait_for(1)
        others.kill_waiting()
        assert sent.result().status_code == 503
    assert clerk.one(STATE, order.number) == "D"
    assert clerk.one(BATCHES, order.number) == "0"
    assert classes(clerk, order.fourth) == ["4ПРОБА"] * 3, "the first class was written and is not"
    assert clerk.one(EVENTS, order.fourth[0]) == "ENROLLED"
    assert sign(head, order.execute, "4ПРОБА", "5ПРОБА").status_code == 303
    assert classes(clerk, order.fourth + order.fifth) == ["5ПРОБА"] * 3 + ["6ПРОБА"] * 3
