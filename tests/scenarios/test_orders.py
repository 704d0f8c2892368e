"""An order moves a class: proposed by itself, signed by the head, taken back whole (п. 5.2)."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.jobs.classes import bring_to_today
from tests.scenarios.requesting import Side
from tests.scenarios.test_way_of_a_learner import CLASS, CLASSES, EVENTS, enrolled, room, seated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

ORDERS, LINES = "/enrolment/enrolment-order/", "/enrolment/enrolment-order-line/"
NAMES = ("Аистова", "Бурова", "Ветрова")


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    return {login: Side(portal, login) for login in ("department", "head", "clerk", "clerk2")}


@pytest.fixture
def class_of_three(sides: dict[str, Side]) -> Iterator[tuple[int, list[int]]]:
    """Three learners of one class of the last school year, enrolled and seated."""
    yield from taught(sides["clerk"], "2025/26", 4)


def taught(clerk: Side, year: str, grade: int) -> Iterator[tuple[int, list[int]]]:
    seat, learners = room(clerk, year, grade), []
    for name in NAMES:
        answer = clerk.fill(
            "/enrolment/student/add", last_name=name, first_name="Анна", birth_date="12.03.2014"
        )
        learners.append(int(answer.location.rpartition("/")[2]))
        spell = enrolled(clerk, learners[-1], admitted_on=f"01.09.{year[:4]}")
        seated(clerk, spell, seat, f"01.09.{year[:4]}")
    yield seat, learners
    clerk.write("update enrolment_order_line set batch_id = null")
    clerk.write("delete from enrolment_order_line")
    clerk.write("delete from enrolment_order")
    for table in (
        "education_event", "class_membership", "student_enrolment", "student_completed_program",
    ):  # fmt: skip
        whose = "student_id in (select id from student where last_name = any (%s))"
        clerk.write(f"delete from {table} where {whose}", list(NAMES))  # noqa: S608 - names of ours
    clerk.write("delete from student where last_name = any (%s)", list(NAMES))
    clerk.write("delete from school_class where letter = 'ПРОБА'")


def drawn_up(side: Side, seat: int, **values: str) -> int:
    filled = {
        "kind": "PR", "number": "31-К", "order_date": "25.08.2026", "effective_on": "01.09.2026",
        "school_class_id": str(seat), **values,
    }  # fmt: skip
    answer = side.fill(f"{ORDERS}add", **filled)
    assert answer.status_code == 303, unescape(answer.text)[-3000:]
    return int(answer.location.rpartition("/")[2])


def step(side: Side, order: int, name: str) -> TestResponse:
    return side.fill(f"{ORDERS}{order}/step/{name}")


def said(answer: TestResponse) -> str:
    """What a refused form says above its fields."""
    told = re.search(r'(?s)<div class="summary".*?</div>', unescape(answer.text))
    return told[0] if told else unescape(answer.text)[:2000]


def line_of(side: Side, order: int, learner: int) -> str:
    query = "select id from enrolment_order_line where order_id = %s and student_id = %s"
    return side.one(query, order, learner)


def test_a_class_is_promoted_one_repeats_and_the_order_is_taken_back(
    sides: dict[str, Side], class_of_three: tuple[int, list[int]]
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    seat, learners = class_of_three
    order = drawn_up(clerk, seat)
    page = unescape(clerk.client.get(f"{ORDERS}{order}").text)
    assert all(name in page for name in NAMES)
    assert page.count("переведён") >= 3
    assert "Подписать" not in page
    assert clerk.client.get(f"{ORDERS}{order}/step/execute").status_code == 403
    repeats = f"{LINES}{line_of(clerk, order, learners[1])}/edit"
    assert clerk.fill(repeats, decision_code="RY").status_code == 303
    assert "Подписать и исполнить" in head.client.get(f"{ORDERS}{order}").text
    done = step(head, order, "execute")
    assert done.status_code == 303, said(done)
    assert [clerk.one(CLASS, one) for one in learners] == ["5ПРОБА", "4ПРОБА", "5ПРОБА"]
    assert clerk.one(EVENTS, learners[0]) == "ENROLLED PROMOTED"
    assert clerk.one(EVENTS, learners[1]) == "ENROLLED REPEATED"
    told = unescape(clerk.client.get(f"/enrolment/student/{learners[1]}").text)
    assert "Повторное обучение: 4ПРОБА → 4ПРОБА, 2026/27, приказ № 31-К от 25.08.2026" in told
    signed = clerk.fill(f"{ORDERS}{order}/edit", number="32-К")
    assert signed.status_code == 422
    assert "Приказ исполнен" in unescape(signed.text)
    assert clerk.fill(repeats, decision_code="PR").status_code == 422
    assert head.client.get(f"{ORDERS}{order}/step/execute").status_code == 403
    back = step(head, order, "revert")
    assert back.status_code == 303, said(back)
    assert [clerk.one(CLASS, one) for one in learners] == ["4ПРОБА"] * 3
    assert clerk.one(EVENTS, learners[1]) == "ENROLLED"
    open_days = (
        "select count(*) from class_membership where deleted_at is null and student_id = any (%s)"
        " and (to_date is not null or end_reason is not null)"
    )
    assert clerk.one(open_days, learners) == "0"
    assert clerk.one("select state from enrolment_order where id = %s", order) == "D"


def test_an_order_whose_learners_went_on_is_not_taken_back_by_half(
    sides: dict[str, Side], class_of_three: tuple[int, list[int]]
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    seat, learners = class_of_three
    order = drawn_up(head, seat)
    assert step(head, order, "execute").status_code == 303
    now_in = "select id from class_membership where student_id = %s and to_date is null"
    moved = clerk.fill(
        f"{CLASSES}{clerk.one(now_in, learners[0])}/edit", to_date="30.09.2026", end_reason="MV"
    )
    assert moved.status_code == 303
    refused = step(head, order, "revert")
    assert refused.status_code == 422
    assert "с тех пор сведения об учениках этого приказа изменили" in unescape(refused.text)
    assert [clerk.one(CLASS, one) for one in learners[1:]] == ["5ПРОБА"] * 2
    assert clerk.one("select state from enrolment_order where id = %s", order) == "E"


def test_graduates_leave_with_their_programme_completed(sides: dict[str, Side]) -> None:
    clerk, head = sides["clerk"], sides["head"]
    for seat, learners in taught(clerk, "2025/26", 9):
        order = drawn_up(clerk, seat, kind="GR", effective_on="25.06.2026", order_date="24.06.2026")
        assert step(head, order, "execute").status_code == 303
        spell = (
            "select left_on || leave_kind || leave_order_number from student_enrolment"
            " where student_id = %s"
        )
        assert clerk.one(spell, learners[0]) == "2026-06-250231-К"
        assert clerk.one(EVENTS, learners[0]) == "ENROLLED GRADUATED"
        program = (
            "select level_code || finished_on || result_code from student_completed_program"
            " where student_id = %s and deleted_at is null"
        )
        assert clerk.one(program, learners[0]) == "032026-06-251"


def test_what_an_order_lacks_is_said_with_names(
    sides: dict[str, Side], class_of_three: tuple[int, list[int]]
) -> None:
    clerk, head = sides["clerk"], sides["head"]
    seat, learners = class_of_three
    no_reason = clerk.fill(
        f"{ORDERS}add", kind="LV", number="1", order_date="25.08.2026", effective_on="01.09.2026"
    )
    assert no_reason.status_code == 422
    assert "Укажите вид выбытия" in unescape(no_reason.text)
    moving = drawn_up(clerk, seat, kind="MV")
    assert "нет учеников" in unescape(step(head, moving, "execute").text)
    spell = clerk.one("select id from student_enrolment where student_id = %s", learners[0])
    line = clerk.fill(f"{LINES}add?parent={moving}", enrolment_id=spell)
    assert line.status_code == 303
    nowhere = step(head, moving, "execute")
    assert nowhere.status_code == 422
    assert "Не выбран класс: Аистова Анна" in unescape(nowhere.text)
    promoting = drawn_up(clerk, seat, number="33-К")
    first = f"{LINES}{line_of(clerk, promoting, learners[0])}/edit"
    assert clerk.fill(first, decision_code="").status_code == 303
    undecided = unescape(step(head, promoting, "execute").text)
    assert "Решение не выбрано: Аистова Анна" in undecided
    clerk.write(
        "update student_enrolment set left_on = '2026-08-20', leave_kind = '06'"
        " where student_id = %s",
        learners[0],
    )
    clerk.fill(first, decision_code="PR")
    assert "Уже не учатся в классе: Аистова" in unescape(step(head, promoting, "execute").text)


def test_orders_are_the_schools_own(
    sides: dict[str, Side], class_of_three: tuple[int, list[int]]
) -> None:
    order = drawn_up(sides["clerk"], class_of_three[0])
    for name in ("execute", "revert", "no-such"):
        assert sides["clerk2"].client.get(f"{ORDERS}{order}/step/{name}").status_code == 404
    assert sides["department"].client.get(f"{ORDERS}{order}").status_code == 403
    assert sides["head"].client.get(f"{ORDERS}{order}/step/no-such").status_code == 404
    stale = sides["head"].client.get(f"{ORDERS}{order}/step/execute").text
    sides["clerk"].fill(f"{ORDERS}{order}/edit", signed_by="Директор")
    form = dict(re.findall(r'name="(csrf_token|version|form_key)"[^>]*value="([^"]*)"', stale))
    late = sides["head"].client.post(f"{ORDERS}{order}/step/execute", data=form)
    assert late.status_code == 409


def test_a_day_comes_without_anybody_writing(
    sides: dict[str, Side], class_of_three: tuple[int, list[int]], portal: Portal
) -> None:
    """What an order says of tomorrow is shown tomorrow: here the database is told it is."""
    clerk, learners = sides["clerk"], class_of_three[1]
    clerk.write("alter table class_membership disable trigger user")
    clerk.write(
        "update class_membership set to_date = current_date - 1, end_reason = 'PR'"
        " where student_id = %s",
        learners[0],
    )
    clerk.write("alter table class_membership enable trigger user")
    assert clerk.one(CLASS, learners[0]) == "4ПРОБА"
    with portal.app.app_context():
        assert bring_to_today() == 1
        assert bring_to_today() == 0
    assert clerk.one(CLASS, learners[0]) == "None"
