"""Lines of many requests about one field are decided at once, each by the rules of a single one."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from itertools import count
from typing import TYPE_CHECKING

import pytest

from app.kernel.clock import today
from tests.html_form import form_with
from tests.scenarios.requesting import REASON, Side, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

FIELD = "/requests/at-once?field=organisation.head_position"
NAMES = count(1)


class Bulk(Side):
    """Whoever decides many requests about the position of the head."""

    def picks(self) -> dict[int, str]:
        """What the page offers to choose, by the number of the request."""
        found = re.findall(r'name="pick" value="((\d+)\.[0-9.]+)"', self.client.get(FIELD).text)
        return {int(number): pick for pick, number in found}

    def many(self, *numbers: int, choice: str = "approve", **values: object) -> TestResponse:
        """Choose the lines of these requests and press a button."""
        text, picks = self.client.get(FIELD).text, self.picks()
        data = {"pick": [picks[number] for number in numbers], "choice": choice, **values}
        return self.client.post(FIELD, data={**form_with(text, "pick"), **data})


@pytest.fixture(scope="module")
def schools(portal: Portal) -> tuple[Side, Side]:
    """The clerks of two schools."""
    return Side(portal, "clerk"), Side(portal, "clerk2")


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Bulk:
    return Bulk(portal, "operator")


@pytest.fixture(autouse=True)
def _no_requests(operator: Bulk) -> Iterator[None]:
    yield
    operator.write("delete from edit_request")


def other() -> str:
    """A position that nobody has asked for yet."""
    return f"Директор {next(NAMES)}"


def ask(schools: tuple[Side, Side], place: int, **more: object) -> tuple[int, str]:
    """A request about the position that is sent; gives its number and what is asked."""
    clerk = schools[place]
    wanted = other()
    url = f"/registry/organisation/{clerk.school(place + 1)}/request"
    number = number_of(clerk.fill(url, reason=REASON, head_position=wanted, **more))
    clerk.write(  # as its head would
        "update edit_request_line set open = true where request_id = %s", number
    )
    clerk.write(
        "update edit_request set state = 'submitted', submitted_at = now(), due_on = current_date"
        " where id = %s",
        number,
    )
    return number, wanted


def position(side: Side, place: int) -> str:
    return side.one("select head_position from organisation where id = %s", side.school(place + 1))


def actions(side: Side, number: int) -> str:
    """What happened to a request, in the order of time."""
    return side.one(
        "select string_agg(action, ' ' order by id) from edit_request_event where request_id = %s",
        number,
    )


def test_chosen_lines_are_approved_and_others_of_the_same_requests_wait_on(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    one, first = ask(schools, 0)
    two, second = ask(schools, 1, short_name=other())
    page = unescape(operator.client.get(FIELD).text)
    assert first in page
    assert second in page
    answer = operator.many(one, two)
    assert answer.status_code == 200
    assert unescape(answer.text).count("Принято") == 3  # the sum, and each line
    assert (position(operator, 0), position(operator, 1)) == (first, second)
    assert operator.state(one) == "approved"
    assert operator.state(two) == "under_review"  # the name is not decided
    assert actions(operator, one) == "create take decide"
    assert actions(operator, two) == "create take decide"
    assert "Решена часть строк" in operator.page(two)
    batches = "select count(distinct batch_id) from edit_request where batch_id is not null"
    assert operator.one(batches) == "2"  # each can be undone by itself
    assert operator.decide(two).status_code == 303
    assert operator.state(two) == "approved"


def test_a_rejection_needs_a_reason_that_every_author_reads(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    (one, _first), (two, _second) = ask(schools, 0), ask(schools, 1)
    mute = operator.many(one, two, choice="reject", comment=" ")
    assert mute.status_code == 422
    assert "Напишите, почему отклонено" in unescape(mute.text)
    assert mute.text.count(" checked") == 2  # what was chosen stays chosen
    assert operator.many(one, two, choice="reject", comment="Нет приказа").status_code == 200
    assert {operator.state(one), operator.state(two)} == {"rejected"}
    assert "Нет приказа" in schools[1].page(two)


def test_a_value_that_changed_meanwhile_is_not_written_over_and_the_others_are_written(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    (one, first), (two, _second) = ask(schools, 0), ask(schools, 1)
    edited = other()
    operator.write(  # as an import does
        "update organisation set head_position = %s where id = %s", edited, operator.school(2)
    )
    assert "Сейчас:" in unescape(operator.client.get(FIELD).text)
    text = unescape(operator.many(one, two).text)
    assert "Расхождение: решите на странице запроса" in text
    assert (position(operator, 0), position(operator, 1)) == (first, edited)
    assert operator.state(two) == "under_review"
    assert "Найдено расхождение" in operator.page(two)


def test_what_takes_effect_on_a_later_day_waits_for_it(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    later = (today() + dt.timedelta(days=3)).strftime("%d.%m.%Y")
    number, wanted = ask(schools, 0, effective_on=later)
    assert "Принято, ждёт дня вступления" in unescape(operator.many(number).text)
    assert operator.state(number) == "under_review"
    assert position(operator, 0) != wanted
    assert operator.picks() == {}


def test_what_one_request_refuses_leaves_the_others_decided(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    (one, _first), (two, second) = ask(schools, 0), ask(schools, 1)
    picks = operator.picks()
    opened = operator.client.get(FIELD).text
    schools[0].step(one, "recall")  # while the operator looks
    data = {**form_with(opened, "pick"), "pick": list(picks.values()), "choice": "approve"}
    text = unescape(operator.client.post(FIELD, data=data).text)
    assert "запрос изменился" in text
    assert operator.state(one) == "withdrawn"
    assert operator.state(two) == "approved"
    assert position(operator, 1) == second


def test_own_requests_and_those_that_wait_for_an_answer_are_not_offered(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    (one, _first), (two, second) = ask(schools, 0), ask(schools, 1)
    operator.step(one, "take")
    operator.step(one, "ask", comment="Пришлите приказ")
    assert set(operator.picks()) == {two}
    pick = operator.picks()[two]
    before = operator.client.get(FIELD).text
    operator.write(
        "update edit_request set author_id = (select id from ab_user where username = 'operator')"
        " where id = %s",
        two,
    )
    assert operator.picks() == {}
    version = operator.one("select version from edit_request where id = %s", two)
    forged = f"{pick.rpartition('.')[0]}.{version}"
    data = {**form_with(before, "pick"), "pick": forged, "choice": "approve"}
    text = unescape(operator.client.post(FIELD, data=data).text)
    assert "Не решено" in text
    assert "Это действие вам не разрешено" in text
    assert position(operator, 1) != second


def test_a_line_about_another_field_is_not_decided_here(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    number, _wanted = ask(schools, 0, short_name=other())
    request, _line, version = operator.picks()[number].split(".")
    stranger = operator.line(number, "short_name")
    data = {
        **form_with(operator.client.get(FIELD).text, "pick"),
        "pick": f"{request}.{stranger}.{version}",
        "choice": "approve",
    }
    text = unescape(operator.client.post(FIELD, data=data).text)
    assert "Этой строки среди нерешённых больше нет" in text
    assert operator.state(number) == "submitted"  # not even taken


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, 422),
        ({"pick": "1"}, 400),
        ({"pick": "1.2.x"}, 400),
        ({"pick": "1.2.99999999999"}, 400),
        ({"choice": "over"}, 400),
        ({"pick": [f"{n}.{n}.1" for n in range(1, 102)]}, 422),
    ],
)
def test_what_no_page_sends_is_refused(
    schools: tuple[Side, Side],
    operator: Bulk,
    values: dict[str, object],
    status: int,
) -> None:
    number, _wanted = ask(schools, 0)
    data = {**form_with(operator.client.get(FIELD).text, "pick"), "choice": "approve"}
    data.pop("pick", None)
    assert operator.client.post(FIELD, data={**data, **values}).status_code == status
    assert operator.state(number) == "submitted"


def test_those_who_decide_nothing_have_no_such_page(
    schools: tuple[Side, Side], operator: Bulk, portal: Portal
) -> None:
    assert schools[0].client.get(FIELD).status_code == 403
    assert Side(portal, "department").client.get(FIELD).status_code == 403
    for nothing in ("", "?field=organisation.nothing", "?field=organisation_licence.*"):
        assert operator.client.get(f"/requests/at-once{nothing}").status_code == 404


def test_the_queue_of_one_field_leads_here_with_its_filters(
    schools: tuple[Side, Side], operator: Bulk
) -> None:
    ask(schools, 0)
    queue = "/requests/?whose=free&field=organisation.head_position"
    page = unescape(operator.client.get(queue).text)
    assert "/requests/at-once?whose=free&field=organisation.head_position" in page
    assert "at-once" not in operator.client.get("/requests/?whose=free").text
