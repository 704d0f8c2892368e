"""Histories as tests read them: entries of a page, ways back, rows of the file."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook

from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

LIST = "/registry/organisation/"
LICENCES = "/registry/organisation-licence/"


def school(portal: Portal, source: str = "school-1") -> int:
    with portal.cluster.connect(portal.database) as connection:
        query = "select id from organisation where source_id = %s"
        found = connection.execute(query, (source,)).fetchone()
    assert found
    return int(found[0])


def licence_of(portal: Portal, organisation: int) -> int:
    with portal.cluster.connect(portal.database) as connection:
        query = "select min(id) from organisation_licence where organisation_id = %s"
        found = connection.execute(query, (organisation,)).fetchone()
    assert found
    return int(found[0])


def save(client: FlaskClient, where: str, **values: str) -> Any:
    path = f"{where}/edit"
    name = next(iter(values))
    return client.post(path, data={**form_with(client.get(path).text, name), **values})


def entries(page: str) -> list[str]:
    """The writes of a page, each as its markup."""
    return re.findall(r'<li class="card">.*?</li>', page, re.DOTALL)


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def back_of(page: str, label: str) -> str:
    """The address that brings back the newest value of the field."""
    found = re.search(rf'href="([^"]+/history/[0-9]+/\w+)" aria-label="[^"]*: {label} —', page)
    assert found, words(page)
    return found[1]


def rows_of(answer: Any, sheet: int = 0) -> list[list[Any]]:
    with answer:
        assert answer.status_code == 200
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    rows: list[list[Any]] = book.get_sheet_by_index(sheet).to_python()
    return rows
