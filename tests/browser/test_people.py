"""People by keyboard: found by Ctrl+K, told of while somebody types them a second time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import violations

if TYPE_CHECKING:
    from tests.browser.person import Person

pytestmark = pytest.mark.browser
FOUND = re.compile("^Найдено")


def test_a_learner_is_found_by_keyboard_and_told_of_while_typed_again(person: Person) -> None:
    person.sign_in("clerk")
    person.open("/enrolment/student/")
    name = person.page.locator("main table tbody tr a").first.inner_text()
    last, first, *middle = name.split()
    person.press("Control+K")
    person.await_focus("#palette-q")
    person.page.keyboard.type(f"{first} {last}")
    expect(person.page.locator("dialog [role=status]")).to_have_text(FOUND)
    option = person.page.locator("#palette-list [role=option]").first
    expect(option.locator("span")).to_have_text(name)
    born = re.match(r"(\d\d\.\d\d\.\d{4}) · ", option.locator("small").inner_text())
    assert born
    person.go("Enter")
    assert person.heading == name
    person.open("/enrolment/student/add")
    for field, text in (("last_name", last), ("first_name", first), ("birth_date", born[1])):
        person.write(field, text)
    if middle:
        person.write("middle_name", " ".join(middle))
    notice = person.page.locator("[data-alike] .note")
    expect(notice).to_contain_text(f"{name} · {born[1]}")
    assert violations(person.page) == []
    person.write("last_name", f"{last}ский")
    expect(notice).to_have_count(0)
