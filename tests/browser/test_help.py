"""Why a field is asked for: at hand by keyboard, under a finger, and never over an input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from tests.browser.person import Person

pytestmark = pytest.mark.browser
REASON = "п.\u00a03.02 «Телефон»"
SIZES = {"school screen": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def clerk(person: Person) -> Person:
    person.sign_in("clerk")
    return person


def test_the_cursor_in_a_field_brings_the_item_and_the_period_of_the_decree(
    clerk: Person, schools: dict[str, int]
) -> None:
    clerk.open(f"{ORGANISATIONS}{schools['school-1']}/edit")
    clerk.page.focus("#phone")
    expect(clerk.page.locator("[data-tip]")).to_contain_text(REASON)
    described = clerk.page.get_attribute("#phone", "aria-describedby") or ""
    assert "phone-why" in described, "read aloud as well"
    clerk.page.focus("#fax")
    expect(clerk.page.locator("[data-tip]")).not_to_contain_text(REASON)


@pytest.mark.parametrize("size", SIZES)
def test_the_reason_of_a_form_covers_no_input(
    clerk: Person, schools: dict[str, int], size: str
) -> None:
    width, height = SIZES[size]
    clerk.page.set_viewport_size({"width": width, "height": height})
    clerk.open(f"{ORGANISATIONS}{schools['school-1']}/edit")
    field = clerk.page.locator(".field", has=clerk.page.locator("#phone"))
    field.locator(".why > summary").click()
    reason = clerk.page.locator("#phone-why")
    expect(reason).to_be_visible()
    expect(reason).to_contain_text(REASON)
    clerk.page.evaluate("document.fonts.ready")  # nothing moves between two measurements
    box = reason.bounding_box()
    assert box
    for other in clerk.page.locator(".field input:visible").all():
        theirs = other.bounding_box()
        assert theirs
        apart = (
            box["y"] + box["height"] <= theirs["y"]
            or theirs["y"] + theirs["height"] <= box["y"]
            or box["x"] + box["width"] <= theirs["x"]
            or theirs["x"] + theirs["width"] <= box["x"]
        )
        assert apart, other.get_attribute("id")
    clerk.press("Escape")
    expect(reason).to_be_hidden()


@pytest.mark.parametrize("size", SIZES)
def test_every_reason_of_a_record_opens_within_the_screen(
    clerk: Person, schools: dict[str, int], size: str
) -> None:
    width, height = SIZES[size]
    clerk.page.set_viewport_size({"width": width, "height": height})
    clerk.open(f"{ORGANISATIONS}{schools['school-1']}")
    for why in clerk.page.locator(".why").all():
        why.locator("summary").focus()
        clerk.press("Enter")
        box = why.locator(":scope > div").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        clerk.press("Escape")
        expect(why.locator(":scope > div")).to_be_hidden()
