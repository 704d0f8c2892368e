"""Theme and height of rows: chosen once, at once, everywhere, and never a flash of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
GROUND = "getComputedStyle(document.body).backgroundColor"
DARK, LIGHT = "rgb(14, 21, 32)", "rgb(245, 247, 250)"
ROWS = {"comfortable": 44, "usual": 36, "compact": 30}


def ground(page: Page) -> str:
    return str(page.evaluate(GROUND))


def choose(person: Person, words: str) -> None:
    """By keyboard: the menu, then the choice, which the server has kept when this returns."""
    person.page.focus(".sight > summary")
    if not person.page.locator(".sight[open]").count():
        person.press("Enter")
    person.page.get_by_role("button", name=words).focus()
    with person.page.expect_response("**/look"):
        person.press("Enter")


def test_a_theme_holds_at_once_and_on_the_next_page_and_computer(
    person: Person, browser: Browser, live_server: str
) -> None:
    person.sign_in("clerk")
    assert ground(person.page) == LIGHT
    choose(person, "Тёмная")
    assert ground(person.page) == DARK, "without loading the page again"
    pressed = person.page.locator(".sight [aria-pressed=true]").all_inner_texts()
    assert pressed == ["Тёмная", "Обычно"]
    person.open(ORGANISATIONS)
    assert ground(person.page) == DARK
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/login/")
    page.fill("#username", "clerk")
    page.fill("#password", "password-of-the-tests")
    page.press("#password", "Enter")
    page.locator(".sight").wait_for()
    assert ground(page) == DARK, "the page comes dark: no script has to run, nothing flashes"
    page.click(".sight > summary")
    with page.expect_event("domcontentloaded"):
        page.get_by_role("button", name="Как в системе").click()
    assert ground(page) == LIGHT, "may be chosen without scripts as well"
    context.close()


def test_unless_chosen_the_theme_is_that_of_the_computer(person: Person) -> None:
    for scheme, colour in (("dark", DARK), ("light", LIGHT)):
        person.page.emulate_media(color_scheme=scheme)
        person.open("/login/")
        assert ground(person.page) == colour
    person.page.emulate_media(color_scheme="dark")
    person.sign_in("head")
    choose(person, "Светлая")
    assert ground(person.page) == LIGHT, "the choice is stronger than the computer"


def test_what_is_printed_is_dark_on_white_in_either_theme(person: Person) -> None:
    person.sign_in("operator")
    choose(person, "Тёмная")
    person.page.emulate_media(media="print")
    assert person.page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 36, 51)"
    person.page.emulate_media(media="screen")
    choose(person, "Как в системе")


def test_rows_are_as_high_as_chosen(person: Person) -> None:
    person.sign_in("department")
    person.open(ORGANISATIONS)
    for words, name in (
        ("Просторно", "comfortable"),
        ("Плотно", "compact"),
        ("Обычно", "usual"),
    ):
        choose(person, words)
        high = person.page.locator("tbody tr").nth(1).bounding_box()
        assert high
        assert round(high["height"]) in {ROWS[name], ROWS[name] + 1}, "a line of one pixel"
