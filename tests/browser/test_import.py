"""The operator loads the register in a browser: a file, its check, answers, changes, undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.person import ORGANISATIONS
from tests.imports.register_file import certificate, document, sample, school
from tests.working import do_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser
HOME = "/registry/import/"
FILE = re.compile(r"/registry/import/\d+$")
SCHOOL = "Полдневская основная школа"


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    person.open(HOME)
    return person


def worked(operator: Person, portal: Portal) -> None:
    """Let the worker do what waits, then see the page renew itself."""
    do_jobs(portal)
    operator.page.wait_for_selector("#import:not([data-living])")
    operator.page.wait_for_load_state()


def send(operator: Person, file: Path) -> None:
    operator.page.set_input_files("#file", file)
    operator.page.get_by_role("button", name="Отправить и проверить").click()
    operator.page.wait_for_url(FILE)


def press(operator: Person, name: str) -> None:
    operator.page.locator("#import .head").get_by_role("button", name=name).click()


def finds(operator: Person) -> bool:
    operator.open(f"{ORGANISATIONS}?q=полдневская основная")
    return SCHOOL in operator.page.locator("#list").inner_text()


def test_the_register_is_loaded_undone_and_loaded_again(operator: Person, portal: Portal) -> None:
    page = operator.page
    assert "Ещё ничего не загружали" in page.locator("main").inner_text()
    send(operator, sample())
    assert page.locator("progress").is_visible()
    worked(operator, portal)
    where = operator.path
    assert "Проверен, не загружен" in page.locator("#import").inner_text()
    page.get_by_role("link", name="Вопросы").click()
    first = page.locator(".asks li").first
    first.locator(".ts-control").click()
    page.keyboard.type("начальн")
    page.get_by_role("option").first.click()
    page.get_by_text("Ответов сохранено: 1").wait_for()
    press(operator, "Проверить с ответами")
    worked(operator, portal)
    page.get_by_role("link", name="Новые строки").click()
    assert SCHOOL in page.locator(".cells").inner_text()
    press(operator, "Загрузить")
    worked(operator, portal)
    assert "Загружен" in page.locator("#import .work").inner_text()
    assert finds(operator)
    operator.open(where)
    press(operator, "Отменить загрузку")
    assert "В корзину уйдёт новых строк" in page.locator("dialog[open]").inner_text()
    page.locator("dialog[open]").get_by_role("button", name="Отменить загрузку").click()
    page.wait_for_selector("[data-living]")
    worked(operator, portal)
    assert "Загрузка отменена" in page.locator("#import").inner_text()
    assert not finds(operator)
    operator.open(where)
    press(operator, "Проверить заново")
    page.wait_for_selector("[data-living]")
    worked(operator, portal)
    press(operator, "Загрузить")
    worked(operator, portal)
    assert finds(operator)


def test_a_session_that_has_ended_keeps_the_file_chosen(
    operator: Person, portal: Portal, tmp_path: Path
) -> None:
    page = operator.page
    file = tmp_path / "one.xml"
    file.write_bytes(document(certificate(school(FullName="Школа у моста"))).getvalue())
    page.set_input_files("#file", file)
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("delete from user_session")
    page.get_by_role("button", name="Отправить и проверить").click()
    page.get_by_text("Сеанс закончился. Войдите снова в соседней вкладке").wait_for()
    tab = type(operator)(page.context.new_page())
    tab.sign_in("operator")
    page.get_by_role("button", name="Отправить и проверить").click()
    page.wait_for_url(FILE)
    worked(operator, portal)
    assert "one.xml" in operator.heading


def test_a_wrong_file_is_told_before_it_is_sent(operator: Person, tmp_path: Path) -> None:
    file = tmp_path / "list.docx"
    file.write_bytes(b"x")
    operator.page.set_input_files("#file", file)
    operator.page.get_by_role("button", name="Отправить и проверить").click()
    operator.page.get_by_text("Это другой файл. Здесь загружают").wait_for()
    assert operator.path == HOME
