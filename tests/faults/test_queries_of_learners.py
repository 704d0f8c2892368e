"""How often pages about learners ask the database: the access log is one of the eight at most."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.faults.sides import Side, portal_side
from tests.faults.test_queries_per_page import MOST

if TYPE_CHECKING:
    from tests.conftest import Portal

LEARNERS = "/enrolment/student/"
PAGES: dict[str, tuple[int, int | None]] = {
    LEARNERS: (8, 8),
    f"{LEARNERS}{{learner}}": (8, 8),
    f"{LEARNERS}{{learner}}/edit": (8, 7),
    f"{LEARNERS}{{learner}}/history?lists=1": (7, 7),
    f"{LEARNERS}{{learner}}/who": (8, 4),
    "/readings/": (6, None),  # of the operator and the head
}


@pytest.fixture(scope="module")
def portal_alone(portal: Portal) -> Side:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        engine = db.engine
    return portal_side(portal, engine, os.environ["PORTAL_DEMO_PASSWORD"])


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("login", ["operator", "clerk"])
def test_a_page_asks_the_database_exactly_so_often(
    portal_alone: Side, login: str, path: str
) -> None:
    expected = PAGES[path][login == "clerk"]
    school = portal_alone.organisation("school-1")
    query = "select min(id) from student where organisation_id = %s"
    address = path.format(learner=portal_alone.sql(query, school)[0][0])
    client = portal_alone.client(login)
    if expected is None:
        assert client.get(address).status_code == 403
        return
    portal_alone.page(client, address)
    with portal_alone.statements() as sent:
        portal_alone.page(client, address)
    assert len(sent) == expected <= MOST, sent
