"""The first accounts of a portal without demo data are made by a command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.cli.account import account
from app.cli.email_address import email
from app.extensions import db

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Portal

PASSWORD = "a-password-long-enough"
NAMES = ("--last-name", "Новая", "--first-name", "Анна", "--password", PASSWORD)


def run(portal: Portal, *words: str) -> Result:
    return portal.app.test_cli_runner().invoke(account, words)


def school(portal: Portal) -> str:
    with portal.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("select set_config('role', :r, true)"), {"r": "portal_test_system"})
        query = "select id from organisation where source_id = 'school-3'"
        return str(connection.scalar(text(query)))


def sign_in(portal: Portal, login: str) -> str:
    client = portal.app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text)
    assert token
    form = {"csrf_token": token[1], "username": login, "password": PASSWORD}
    client.post("/login/", data=form)
    return client.get("/").text


def test_a_new_clerk_signs_in_and_finds_the_own_school(fresh_portal: Portal) -> None:
    number = school(fresh_portal)
    done = run(fresh_portal, "anna", "--role", "clerk", "--organisation", number, *NAMES)
    assert done.exit_code == 0, done.output
    assert f'href="/registry/organisation/{number}"' in sign_in(fresh_portal, "anna")
    again = run(fresh_portal, "anna", "--role", "operator", "--password", "")
    assert again.exit_code == 0, again.output
    assert "Оператор АИС" in sign_in(fresh_portal, "anna")


def test_an_address_for_letters_is_one_that_can_be_written_to(fresh_portal: Portal) -> None:
    runner = fresh_portal.app.test_cli_runner()
    for words, sentence in (
        (("clerk", "clerk"), "это не адрес почты"),
        (("clerk", "a@example.com\r\nBcc: b@example.com"), "это не адрес почты"),
        (("clerk", "head@example.com"), "уже у учётной записи head"),
        (("nobody", "nobody@example.com"), "Учётной записи nobody нет"),
    ):
        done = runner.invoke(email, words)
        assert done.exit_code == 1
        assert sentence in done.output
    assert runner.invoke(email, ("clerk", "anna@школа.рф")).exit_code == 0
    assert "anna@xn--80atdl2c.xn--p1ai" in fresh_portal.client_as("clerk").get("/notices/").text
    made = run(fresh_portal, "b", "--role", "operator", "--email", "b@example.org", *NAMES)
    assert made.exit_code == 0, made.output
    assert runner.invoke(email, ("clerk", "B@example.org")).exit_code == 1


def test_wrong_words_are_refused_with_a_sentence(fresh_portal: Portal) -> None:
    for words, sentence in (
        (("b", "--role", "clerk", *NAMES), "Укажите --organisation"),
        (("b", "--role", "municipal", *NAMES), "Укажите --municipality"),
        (("b", "--role", "operator", "--password", PASSWORD), "--last-name"),
        (("b", "--role", "operator", *NAMES[:4], "--password", "short"), "Пароль короче"),
    ):
        done = run(fresh_portal, *words)
        assert done.exit_code == 1
        assert sentence in done.output
    assert "Оператор" not in sign_in(fresh_portal, "b")
