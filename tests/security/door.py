"""At the door: what the tests of accounts and sessions have in common."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from psycopg import sql

from app.security.throttle import Try

if TYPE_CHECKING:
    import psycopg
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

RIGHT = os.environ["PORTAL_DEMO_PASSWORD"]
WRONG = "not-the-password-at-all"
LIST = "/registry/organisation/"


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text)
    assert found
    return found[1]


def keys_of(login: str, address: str = "127.0.0.1") -> Try:
    """Under which keys tries of the name at the address are counted."""
    return Try.of(login, address, os.environ["SECRET_KEY"])


def sign_in(
    portal: Portal,
    login: str,
    password: str,
    client: FlaskClient | None = None,
    origin: dict[str, str] | None = None,
    **more: str,
) -> TestResponse:
    client = client or portal.app.test_client()
    data = {"username": login, "password": password, "csrf_token": token(client), **more}
    return client.post("/login/", data=data, environ_base=origin or {})


def words(answer: TestResponse, login: str) -> str:
    """The page without what differs by design: the typed name, tokens and nonces."""
    text = answer.text.replace(login, "NAME")
    return re.sub(r'(value|nonce|content)="[^"]{20,}"', "", text)


def assign(base: psycopg.Connection, login: str, **changes: str | None) -> None:
    """Change the capacities of an account."""
    for column, new in changes.items():
        statement = sql.SQL(
            "update role_assignment set {} = %s where user_id ="
            " (select id from ab_user where username = %s)"
        )
        base.execute(statement.format(sql.Identifier(column)), (new, login))


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    return found.value
