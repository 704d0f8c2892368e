"""Tables as a clerk loads them, without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook

from tests.imports.sheets import workbook
from tests.working import do_jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

BARE = "application/octet-stream"


@dataclass
class Tables:
    """Somebody who loads tables of a list."""

    portal: Portal
    client: FlaskClient
    base: str = "/enrolment/student"
    number: int = 0
    _token: str = ""

    @property
    def token(self) -> str:
        if not self._token:
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/").text)
            assert found
            self._token = found[1]
        return self._token

    def send(self, content: bytes, name: str = "Класс.xlsx") -> TestResponse:
        """Send a file as the script of the page does."""
        answer = self.client.post(
            f"{self.base}/import",
            query_string={"name": name},
            data=content,
            content_type=BARE,
            headers={"X-CSRFToken": self.token},
        )
        if answer.status_code == 200:
            self.number = int(answer.json["href"].rpartition("/")[2])
        return answer

    def columns(self, **more: str) -> TestResponse:
        """Press «Проверить» on the page of columns as it stands, or with other choices."""
        form = dict(self.chosen()) | more | {"csrf_token": self.token}
        answer = self.client.post(f"/imports/{self.number}/columns", data=form)
        do_jobs(self.portal)
        return answer

    def chosen(self) -> list[tuple[str, str]]:
        """What the page of columns has chosen."""
        page = self.client.get(f"/imports/{self.number}?part=columns").text
        found = re.findall(r'<select[^>]*name="(col\.\d+)"(.*?)</select>', page, re.DOTALL)
        picked = [(n, re.search(r'value="([^"]*)" selected', body)) for n, body in found]
        return [(name, match[1] if match else "") for name, match in picked]

    def check(self, *rows: Sequence[object], **more: str) -> None:
        """Send rows as a workbook and check them."""
        answer = self.send(workbook(*rows))
        assert answer.status_code == 200, answer.text
        assert self.columns(**more).status_code == 303

    def act(self, name: str, **values: str) -> TestResponse:
        """Press a button and wait for the job behind it."""
        answer = self.client.post(
            f"/imports/{self.number}/{name}", data={"csrf_token": self.token, **values}
        )
        do_jobs(self.portal)
        return answer

    def text(self, part: str = "", **more: str) -> str:
        """What the page says."""
        answer = self.client.get(f"/imports/{self.number}", query_string={"part": part, **more})
        assert answer.status_code == 200, answer.status_code
        main = answer.text.partition('<main id="main"')[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())

    def figures(self) -> dict[str, int]:
        """What the check or the loading has counted."""
        ((counts, check),) = self.rows(
            "select counts, check_counts from data_import where id = %s", self.number
        )
        (found,) = (counts or check)["rows"].values()
        return {name: number for name, number in found.items() if number}

    def errors(self) -> list[list[Any]]:
        """The rows of the file with errors, its header first."""
        answer = self.client.get(f"/imports/{self.number}/errors")
        assert answer.status_code == 200, answer.status_code
        with answer:
            return sheet(answer.data)

    def template(self, **more: str) -> bytes:
        """The template, or the list to be changed."""
        answer = self.client.get(f"{self.base}/import/template", query_string=more)
        assert answer.status_code == 200, answer.text
        with answer:
            return answer.data

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the superuser sees."""
        with self.portal.cluster.connect(self.portal.database) as connection:
            return connection.execute(query, values).fetchall()


def sheet(content: bytes, number: int = 0) -> list[list[Any]]:
    """The cells of a sheet of a workbook."""
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(number).to_python()
