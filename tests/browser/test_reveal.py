"""Behind a mask by keyboard: the dialog asks what for, and the value stands on the next page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.person import Person
    from tests.conftest import Portal

pytestmark = pytest.mark.browser


def test_the_department_has_a_telephone_shown_for_a_purpose(person: Person, portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        query = "select id, phone from student where phone is not null order by id limit 1"
        ident, phone = base.execute(query).fetchone() or (0, "")
    person.sign_in("department")
    person.open(f"/enrolment/student/{ident}")
    page = person.page
    fact = page.locator("#phone dd")
    mask = fact.inner_text()
    assert "***" in mask
    page.get_by_role("link", name="Показать: Телефон").focus()
    person.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dialog.get_by_role("checkbox", name="Телефон").is_checked()
    person.press("Escape")
    expect(dialog).to_be_hidden()
    assert fact.inner_text() == mask
    page.get_by_role("link", name="Показать: Телефон").focus()
    person.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("radio").first.focus()
    person.press("ArrowDown", "Tab")
    page.keyboard.type("Сверка с заявлением")
    person.go("Enter")
    shown = "".join(filter(str.isdigit, fact.inner_text()))
    assert shown == phone.lstrip("+")
    assert page.get_by_role("status").filter(has_text="Показано один раз: Телефон").count() == 1
    person.open(f"/enrolment/student/{ident}")
    assert fact.inner_text() == mask
