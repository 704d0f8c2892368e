"""Coming in and going out: wrong passwords, languages, capacities, nothing left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser


def try_password(person: Person, login: str, password: str) -> int:
    person.page.fill("#username", login)
    person.page.fill("#password", password)
    return person.go("Enter").status


def menu(person: Person) -> None:
    person.page.locator("details.who > summary").click()


def test_wrong_password_is_told_without_saying_what_was_wrong(person: Person) -> None:
    person.open("/login/")
    said = set()
    for login in ("department", "nobody-of-this-name"):
        assert try_password(person, login, "wrong") == 401
        said.add(person.page.get_by_role("alert").inner_text())
        assert person.value("username") == login
        assert person.value("password") == ""
        person.await_focus("#password")  # one may type again at once
    assert len(said) == 1
    assert "Неверное имя пользователя или пароль" in said.pop()


def test_the_password_can_be_looked_at(person: Person) -> None:
    person.open("/login/")
    person.page.fill("#password", "тайна")
    person.page.get_by_role("button", name="Показать").click()
    assert person.page.get_attribute("#password", "type") == "text"
    person.page.get_by_role("button", name="Скрыть").click()
    assert person.page.get_attribute("#password", "type") == "password"


def test_after_many_tries_even_the_right_password_waits(
    person: Person, database: psycopg.Connection
) -> None:
    person.open("/login/")
    for _ in range(5):
        try_password(person, "commission", "wrong")
    person.sign_in("commission")
    assert "вход ненадолго закрывается" in person.page.get_by_role("alert").inner_text()
    assert person.page.locator(".sidebar").count() == 0
    database.execute("update login_throttle set locked_until = now() - interval '1 second'")
    person.sign_in("commission")
    assert person.heading == "Здравствуйте, Комарова Дарья Ильинична!"


def test_sign_in_leads_to_the_page_that_was_asked_for_and_never_outside(person: Person) -> None:
    person.open(f"{ORGANISATIONS}?q=лицей")
    assert person.path == "/login/"
    person.sign_in("clerk")
    assert person.path == ORGANISATIONS
    assert person.value("q") == "лицей"
    person.page.context.clear_cookies()
    person.open("/login/?next=https%3A%2F%2Fexample.com%2F")
    person.sign_in("clerk")
    assert person.path == "/"


def test_the_whole_interface_turns_english_and_back(person: Person) -> None:
    person.open("/login/")
    person.go_by(person.page.get_by_role("button", name="English").click)
    assert person.page.locator("html").get_attribute("lang") == "en"
    assert person.page.get_by_label("Password", exact=True).count() == 1
    person.sign_in("clerk")
    person.open(f"{ORGANISATIONS}?org_kind__in=GYM")
    assert person.heading == "Organisations"
    heads = person.page.locator("thead th").all_inner_texts()
    assert "Municipality" in [head.strip() for head in heads]
    menu(person)
    person.go_by(person.page.get_by_role("button", name="Русский").click)
    assert person.heading == "Организации"
    assert "org_kind__in=GYM" in person.page.url, "the page stays the same one"


def test_one_person_with_two_capacities_acts_in_one_at_a_time(
    person: Person, database: psycopg.Connection, schools: dict[str, int]
) -> None:
    database.execute(
        "insert into role_assignment (user_id, role, organisation_id)"
        " select id, 'clerk', %s from ab_user where username = 'head'",
        [schools["school-8"]],
    )
    person.sign_in("head")
    forms = {name: f"{ORGANISATIONS}{schools[name]}/edit" for name in ("school-1", "school-8")}
    assert person.open(forms["school-1"]).status == 200
    assert person.open(forms["school-8"]).status == 403
    person.open("/")
    menu(person)
    sheet = person.page.locator("details.who .sheet")
    assert "Руководитель ОО" in sheet.locator("[aria-current]").first.inner_text()
    person.go_by(sheet.get_by_role("button", name="Основная школа № 8").click)
    assert "Основная школа № 8" in person.page.locator(".who > summary").inner_text()
    assert "Основная школа № 8" in person.page.locator(".tile.own").inner_text()
    assert person.open(forms["school-8"]).status == 200
    assert person.open(forms["school-1"]).status == 403


def test_after_signing_out_no_page_comes_back(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("clerk")
    person.open(f"{ORGANISATIONS}{schools['school-1']}")
    cookies = person.page.context.cookies()
    menu(person)
    person.go_by(person.page.get_by_role("button", name="Выйти").click)
    assert person.path == "/login/"
    person.page.go_back()
    expect(person.page.locator("#username")).to_be_visible()
    assert person.page.locator("dl.facts").count() == 0
    person.page.context.clear_cookies()
    person.page.context.add_cookies(cookies)
    person.open(f"{ORGANISATIONS}{schools['school-1']}")
    assert person.path == "/login/", "a copy of the cookie is worth nothing"


def test_signing_out_needs_a_button_not_an_address(person: Person) -> None:
    person.sign_in("clerk")
    assert person.open("/logout").status == 405
    person.open("/")
    assert person.page.locator(".sidebar").count() == 1


def test_before_the_session_ends_a_banner_offers_to_go_on(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    person = someone("clerk")
    person.page.clock.install()
    person.open(f"{ORGANISATIONS}{schools['school-1']}/edit")
    person.write("phone_ext", "4")
    with person.page.expect_response("**/drafts/keep*") as kept:  # which counts as activity
        person.page.clock.fast_forward("00:06")
    assert kept.value.status == 200
    expect(person.page.locator("[data-said]")).to_contain_text("Черновик сохранён")
    person.page.clock.fast_forward("28:30")
    banner = person.page.locator("[data-idle]")
    expect(banner).to_be_visible()
    with person.page.expect_response("**/keepalive") as answered:
        banner.get_by_role("button").click()
    assert answered.value.status == 200
    expect(banner).to_be_hidden()
    assert person.value("phone_ext") == "4"
