"""Tools of lists: conditions with «and» and «or», columns, saved views, by keyboard and shared."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS
from tests.browser.test_pages import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
BUILDER = "dialog.tool-box .builder"


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    person.open(ORGANISATIONS)
    return person


def names(person: Person) -> list[str]:
    return person.page.locator("tbody th").all_inner_texts()


def heads(person: Person) -> list[str]:
    return [text.strip() for text in person.page.locator("thead th").all_inner_texts() if text]


def dialog(person: Person, link: str) -> None:
    """Open a dialog by keyboard."""
    person.page.locator(link).focus()
    person.press("Enter")
    person.page.locator("dialog.tool-box").wait_for()


def choose(person: Person, text: str) -> None:
    """Choose in the list of choices that has the cursor, and go on to the next input."""
    focused = person.page.locator(":focus")
    focused.select_option(label=text)
    person.press("Tab")


def test_conditions_in_two_levels_by_keyboard(operator: Person) -> None:
    operator.page.locator("details.filters > summary").click()
    dialog(operator, "[data-dialog=filterHref]")
    operator.await_focus(f"{BUILDER} [data-field]")
    choose(operator, "ИНН")
    choose(operator, "начинается с")
    operator.page.keyboard.type("6799")
    operator.tab_to("[data-add-group]")
    operator.press("Enter")
    operator.await_focus(".conds .conds [data-field]")
    choose(operator, "Электронная почта")
    choose(operator, "не заполнено")
    operator.tab_to(".conds .conds [data-add]")
    operator.press("Enter")
    operator.await_focus(".conds .conds .cond:nth-child(2) [data-field]")
    choose(operator, "Город или село")
    choose(operator, "одно из")
    operator.page.keyboard.type("город")
    operator.press("Enter")
    operator.tab_to("[data-builder] [type=submit]")
    operator.go("Enter")
    address = unquote(operator.page.url)
    assert "where=all(inn:starts:6799,any(email:empty:1,settlement_kind:in:1))" in address
    chips = operator.page.locator(".chip")
    expect(chips).to_have_count(2)
    expect(chips.nth(1)).to_contain_text("не заполнено или Город или село: город")
    found = int(operator.page.locator("#count").inner_text().split()[-1])
    assert 0 < found < 60
    cells = operator.page.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => row.querySelector(\"[data-label='Электронная почта']\").innerText)"
    )
    towns = [", г. " in name for name in names(operator)]
    assert all(mail == "—" or town for mail, town in zip(cells, towns, strict=True))
    operator.page.locator("details.filters > summary").click()
    dialog(operator, "[data-dialog=filterHref]")
    expect(operator.page.locator(f"{BUILDER} .cond")).to_have_count(3)
    expect(operator.page.locator(f"{BUILDER} .item")).to_contain_text("город")
    operator.press("Escape")
    operator.go_by(chips.nth(1).click)
    expect(chips).to_have_count(1)


def test_signs_of_the_address_may_stand_in_a_value(operator: Person) -> None:
    operator.page.locator("details.filters > summary").click()
    dialog(operator, "[data-dialog=filterHref]")
    operator.page.locator(f"{BUILDER} [data-field]").select_option("full_name")
    operator.page.locator(f"{BUILDER} [data-value] input").fill("(а, б) ~ в: г")
    operator.go("Enter")
    expect(operator.page.locator(".chip")).to_contain_text("содержит (а, б) ~ в: г")
    assert "Ничего не найдено" in operator.page.locator("#list").inner_text()


def test_a_wrong_date_in_a_condition_is_said_and_kept(operator: Person) -> None:
    operator.open("/registry/organisation-licence/?where=all(granted_on:from:31.02.2011)")
    said = operator.page.locator("#list [role=alert]").inner_text()
    assert "Такой даты нет: 31.02.2011" in said
    operator.page.locator("details.filters > summary").click()
    dialog(operator, "[data-dialog=filterHref]")
    assert operator.page.locator(f"{BUILDER} [data-value] input").input_value() == "31.02.2011"


def test_columns_are_chosen_ordered_and_remembered_by_keyboard(operator: Person) -> None:
    usual = heads(operator)
    dialog(operator, ".choose")
    operator.await_focus("[data-find]")
    operator.page.keyboard.type("кпп")
    operator.tab_to("[name=col][value=kpp]")
    operator.press("Space")
    operator.page.locator("[data-find]").fill("")
    operator.page.locator("[name=col][value=kpp]").focus()
    for _ in range(60):
        operator.press("Alt+ArrowUp")
    operator.tab_to(".chooser [type=submit]")
    operator.go("Enter")
    assert heads(operator)[:2] == [usual[0], "КПП"]
    assert len(heads(operator)) == len(usual) + 1
    operator.open(ORGANISATIONS)
    assert heads(operator)[:2] == [usual[0], "КПП"], "the list remembers"
    assert operator.page.locator("tbody th a").count() == 25, "the first column leads to the row"
    dialog(operator, ".choose")
    operator.go_by(operator.page.get_by_role("button", name="Как обычно").click)
    assert heads(operator) == usual


def test_a_view_is_kept_changed_and_begun_with(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}?q=гимназия")
    dialog(operator, "[data-dialog=viewsHref]")
    operator.await_focus("#view-name")
    operator.page.keyboard.type("Гимназии")
    operator.page.get_by_label("Открывать список с него").check()
    operator.go_by(operator.page.locator("dialog").get_by_role("button", name="Сохранить").click)
    operator.open(ORGANISATIONS)
    assert operator.value("q") == "гимназия", "the list begins with the view"
    current = operator.page.locator(".view[aria-current]")
    assert current.inner_text() == "Гимназии"
    operator.page.locator("#sort-inn").click()
    update = operator.page.get_by_role("button", name="Сохранить изменения")
    operator.go_by(update.click)
    operator.open(ORGANISATIONS)
    expect(operator.page.locator("th", has_text="ИНН")).to_have_attribute("aria-sort", "ascending")
    operator.go_by(operator.page.get_by_role("link", name="Все записи").click)
    assert operator.value("q") == ""
    operator.page.locator("#sort-inn").click()
    expect(operator.page.locator("th", has_text="ИНН")).to_have_attribute("aria-sort", "ascending")
    dialog(operator, "[data-dialog=viewsHref]")
    operator.page.locator("dialog").get_by_label("Изменить: Гимназии").click()
    operator.go_by(operator.page.get_by_role("button", name="Удалить представление").click)
    operator.open(ORGANISATIONS)
    assert operator.page.locator(".view").count() == 0
    assert operator.value("q") == ""


def test_a_view_shared_with_clerks_is_opened_by_a_clerk(
    operator: Person, someone: Callable[[str], Person]
) -> None:
    operator.open(f"{ORGANISATIONS}?where=all(email:empty:1)&cols=inn,email")
    dialog(operator, "[data-dialog=viewsHref]")
    operator.page.fill("#view-name", "Без почты")
    whom = operator.page.locator("dialog .keep [name=shared]")
    whom.select_option("role:clerk")
    operator.go_by(operator.page.locator("dialog").get_by_role("button", name="Сохранить").click)
    clerk = someone("clerk")
    clerk.open(ORGANISATIONS)
    clerk.go_by(clerk.page.get_by_role("link", name="Без почты").click)
    assert heads(clerk) == ["Наименование", "ИНН", "Электронная почта", "Действия"]
    assert names(clerk)
    assert set(clerk.page.locator("td[data-label='Электронная почта']").all_inner_texts()) == {"—"}
    dialog(clerk, "[data-dialog=viewsHref]")
    shown = clerk.page.locator("dialog .kept li")
    assert "Без почты" in shown.inner_text()
    assert shown.get_by_label("Изменить").count() == 0, "it is the operator's"
    assert clerk.page.locator("dialog [name=shared]").count() == 0, "a clerk shares nothing"
    head = someone("head")
    head.open(ORGANISATIONS)
    assert head.page.get_by_role("link", name="Без почты").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialogs_have_no_serious_fault_of_accessibility(operator: Person, theme: str) -> None:
    where = "where=all(inn:starts:67,any(email:empty:1,settlement_kind:in:1|2))"
    operator.open(f"{ORGANISATIONS}?{where}")
    dialog(operator, "[data-dialog=viewsHref]")
    operator.page.fill("#view-name", f"Свои {theme}")
    operator.go_by(operator.page.locator("dialog").get_by_role("button", name="Сохранить").click)
    for link in ("filterHref", "columnsHref", "viewsHref", "exportHref"):
        operator.open(f"{ORGANISATIONS}?{where}")
        operator.page.evaluate("it => document.documentElement.dataset.bsTheme = it", theme)
        operator.page.locator("[data-pick]").first.check()
        operator.page.evaluate("it => document.querySelector(`a[data-dialog=${it}]`).click()", link)
        operator.page.locator("dialog.tool-box").wait_for()
        assert violations(operator.page) == [], link
