"""People who ask for changes and decide on them, through the pages as a browser does."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests.html_form import form_with

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

REASON = "Приказ учредителя № 5 от 01.09.2026"


class Side:
    """Somebody signed in, with the pages of requests at hand."""

    def __init__(self, portal: Portal, login: str) -> None:
        """Sign in."""
        self.portal, self.client, self.login = portal, portal.client_as(login), login

    def school(self, number: int = 1) -> int:
        """The id of a made-up school."""
        return int(self.one("select id from organisation where source_id = %s", f"school-{number}"))

    def one(self, query: str, *values: object) -> str:
        """The first column of the first row, as the database has it."""
        with self.portal.cluster.connect(self.portal.database) as base:
            found = base.execute(query.encode(), values).fetchone()
        return str(found[0]) if found else ""

    def write(self, statement: str, *values: object) -> None:
        """Change the database past the portal, as time or another age of it would have."""
        with self.portal.cluster.connect(self.portal.database) as base:
            base.execute(statement.encode(), values)
            base.commit()

    def fill(self, url: str, **values: object) -> TestResponse:
        """Open the form, fill in some inputs, send all of them as a browser does."""
        text = self.client.get(url).text
        data = form_with(text, "version") | {name: str(value) for name, value in values.items()}
        return self.client.post(url, data=data)

    def rename(self, name: str) -> None:
        """Another short name from elsewhere, as an import writes it."""
        with self.portal.cluster.connect(self.portal.database) as base:
            values = (name, self.school())
            base.execute(b"update organisation set short_name = %s where id = %s", values)

    def ask(self, school: int, **values: object) -> int:
        """A draft about the school; gives its number."""
        url = f"/registry/organisation/{school}/request"
        return number_of(self.fill(url, **{"reason": REASON, **values}))

    def page(self, number: int) -> str:
        """The page of a request as text."""
        return unescape(self.client.get(f"/requests/{number}").text)

    def step(self, number: int, name: str, **values: str) -> TestResponse:
        """Press a button of the page of a request."""
        text = self.client.get(f"/requests/{number}").text
        return self.send(number, name, text, **values)

    def send(self, number: int, name: str, text: str, **values: str) -> TestResponse:
        """Press a button of a page that was opened earlier."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        version = re.search(r'name="version"[^>]*value="([0-9]+)"', text)
        data = {
            "csrf_token": token[1] if token else "",
            "version": version[1] if version else "1",
            **values,
        }
        return self.client.post(f"/requests/{number}/{name}", data=data)

    def decide(self, number: int, choice: str = "approve", **values: str) -> TestResponse:
        """Decide all open lines alike; ``values`` go before."""
        text = self.client.get(f"/requests/{number}").text
        lines = set(re.findall(r'name="choice-([0-9]+)"', text))
        data = {f"choice-{line}": choice for line in lines}
        data |= {f"comment-{line}": "нет основания" for line in lines if choice == "reject"}
        seen = dict(re.findall(r'name="(seen-[0-9]+)" value="([0-9]+)"', text))
        return self.send(number, "decide", text, **{**seen, **data, **values})

    def state(self, number: int) -> str:
        """The state of a request as the database has it."""
        return self.one("select state from edit_request where id = %s", number)

    def line(self, number: int, field: str) -> str:
        """The number of the line about a field."""
        query = "select id from edit_request_line where request_id = %s and field = %s"
        return self.one(query, number, field)


def number_of(answer: TestResponse) -> int:
    """The number of the request that was made."""
    assert answer.status_code == 303, unescape(answer.text)
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def sent(clerk: Side, head: Side, **values: object) -> int:
    """A request that the clerk has made and the head has sent."""
    number = clerk.ask(clerk.school(), **values)
    assert head.step(number, "submit").status_code == 303
    return number


def reviewed(clerk: Side, head: Side, operator: Side, **values: object) -> int:
    """A request that the operator has taken."""
    number = sent(clerk, head, **values)
    assert operator.step(number, "take").status_code == 303
    return number
