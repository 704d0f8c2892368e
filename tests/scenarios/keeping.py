"""A person at a school's lists: forms sent through the pages as a browser sends them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal


class Keeper:
    """Somebody signed in, with the addresses of the register at hand."""

    def __init__(self, portal: Portal, login: str) -> None:
        """Sign in."""
        self.portal, self.client = portal, portal.client_as(login)

    def school(self, number: int = 1) -> int:
        """The id of a made-up school."""
        return int(self.one("select id from organisation where source_id = %s", f"school-{number}"))

    def one(self, query: str, *values: object) -> object:
        """The first column of the first row, as the database has it."""
        with self.portal.cluster.connect(self.portal.database) as base:
            found = base.execute(query.encode(), values).fetchone()
        return found[0] if found else None

    def add(self, record: str, parent: int, **values: object) -> TestResponse:
        """Fill in the empty form under the parent and save it."""
        url = f"/registry/{record}/add?parent={parent}"
        return self._send(url, url, values)

    def edit(self, record: str, ident: object, **values: object) -> TestResponse:
        """Change some inputs of a row and save it."""
        url = f"/registry/{record}/{ident}/edit"
        return self._send(url, url, values)

    def trash(self, record: str, ident: object) -> TestResponse:
        """Move a row to the trash."""
        card = f"/registry/{record}/{ident}"
        return self._send(card, f"{card}/trash", {"version": 1})

    def _send(self, page: str, url: str, values: dict[str, object]) -> TestResponse:
        text = self.client.get(page).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        version = re.search(r'name="version"[^>]*value="([0-9]+)"', text)
        data = {name: str(value) for name, value in values.items()}
        data["csrf_token"] = token[1] if token else ""
        if version:
            data["version"] = version[1]
        return self.client.post(url, data=data)


def added(answer: TestResponse) -> int:
    """The id of the row that was added."""
    assert answer.status_code == 303, said(answer)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def said(answer: TestResponse) -> str:
    """What the page says is wrong, as text."""
    parts = re.findall(r'class="error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    notices = re.findall(r'class="(?:notice|note|alert)[^"]*"[^>]*>(.*?)</', answer.text, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>|\s+", " ", " ".join([*parts, *notices])))


def flashed(client: FlaskClient, answer: TestResponse) -> str:
    """The page behind the redirect, with what was said about the saved row."""
    return unescape(client.get(answer.headers["Location"]).text)
