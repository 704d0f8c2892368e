"""The history in a real browser: filters, a value brought back by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest

from tests.browser.person import ORGANISATIONS, Person
from tests.browser.test_states_of_work import look

pytestmark = pytest.mark.browser
FORM = re.compile(r"/history/\d+/\w+$")
BACK = "a[aria-label^='Вернуть это значение: Телефон']"


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def two_phones(person: Person, where: str, first: str, second: str) -> None:
    for phone in (first, second):
        person.open(f"{where}/edit")
        person.write("phone", phone)
        person.save()


def test_a_value_is_brought_back_by_mouse(operator: Person, schools: dict[str, int]) -> None:
    where = f"{ORGANISATIONS}{schools['school-8']}"
    two_phones(operator, where, "+7 4812 38-80-01", "+7 4812 38-80-02")
    operator.go_by(operator.page.get_by_role("link", name="История").click)
    operator.go_by(operator.page.locator(BACK).first.click)
    assert FORM.search(operator.page.url)
    assert operator.value("phone") == "+7 4812 38-80-01"
    assert "Проверьте и сохраните" in operator.page.locator(".note").first.inner_text()
    operator.go_by(operator.page.get_by_role("button", name="Сохранить").first.click)
    assert operator.path == where
    assert "+7 4812 38-80-01" in operator.fact("Телефон")


def test_a_value_is_brought_back_by_keyboard_alone(
    operator: Person, schools: dict[str, int]
) -> None:
    where = f"{ORGANISATIONS}{schools['school-9']}"
    two_phones(operator, where, "+7 4812 38-90-01", "+7 4812 38-90-02")
    operator.open(f"{where}/history")
    operator.tab_to(BACK)
    operator.go("Enter")
    operator.await_focus("[data-first]")
    operator.press("Tab")
    operator.press("Enter")  # the link of the note leads to the input
    operator.await_focus("#phone")
    assert operator.value("phone") == "+7 4812 38-90-01"
    operator.save()
    assert "+7 4812 38-90-01" in operator.fact("Телефон")


def test_filters_renew_the_timeline_and_stay_in_the_address(
    operator: Person, schools: dict[str, int]
) -> None:
    page, where = operator.page, f"{ORGANISATIONS}{schools['school-10']}"
    two_phones(operator, where, "+7 4812 38-10-01", "+7 4812 38-10-02")
    operator.open(f"{where}/history")
    page.focus("#by-field")
    page.select_option("#by-field", "phone")
    page.wait_for_url("**/history?field=phone")
    page.locator(".chip").wait_for()
    assert operator.has_focus("#by-field")
    page.select_option("#by-via", "api")
    page.wait_for_url(re.compile("via=api"))
    page.get_by_text("Ничего не найдено").wait_for()
    look(operator, "nothing found")
    page.get_by_role("link", name="Показать все изменения").click()
    page.wait_for_url(f"**{where}/history")
    page.check("#by-lists")
    page.wait_for_url("**/history?lists=1")
    page.locator(".of-row a").first.wait_for()
    look(operator, "together with the lists")


def test_marks_of_words_and_the_form_with_a_value_of_the_past_are_readable(
    operator: Person, schools: dict[str, int]
) -> None:
    where = f"{ORGANISATIONS}{schools['school-11']}"
    for name in ("Средняя школа имени Гагарина", "Средняя школа имени Юрия Гагарина"):
        operator.open(f"{where}/edit")
        operator.write("full_name", name)
        operator.save()
    operator.open(f"{where}/history")
    assert operator.page.locator("ins").first.inner_text().strip() == "Юрия"
    look(operator, "words are marked")
    operator.go_by(operator.page.locator("a[href*='/full_name']").first.click)
    look(operator, "a value of the past in the form")
