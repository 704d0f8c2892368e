"""A clerk loads a class in a browser: upload, columns, check, errors back, loading, undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.imports.sheets import workbook
from tests.imports.tabling import sheet
from tests.working import do_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser
LIST = "/enrolment/student/"
ROWS = (
    ["Фамилия", "Имя", "Родился", "Пол"],
    ["Таблицын", "Пётр", "01.02.2015", "мужской"],
    ["Таблицына", "Анна", "вчера", "женский"],
)
FILE = re.compile(r"/imports/\d+$")


def worked(clerk: Person, portal: Portal) -> None:
    """Let the worker do what waits, then see the page renew itself."""
    do_jobs(portal)
    clerk.page.wait_for_selector("#import:not([data-living])")
    clerk.page.wait_for_load_state()


def send(clerk: Person, file: Path) -> None:
    clerk.page.set_input_files("#file", file)
    clerk.page.get_by_role("button", name="Отправить").click()
    clerk.page.wait_for_url(FILE)


def open_loading(clerk: Person) -> None:
    """From the list to its page of loading, where the template is."""
    clerk.sign_in("clerk")
    clerk.open(LIST)
    clerk.page.get_by_role("link", name="Загрузить", exact=True).click()
    clerk.page.wait_for_url("**/enrolment/student/import")
    with clerk.page.expect_download() as template:
        clerk.page.get_by_role("link", name="Скачать шаблон").click()
    assert sheet(template.value.path().read_bytes())[0][1] == "Фамилия"


def undo(clerk: Person, portal: Portal) -> None:
    """Take the loading back, from its page."""
    page = clerk.page
    page.get_by_role("button", name="Отменить загрузку").click()
    page.locator("dialog[open]").get_by_role("button", name="Отменить загрузку").click()
    page.wait_for_selector("[data-living]")
    worked(clerk, portal)
    assert "Загрузка отменена" in page.locator("#import .work").inner_text()


def told_errors(clerk: Person) -> list[list[object]]:
    """The errors as the page tells them and the rows with them, as a file."""
    page = clerk.page
    page.get_by_role("link", name="Ошибки").click()
    told = page.locator("table.told").inner_text()
    assert "Родился" in told
    assert "вчера" in told
    with page.expect_download() as errors:
        page.get_by_role("link", name="Файл с ошибками").click()
    return sheet(errors.value.path().read_bytes())


def test_a_class_is_loaded_mended_and_undone(
    person: Person, portal: Portal, tmp_path: Path
) -> None:
    page = person.page
    open_loading(person)
    file = tmp_path / "Класс.xlsx"
    file.write_bytes(workbook(*ROWS))
    send(person, file)
    assert "Дата рождения" in page.locator(".note.warn").first.inner_text()
    page.get_by_label("Что заполняет столбец Родился").select_option("birth_date")
    page.get_by_role("button", name="Проверить").click()
    page.wait_for_selector("[data-living]")
    worked(person, portal)
    assert "Строк с ошибками: 1" in page.locator("#import .work").inner_text()
    bad = told_errors(person)
    assert [row[0] for row in bad] == ["Фамилия", "Таблицына"]
    page.get_by_role("button", name="Загрузить", exact=True).click()
    page.wait_for_selector("[data-living]")
    worked(person, portal)
    assert "Загружен" in page.locator("#import .work").inner_text()
    done = page.url
    bad[1][2] = "03.04.2015"
    file.write_bytes(workbook(*bad))
    person.open(f"{LIST}import")
    send(person, file)
    page.get_by_role("button", name="Проверить").click()
    page.wait_for_selector("[data-living]")
    worked(person, portal)
    assert "Ошибки" not in page.locator(".parts").inner_text()
    page.goto(done)
    undo(person, portal)
    person.open(f"{LIST}?q=таблицын")
    assert "Таблицын Пётр" not in page.locator("#list").inner_text()
