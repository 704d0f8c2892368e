"""A request in a real browser: asked for, signed, argued about, decided, in two tabs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_states_of_work import look

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
REASON = "Приказ учредителя № 5 от 01.09.2026"


def press(person: Person, words: str) -> None:
    """Press a button that leads to the page again."""
    person.go_by(lambda: person.page.get_by_role("button", name=words, exact=True).click())


@pytest.fixture
def people(someone: Callable[[str], Person]) -> tuple[Person, Person, Person]:
    return someone("clerk"), someone("head"), someone("operator")


def draw_up(clerk: Person, card: str) -> str:
    """A draft by the form of a request, first without a reason; gives its address."""
    clerk.open(f"{card}/request")
    look(clerk, "form of a request")
    clerk.write("short_name", "Школа имени Гагарина")
    clerk.write("head_name", "Петров Пётр Петрович")
    assert clerk.save().status == 422  # no reason is given yet
    assert "Напишите, почему" in clerk.error_of("reason")
    assert clerk.value("short_name") == "Школа имени Гагарина"
    clerk.write("reason", REASON)
    clerk.save()
    assert re.fullmatch(r"/requests/\d+", clerk.path)
    look(clerk, "draft of a request")
    return clerk.path


def argue(clerk: Person, operator: Person, request: str) -> None:
    """The operator asks, the clerk answers."""
    operator.page.get_by_label("Запросить пояснения").fill("Приложите приказ")
    press(operator, "Запросить пояснения")
    clerk.open(request)
    clerk.page.get_by_label("Ответить").fill("Приказ № 7 передан")
    press(clerk, "Ответить")


def refuse(operator: Person, why: str) -> None:
    """Reject the line that is left, first without a word."""
    operator.page.get_by_label("Отклонить").check()
    press(operator, "Решить")
    expect(operator.page.get_by_text("Напишите, почему отклонено")).to_be_visible()
    operator.page.get_by_placeholder("Пояснение автору").fill(why)
    press(operator, "Решить")


def test_a_request_from_the_card_to_the_decision(
    people: tuple[Person, Person, Person],
    schools: dict[str, int],
    database: psycopg.Connection,
) -> None:
    clerk, head, operator = people
    card = f"/registry/organisation/{schools['school-1']}"
    request = draw_up(clerk, card)
    head.open(request)
    press(head, "Отправить")
    operator.open("/requests/")
    look(operator, "queue of requests")
    operator.open(request)
    press(operator, "Взять в работу")
    argue(clerk, operator, request)
    rename = "update organisation set short_name = 'Правка оператора' where id = %s"
    database.execute(rename, (schools["school-1"],))  # as an import does
    database.commit()
    operator.open(request)
    expect(operator.page.get_by_text("Приказ № 7 передан")).to_be_visible()
    expect(operator.page.get_by_text("Правка оператора")).to_be_visible()
    look(operator, "request whose value has changed")
    for one in operator.page.get_by_label("Принять").all():
        one.check()
    press(operator, "Решить")
    clerk.open(card)
    assert clerk.fact("Руководитель") == "Петров Пётр Петрович"
    assert clerk.fact("Сокращённое наименование") == "Правка оператора"
    refuse(operator, "Название уже исправлено")
    clerk.open(request)
    expect(clerk.page.get_by_text("Принят частично")).to_be_visible()
    expect(clerk.page.get_by_text("Название уже исправлено")).to_be_visible()
    look(clerk, "decided request")


def test_a_recalled_request_cannot_be_taken_in_a_tab_that_was_open_before(
    people: tuple[Person, Person, Person], schools: dict[str, int]
) -> None:
    clerk, head, operator = people
    clerk.open(f"/registry/organisation/{schools['school-1']}/request")
    clerk.write("head_position", "Директор школы")
    clerk.write("reason", REASON)
    clerk.save()
    request = clerk.path
    head.open(request)
    press(head, "Отправить")
    operator.open(request)
    clerk.open(request)
    clerk.page.get_by_role("button", name="Отозвать", exact=True).click()
    clerk.go_by(lambda: clerk.page.locator("[data-ask] button[value=yes]").click())
    expect(clerk.page.locator(".head .status")).to_have_text("Отозван")
    press(operator, "Взять в работу")
    expect(operator.page.get_by_text("запрос изменился")).to_be_visible()


def sent(clerk: Person, head: Person, school: int, **values: str) -> str:
    """A request that the head has sent; gives its address."""
    clerk.open(f"/registry/organisation/{school}/request")
    for name, text in {**values, "reason": REASON}.items():
        clerk.write(name, text)
    clerk.save()
    head.open(clerk.path)
    press(head, "Отправить")
    return clerk.path


def test_keys_lead_along_the_queue_and_the_lines_and_decide_them(
    people: tuple[Person, Person, Person], schools: dict[str, int]
) -> None:
    clerk, head, operator = people
    school = schools["school-1"]
    request = sent(clerk, head, school, full_name="Школа по уставу", head_position="Завуч")
    keys, page = operator.press, operator.page
    operator.open("/requests/?q=школа")
    keys("?")
    expect(page.get_by_text("следующий запрос")).to_be_visible()
    keys("?", "j")
    operator.await_focus(f"a[href='{request}']")
    operator.go("Enter")
    press(operator, "Взять в работу")
    keys("j", "a")
    assert operator.has_focus("[data-key=a]:checked")
    keys("j", "r")
    assert operator.has_focus("[data-why]")
    page.keyboard.type("jark")  # letters are letters there
    keys("Escape", "k")
    assert operator.has_focus("[data-line-focus]:checked")
    press(operator, "Решить")
    expect(page.locator(".head .status")).to_have_text("Принят частично")
    expect(page.get_by_text("jark")).to_be_visible()


def test_many_requests_are_decided_by_keyboard(
    people: tuple[Person, Person, Person], schools: dict[str, int]
) -> None:
    clerk, head, operator = people
    request = sent(clerk, head, schools["school-1"], head_name="Сидорова Анна Ивановна")
    keys, page = operator.press, operator.page
    operator.open("/requests/?field=organisation.head_name")
    look(operator, "queue by a field")
    operator.go_by(lambda: page.get_by_role("link", name="Решить сразу").click())
    look(operator, "many requests at once")
    keys("j", "Space")
    expect(page.get_by_text("Отмечено: 1")).to_be_visible()
    keys("a")
    assert operator.has_focus("button[value=approve]")
    operator.go("Enter")
    expect(page.get_by_role("status").get_by_text("Принято")).to_be_visible()
    look(operator, "what became of many requests")
    clerk.open(request)
    expect(clerk.page.locator(".head .status")).to_have_text("Принят")
