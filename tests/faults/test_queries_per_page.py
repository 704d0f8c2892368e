"""How often each page asks the database: exact numbers, eight at most (decisions 25).

Two of them are the same for every page: who asks, before the scope is known; the third one tells
the database the scope, where anything else is asked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.faults.sides import DONE, Side, portal_side
from tests.imports.page import HOME, Page
from tests.imports.register_file import certificate, document

if TYPE_CHECKING:
    from tests.conftest import Portal

MOST = 8
LIST = "/registry/organisation/"
LICENCES = "/registry/organisation-licence/"
PAGES = {
    "home": ("/", 2, 4),  # a school's people see their own school there
    "list": (LIST, 7, 7),
    "list found": (f"{LIST}?q=школа", 7, 7),
    "list of another order": (f"{LIST}?sort=-inn&size=100", 7, 7),
    "list filtered by a relation": (f"{LIST}?municipality_id__in=1", 7, 7),
    "list of conditions": (
        f"{LIST}?where=any(inn:starts:67,all(phone:empty:0,municipality_id:out:1|2))",
        7,
        7,
    ),
    "list of chosen columns": (f"{LIST}?cols=inn,kpp,municipality_id,email", 7, 7),
    "list of a list": (LICENCES, 7, 7),
    "record": (f"{LIST}{{school}}", 7, 7),
    "record of a list": (f"{LICENCES}{{licence}}", 7, 7),
    "form": (f"{LIST}{{school}}/edit", 5, 5),
    "picker": (f"{LIST}options?q=школа", 4, 4),
    "found by Ctrl+K": ("/find?q=школа", 4, 4),
    "places of Ctrl+K": ("/find", 2, 2),
    "history": (f"{LIST}{{school}}/history", 6, 6),
    "jobs": ("/jobs/", 4, 4),
    "batches": ("/batches/", 4, 4),
    "classifiers": ("/reference/classifier-item/", 6, 6),
}


@pytest.fixture(scope="module")
def portal_alone(portal: Portal) -> Side:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        engine = db.engine
    return portal_side(portal, engine, os.environ["PORTAL_DEMO_PASSWORD"])


def _address(side: Side, path: str) -> str:
    school = side.organisation("school-1")
    rows = side.sql("select min(id) from organisation_licence where organisation_id = %s", school)
    return path.format(school=school, licence=rows[0][0])


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("login", ["operator", "clerk"])
def test_a_page_asks_the_database_exactly_so_often(
    portal_alone: Side, login: str, name: str
) -> None:
    path, region, school = PAGES[name]
    path = _address(portal_alone, path)
    client = portal_alone.client(login)
    portal_alone.page(client, path)
    with portal_alone.statements() as sent:
        portal_alone.page(client, path)
    assert len(sent) <= MOST
    assert len(sent) == (region if login == "operator" else school), sent


def test_pages_of_imports_ask_eight_times_at_most(portal_alone: Side, portal: Portal) -> None:
    page = Page(portal, portal.client_as("operator"))
    page.check(document(certificate()).getvalue())
    page.act("apply")
    page.act("undo")
    for path in (HOME, f"{HOME}{page.number}", f"{HOME}{page.number}?part=new"):
        page.client.get(path)
        with portal_alone.statements() as sent:
            assert page.client.get(path).status_code == 200
        assert len(sent) <= MOST, (path, sent)


def test_a_new_form_asks_only_who_asks(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    portal_alone.page(client, f"{LIST}add")
    with portal_alone.statements() as sent:
        portal_alone.page(client, f"{LIST}add")
    assert len(sent) == 2, sent


def test_saving_asks_the_database_eight_times_at_most(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    path = _address(portal_alone, f"{LIST}{{school}}/edit")
    values = portal_alone.form(client, path)
    with portal_alone.statements() as sent:
        answer = client.post(path, data={**values, "head_name": "Новикова Нина"})
    assert answer.status_code in DONE
    assert len(sent) == 8, sent


def test_the_number_does_not_depend_on_how_much_belongs_to_a_record(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    school = portal_alone.organisation("school-2")
    counts = []
    for _ in range(2):
        client.get(f"{LIST}{school}")
        with portal_alone.statements() as sent:
            client.get(f"{LIST}{school}")
        counts.append(len(sent))
        portal_alone.sql(
            "insert into organisation_licence (uid, organisation_id, licence_number)"
            " select gen_random_uuid(), %s, 'Л035-01253-67/' || lpad(n::text, 8, '0')"
            " from generate_series(1, 60) n",
            school,
        )
    assert counts[0] == counts[1]
