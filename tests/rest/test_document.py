"""The OpenAPI document: valid, complete for the capacity, remembered; the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.kernel.catalogue import records
from app.security.roles import Action, RoleCode
from tests.rest.programs import Program, program, school
from tests.scope_model import Person, holds

if TYPE_CHECKING:
    from tests.conftest import Portal

DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Program:
    return program(portal, "document of the operator", "operator")


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Program:
    return program(portal, "document of a clerk", "clerk", "--organisation", str(school(portal)))


def read(who: Program, language: str = "ru") -> dict[str, Any]:
    found: dict[str, Any] = who("GET", DOCUMENT, headers={"Accept-Language": language}).get_json()
    return found


def test_every_record_is_in_it(operator: Program) -> None:
    document = read(operator)
    reader = Person("operator", RoleCode.OPERATOR)
    read_by = [r for r in records() if holds(reader, r, Action.LIST)]
    paths = {f"/api/v1/{r.__tablename__.replace('_', '-')}/" for r in read_by}
    assert paths <= set(document["paths"])
    assert document["openapi"].startswith("3.1")


def test_it_lists_only_what_the_capacity_may_do(operator: Program, clerk: Program) -> None:
    path = "/api/v1/organisation/"
    assert set(read(operator)["paths"][path]) == {"get", "post"}
    assert set(read(clerk)["paths"][path]) == {"get"}
    change = read(clerk)["components"]["schemas"]["OrganisationChange"]["properties"]
    assert "email" in change
    assert "full_name" not in change


def test_fields_say_their_labels_items_limits_and_codes(operator: Program) -> None:
    for language in ("ru", "en"):
        fields = read(operator, language)["components"]["schemas"]["Organisation"]["properties"]
        assert fields["email"]["x-item"] == "3.03"
        assert fields["email"]["title"] == fields["email"]["x-title"][language]
    assert fields["full_name"]["maxLength"] == 1000
    assert fields["full_name"]["x-title"]["ru"] != fields["full_name"]["x-title"]["en"]
    assert fields["status"]["enum"][-1] is None
    assert fields["status"]["x-names"]["1"]["ru"]
    assert fields["municipality_id"]["x-relation"] == "/api/v1/municipality/"
    assert fields["opened_on"]["format"] == "date"


def test_it_is_remembered_and_not_sent_twice(operator: Program, clerk: Program) -> None:
    first, other = (who("GET", DOCUMENT).headers["ETag"] for who in (operator, clerk))
    assert first != other
    again = operator("GET", DOCUMENT, headers={"If-None-Match": first})
    assert (again.status_code, again.data) == (304, b"")


def test_it_forgets_when_a_classifier_changes(portal: Portal, operator: Program) -> None:
    before = operator("GET", DOCUMENT).headers["ETag"]
    with portal.cluster.connect(portal.database) as base:
        base.execute("update classifier_item set name_ru = name_ru || ' (новое)'"
                     " where classifier = 'ORG_STATUS' and code = '1'")  # fmt: skip
    after = operator("GET", DOCUMENT)
    assert after.headers["ETag"] != before
    assert "(новое)" in after.text


def test_it_is_not_for_strangers(portal: Portal) -> None:
    assert portal.app.test_client().get(DOCUMENT).status_code == 401
    assert portal.app.test_client().get("/api/").status_code == 302
