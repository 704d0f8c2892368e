"""The second step by keyboard: set up, a wrong code, a right one, a recovery code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.kernel import totp
from app.kernel.clock import now
from tests.browser.test_pages import violations_in_both_themes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_second_step(database: psycopg.Connection) -> Iterator[None]:
    yield
    database.execute("delete from second_step")


def code(seed: str, drift: int = 0) -> str:
    """What the telephone shows, so many half minutes from now."""
    return totp.code_at(seed, totp.step_of(now()) + drift)


def whole(person: Person) -> None:
    """The page is readable by all and no wider than the screen."""
    assert violations_in_both_themes(person.page) == []
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def set_up(person: Person) -> tuple[str, list[str]]:
    """From the own menu: the seed that an application would scan, and the recovery codes."""
    person.open("/")
    person.page.locator("details.who > summary").focus()
    person.press("Enter")
    person.page.get_by_role("link", name="Вход по коду").focus()
    person.go("Enter")
    person.page.get_by_role("button", name="Подключить").focus()
    person.go("Enter")
    person.await_focus("#code")
    seed = person.page.locator(".seed").inner_text().replace(" ", "")
    whole(person)
    person.page.keyboard.type("000000")
    assert person.go("Enter").status == 422
    assert "Код не подошёл" in person.page.get_by_role("alert").inner_text()
    assert person.page.locator(".seed").inner_text().replace(" ", "") == seed, "scanned already"
    person.page.focus("#code")
    person.page.keyboard.type(code(seed, -1))
    assert person.go("Enter").status == 200
    whole(person)
    codes = person.page.locator(".recovery code").all_inner_texts()
    assert len(codes) == totp.RECOVERY_CODES
    person.page.get_by_role("link", name="Записал, дальше").focus()
    person.go("Enter")
    assert f"Осталось кодов восстановления: {len(codes)}." in said(person)
    return seed, codes


def said(person: Person) -> str:
    return person.page.locator("main").inner_text()


def sign_out(person: Person) -> None:
    person.page.locator("details.who > summary").focus()
    person.press("Enter")
    person.page.get_by_role("button", name="Выйти").focus()
    person.go("Enter")


def test_a_code_of_the_telephone_is_asked_for_after_the_password(person: Person) -> None:
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.sign_in("clerk")
    seed, codes = set_up(person)
    sign_out(person)
    person.open("/enrolment/student/")
    person.sign_in("clerk")
    assert person.heading == "Второй шаг входа"
    person.await_focus("#code")
    whole(person)
    person.page.keyboard.type("000000")
    assert person.go("Enter").status == 401
    assert "Код не подошёл" in person.page.get_by_role("alert").inner_text()
    person.await_focus("#code")
    person.page.keyboard.type(code(seed))
    person.go("Enter")
    assert person.path == "/enrolment/student/", "where the person wanted to go"
    sign_out(person)
    person.sign_in("clerk")
    person.await_focus("#code")
    person.page.keyboard.type(codes[0])
    person.go("Enter")
    person.open("/second/")
    assert f"Осталось кодов восстановления: {len(codes) - 1}." in said(person)


def test_what_was_typed_comes_back_after_both_steps(
    person: Person, schools: dict[str, int], database: psycopg.Connection
) -> None:
    person.sign_in("clerk")
    seed, _codes = set_up(person)
    person.open(f"/registry/organisation/{schools['school-1']}/edit")
    person.write("phone_ext", "42")
    database.execute("delete from user_session")
    assert person.save().status == 401
    person.sign_in("clerk")
    person.await_focus("#code")
    person.page.keyboard.type(code(seed))
    person.go("Enter")
    assert "Набранное не потеряно" in person.heading
    person.await_focus("button[type=submit]")
    person.go("Enter")
    assert re.search(r"/\d+$", person.path)
    assert person.fact("Добавочный") == "42"
