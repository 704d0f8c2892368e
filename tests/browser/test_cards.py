"""The page of a record: what is missing and where to mend it, who changed what; its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def test_what_the_law_misses_leads_to_the_very_input(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-11']}"
    operator.open(card)
    fullness = operator.page.locator(".fullness")
    share = fullness.locator(".figure b")
    before = share.inner_text()
    operator.go_by(fullness.get_by_role("link", name="Электронная почта").click)
    operator.await_focus("#email")
    operator.retype("school11@example.com")
    operator.save()
    assert share.inner_text() != before
    email = fullness.get_by_role("link", name="Электронная почта")
    assert email.count() == 0
    fullness.locator("summary").click()
    assert email.inner_text().endswith("заполнено"), "all items say so too"


def test_history_says_who_changed_what_from_what_to_what(
    operator: Person, schools: dict[str, int]
) -> None:
    operator.open(f"{ORGANISATIONS}{schools['school-12']}/edit")
    was = operator.value("phone")
    operator.write("phone", "+7 4812 38-12-12")
    operator.save()
    operator.go_by(operator.page.get_by_role("link", name="История").click)
    newest = operator.page.locator(".past > li").first
    assert "Орлова Вера Павловна" in newest.locator("header").inner_text()
    line = newest.locator("tbody tr")
    assert line.count() == 1
    assert line.locator("th").inner_text() == "Телефон"
    assert line.locator(".before").inner_text() == was
    assert line.locator(".after").inner_text() == "+7 4812 38-12-12"


def test_clerk_sees_the_history_of_the_own_school_only(
    person: Person, schools: dict[str, int]
) -> None:
    person.sign_in("clerk")
    assert person.open(f"{ORGANISATIONS}{schools['school-1']}/history").status == 200
    assert person.open(f"{ORGANISATIONS}{schools['school-2']}/history").status == 403
    assert "Историю видят" in person.page.locator("main").inner_text()


def test_a_related_record_is_one_click_away(operator: Person, schools: dict[str, int]) -> None:
    operator.open(f"{ORGANISATIONS}{schools['school-1']}")
    operator.go_by(operator.page.locator("dd a", has_text="Управление образования").click)
    assert operator.heading == "Управление образования, г. Смоленск"


def test_picked_and_chosen_values_can_be_emptied_by_keyboard(
    operator: Person, schools: dict[str, int]
) -> None:
    operator.open(f"{ORGANISATIONS}{schools['school-13']}/edit")
    for name in ("authority_id", "org_kind"):
        operator.page.focus(f"#{name}-ts-control")
        operator.press("Backspace")
        assert operator.value(name) == ""
        operator.press("Escape")
    operator.save()
    assert operator.fact("Орган управления") == "не заполнено"
    assert operator.fact("Вид организации") == "не заполнено"


def test_a_choice_is_found_by_typing_a_part_of_it(
    operator: Person, schools: dict[str, int]
) -> None:
    operator.open(f"{ORGANISATIONS}{schools['school-14']}/edit")
    operator.page.focus("#org_kind-ts-control")
    operator.page.keyboard.type("гимн")
    operator.press("Enter")
    operator.save()
    assert operator.fact("Вид организации") == "гимназия"


def test_a_quick_hand_never_picks_what_it_did_not_type(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}add")
    operator.page.focus("#municipality_id-ts-control")
    operator.page.locator(".ts-dropdown .option").first.wait_for()
    operator.page.keyboard.type("десног")
    operator.press("Tab")
    chosen = operator.page.locator("#municipality_id + .ts-wrapper .item")
    expect(chosen).to_contain_text("Десногорск")


def test_a_mask_leaves_what_it_does_not_know_as_it_was_typed(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}add")
    operator.write("inn", "6717а")
    assert operator.value("inn") == "6717а"
    operator.write("phone", "+48 22 123-45-67 wew. 5")
    operator.press("Tab")
    assert operator.value("phone") == "+48 22 123-45-67 wew. 5"


def test_doubtful_values_are_saved_with_a_question(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-15']}"
    operator.open(f"{card}/edit")
    operator.write("kpp", "773301001")
    operator.save()
    assert operator.path == card
    operator.open(f"{card}/edit")
    assert "выдан не в Смоленской области" in operator.page.locator("#kpp-doubt").inner_text()


def test_the_search_of_the_portal_is_at_hand_on_every_page(operator: Person) -> None:
    operator.open("/reference/municipality/")
    operator.press("Control+K")
    operator.page.keyboard.type("6799001014")
    operator.page.get_by_role("option", name="Искать в списке").wait_for()
    operator.press("ArrowUp")  # from the first to the last
    operator.go("Enter")
    assert operator.path == ORGANISATIONS
    assert operator.page.locator("tbody th").all_inner_texts() == ["Средняя школа № 1, г. Смоленск"]


def test_the_unfolded_menu_is_remembered(operator: Person) -> None:
    operator.open("/")
    assert width_of_menu(operator) < 80, "icons only on a school screen"
    operator.page.locator("[data-fold]").click()
    assert width_of_menu(operator) > 200
    operator.open(ORGANISATIONS)
    assert width_of_menu(operator) > 200


def test_the_menu_of_a_phone_opens_and_closes(operator: Person) -> None:
    operator.page.set_viewport_size({"width": 390, "height": 844})
    operator.open("/")
    link = operator.page.locator(".sidebar").get_by_role("link", name="Лицензии")
    expect(link).not_to_be_in_viewport()
    operator.page.locator("[data-burger]").click()
    expect(link).to_be_in_viewport()
    operator.press("Escape")
    expect(link).not_to_be_in_viewport()
    operator.page.locator("[data-burger]").click()
    operator.go_by(link.click)
    assert operator.heading == "Лицензии"


def width_of_menu(person: Person) -> float:
    box = person.page.locator(".sidebar").bounding_box()
    assert box is not None
    return box["width"]
