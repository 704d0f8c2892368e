"""Chosen rows of a list: by mouse, by keyboard, over two pages, and everything of a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    person.open(ORGANISATIONS)
    return person


def box(person: Person, at: int) -> Locator:
    return person.page.locator("[data-pick]").nth(at)


def said(person: Person) -> Locator:
    return person.page.locator("#selection [data-count]")


def turn(person: Person, name: str) -> None:
    was = person.page.locator("tbody th").first.inner_text()
    person.page.get_by_role("link", name=name).click()
    expect(person.page.locator("tbody th").first).not_to_have_text(was)


def chosen_file(person: Person) -> list[str]:
    """Lines of the file of the chosen rows, without its header."""
    person.page.locator("#selection").get_by_role("link", name="Выгрузить").click()
    form = person.page.locator("dialog [data-export]")
    form.get_by_label("CSV").check()
    with person.page.expect_download() as loading:
        form.get_by_role("button", name="Выгрузить").click()
    expect(person.page.locator("dialog.tool-box")).to_have_count(0)
    path = loading.value.path()
    return path.read_text("utf-8-sig").splitlines()[1:]


def test_rows_of_two_pages_are_chosen_together_and_come_as_a_file(operator: Person) -> None:
    assert not operator.page.locator("#selection").is_visible()
    box(operator, 0).check()
    box(operator, 2).check()
    expect(said(operator)).to_have_text("Выбрано: 2")
    turn(operator, "Дальше")
    expect(said(operator)).to_have_text("Выбрано: 2")
    box(operator, 5).check()
    expect(said(operator)).to_have_text("Выбрано: 3")
    names = [operator.page.locator("tbody th").nth(5).inner_text()]
    turn(operator, "Назад")
    assert [box(operator, at).is_checked() for at in range(3)] == [True, False, True]
    names += [operator.page.locator("tbody th").nth(at).inner_text() for at in (0, 2)]
    lines = chosen_file(operator)
    assert len(lines) == 3
    assert all(any(name.split(",")[0] in line for line in lines) for name in names)
    assert len(chosen_file(operator)) == 3, "a file may be asked for again"


def test_a_range_a_page_and_everything_found(operator: Person) -> None:
    box(operator, 1).click()
    box(operator, 6).click(modifiers=["Shift"])
    expect(said(operator)).to_have_text("Выбрано: 6")
    box(operator, 3).click()
    expect(said(operator)).to_have_text("Выбрано: 5")
    operator.page.get_by_label("Выбрать страницу").check()
    expect(said(operator)).to_have_text("Выбрано: 25")
    operator.page.get_by_role("button", name="Выбрать все 60 по этому отбору").click()
    expect(said(operator)).to_have_text("Выбраны все 60 по этому отбору")
    turn(operator, "Дальше")
    assert box(operator, 4).is_checked()
    assert len(chosen_file(operator)) == 60
    operator.page.get_by_role("button", name="Снять").click()
    expect(operator.page.locator("#selection")).to_be_hidden()
    operator.await_focus("#list")
    assert operator.page.locator("[data-pick]:checked").count() == 0


def test_boxes_by_keyboard_alone(operator: Person) -> None:
    box(operator, 0).focus()
    operator.press("Space", "ArrowDown", "ArrowDown", "Space")
    expect(said(operator)).to_have_text("Выбрано: 2")
    operator.press("Shift+ArrowDown", "Shift+ArrowDown")
    expect(said(operator)).to_have_text("Выбрано: 4")
    operator.press("ArrowUp", "ArrowUp", "Space")
    expect(said(operator)).to_have_text("Выбрано: 3")
    assert [box(operator, at).is_checked() for at in range(5)] == [True, False, False, True, True]


def test_another_search_begins_another_choice(operator: Person) -> None:
    box(operator, 0).check()
    operator.press("/")  # the tools are out of the way while rows are chosen
    assert not operator.has_focus("#q")
    operator.open(ORGANISATIONS)
    operator.page.locator("details.filters > summary").click()
    box(operator, 0).check()
    expect(said(operator)).to_have_text("Выбрано: 1")
    operator.page.select_option("#by-settlement_kind__in", label="город")
    expect(operator.page.locator(".chip")).to_have_count(1)
    expect(operator.page.locator("#selection")).to_be_hidden()


def test_who_may_do_nothing_with_rows_has_no_boxes(person: Person) -> None:
    person.sign_in("applicant")
    person.open(ORGANISATIONS)
    assert person.page.locator("tbody tr").count() > 1
    assert person.page.locator("[data-pick], #selection").count() == 0


def test_rows_are_chosen_on_a_phone(operator: Person) -> None:
    operator.page.set_viewport_size({"width": 390, "height": 844})
    box(operator, 0).check()
    operator.page.get_by_role("button", name="Вся страница").click()
    expect(said(operator)).to_have_text("Выбрано: 25")
    bar = operator.page.locator("#selection").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= 844, "the bar stands at the lower edge of the window"
    assert operator.page.evaluate("document.documentElement.scrollWidth") <= 390
