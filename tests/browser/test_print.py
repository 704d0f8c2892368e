"""On paper: the values, dark on white, without the tools around them, heads on every sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
A4 = {"upright": 703, "across": 1032}  # px between the margins
TOOLS = (
    ".sidebar", ".topbar", ".savebar", ".tools", ".ask-bar", ".index", ".why", ".act", ".pick",
    ".contents", ".pager a", "dialog", ".selection",
)  # fmt: skip


def print_of(person: Person, path: str, width: int) -> Page:
    """The page as the printer gets it."""
    page = person.page
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    person.open(path)
    for tool in TOOLS:
        for found in page.locator(tool).all():
            expect(found).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing is cut off"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 36, 51)"
    return page


def test_a_list_is_a_table_with_its_conditions(person: Person) -> None:
    person.sign_in("operator")
    path = f"{ORGANISATIONS}?size=100&org_kind__in=SOSH"
    page = print_of(person, path, A4["across"])
    assert page.locator("thead").evaluate("it => getComputedStyle(it).display") == (
        "table-header-group"
    )
    expect(page.locator(".chip")).to_have_text("Вид организации: средняя школа")
    assert page.locator("tbody tr").first.evaluate("it => getComputedStyle(it).display") == (
        "table-row"
    ), "no cards of a phone"
    link = page.locator("tbody th a").first
    assert link.evaluate("it => getComputedStyle(it, '::after').content") in {"none", "normal"}
    assert b"/MediaBox" in page.pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("end", ["", "/edit", "/history"])
def test_a_record_its_form_and_its_history_fit_a_sheet(
    person: Person, schools: dict[str, int], end: str
) -> None:
    person.sign_in("operator")
    page = print_of(person, f"{ORGANISATIONS}{schools['school-1']}{end}", A4["upright"])
    expect(page.locator("h1")).to_be_visible()
    if end == "/edit":
        name = page.locator("#full_name").input_value()
        assert name
        assert page.locator("#phone").evaluate("it => getComputedStyle(it).borderTopWidth") == "0px"
