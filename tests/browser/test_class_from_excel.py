"""A class of thirty out of a workbook: seven planted errors told, mended, loaded, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.classes import MANY, class_of, counted
from tests.browser.test_pages import violations_in_both_themes
from tests.browser.test_tables import LIST, send, undo, worked
from tests.imports.sheets import workbook
from tests.imports.tabling import sheet

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser
HEAD = ["Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "СНИЛС", "Телефон"]
# Row of the sheet, column, what is planted there, what is said at that cell.
PLANTED = (
    (2, "СНИЛС", "112-233-445 96", "не сходится с контрольным числом"),
    (6, "Дата рождения", "31.02.2015", "Такой даты нет"),
    (9, "Пол", "неизвестно", "Такого значения в списке нет"),
    (13, "Фамилия", "", "Заполните это поле"),
    (17, "Имя", "П3тр", "не бывает цифр"),
    (21, "Телефон", "двадцать", "есть буквы"),
)
TWICE = 25  # this row repeats the one before


def table() -> list[list[str]]:
    """The class as a clerk has it, without errors."""
    return [
        HEAD,
        *([one.last, one.first, one.middle, one.born, one.sex, "", ""] for one in class_of(MANY)),
    ]


def planted() -> list[list[str]]:
    """The same with seven errors."""
    rows = table()
    for at, column, text, _said in PLANTED:
        rows[at][HEAD.index(column)] = text
    rows[TWICE] = list(rows[TWICE - 1])
    return rows


def check(clerk: Person, portal: Portal, file: Path, rows: list[list[object]]) -> None:
    """Send the rows as a workbook and let the portal check them."""
    file.write_bytes(workbook(*rows))
    clerk.open(f"{LIST}import")
    send(clerk, file)
    expect(clerk.page.get_by_label("Что заполняет столбец Фамилия")).to_have_value("last_name")
    clerk.page.get_by_role("button", name="Проверить").click()
    clerk.page.wait_for_selector("[data-living]")
    worked(clerk, portal)


def mended(page: Page) -> list[list[object]]:
    """The good rows as they were, and the wrong ones as the portal gave them back, mended."""
    with page.expect_download() as errors:
        page.get_by_role("link", name="Файл с ошибками").click()
    head, *bad = sheet(errors.value.path().read_bytes())
    assert head == [*HEAD, "Ошибка"]
    right, places = table(), [*(at for at, *_ in PLANTED), TWICE]
    assert len(bad) == len(places)
    for at, row in zip(places, bad, strict=True):
        assert row[-1], "each says what is wrong with it"
        assert row[: len(HEAD)] == planted()[at]
        row[: len(HEAD)] = right[at]
    good = [row for at, row in enumerate(right) if at and at not in places]
    return [head, *([*row, ""] for row in good), *bad]


def listed(clerk: Person) -> str:
    """The list of learners as it counts itself."""
    clerk.open(LIST)
    return clerk.page.locator("#count").inner_text()


def test_thirty_rows_with_seven_errors_are_told_mended_loaded_and_taken_back(
    person: Person, portal: Portal, tmp_path: Path
) -> None:
    page, file = person.page, tmp_path / "5В.xlsx"
    person.sign_in("clerk")
    before = listed(person)
    check(person, portal, file, planted())
    page.get_by_role("link", name="Ошибки").click()
    told = page.locator("table.told tbody tr").all_inner_texts()
    assert len(told) == len(PLANTED) + 1
    assert violations_in_both_themes(page) == []
    for line, (at, *words) in zip(told, PLANTED, strict=False):
        assert line.startswith(f"{at + 1}\t"), "the row as the sheet counts it"
        assert all(word in line for word in words)
    assert told[-1].startswith(f"{TWICE + 1}\t")
    assert f"Это та же запись, что в строке {TWICE}" in told[-1]
    assert counted(portal) == 0, "checking writes nothing"
    check(person, portal, file, mended(page))
    assert page.locator(".parts").inner_text().split() == [
        "Итог", "Новые", "строки", str(MANY), "Столбцы",
    ]  # fmt: skip
    assert counted(portal) == 0
    page.get_by_role("button", name="Загрузить", exact=True).click()
    page.wait_for_selector("[data-living]")
    worked(person, portal)
    assert "Загружен" in page.locator("#import .work").inner_text()
    assert counted(portal) == MANY
    done = page.url
    assert listed(person) != before
    person.open(done)
    undo(person, portal)
    assert counted(portal) == 0
    assert listed(person) == before
