"""Drafts in a real browser: a closed tab, a lost network or cookie, two windows, two clicks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser

KEPT = re.compile(r"Черновик сохранён в \d\d:\d\d")


@pytest.fixture(autouse=True)
def _without_drafts(database: psycopg.Connection) -> None:
    database.execute("delete from form_draft")


def form_of(schools: dict[str, int], school: str = "school-1") -> str:
    return f"{ORGANISATIONS}{schools[school]}/edit"


def await_draft(person: Person) -> None:
    expect(person.page.locator("[data-said]")).to_have_text(KEPT)


def test_a_closed_tab_loses_nothing(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("clerk")
    person.open(form_of(schools))
    person.write("phone_ext", "3131")
    await_draft(person)
    tab = person.page.context.new_page()
    person.page.close()
    again = type(person)(tab)
    again.open(form_of(schools))
    notice = tab.locator(".note.offer")
    expect(notice).to_contain_text("Есть черновик этой формы")
    assert again.value("phone_ext") != "3131", "nothing is put in without being asked for"
    with tab.expect_navigation():
        notice.get_by_role("link", name="Продолжить").click()
    assert again.value("phone_ext") == "3131"
    assert again.save().status == 200
    assert again.fact("Добавочный") == "3131"
    again.open(form_of(schools))
    assert tab.locator(".note.offer").count() == 0


def test_whoever_walks_away_at_once_finds_the_draft_in_the_list(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("clerk")
    person.open(form_of(schools))
    person.write("phone_ext", "4141")
    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.goto("/")
    for _ in range(200):  # it is sent while the page goes away
        if database.execute("select from form_draft").fetchone():
            break
        person.page.wait_for_timeout(50)
    person.page.locator(".menu.who summary").click()
    person.page.get_by_role("link", name="Мои черновики").click()
    person.page.get_by_role("heading", name="Мои черновики").wait_for()
    person.page.get_by_role("link", name="Организация").last.click()
    person.page.locator("#phone_ext").wait_for()
    assert person.value("phone_ext") == "4141"
    person.page.get_by_role("button", name="Отменить и удалить черновик").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Удалить").click()
    person.page.wait_for_url(re.compile(rf"{ORGANISATIONS}\d+$"))
    person.open("/drafts/")
    expect(person.page.get_by_role("heading", name="Черновиков нет")).to_be_visible()


def test_a_save_without_network_waits_for_it(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("clerk")
    person.open(form_of(schools))
    context = person.page.context
    person.page.wait_for_load_state("networkidle")
    context.set_offline(True)
    person.write("phone_ext", "5151")
    person.press("Control+S")
    said = person.page.locator("[data-said]")
    expect(said).to_contain_text("Нет связи с порталом")
    assert person.path == form_of(schools)
    assert person.value("phone_ext") == "5151"
    with person.page.expect_navigation():
        context.set_offline(False)
    assert person.fact("Добавочный") == "5151"


def test_a_draft_without_network_says_so_and_tries_again(
    person: Person, schools: dict[str, int]
) -> None:
    person.sign_in("clerk")
    person.open(form_of(schools))
    person.page.wait_for_load_state("networkidle")
    person.page.context.set_offline(True)
    person.write("phone_ext", "6161")
    said = person.page.locator("[data-said]")
    expect(said).to_have_text("Черновик не сохранён: нет связи")
    person.page.context.set_offline(False)
    await_draft(person)


def test_a_form_whose_cookie_was_lost_comes_back_after_signing_in(
    person: Person, schools: dict[str, int]
) -> None:
    person.sign_in("clerk2")
    person.open(form_of(schools, "school-2"))
    person.write("phone_ext", "7171")
    person.page.context.clear_cookies()
    assert person.save().status == 401
    assert "всё набранное сохранено" in person.page.get_by_role("alert").inner_text()
    person.sign_in("clerk2")
    assert "Набранное не потеряно" in person.heading
    person.await_focus("button[type=submit]")
    person.go("Enter")
    assert person.fact("Добавочный") == "7171"


def test_two_windows_keep_a_draft_each(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("operator")
    path = f"/registry/organisation-licence/add?parent={schools['school-9']}"
    second = type(person)(person.page.context.new_page())
    for window, number in ((person, "111"), (second, "222")):
        window.open(path)
        window.write("licence_number", number)
    for window in (person, second):
        window.page.bring_to_front()
        await_draft(window)
    third = type(person)(person.page.context.new_page())
    third.open(path)
    found = set()
    for place in range(2):
        third.open(path)
        third.page.get_by_role("link", name="Продолжить").nth(place).click()
        third.page.locator("[data-forget]:not([hidden])").wait_for()
        found.add(third.value("licence_number"))
    assert found == {"111", "222"}
    for window, number in ((person, "111"), (second, "222")):
        assert window.save().status == 200
        assert window.heading == number


def test_an_answer_that_was_lost_is_asked_for_again_and_saves_once(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("operator")
    path = f"/registry/organisation-licence/add?parent={schools['school-8']}"
    person.open(path)
    person.write("licence_number", "8181")
    form = person.page.evaluate(
        "() => Object.fromEntries([...new FormData(document.querySelector('form[data-form]'))]"
        ".filter(([, value]) => typeof value === 'string'))"
    )
    # The first sending reaches the portal, its answer does not reach the form.
    first = person.page.context.request.post(path, form=form, max_redirects=0)
    assert first.status == 303
    assert person.save().status == 200
    assert person.heading == "8181"
    found = database.execute(
        "select count(*) from organisation_licence where licence_number = '8181'"
    ).fetchone()
    assert found == (1,)


def test_an_old_draft_offers_both_values(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    clerk, head = someone("clerk"), someone("head")
    clerk.open(form_of(schools))
    clerk.write("fax", "+7 4812 38-00-91")
    await_draft(clerk)
    head.open(form_of(schools))
    head.write("fax", "+7 4812 38-00-92")
    assert head.save().status == 200
    clerk.page.close(run_before_unload=False)
    again = type(clerk)(clerk.page.context.new_page())
    again.open(form_of(schools))
    again.page.get_by_role("link", name="Продолжить").click()
    again.await_focus("[role=alert]")
    assert "Громова Елена Сергеевна" in again.page.locator("main").inner_text()
    assert again.page.locator("#fax-theirs").count() == 1
    assert again.save().status == 200
    assert "38-00-91" in again.fact("Факс")
