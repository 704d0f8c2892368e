"""The page of the API in a real browser: found in the menu, read, tried in the own session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
ACTION = "[data-api-operation]"
RESULT = "[data-api-result]"


def send(page: Page) -> Response:
    """Press the button; gives the answer, which the page then shows."""
    with page.expect_response(lambda answer: "/api/v1/organisation" in answer.url) as answered:
        page.get_by_role("button", name="Отправить").click()
    expect(page.locator("[data-api-status] b")).to_contain_text(str(answered.value.status))
    return answered.value


def test_somebody_tries_the_api_in_the_own_session(person: Person) -> None:
    page = person.page
    person.sign_in("operator")
    page.locator("details.who > summary").click()
    person.go_by(page.get_by_role("link", name="API", exact=True).click)
    expect(page.locator(f"{ACTION} option")).not_to_have_count(0)

    page.fill("#api-query-limit", "1")
    page.fill("#api-query-fields", "email,inn")
    assert send(page).status == 200
    row = json.loads(page.locator(RESULT).inner_text())["items"][0]
    assert set(row) == {"id", "uid", "version", "updated_at", "email", "inn"}
    expect(page.locator("[data-api-curl]")).to_contain_text("limit=1")

    page.select_option(ACTION, label="Одна запись: Организация")
    page.fill("#api-path-id", str(row["id"]))
    assert send(page).status == 200

    page.select_option(ACTION, label="Изменить: Организация")
    assert page.input_value("#api-header-If-Match") == f'"{row["version"]}"'
    page.fill("#api-body", '{"email": "tried@example.com"}')
    assert send(page).status == 200
    assert json.loads(page.locator(RESULT).inner_text())["email"] == "tried@example.com"

    page.fill("#api-header-If-Match", f'"{row["version"]}"')
    page.fill("#api-body", '{"email": "late@example.com"}')
    assert send(page).status == 409
    conflict = json.loads(page.locator(RESULT).inner_text())["conflicts"][0]
    assert conflict["theirs"] == "tried@example.com"


def test_the_page_offers_only_what_the_capacity_may_do(person: Person) -> None:
    person.sign_in("employee")
    person.open("/api/")
    options = person.page.locator(f"{ACTION} option")
    expect(options).to_have_count(2)
    assert [text.partition(":")[0] for text in options.all_inner_texts()] == [
        "Список",
        "Одна запись",
    ]
