"""The pages of imports as an operator uses them, without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

from tests.working import do_jobs

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

HOME = "/registry/import/"
BARE = "application/octet-stream"


@dataclass
class Page:
    """Somebody at the page of imports."""

    portal: Portal
    client: FlaskClient
    number: int = 0

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/").text)
        assert found
        return found[1]

    def send(self, content: bytes, name: str = "register.xml", **more: Any) -> TestResponse:
        """Send a file as the script of the page does."""
        headers = {"X-CSRFToken": self.token, **more.pop("headers", {})}
        return self.client.post(
            f"{HOME}upload",
            query_string={"name": name},
            data=content,
            content_type=BARE,
            headers=headers,
            **more,
        )

    def check(self, content: bytes, name: str = "register.xml") -> None:
        """Send a file and wait for its check."""
        answer = self.send(content, name)
        assert answer.status_code == 200, answer.text
        self.number = int(answer.json["href"].rpartition("/")[2])
        do_jobs(self.portal)

    def act(self, name: str, **values: str) -> TestResponse:
        """Press a button and wait for the job behind it."""
        answer = self.client.post(
            f"{HOME}{self.number}/{name}", data={"csrf_token": self.token, **values}
        )
        do_jobs(self.portal)
        return answer

    def text(self, part: str = "", **more: str) -> str:
        """What the page says."""
        answer = self.client.get(f"{HOME}{self.number}", query_string={"part": part, **more})
        assert answer.status_code == 200, answer.status_code
        main = answer.text.partition('<main id="main"')[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())

    def raw(self, part: str = "") -> str:
        """The page as it comes."""
        return self.client.get(f"{HOME}{self.number}", query_string={"part": part}).text

    def keys(self) -> list[str]:
        """The keys of the questions that are shown."""
        return re.findall(r'name="answer\.([^"]+)"', self.raw("questions"))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the superuser sees."""
        with self.portal.cluster.connect(self.portal.database) as connection:
            return connection.execute(query, values).fetchall()
