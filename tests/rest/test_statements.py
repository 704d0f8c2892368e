"""How often the API asks the database: exact numbers, whatever the number of rows.

Two statements say who asks, a third tells the database the scope.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from tests.rest.programs import ORGANISATION, Program, program, school

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

ASKED = {
    "a list": (f"{ORGANISATION}?limit=200", 4),
    "a short list": (f"{ORGANISATION}?limit=1", 4),
    "a list with words": (f"{ORGANISATION}?limit=200&captions=1", 4),
    "a list counted": (f"{ORGANISATION}?count=1", 5),
    "a search": (f"{ORGANISATION}?q=школа", 5),
    "a filter": (f"{ORGANISATION}?status__in=1", 5),
    "a row": (f"{ORGANISATION}{{school}}", 4),
    "a row with words": (f"{ORGANISATION}{{school}}?captions=1", 4),
    "a part of the feed": ("/api/v1/changes/?limit=20", 5),
    "the last part of the feed": ("/api/v1/changes/?record=curriculum&limit=200", 6),
    "the end of the feed": ("/api/v1/changes/?since=now", 4),
    "the document": ("/api/v1/openapi.json", 2),
}


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Program:
    return program(portal, "counted", "operator")


@contextmanager
def statements(portal: Portal) -> Iterator[list[str]]:
    """Statements sent meanwhile."""
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with portal.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", ASKED)
def test_reading_asks_exactly_so_often(portal: Portal, operator: Program, name: str) -> None:
    path, number = ASKED[name]
    path = path.format(school=school(portal))
    assert operator("GET", path).status_code == 200
    with statements(portal) as sent:
        operator("GET", path)
    assert len(sent) == number, sent


def test_a_change_asks_nine_times(portal: Portal, operator: Program) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    for name in ("Иванова Анна", "Петрова Анна"):
        seen = {"If-Match": operator("GET", path).headers["ETag"]}
        with statements(portal) as sent:
            answer = operator("PATCH", path, json={"head_name": name}, headers=seen)
        assert answer.status_code == 200
    assert len(sent) <= 9, sent
