"""A clerk without a mouse: finds the own school, mends its contacts, takes the list along."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
PHONE = "+7 4812 38-45-67"
EMAIL = "kanc@school1.example.com"


def test_clerk_finds_the_own_school_by_two_parts_of_its_name(person: Person) -> None:
    person.open("/")
    person.await_focus("#username")  # one may type at once
    person.sign_in("clerk")
    person.press("Control+K")
    person.page.keyboard.type("смол сред 1")
    person.go("Enter")  # sooner than the answer: it is waited for
    assert person.heading == "Средняя школа № 1, г. Смоленск"
    person.tab_to("a[href$='/edit']")
    person.go("Enter")
    assert person.path.endswith("/edit")


def test_wrong_phone_and_email_are_explained_and_all_that_was_typed_stays(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    open_own_form(person, schools)
    person.tab_to("#display_name")
    person.retype("Первая школа")
    person.press("Control+ArrowDown")
    person.await_focus("#phone")  # Ctrl+↓ goes to the next section
    person.retype("20-00")
    person.press("Enter")
    assert person.page.locator(".summary").count() == 0, "Enter sends nothing"
    person.tab_to("#email")
    person.retype("школа at mail.ru")
    assert person.save().status == 422
    person.await_focus(".summary")
    summary = person.page.locator(".summary").inner_text()
    assert "исправьте 2 поля" in summary
    assert person.page.locator(".index .wrong").inner_text().startswith("2")
    assert "Введите код и номер, всего 10 цифр" in summary
    assert "не бывает пробелов" in person.error_of("email")
    assert person.value("display_name") == "Первая школа"
    assert person.value("phone") == "20-00"
    assert person.value("email") == "школа at mail.ru"
    kept = database.execute(
        "select display_name from organisation where id = %s", [schools["school-1"]]
    ).fetchone()
    assert kept == ("Средняя школа № 1, г. Смоленск",), "nothing of it was saved"


def test_clerk_mends_what_was_wrong_and_saves(person: Person, schools: dict[str, int]) -> None:
    open_own_form(person, schools)
    person.tab_to("#phone")
    person.retype("123")
    person.tab_to("#email")
    person.retype("kanc@")
    person.save()
    person.tab_to(".summary a")
    person.press("Enter")
    person.await_focus("#phone")  # a link of the summary leads to the input
    person.retype("8 4812 38 45 67")
    person.tab_to("#email")
    assert person.page.get_attribute("#email", "aria-invalid") == "true"
    person.retype(EMAIL)
    assert person.save().status == 200
    assert person.path == f"{ORGANISATIONS}{schools['school-1']}"
    assert person.fact("Телефон") == PHONE
    assert person.fact("Электронная почта") == EMAIL
    assert "Сохранено" in person.page.get_by_role("status").inner_text()


def test_sections_that_are_closed_to_the_clerk_can_be_reached_by_keys_too(
    person: Person, schools: dict[str, int]
) -> None:
    open_own_form(person, schools)
    for _ in range(5):
        person.press("Control+ArrowDown")
    person.await_focus("#section-state *")
    person.press("Control+ArrowUp")
    person.await_focus("#section-requisites *")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_clerk_takes_the_list_along(
    person: Person,
    form: str,
    tmp_path: Path,
    schools: dict[str, int],
    database: psycopg.Connection,
) -> None:
    database.execute(
        "update organisation set email = %s where id = %s", [EMAIL, schools["school-1"]]
    )
    person.sign_in("clerk")
    person.open(f"{ORGANISATIONS}?q=школа")
    person.tab_to("#tools summary")
    person.press("Enter")
    with person.page.expect_download() as begun:
        person.tab_to(f"#tools a[href*='{form}']")
        person.press("Enter")
    file = tmp_path / begun.value.suggested_filename
    begun.value.save_as(file)
    rows = read(file)
    assert EMAIL in [row["Электронная почта"] for row in rows]
    assert all("школа" in row["Полное наименование (по уставу)"].lower() for row in rows)
    assert {row["Тип организации"] for row in rows} == {"общеобразовательная организация"}


def test_other_schools_can_only_be_read(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("clerk")
    person.open(f"{ORGANISATIONS}?q=гимназия смоленск")
    assert person.page.locator("tbody tr").count() > 0
    assert person.page.locator("tbody td.act a").count() == 0, "no pencil"
    card = f"{ORGANISATIONS}{schools['school-2']}"
    person.open(card)
    assert person.page.get_by_role("link", name="Изменить").count() == 0
    assert "Только просмотр" in person.page.locator(".note").inner_text()
    answer = person.open(f"{card}/edit")
    assert answer.status == 403
    assert "другая организация" in person.page.locator("main").inner_text()
    assert person.page.locator(".sidebar").count() == 1, "the refusal stands in the frame"
    person.go_by(person.page.get_by_role("link", name="К записи").click)
    assert person.path == card


def test_a_forged_form_for_another_school_changes_nothing(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    query = "select phone, version, display_name from organisation where id = %s"
    before = database.execute(query, [schools["school-2"]]).fetchone()
    open_own_form(person, schools)
    address = f"{ORGANISATIONS}{schools['school-2']}/edit"
    form = {"csrf_token": person.token(), "version": "1", "phone": PHONE, "display_name": "Моя"}
    status = person.page.evaluate(
        """async ([address, form]) =>
            (await fetch(address, {method: "POST", body: new URLSearchParams(form)})).status""",
        [address, form],
    )
    assert status == 403
    assert database.execute(query, [schools["school-2"]]).fetchone() == before


def open_own_form(person: Person, schools: dict[str, int]) -> None:
    person.sign_in("clerk")
    person.open(f"{ORGANISATIONS}{schools['school-1']}/edit")


def read(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as text:
            return list(csv.DictReader(text, delimiter=";"))
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    heads = [str(cell) for cell in sheet[0]]
    return [dict(zip(heads, map(str, row), strict=True)) for row in sheet[1:]]
