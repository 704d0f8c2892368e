"""Nothing typed is ever lost: two windows, an ended session, a closed tab, a second click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg
    from playwright.sync_api import Dialog

    from tests.browser.person import Person

pytestmark = pytest.mark.browser


def form_of(schools: dict[str, int], school: str = "school-1") -> str:
    return f"{ORGANISATIONS}{schools[school]}/edit"


def test_the_same_field_saved_by_two_people_shows_both_values_and_who(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    clerk, head = someone("clerk"), someone("head")
    for each in (clerk, head):
        each.open(form_of(schools))
    head.write("email", "head@school1.example.com")
    assert head.save().status == 200
    clerk.write("email", "clerk@school1.example.com")
    clerk.write("fax", "+7 4812 38-00-11")
    assert clerk.save().status == 409
    clerk.await_focus("[role=alert]")
    said = clerk.page.locator("main").inner_text()
    assert "Громова Елена Сергеевна" in said, "who it was"
    assert clerk.value("email") == "clerk@school1.example.com"
    assert clerk.value("fax") == "+7 4812 38-00-11"
    assert "head@school1.example.com" in clerk.page.locator("#email-theirs").inner_text()
    assert clerk.page.locator(".theirs").count() == 1, "the fax was changed by nobody else"
    clerk.page.get_by_role("alert").get_by_role("link").click()
    clerk.await_focus("#email")
    clerk.page.get_by_role("button", name="Взять это значение").click()
    assert clerk.value("email") == "head@school1.example.com"
    assert clerk.save().status == 200
    assert clerk.fact("Электронная почта") == "head@school1.example.com"
    assert clerk.fact("Факс") == "+7 4812 38-00-11"


def test_after_a_conflict_the_own_value_may_win(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    clerk, operator = someone("clerk"), someone("operator")
    for each in (clerk, operator):
        each.open(form_of(schools))
    operator.write("phone_ext", "11")
    operator.save()
    clerk.write("phone_ext", "22")
    assert clerk.save().status == 409
    assert clerk.save().status == 200
    assert clerk.fact("Добавочный") == "22"


def test_different_fields_of_two_people_are_both_saved(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    clerk, operator = someone("clerk"), someone("operator")
    for each in (clerk, operator):
        each.open(form_of(schools))
    operator.write("okved_main", "85.14")
    operator.save()
    clerk.write("site_url", "https://school1.example.com")
    assert clerk.save().status == 200
    assert clerk.fact("Основной ОКВЭД") == "85.14"
    assert clerk.fact("Официальный сайт") == "https://school1.example.com"


def test_typed_values_survive_the_end_of_the_session(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("clerk2")
    person.open(form_of(schools, "school-2"))
    person.write("phone_extra", "+7 4812 38-22-22; +7 910 111-22-33")
    person.write("display_name", "Гимназия «№ 2» & друзья")
    database.execute("delete from user_session")
    assert person.save().status == 401
    assert "всё набранное сохранено" in person.page.get_by_role("alert").inner_text()
    person.sign_in("clerk2")
    assert "Набранное не потеряно" in person.heading
    person.await_focus("button[type=submit]")
    person.go("Enter")
    assert person.path == f"{ORGANISATIONS}{schools['school-2']}"
    assert person.heading == "Гимназия «№ 2» & друзья"
    assert person.fact("Дополнительные телефоны") == "+7 4812 38-22-22; +7 910 111-22-33"


def test_typed_values_survive_a_wrong_password_on_the_way_back(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("clerk2")
    person.open(form_of(schools, "school-2"))
    person.write("phone_ext", "77")
    database.execute("delete from user_session")
    person.save()
    person.page.fill("#username", "clerk2")
    person.page.fill("#password", "not it")
    assert person.go("Enter").status == 401
    person.sign_in("clerk2")
    person.await_focus("button[type=submit]")
    person.go("Enter")
    assert person.fact("Добавочный") == "77"


def test_leaving_a_changed_form_asks_first(person: Person, schools: dict[str, int]) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    person.sign_in("clerk")
    person.open(form_of(schools))
    person.page.once("dialog", stay)
    person.write("phone_ext", "5")
    with person.page.expect_event("dialog"):
        person.page.locator(".sidebar nav a").first.click()
    assert asked == ["beforeunload"]
    assert person.path == form_of(schools)
    assert person.value("phone_ext") == "5"


def test_leaving_an_unchanged_form_asks_nothing(person: Person, schools: dict[str, int]) -> None:
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: asked.append(dialog.type))
    person.sign_in("clerk")
    person.open(form_of(schools))
    was = person.value("phone_ext")
    person.write("phone_ext", "9")
    person.write("phone_ext", was)
    person.page.get_by_role("link", name="Отмена").focus()
    person.go("Enter")
    assert person.path == f"{ORGANISATIONS}{schools['school-1']}"
    assert asked == []


def test_two_clicks_on_save_make_one_row(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("operator")
    person.open(f"/registry/organisation-licence/add?parent={schools['school-9']}")
    person.write("licence_number", "7788")
    person.page.get_by_role("button", name="Сохранить", exact=True).dblclick()
    person.page.get_by_role("heading", name="7788").wait_for()
    found = database.execute(
        "select count(*) from organisation_licence where licence_number = '7788'"
    ).fetchone()
    assert found == (1,)


def test_back_after_saving_shows_what_was_saved_and_saves_again(
    person: Person, schools: dict[str, int]
) -> None:
    person.sign_in("clerk2")
    person.open(form_of(schools, "school-2"))
    person.write("phone_ext", "31")
    person.save()
    person.page.go_back()
    assert person.path == form_of(schools, "school-2")
    assert person.value("phone_ext") == "31"
    person.write("phone_ext", "32")
    assert person.save().status == 200
    assert person.fact("Добавочный") == "32"


def test_two_people_at_one_time_see_their_own_rights(
    someone: Callable[[str], Person], schools: dict[str, int]
) -> None:
    first, second = someone("clerk"), someone("clerk2")
    for each, own, other in ((first, "school-1", "school-2"), (second, "school-2", "school-1")):
        each.open(f"{ORGANISATIONS}{schools[own]}")
        edit = each.page.locator("main .head").get_by_role("link", name="Изменить", exact=True)
        assert edit.count() == 1
        each.open(f"{ORGANISATIONS}{schools[other]}")
        assert each.page.get_by_role("link", name="Изменить").count() == 0
