"""What Flask-AppBuilder was once vulnerable to stays impossible here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with

if TYPE_CHECKING:
    from tests.conftest import Portal

OUTSIDE = (
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "javascript:alert(1)",
    "http:evil.example",
    "https:///evil.example",
)


def _sign_in(portal: Portal, login: str, password: str, target: str = "/") -> tuple[int, str, str]:
    client = portal.app.test_client()
    values = form_with(client.get("/login/").text, "password")
    sent = {**values, "username": login, "password": password, "next": target}
    answer = client.post("/login/", data=sent)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


@pytest.mark.parametrize("target", OUTSIDE)
def test_signing_in_never_leads_outside(portal: Portal, target: str) -> None:
    """2021, 2022, 2025: open redirects."""
    status, location, _ = _sign_in(portal, "head", os.environ["PORTAL_DEMO_PASSWORD"], target)
    assert (status, location) == (303, "/")


def test_an_unknown_name_looks_like_a_wrong_password(portal: Portal) -> None:
    """2021: who has an account could be found out."""
    known, unknown = (_sign_in(portal, name, "wrong-password") for name in ("head", "nobody"))
    assert known[0] == unknown[0] == 401
    assert known[2].count("<form") == unknown[2].count("<form")
    sentence = "Неверное имя пользователя или пароль"
    assert sentence in known[2]
    assert sentence in unknown[2]


@pytest.mark.parametrize(
    "asked",
    ["created_by.password__eq=x", "created_by__eq=1", "password__starts=p", "uid__eq=x"],
)
def test_no_filter_reaches_beyond_what_is_shown(portal: Portal, asked: str) -> None:
    """2022: hashes of passwords, letter by letter."""
    client = portal.client_as("operator")
    assert client.get(f"/registry/organisation/?{asked}").status_code == 400


def test_no_page_is_kept_by_a_cache(portal: Portal) -> None:
    """2024: the login page was cached with the token of somebody else."""
    for client, path in (
        (portal.app.test_client(), "/login/"),
        (portal.client_as("operator"), "/registry/organisation/"),
    ):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/login/google", "/oauth-authorized/x", "/resetmypassword/form"])
def test_there_is_no_other_way_in(portal: Portal, path: str) -> None:
    """2024, 2025: OpenID, OAuth and a password reset nobody had asked for."""
    assert portal.app.test_client().get(path).status_code in {302, 404}
    assert portal.client_as("operator").get(path).status_code == 404
