"""Ctrl+K: whatever one may open is a few letters away, without a mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS
from tests.browser.test_pages import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page, Route

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
OPTIONS = "#palette-list [role=option] span"
LICENCES = "Лицензии Реестр образовательных организаций"  # the section and where it stands
PLACES = re.compile("/find$")
SETTLED = re.compile("^(Найдено|Ничего не найдено)")


def ask(person: Person, typed: str) -> None:
    """Ctrl+K and what is looked for; returns when the palette says that it has all answers."""
    person.press("Control+K")
    person.await_focus("#palette-q")
    person.page.keyboard.type(typed)
    expect(person.page.locator("dialog [role=status]")).to_have_text(SETTLED)


def found(page: Page) -> list[str]:
    return page.locator(OPTIONS).all_inner_texts()


def chosen(page: Page) -> str:
    """What a screen reader says stands under the cursor."""
    ident = page.get_attribute("#palette-q", "aria-activedescendant")
    return page.locator(f"#{ident} span").inner_text()


def test_an_organisation_is_found_by_parts_of_its_name_in_any_order(person: Person) -> None:
    person.sign_in("clerk")
    ask(person, "хислав гимн")
    expect(person.page.locator(OPTIONS)).to_have_text(
        ["Гимназия № 22, пгт Хиславичи", "Искать в списке организаций: хислав гимн"]
    )
    person.go("Enter")
    assert person.heading == "Гимназия № 22, пгт Хиславичи"


def test_sections_and_lists_inside_records_are_found_by_words_in_any_order(person: Person) -> None:
    person.sign_in("clerk")
    person.press("Control+K")
    person.page.keyboard.type("РЕКВ банк")
    person.page.get_by_role("option", name="Банковские реквизиты").wait_for()
    person.go("Enter")
    assert person.path == "/registry/organisation-bank-account/"


def test_enter_before_anything_came_leads_where_the_words_lead(person: Person) -> None:
    held: list[Route] = []
    person.sign_in("clerk")

    def hold(route: Route) -> None:  # a slow network
        held.append(route)

    person.page.route(PLACES, hold)
    with person.page.expect_response(lambda answer: "/find?q=" in answer.url):
        person.press("Control+K")
        person.page.keyboard.type("рекв банк")
        person.press("Enter")
    assert person.path == "/", "sections are not here yet, and nothing else has these words"
    person.go_by(held[0].continue_)
    assert person.path == "/registry/organisation-bank-account/"


def test_actions_are_those_the_capacity_may_do(
    person: Person, someone: Callable[[str], Person]
) -> None:
    person.sign_in("operator")
    ask(person, "организ доб")
    assert found(person.page)[0] == "Новая организация"
    clerk = someone("clerk")
    ask(clerk, "организ доб")
    expect(clerk.page.locator("dialog [role=status]")).to_contain_text("Ничего не найдено")
    assert found(clerk.page) == []
    person.go("Enter")
    assert person.heading == "Новая организация"


def test_the_theme_is_an_action(person: Person) -> None:
    person.sign_in("municipal")
    person.press("Control+K")
    person.page.keyboard.type("тем темн")
    person.page.get_by_role("option", name="Тема: Тёмная").wait_for()
    with person.page.expect_response("**/look"):
        person.press("Enter")
    assert person.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    expect(person.page.locator("dialog.palette")).to_be_hidden()


def test_arrows_go_round_and_escape_gives_the_cursor_back(person: Person) -> None:
    person.sign_in("clerk")
    person.open(ORGANISATIONS)
    person.page.focus("#q")
    person.press("Control+K")
    person.await_focus("#palette-q")
    person.page.get_by_role("option", name=LICENCES).wait_for()
    first = chosen(person.page)
    person.press("ArrowUp")
    last = chosen(person.page)
    assert last == found(person.page)[-1]
    person.press("ArrowDown")
    assert chosen(person.page) == first
    person.press("Escape")
    person.await_focus("#q")


def test_pages_opened_lately_come_first_and_are_nobody_elses(person: Person) -> None:
    person.sign_in("clerk")
    person.open(ORGANISATIONS)
    person.go_by(person.page.get_by_role("link", name="Гимназия № 12").click)
    person.open("/")
    person.press("Control+K")
    person.page.get_by_role("option", name=LICENCES).wait_for()
    assert found(person.page)[:2] == ["Гимназия № 12, пгт Монастырщина", "Организации"]
    person.press("Escape")
    person.page.locator("details.who > summary").click()
    person.go_by(person.page.get_by_role("button", name="Выйти").click)
    assert person.page.evaluate("localStorage.getItem('recent')") is None
    person.sign_in("head")
    person.press("Control+K")
    person.page.get_by_role("option", name=LICENCES).wait_for()
    assert found(person.page)[0] == "Главная"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_palette_is_readable_by_everybody_on_a_phone(
    browser: Browser, live_server: str, theme: str
) -> None:
    from tests.browser.person import Person as Somebody  # noqa: PLC0415 - the class, not its name

    context = browser.new_context(
        base_url=live_server,
        color_scheme=theme,  # type: ignore[arg-type] # one of the two
        viewport={"width": 390, "height": 844},
    )
    somebody = Somebody(context.new_page())
    somebody.sign_in("department")
    somebody.page.locator(".opener").click()
    somebody.page.get_by_role("option", name=LICENCES).wait_for()
    assert violations(somebody.page) == []
    somebody.page.keyboard.type("школа")
    somebody.page.get_by_role("option", name="Искать в списке").wait_for()
    assert violations(somebody.page) == []
    somebody.page.get_by_role("button", name="Закрыть").click()
    somebody.await_focus(".opener")
    context.close()
