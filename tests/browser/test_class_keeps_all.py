"""Nothing typed about a class is ever lost: an ended session, drafts, two windows, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.classes import (
    ORDER,
    class_of,
    counted,
    new_room,
    seats,
    write_common,
    write_pupil,
)
from tests.browser.person import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from playwright.sync_api import Dialog

    from tests.conftest import Portal

pytestmark = pytest.mark.browser
FIRST, SECOND = class_of(2)
KEPT = "**/fill/keep"


@pytest.fixture
def room(portal: Portal) -> Iterator[int]:
    """A new class without learners."""
    with new_room(portal) as ident:
        yield ident


@pytest.fixture
def clerk(person: Person) -> Person:
    """A clerk who has signed in."""
    person.sign_in("clerk")
    return person


def fill(room: int) -> str:
    return f"/enrolment/class/{room}/fill"


def paste(room: int) -> str:
    return f"/enrolment/class/{room}/paste"


def come_back(person: Person) -> None:
    """Sign in again on the page that has taken the form's place, and send the form."""
    person.sign_in("clerk")
    assert "Набранное не потеряно" in person.heading
    person.await_focus("button[type=submit]")
    person.go("Enter")


def paste_two(person: Person, room: int) -> None:
    """What is common and two rows, not yet looked at."""
    person.open(paste(room))
    write_common(person)
    person.await_focus("#pasted")
    lines = (f"{one.name}\t{one.born}\tмуж" for one in (FIRST, SECOND))
    person.page.keyboard.insert_text("\n".join(lines))


def row(person: Person, at: int, name: str) -> str:
    return person.page.locator(f"[name='row-{at}.{name}']").input_value()


def test_a_learner_typed_before_the_session_ended_comes_into_the_class(
    clerk: Person, portal: Portal, room: int, database: psycopg.Connection
) -> None:
    clerk.open(fill(room))
    write_common(clerk)
    write_pupil(clerk, FIRST)
    database.execute("delete from user_session")
    assert clerk.save().status == 401
    come_back(clerk)
    assert f"Добавлено: {FIRST.name}" in clerk.page.locator("main").inner_text()
    assert {name: clerk.value(name) for name in ORDER} == ORDER
    clerk.await_focus("#last_name")
    assert counted(portal) == seats(portal, room) == 1


def test_rows_pasted_before_the_session_ended_are_looked_at_and_added(
    clerk: Person, portal: Portal, room: int, database: psycopg.Connection
) -> None:
    paste_two(clerk, room)
    database.execute("delete from user_session")
    assert clerk.save().status == 401
    come_back(clerk)
    assert row(clerk, 1, "last_name") == SECOND.last
    assert {name: clerk.value(name) for name in ORDER} == ORDER
    clerk.page.focus("[name='row-1.first_name']")
    clerk.retype("Павел")
    clerk.page.context.clear_cookies()
    clerk.page.get_by_role("button", name="Добавить учеников: 2").focus()
    clerk.go("Enter")
    assert counted(portal) == 0
    come_back(clerk)
    assert clerk.path.startswith("/batches/")
    assert seats(portal, room) == 2
    with portal.cluster.connect(portal.database) as base:
        names = base.execute("select first_name from student where last_name = %s", [SECOND.last])
        assert names.fetchall() == [("Павел",)]


def test_a_draft_of_the_next_learner_keeps_what_is_common_too(
    clerk: Person, portal: Portal, room: int
) -> None:
    clerk.open(fill(room))
    write_common(clerk)
    write_pupil(clerk, FIRST)
    assert clerk.save().status == 200
    clerk.await_focus("#last_name")
    with clerk.page.expect_response(KEPT):
        clerk.retype(SECOND.last)
    clerk.page.once("dialog", lambda dialog: dialog.accept())  # leaving a changed form
    clerk.open(fill(room))
    clerk.page.get_by_role("link", name="Продолжить").focus()
    clerk.go("Enter")
    assert {name: clerk.value(name) for name in ORDER} == ORDER
    assert clerk.value("last_name") == SECOND.last


def test_rows_that_were_looked_at_are_asked_about_and_kept_whole(clerk: Person, room: int) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    paste_two(clerk, room)
    assert clerk.save().status == 200
    clerk.page.focus("[name='row-1.first_name']")
    with clerk.page.expect_response(KEPT):
        clerk.retype("Павел")
    clerk.page.once("dialog", leave)
    clerk.open(fill(room))
    assert asked == ["beforeunload"]
    clerk.page.get_by_role("link", name="Продолжить").focus()
    clerk.go("Enter")
    assert row(clerk, 0, "last_name") == FIRST.last
    assert row(clerk, 1, "first_name") == "Павел"
    assert {name: clerk.value(name) for name in ORDER} == ORDER


def test_the_same_learner_in_two_windows_is_told_of_in_the_second(
    clerk: Person, portal: Portal, room: int
) -> None:
    other = Person(clerk.page.context.new_page())
    for each in (clerk, other):
        each.open(fill(room))
        write_common(each)
    write_pupil(clerk, FIRST)
    assert clerk.save().status == 200
    write_pupil(other, FIRST)
    notice = other.page.locator("[data-alike] .note")
    expect(notice).to_contain_text(FIRST.name)
    assert counted(portal) == 1
    other.write("first_name", "Павел")
    expect(notice).to_have_count(0)
    assert other.save().status == 200
    assert counted(portal) == seats(portal, room) == 2


def test_neither_going_back_nor_a_second_click_adds_somebody_twice(
    clerk: Person, portal: Portal, room: int
) -> None:
    clerk.open(fill(room))
    write_common(clerk)
    write_pupil(clerk, FIRST)
    clerk.page.get_by_role("button", name="Сохранить и следующий").dblclick()
    expect(clerk.page.get_by_text(f"Добавлено: {FIRST.name}")).to_be_visible()
    clerk.page.go_back()
    clerk.page.wait_for_load_state()
    assert clerk.value("last_name") == "", "an empty form, not the saved one once more"
    assert "Занято мест: 1" in clerk.page.locator("main").inner_text()
    assert clerk.save().status == 422
    assert counted(portal) == seats(portal, room) == 1
