"""Imports, jobs, batches, bulk edits and trash, in each of their states: readable by everybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS, Person
from tests.browser.test_pages import violations_in_both_themes
from tests.imports.register_file import sample
from tests.working import do_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.conftest import Portal

pytestmark = pytest.mark.browser
HOME = "/registry/import/"
IMPORT = re.compile(r"/registry/import/\d+$")
WORK = re.compile(r"/(jobs|batches)/\d+$")
SIZES = {"school screen": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def hold(route: Route) -> None:
    """Keep a living page from renewing itself while it is looked at."""
    if "hx-request" not in route.request.headers:
        route.continue_()


def look(person: Person, state: str) -> None:
    """The page as it stands, on both screens and in both themes."""
    assert violations_in_both_themes(person.page) == [], state
    for name, (width, height) in SIZES.items():
        person.page.set_viewport_size({"width": width, "height": height})
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{state}: hangs out to the right on a {name}"
    person.page.set_viewport_size({"width": 1366, "height": 768})


def look_while_living(person: Person, state: str) -> None:
    person.page.route("**/*", hold)
    person.page.reload()
    assert person.page.locator("progress").is_visible(), state
    look(person, state)
    person.page.unroute("**/*", hold)
    person.page.reload()


def look_at_parts(person: Person, state: str, parts: set[str]) -> None:
    """Every part of a report that is not empty; these must be among them."""
    tabs = person.page.locator("#part a").filter(has=person.page.locator(".figure"))
    links = [(tab.inner_text(), tab.get_attribute("href") or "") for tab in tabs.all()]
    seen = {re.sub(r"[\s\d]+$", "", words) for words, _href in links}
    assert parts <= seen, seen
    for words, href in links:
        person.open(href)
        look(person, f"{state}: {words}")


def send(person: Person, file: Path) -> None:
    person.open(HOME)
    person.page.set_input_files("#file", file)
    person.page.get_by_role("button", name="Отправить и проверить").click()
    person.page.wait_for_url(IMPORT)


def press(person: Person, name: str) -> None:
    person.page.locator("#import .head").get_by_role("button", name=name).click()
    person.page.wait_for_selector("[data-living]")


def worked(person: Person, portal: Portal) -> None:
    do_jobs(portal)
    person.page.wait_for_selector("#import:not([data-living])")
    person.page.wait_for_load_state()


def test_an_import_in_all_its_states(operator: Person, portal: Portal) -> None:
    page = operator.page
    operator.open(HOME)
    look(operator, "nothing imported yet")
    send(operator, sample())
    where = operator.path
    look_while_living(operator, "being checked")
    worked(operator, portal)
    look(operator, "checked")
    look_at_parts(operator, "checked", {"Вопросы", "Новые строки"})
    operator.open(where)
    press(operator, "Загрузить")
    worked(operator, portal)
    look(operator, "written")
    page.locator("#import .head").get_by_role("button", name="Отменить загрузку").click()
    look(operator, "asked before it is undone")
    page.locator("dialog[open]").get_by_role("button", name="Отменить загрузку").click()
    page.wait_for_selector("[data-living]")
    worked(operator, portal)
    look(operator, "undone")
    operator.open("/batches/")
    look(operator, "batches")
    operator.go_by(page.locator("tbody th a").last.click)
    look(operator, "a batch that was undone")


def test_an_import_that_failed_and_the_lists_that_say_so(
    operator: Person, portal: Portal, tmp_path: Path
) -> None:
    page = operator.page
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b"<?xml version='1.0'?><OpenData><Certificates><Certificate>")
    send(operator, broken)
    worked(operator, portal)
    assert page.locator("#import .note.bad").is_visible()
    look(operator, "failed")
    operator.open(HOME)
    look(operator, "history of imports")
    operator.open("/jobs/")
    look(operator, "jobs")


def test_many_rows_in_all_their_states(operator: Person) -> None:
    page = operator.page
    operator.open("/registry/organisation-bank-account/")
    page.get_by_label("Выбрать страницу").check()
    bar = page.locator("#selection")
    look(operator, "rows are chosen")
    operator.go_by(bar.get_by_role("button", name="Изменить").click)
    look(operator, "the form for many rows")
    page.get_by_label("изменить: БИК").check()
    operator.write("to-bik", "1")
    operator.save()
    assert page.locator(".summary").is_visible()
    look(operator, "with an error")
    operator.write("to-bik", "046614000")
    operator.save()
    look(operator, "what would change")


def test_the_trash_in_all_its_states(operator: Person) -> None:
    page = operator.page
    bar = page.locator("#selection")
    operator.open(f"{ORGANISATIONS}trash")
    look(operator, "an empty trash")
    operator.open("/registry/organisation-licence/")
    page.get_by_label("Выбрать страницу").check()
    operator.go_by(bar.get_by_role("button", name="В корзину").click)
    look(operator, "what stays out of the trash")
    operator.open("/registry/organisation-bank-account/")
    page.locator("[data-pick]").first.check()
    page.locator("[data-pick]").nth(1).check()
    operator.go_by(bar.get_by_role("button", name="В корзину").click)
    look(operator, "what goes into the trash")
    page.locator(".confirm [value=apply]").click()
    page.wait_for_url(WORK)
    look(operator, "a batch that stands")
    operator.open("/registry/organisation-bank-account/trash")
    look(operator, "a trash with rows")
    page.get_by_label("Выбрать страницу").check()
    expect(bar).to_be_visible()
    look(operator, "rows of the trash are chosen")
