"""A document's scan is attached, seen, downloaded, replaced and removed at a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import documents as docs
from tests.browser.test_pages import violations_in_both_themes

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
LICENCES = "/registry/organisation-licence/"
SCAN = "Выписка из реестра"
REMOVE = "[name='file_id.remove']"


def licence(database: psycopg.Connection, school: int) -> str:
    found = database.execute(
        "select min(id) from organisation_licence where organisation_id = %s", (school,)
    ).fetchone()
    assert found
    return f"{LICENCES}{found[0]}"


def written(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def downloaded(person: Person, name: str) -> bytes:
    """The content of the file that a click on its name on the card brings."""
    with person.page.expect_download() as started:
        person.page.locator("dl.facts").get_by_role("link", name=name).click()
    assert started.value.suggested_filename == name
    return started.value.path().read_bytes()


def test_a_scan_is_attached_downloaded_replaced_and_removed(
    person: Person, database: psycopg.Connection, schools: dict[str, int], tmp_path: Path
) -> None:
    person.sign_in("operator")
    card = licence(database, schools["school-1"])
    person.open(f"{card}/edit")
    person.page.set_input_files("#file_id", written(tmp_path, "Выписка.pdf", docs.PDF))
    assert person.save().status == 200
    assert person.path == card
    assert person.fact(SCAN) == "Выписка.pdf (PDF, 1 КБ)"
    assert downloaded(person, "Выписка.pdf") == docs.PDF
    person.open(f"{card}/edit")
    assert "Выписка.pdf" in person.page.locator("[data-present]").inner_text()
    assert violations_in_both_themes(person.page) == []
    picture = docs.picture()
    person.page.set_input_files("#file_id", written(tmp_path, "Новая.png", picture))
    expect(person.page.locator("[data-present]")).to_have_class("present gone")
    assert violations_in_both_themes(person.page) == []
    assert person.save().status == 200
    assert person.fact(SCAN).startswith("Новая.png")
    assert downloaded(person, "Новая.png") == picture
    person.open(f"{card}/edit")
    person.page.focus("#status_code")
    person.tab_to(REMOVE)
    person.press("Space")
    assert person.save().status == 200
    assert person.fact(SCAN) == "не заполнено"


def test_a_chosen_scan_stays_when_another_field_is_wrong_and_the_session_ends(
    person: Person, database: psycopg.Connection, schools: dict[str, int], tmp_path: Path
) -> None:
    person.sign_in("operator")
    person.open(f"{licence(database, schools['school-2'])}/edit")
    person.page.set_input_files("#file_id", written(tmp_path, "Стойкая.pdf", docs.PDF))
    person.write("granted_on", "99.99.9999")
    assert person.save().status == 422
    assert "Стойкая.pdf" in person.page.locator("[data-present]").inner_text()
    assert "Файл загружен" in person.page.locator("[data-filed]").inner_text()
    person.write("granted_on", "01.02.2020")
    database.execute("delete from user_session")
    assert person.save().status == 401
    person.sign_in("operator")
    person.await_focus("button[type=submit]")
    person.go("Enter")
    assert person.fact(SCAN).startswith("Стойкая.pdf")
    assert person.fact("Дата предоставления") == "01.02.2020"


def test_a_scan_that_is_too_large_is_refused_before_it_is_sent(
    person: Person, database: psycopg.Connection, schools: dict[str, int], tmp_path: Path
) -> None:
    person.sign_in("operator")
    person.open(f"{licence(database, schools['school-3'])}/edit")
    huge = written(tmp_path, "Скан.pdf", b"%PDF-" + bytes(20 * 1024 * 1024))
    person.page.set_input_files("#file_id", huge)
    expect(person.page.locator("[data-refused]")).to_contain_text("больше 20 МБ")
    assert person.value("file_id") == ""
    assert violations_in_both_themes(person.page) == []
    person.page.set_input_files("#file_id", written(tmp_path, "Мало.pdf", docs.PDF))
    expect(person.page.locator("[data-refused]")).to_be_hidden()
