"""The interface in a real browser: typing, keys, pages, words for what went wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = pytest.mark.browser
ORGANISATIONS = "/registry/organisation/"


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; a refused address is no complaint."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load" not in message.text:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def sign_in(page: Page, login: str) -> None:
    page.goto("/login/")
    page.get_by_label("Имя пользователя").fill(login)
    page.get_by_label("Пароль", exact=True).fill(os.environ["PORTAL_DEMO_PASSWORD"])
    page.keyboard.press("Enter")
    page.wait_for_selector("main#main .home")


def open_own_form(page: Page, login: str = "clerk") -> None:
    """From the first page to the form of the own organisation."""
    sign_in(page, login)
    page.locator(".tile.own").first.click()
    page.get_by_role("link", name="Изменить", exact=True).first.click()
    page.wait_for_selector("form[data-form]")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_search_renews_the_rows_while_typing_and_keeps_the_cursor(
    page: Page, complaints: list[str]
) -> None:
    sign_in(page, "clerk")
    page.goto(ORGANISATIONS)
    before = page.locator("tbody tr").count()
    page.keyboard.press("/")
    page.keyboard.type("гимназ смоленск")
    page.wait_for_url("**q=*")
    expect(page.locator("tbody tr")).not_to_have_count(before)
    assert "Гимназия" in page.locator("tbody th").first.inner_text()
    assert focused(page) == "q"
    assert page.input_value("#q") == "гимназ смоленск"
    assert complaints == []


def test_pages_and_order_turn_in_place_and_back_returns(page: Page, complaints: list[str]) -> None:
    sign_in(page, "clerk")
    page.goto(ORGANISATIONS)
    first = page.locator("tbody th").first.inner_text()
    page.locator("#page-next").click()
    expect(page.locator("tbody th").first).not_to_have_text(first)
    assert "after=" in page.url
    page.go_back()
    expect(page.locator("tbody th").first).to_have_text(first)
    page.locator("th[aria-sort] a").click()
    page.wait_for_selector("th[aria-sort=descending]")
    assert "sort=-" in page.url
    assert complaints == []


def test_a_filter_becomes_a_chip_that_can_be_removed(page: Page, complaints: list[str]) -> None:
    sign_in(page, "clerk")
    page.goto(ORGANISATIONS)
    page.get_by_text("Фильтр", exact=True).click()
    page.get_by_label("Город или село").select_option(index=1)
    page.locator(".chip").wait_for()
    assert page.locator("#filters-count").inner_text() == "1"
    page.locator(".chip").click()
    page.locator(".chip").wait_for(state="detached")
    assert complaints == []


def test_fifteen_rows_fit_on_the_screen_of_a_school(page: Page) -> None:
    sign_in(page, "clerk")
    page.goto(ORGANISATIONS)
    seen = page.evaluate(
        "[...document.querySelectorAll('tbody tr')]"
        ".filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
    )
    assert seen >= 15


def test_wrong_values_come_back_with_words_and_everything_typed(
    page: Page, complaints: list[str]
) -> None:
    open_own_form(page)
    page.get_by_label("Электронная почта").fill("школа@@почта")
    page.get_by_label("Телефон", exact=True).fill("20-00")
    page.get_by_label("Добавочный").fill("17")
    page.keyboard.press("Enter")
    assert page.locator(".summary").count() == 0, "Enter has sent the form"
    page.keyboard.press("Control+s")
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.className") == "summary"
    assert page.locator(".summary li").count() == 2
    assert page.locator(".index .wrong").inner_text().startswith("2")
    assert page.get_by_label("Электронная почта").input_value() == "школа@@почта"
    assert page.get_by_label("Телефон", exact=True).input_value() == "20-00"
    assert page.get_by_label("Добавочный").input_value() == "17"
    page.locator(".summary a").first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert complaints == []


def test_a_form_is_changed_and_saved_by_keyboard_alone(page: Page, complaints: list[str]) -> None:
    open_own_form(page)
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    assert focused(page) == "phone"
    page.keyboard.press("Tab")
    assert focused(page) == "phone_ext"
    page.keyboard.press("Control+a")
    page.keyboard.type("23")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".record")
    assert "23" in page.locator("dt:has-text('Добавочный') + dd").inner_text()
    assert complaints == []


def test_leaving_a_changed_form_asks(page: Page) -> None:
    open_own_form(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Добавочный").fill("99")
    page.locator(".savebar a").click()
    page.wait_for_selector(".record")
    assert asked == ["beforeunload"]


def test_a_mask_leaves_what_it_does_not_know_as_it_was_typed(page: Page) -> None:
    sign_in(page, "operator")
    page.goto(f"{ORGANISATIONS}add")
    inn = page.get_by_label("ИНН", exact=True)
    inn.click()
    page.keyboard.type("6717а")
    assert inn.input_value() == "6717а"
    phone = page.get_by_label("Телефон", exact=True)
    phone.fill("+48 22 123-45-67 wew. 5")
    phone.blur()
    assert phone.input_value() == "+48 22 123-45-67 wew. 5"


def test_lists_and_forms_work_without_scripts(browser: Browser, live_server: str) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "clerk2")
    page.goto(ORGANISATIONS)
    page.get_by_placeholder("ИНН").fill("гимназия")
    page.get_by_role("button", name="Найти").click()
    assert "q=" in page.url
    page.goto("/")
    page.locator(".tile.own").first.click()
    page.get_by_role("link", name="Изменить", exact=True).first.click()
    page.get_by_label("Добавочный").fill("31")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    assert page.locator(".record").count() == 1
    context.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["screen", "phone"])
def test_no_barrier_on_the_key_pages(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/login/")
    found = barriers(page)
    open_own_form(page)
    found += barriers(page)
    for address in ("/", ORGANISATIONS, f"{ORGANISATIONS}?q=zzzz", "/nowhere"):
        page.goto(address)
        found += barriers(page)
    page.goto("/")
    page.locator(".tile.own").first.click()
    found += barriers(page)
    assert found == []


def barriers(page: Page) -> list[str]:
    """Serious and critical findings of axe, and a page wider than its window."""
    # The policy forbids scripts of others: the checker comes in through the debugger, not the page.
    run = Axe().run(page, options={"resultTypes": ["violations"]})
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [
        f"{page.url}: {one['id']} {one['nodes'][0]['html'][:120]}"
        for one in run.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ] + ([f"{page.url}: scrolls sideways"] if wide else [])
