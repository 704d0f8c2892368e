"""The operator: checked requisites, lists of a card, pickers, the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.person import ORGANISATIONS

if TYPE_CHECKING:
    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser
BIK = "049805746"  # example 3 of the order 515 of the Bank of Russia
ACCOUNT = "40602810700000000025"
WRONG_ACCOUNT = "40602810800000000025"
PLACE = "место осуществления образовательной деятельности"


@pytest.fixture
def operator(person: Person) -> Person:
    person.sign_in("operator")
    return person


def test_wrong_inn_is_refused_in_words_and_the_right_one_is_taken(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-3']}"
    operator.open(f"{card}/edit")
    operator.write("inn", "6717002451")
    operator.write("okpo", "00032537")
    assert operator.save().status == 422
    assert "не сходится с контрольным числом" in operator.error_of("inn")
    assert "Сверьте его" in operator.page.locator(".summary").inner_text()
    assert operator.value("inn") == "6717002451"
    assert operator.value("okpo") == "00032537"
    operator.write("inn", "6717002450")
    assert operator.save().status == 200
    assert operator.path == card
    assert operator.fact("ИНН") == "6717002450"
    assert operator.fact("ОКПО") == "00032537"


def test_account_with_a_wrong_key_is_refused_under_its_own_input(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-4']}"
    operator.open(card)
    operator.page.get_by_role("link", name="Добавить: Банковские реквизиты").click()
    assert operator.heading == "Новый банковский счёт"
    operator.page.select_option("#account_kind", label="расчётный счёт")
    operator.write("bik", BIK)
    operator.write("bank_name", "Банк «Днепр»")
    operator.write("account_number", WRONG_ACCOUNT)
    operator.write("valid_from", "01022024")
    assert operator.save().status == 422
    assert "исправьте 1 поле" in operator.page.locator(".summary").inner_text()
    assert "не сходится контрольный ключ" in operator.error_of("account_number")
    assert operator.value("account_number") == WRONG_ACCOUNT
    typed = {name: operator.value(name) for name in ("bik", "bank_name", "valid_from")}
    assert typed == {
        "bik": BIK,
        "bank_name": "Банк «Днепр»",
        "valid_from": "01.02.2024",
    }
    assert operator.page.locator("#account_kind option:checked").inner_text() == "расчётный счёт"
    operator.write("account_number", ACCOUNT)
    assert operator.save().status == 200
    operator.open(card)
    assert operator.page.locator("#organisation_bank_account tbody tr").count() == 2


def test_operator_adds_an_address_and_a_licence_from_the_card(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-5']}"
    operator.open(card)
    operator.page.get_by_role("link", name="Добавить: Адреса").click()
    operator.page.select_option("#address_kind", label=PLACE)
    operator.pick("municipality_id", "велиж", "Велиж")
    operator.write("locality", "г. Велиж")
    operator.write("street", "ул. Еременко")
    operator.write("house", "5")
    operator.write("postal_index", "216290")
    operator.save()
    assert "216290, г. Велиж, ул. Еременко, д. 5" in operator.page.locator("main").inner_text()
    operator.open(card)
    operator.page.get_by_role("link", name="Добавить: Лицензии").click()
    operator.write("licence_number", "Л035-01253-67/00192999")
    operator.write("granted_on", "31.02.2020")
    assert operator.save().status == 422
    assert "Такой даты нет: 31.02.2020" in operator.error_of("granted_on")
    operator.write("granted_on", "28.02.2020")
    operator.save()
    operator.open(card)
    listed = operator.page.locator("#organisation_licence tbody").inner_text()
    assert "Л035-01253-67/00192999" in listed
    assert "28.02.2020" in listed


def test_picked_municipality_is_named_after_an_error_too(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}add")
    operator.pick("municipality_id", "десног", "Десногорск")
    assert operator.save().status == 422, "the name is missing"
    assert "без него запись не сохранить" in operator.error_of("full_name")
    shown = operator.page.locator("#municipality_id + .ts-wrapper .item")
    assert "Десногорск" in shown.inner_text()
    operator.write("full_name", "Школа у станции")
    operator.save()
    assert operator.heading == "Школа у станции"
    assert "Десногорск" in operator.fact("Муниципальное образование")


def test_one_row_after_another_is_added_without_leaving_the_form(
    operator: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    operator.open(f"{ORGANISATIONS}{schools['school-6']}")
    operator.page.get_by_role("link", name="Добавить: Лицензии").click()
    for number in ("4567", "4568"):
        operator.write("licence_number", number)
        operator.page.get_by_role("button", name="Сохранить и добавить ещё").focus()
        operator.go("Enter")
        said = operator.page.get_by_role("status").filter(has_text="Добавлено")
        assert f"Добавлено: {number}" in said.inner_text()
        assert operator.value("licence_number") == "", "the next form is empty"
    found = database.execute(
        "select count(*) from organisation_licence where organisation_id = %s"
        " and licence_number in ('4567', '4568')",
        [schools["school-6"]],
    ).fetchone()
    assert found == (2,)


def test_organisation_with_lists_does_not_go_to_the_trash(
    operator: Person, schools: dict[str, int]
) -> None:
    card = f"{ORGANISATIONS}{schools['school-7']}"
    operator.open(card)
    ask_for_the_trash(operator)
    operator.page.get_by_role("button", name="Отмена").click()
    assert operator.path == card
    assert operator.page.locator("dialog[open]").count() == 0
    ask_for_the_trash(operator)
    operator.page.get_by_role("button", name="В корзину", exact=True).focus()
    operator.go("Enter")
    assert operator.path == card
    refusal = operator.page.get_by_role("status").inner_text()
    assert "Сначала удалите" in refusal
    assert "Адреса" in refusal
    assert "Лицензии" in refusal


def test_organisation_without_lists_goes_to_the_trash_after_a_question(operator: Person) -> None:
    operator.open(f"{ORGANISATIONS}add")
    operator.write("full_name", "Вечерняя школа на Заднепровье")
    operator.save()
    card = operator.path
    ask_for_the_trash(operator)
    assert "Вечерняя школа" in operator.page.locator("dialog[open]").inner_text()
    operator.page.get_by_role("button", name="В корзину", exact=True).focus()
    operator.go("Enter")
    assert operator.path == ORGANISATIONS
    assert "В корзине: Вечерняя школа" in operator.page.get_by_role("status").inner_text()
    operator.open(f"{ORGANISATIONS}?q=вечерняя заднепровье")
    assert "Ничего не найдено" in operator.page.locator("#list").inner_text()
    assert operator.open(card).status == 404


def ask_for_the_trash(operator: Person) -> None:
    button = operator.page.get_by_role("button", name="Переместить в корзину")
    if not button.is_visible():
        operator.page.get_by_label("Ещё действия").click()
    button.click()
    operator.page.locator("dialog[open]").wait_for()
