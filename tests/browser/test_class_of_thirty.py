"""A class of thirty by keyboard in the form, and pasted from a sheet with its errors mended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.classes import (
    MANY,
    ORDER,
    Pupil,
    class_of,
    counted,
    new_room,
    seats,
    write_common,
    write_pupil,
)
from tests.browser.test_pages import violations_in_both_themes
from tests.working import do_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser
BATCH = re.compile(r"/batches/\d+$")
WRONG_DAY = 11  # this one is first typed with a day that does not exist


@pytest.fixture
def room(portal: Portal) -> Iterator[int]:
    """A new class without learners."""
    with new_room(portal) as ident:
        yield ident


def open_filling(person: Person, room: int, words: str = "") -> None:
    """From the card of the class, by its link."""
    person.sign_in("clerk")
    person.open(f"/enrolment/school-class/{room}")
    person.page.get_by_role("link", name="Добавить учеников").focus()
    person.go("Enter")
    if words:
        person.page.get_by_role("link", name=words).focus()
        person.go("Enter")


def mend_the_day(person: Person, pupil: Pupil) -> None:
    """Save a day that does not exist, read what is said, type it again."""
    write_pupil(person, pupil._replace(born="31.02.2015"))
    assert person.save().status == 422
    person.await_focus(".summary")
    assert "Такой даты нет: 31.02.2015" in person.error_of("birth_date")
    assert violations_in_both_themes(person.page) == []
    for name, text in {**ORDER, **pupil.typed, "birth_date": "31.02.2015"}.items():
        assert person.value(name) == text, name
    person.press("Tab")  # the link of the summary
    person.press("Enter")
    person.await_focus("#birth_date")
    person.retype(pupil.born)


def test_thirty_learners_are_entered_by_keyboard_alone(
    person: Person, portal: Portal, room: int
) -> None:
    open_filling(person, room)
    write_common(person)
    for at, pupil in enumerate(class_of(MANY)):
        person.await_focus("#last_name")  # the cursor of the next learner is there already
        if at == WRONG_DAY:
            mend_the_day(person, pupil)
        else:
            write_pupil(person, pupil)
        answer = person.save()
        assert answer.status == 200, person.page.locator("main").inner_text()
        assert f"Добавлено: {pupil.name}" in person.page.locator("main").inner_text()
        assert {name: person.value(name) for name in ORDER} == ORDER
    assert f"Занято мест: {MANY} из {MANY}." in person.page.locator("main").inner_text()
    assert counted(portal) == seats(portal, room) == MANY
    person.open(f"/enrolment/school-class/{room}")
    last = class_of(MANY)[-1]
    assert person.page.locator("tbody th").filter(has_text=last.name).count() == 1


def planted() -> list[list[str]]:
    """The class as a sheet, with four errors."""
    lines = [["№", "ФИО", "Дата рождения", "Пол", "СНИЛС"]]
    lines += [[str(at + 1), one.name, one.born, one.sex, ""]
              for at, one in enumerate(class_of(MANY))]  # fmt: skip
    lines[4][2] = "31.02.2015"
    lines[8][1] = lines[8][1].replace("ов", "0в", 1)
    lines[10] = ["10", *lines[9][1:]]
    lines[12][4] = "112-233-445 96"
    return lines


def test_thirty_lines_of_a_sheet_are_pasted_and_mended_in_place(
    person: Person, portal: Portal, room: int
) -> None:
    open_filling(person, room, "Вставить из Excel")
    write_common(person)
    person.await_focus("#pasted")
    person.page.keyboard.insert_text("\n".join("\t".join(line) for line in planted()))
    assert person.save().status == 200
    told = person.page.locator("#section-rows")
    assert "Можно добавить строк: 26. Исправьте или пропустите: 4." in told.inner_text()
    assert violations_in_both_themes(person.page) == []
    right = class_of(MANY)
    for row, name, said, text in (
        (3, "birth_date", "Такой даты нет", right[3].born),
        (7, "last_name", "не бывает цифр", right[7].last),
        (9, "last_name", "уже есть в строке 9", right[9].last),
        (11, "snils", "не сходится с контрольным числом", ""),
    ):
        assert said in told.locator("tbody").inner_text(), name
        person.page.focus(f"[name='row-{row}.{name}']")
        person.retype(text)
    person.page.focus("[name='row-9.first_name']")
    person.retype(right[9].first)
    person.page.focus("[name='row-9.birth_date']")
    person.retype(right[9].born)
    assert counted(portal) == 0, "looking writes nothing"
    assert person.save().status == 200
    expect(told.get_by_role("status")).to_have_text(f"Ошибок нет. Можно добавить учеников: {MANY}.")
    person.page.get_by_role("button", name=f"Добавить учеников: {MANY}").focus()
    person.go("Enter")
    assert BATCH.search(person.page.url)
    assert counted(portal) == seats(portal, room) == MANY
    undo(person, portal)
    assert counted(portal) == seats(portal, room) == 0


def undo(person: Person, portal: Portal) -> None:
    """Take the batch back on its page."""
    page = person.page
    page.get_by_role("button", name="Отменить пакет").focus()
    person.press("Enter")
    page.locator("dialog[open]").get_by_role("button", name="Отменить пакет").focus()
    person.go("Enter")
    do_jobs(portal)
