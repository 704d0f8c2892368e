"""A program as the tests know it: its account made by the command, its token in a header."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

TOKEN = "/api/v1/token"
ORGANISATION = "/api/v1/organisation/"


@dataclass
class Program:
    """One program in one capacity."""

    portal: Portal
    client_id: str
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask_token(self, **changes: str) -> TestResponse:
        """Exchange the secret for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            **changes,
        }
        return self.portal.app.test_client().post(TOKEN, data=form)

    def renew(self) -> Program:
        """Take a new token."""
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        self.headers = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
        return self

    def __call__(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Ask with the token."""
        headers = {**self.headers, **sent.pop("headers", {})}
        return self.portal.app.test_client().open(path, method=method, headers=headers, **sent)


def command(portal: Portal, *words: str) -> str:
    """What `flask portal service-account …` says."""
    told = portal.app.test_cli_runner().invoke(args=["portal", "service-account", *words])
    assert told.exit_code == 0, told.output
    return str(told.output)


def program(portal: Portal, name: str, role: str, *scope: str) -> Program:
    """A new program with a token."""
    told = command(portal, name, "--role", role, *scope).split()
    return Program(portal, told[1], told[3]).renew()


def school(portal: Portal, number: int = 1) -> int:
    """The id of a demo school."""
    with portal.cluster.connect(portal.database) as base:
        query = "select id from organisation where source_id = %s"
        row = base.execute(query, (f"school-{number}",)).fetchone()
    assert row is not None
    return int(row[0])


def person(portal: Portal, login: str) -> tuple[FlaskClient, dict[str, str]]:
    """Somebody signed in by a browser, and the header against forgery."""
    client = portal.client_as(login)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)
    assert found
    return client, {"X-CSRFToken": found[1]}
