"""Saving and asking from one form in a real browser: told apart, dated ahead, overtaken."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.jobs.effects import take_all
from app.kernel.clock import today
from tests.browser.test_requests import REASON, press
from tests.browser.test_states_of_work import look
from tests.documents import PDF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(someone: Callable[[str], Person]) -> Person:
    return someone("clerk")


@pytest.fixture
def head(someone: Callable[[str], Person]) -> Person:
    return someone("head")


@pytest.fixture
def operator(someone: Callable[[str], Person]) -> Person:
    return someone("operator")


def change(person: Person, school: int, **values: str) -> None:
    """Type into the form of the school and press Ctrl+S: the page that tells apart comes."""
    person.open(f"/registry/organisation/{school}/edit")
    for name, text in values.items():
        person.write(name, text)
    person.save()
    assert person.heading == "Проверьте изменения"


def send(person: Person, **values: str) -> str:
    """Say why and go on by Ctrl+S; gives the address of the request."""
    for name, text in {"request-reason": REASON, **values}.items():
        person.write(name, text)
    person.save()
    assert re.fullmatch(r"/requests/\d+", person.path), person.page.inner_text("main")
    return person.path


def state(person: Person, request: str) -> str:
    person.open(request)
    return person.page.locator(".head .status").inner_text()


def test_one_form_saves_the_one_and_asks_for_the_other(
    clerk: Person, head: Person, schools: dict[str, int], tmp_path: Path
) -> None:
    school = schools["school-1"]
    (tmp_path / "приказ.pdf").write_bytes(PDF)
    change(clerk, school, short_name="Лицей № 1", phone="+7 4812 38-11-22")
    look(clerk, "what is saved and what is asked for")
    assert clerk.save().status == 422  # no reason yet
    assert "Напишите, почему" in clerk.error_of("request-reason")
    look(clerk, "a request without a reason")
    clerk.page.set_input_files("#request-file", tmp_path / "приказ.pdf")
    request = send(clerk)
    look(clerk, "a request with a document")
    expect(clerk.page.get_by_role("link", name="приказ.pdf")).to_be_visible()
    clerk.open(f"/registry/organisation/{school}")
    assert clerk.fact("Телефон") == "+7 4812 38-11-22"
    assert clerk.fact("Сокращённое наименование") != "Лицей № 1"
    clerk.open(f"/registry/organisation/{school}/edit")
    expect(clerk.page.get_by_label("Краткое имя для списков")).to_be_visible()
    head.open(request)
    press(head, "Отправить")
    clerk.open(f"/registry/organisation/{school}/edit")
    expect(clerk.page.get_by_text("ждёт решения")).to_be_visible()
    clerk.page.get_by_role("link", name="Открыть запрос").click()
    clerk.page.wait_for_url(f"**{request}")


def test_the_way_back_keeps_what_was_typed(clerk: Person, schools: dict[str, int]) -> None:
    change(clerk, schools["school-1"], head_position="Директор лицея", email="new@example.com")
    clerk.go_by(lambda: clerk.page.get_by_role("button", name="Вернуться к форме").click())
    assert clerk.value("head_position") == "Директор лицея"
    assert clerk.value("email") == "new@example.com"


def test_a_double_click_and_a_lost_login_make_one_request(
    head: Person, portal: Portal, schools: dict[str, int]
) -> None:
    change(head, schools["school-1"], head_position="Директор гимназии")
    head.write("request-reason", REASON)
    head.page.context.clear_cookies()
    head.save()
    head.sign_in("head")
    head.go_by(lambda: head.page.get_by_role("button", name="Отправить форму").click())
    head.page.wait_for_url("**/requests/*")
    number = head.path.rpartition("/")[2]
    with portal.cluster.connect(portal.database) as base:
        query = b"select count(*), max(state) from edit_request_line l join edit_request r"
        query += b" on r.id = l.request_id where field = 'head_position' and wanted::text like %s"
        found = base.execute(query, ("%гимназии%",)).fetchone()
    assert found == (1, "submitted")
    change(head, schools["school-1"], full_name="Муниципальное учреждение «Гимназия»")
    head.write("request-reason", REASON)
    head.page.locator("[data-save]").dblclick()
    head.page.wait_for_url("**/requests/*")
    assert head.path.rpartition("/")[2] != number
    with portal.cluster.connect(portal.database) as base:
        query = b"select count(*) from edit_request_line where field = 'full_name'"
        assert base.execute(query).fetchone() == (1,)


def test_a_later_day_is_kept_and_written_when_it_comes(
    head: Person, operator: Person, portal: Portal, schools: dict[str, int]
) -> None:
    school, day = schools["school-1"], today() + dt.timedelta(days=30)
    change(head, school, head_name="Яковлева Яна Яковлевна")
    request = send(head, **{"request-effective_on": day.strftime("%d.%m.%Y")})
    operator.open(request)
    press(operator, "Взять в работу")
    operator.page.get_by_label("Принять").check()
    press(operator, "Решить")
    look(operator, "a request that waits for its day")
    assert state(head, request) == f"Принят, вступит в силу {day.strftime('%d.%m.%Y')}"
    head.open(f"/registry/organisation/{school}")
    assert head.fact("Руководитель") != "Яковлева Яна Яковлевна"
    with portal.cluster.connect(portal.database) as base:
        base.execute("update edit_request set effective_on = current_date where decided_as > 0")
    with portal.app.app_context():
        assert take_all() == 1
    assert state(head, request) == "Принят"
    head.open(f"/registry/organisation/{school}")
    assert head.fact("Руководитель") == "Яковлева Яна Яковлевна"


def test_what_the_operator_changes_directly_settles_the_request(
    head: Person, operator: Person, schools: dict[str, int]
) -> None:
    change(head, schools["school-1"], head_name="Юрьев Юрий Юрьевич")
    request = send(head)
    operator.open(f"/registry/organisation/{schools['school-1']}/edit")
    look(operator, "a form whose field is asked about")
    operator.write("head_name", "Юрьева Юлия Юрьевна")
    assert operator.save().status == 422
    assert "Напишите основание" in operator.error_of("request-basis")
    operator.write("request-basis", "Приказ министерства № 77")
    operator.save()
    assert state(head, request) == "Отклонён"
    expect(head.page.get_by_text("Изменено напрямую")).to_be_visible()
    expect(head.page.get_by_text("Приказ министерства № 77").first).to_be_visible()
