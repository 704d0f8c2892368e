"""Lists: search while typing, filters, order, pages, kept addresses, words for nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
LICENCES = "/registry/organisation-licence/"


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def rows(person: Person) -> Locator:
    return person.page.locator("tbody tr")


def names(person: Person) -> list[str]:
    return person.page.locator("tbody th").all_inner_texts()


def panel(person: Person) -> None:
    person.page.locator("details.filters > summary").click()


def test_search_finds_while_typing_and_keeps_the_cursor(operator: Person) -> None:
    asked: list[str] = []
    operator.open(ORGANISATIONS)
    operator.page.on("request", lambda request: "?" in request.url and asked.append(request.url))
    operator.press("/")
    operator.await_focus("#q")
    operator.page.keyboard.type("гимназия хислав", delay=15)
    expect(rows(operator)).to_have_count(1)
    assert names(operator) == ["Гимназия № 22, пгт Хиславичи"]
    expect(operator.page.locator("#count")).to_have_text("Записей: 1")
    operator.await_focus("#q")
    assert operator.value("q") == "гимназия хислав"
    assert len(asked) <= 2, "it waits for the end of typing"
    operator.page.reload()
    assert names(operator) == ["Гимназия № 22, пгт Хиславичи"], "the address holds the search"


def test_words_in_any_order_and_letter_case_find_the_same(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}?q=ХИСЛАВИЧИ гимн")
    assert names(operator) == ["Гимназия № 22, пгт Хиславичи"]


def test_filters_of_a_choice_and_a_relation_narrow_the_list(operator: Person) -> None:
    operator.open(ORGANISATIONS)
    panel(operator)
    operator.page.select_option("#by-settlement_kind__in", label="город")
    chips = operator.page.locator(".chip")
    expect(chips).to_have_count(1)
    operator.pick("by-municipality_id__in", "смоленск", "город Смоленск")
    expect(chips).to_have_count(2)
    expect(chips.nth(0)).to_contain_text("городской округ город Смоленск")
    assert operator.page.locator("#filters-count").inner_text() == "2"
    expect(rows(operator)).to_have_count(4)
    assert all("Смоленск" in name for name in names(operator))
    operator.page.reload()
    expect(chips).to_have_count(2)
    panel(operator)
    chosen = operator.page.locator("#by-municipality_id__in + .ts-wrapper .item")
    assert "Смоленск" in chosen.inner_text()


def test_a_chip_removes_its_filter_and_one_link_removes_all(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}?org_kind__in=GYM&settlement_kind__in=1&q=школа гимназия")
    chips = operator.page.locator(".chips .chip")
    expect(chips).to_have_count(2)
    few = rows(operator).count()
    operator.go_by(chips.first.click)
    expect(chips).to_have_count(1)
    assert rows(operator).count() >= few
    operator.go_by(lambda: operator.page.get_by_role("link", name="Сбросить всё").click())
    expect(chips).to_have_count(0)
    expect(rows(operator)).to_have_count(25)


def test_filter_of_dates_takes_them_as_people_write_them(operator: Person) -> None:
    operator.open(LICENCES)
    panel(operator)
    operator.page.fill("#by-granted_on__from", "1.9.2017")
    operator.page.fill("#by-granted_on__to", "31.12.2017")
    operator.page.locator(".panel").get_by_role("button", name="Применить").click()
    expect(operator.page.locator(".chip")).to_have_count(2)
    dates = [row.locator("td").nth(2).inner_text() for row in rows(operator).all()]
    assert dates
    assert all(re.fullmatch(r"\d\d\.(09|10|11|12)\.2017", date) for date in dates)


def test_a_wrong_value_of_a_filter_is_said_and_not_applied(operator: Person) -> None:
    answer = operator.open(f"{LICENCES}?granted_on__from=31.02.2011")
    assert answer.status == 200
    said = operator.page.locator("#list [role=alert]").inner_text()
    assert "«Дата предоставления» не применён" in said
    assert "Такой даты нет: 31.02.2011" in said
    expect(rows(operator)).to_have_count(25)
    panel(operator)
    assert operator.value("by-granted_on__from") == "31.02.2011", "it can be mended"


def test_order_turns_with_the_second_click_and_is_told_to_readers(operator: Person) -> None:
    operator.open(ORGANISATIONS)
    head = operator.page.locator("th", has_text="ИНН")
    assert head.get_attribute("aria-sort") is None
    operator.page.locator("#sort-inn").focus()
    operator.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    operator.await_focus("#sort-inn")  # the cursor stays
    rising = operator.page.locator("tbody td[data-label='ИНН']").all_inner_texts()
    assert rising == sorted(rising)
    operator.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    falling = operator.page.locator("tbody td[data-label='ИНН']").all_inner_texts()
    assert falling == sorted(falling, reverse=True)
    assert falling[0] > rising[0]
    operator.page.reload()
    expect(head).to_have_attribute("aria-sort", "descending")


def test_pages_go_on_and_back_and_to_the_beginning(operator: Person) -> None:
    operator.open(ORGANISATIONS)
    first = names(operator)
    turn(operator, "Дальше")
    second = names(operator)
    assert not set(first) & set(second)
    assert second[0] > first[-1]
    turn(operator, "Дальше")
    third = names(operator)
    assert len(first + second + third) == 60
    assert operator.page.get_by_role("link", name="Дальше").count() == 0
    turn(operator, "Назад")
    assert names(operator) == second
    operator.page.reload()
    assert names(operator) == second, "the address holds the page"
    turn(operator, "В начало")
    assert names(operator) == first
    assert operator.page.get_by_role("link", name="Назад").count() == 0


def test_back_of_the_browser_returns_to_the_former_page_of_the_list(operator: Person) -> None:
    operator.open(ORGANISATIONS)
    first = names(operator)
    turn(operator, "Дальше")
    operator.page.go_back()
    expect(operator.page.locator("tbody th").first).to_have_text(first[0])


def test_nothing_found_says_what_to_do(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}?q=щщщщ")
    said = operator.page.locator("#list")
    assert "Ничего не найдено" in said.inner_text()
    operator.go_by(lambda: said.get_by_role("link", name="Показать все записи").click())
    expect(rows(operator)).to_have_count(25)
    assert operator.value("q") == ""


def test_an_unknown_parameter_and_an_unknown_page_are_told_in_the_frame(operator: Person) -> None:
    for address, status, words in (
        (f"{ORGANISATIONS}?colour=red", 400, "Запрос не понят"),
        (f"{ORGANISATIONS}?inn__like=67", 400, "Запрос не понят"),
        ("/registry/nothing", 404, "Страница не найдена"),
        (f"{ORGANISATIONS}999999999", 404, "Страница не найдена"),
    ):
        assert operator.open(address).status == status
        assert operator.heading == words
        assert operator.page.locator(".sidebar").count() == 1
        assert operator.page.get_by_role("link", name="На главную").count() == 1
    operator.go_by(operator.page.get_by_role("link", name="К списку").click)
    assert operator.path == ORGANISATIONS


def test_no_right_to_a_page_is_told_in_the_frame(person: Person) -> None:
    person.sign_in("applicant")
    assert person.open(f"{ORGANISATIONS}add").status == 403
    assert person.heading == "Нет доступа"
    assert person.page.locator(".sidebar").count() == 1


def test_lost_session_while_searching_leads_to_the_sign_in_page(operator: Person) -> None:
    operator.open(ORGANISATIONS)
    operator.page.context.clear_cookies(name="session")
    operator.press("/")
    operator.page.keyboard.type("гимн")
    operator.page.locator("#username").wait_for()
    operator.sign_in("operator")
    operator.page.locator("#q").wait_for()
    assert operator.value("q") == "гимн", "the search goes on where it was"


def turn(person: Person, name: str) -> None:
    was = person.page.locator("tbody th").first.inner_text()
    person.page.get_by_role("link", name=name).click()
    expect(person.page.locator("tbody th").first).not_to_have_text(was)
