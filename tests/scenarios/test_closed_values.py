"""A classifier value that has ended keeps its name on old rows and is offered to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from app.extensions import db

if TYPE_CHECKING:
    from tests.conftest import Portal


def write(portal: Portal, statement: str) -> None:
    with portal.app.app_context(), db.engine.begin() as connection:
        role = {"role": "portal_test_system"}
        connection.execute(text("select set_config('role', :role, true)"), role)
        connection.execute(text(statement))


def test_an_ended_value_is_shown_and_not_offered(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    form = client.get("/registry/organisation/add").text
    assert '<option value="GYM">' in form
    write(
        fresh_portal,
        "update classifier_item set valid_to = current_date - 1"
        " where classifier = 'ORG_KIND' and code = 'GYM'",
    )
    assert '<option value="GYM">' not in client.get("/registry/organisation/add").text
    listed = client.get("/registry/organisation/export/csv").data.decode("utf-8-sig")
    assert ";гимназия;" in listed


def test_an_authority_with_schools_stays_out_of_the_trash(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    found = client.get("/registry/organisation/options?q=управление+вязьма").json
    number = found["items"][0]["value"]
    page = client.get(f"/registry/organisation/{number}").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    form = {"csrf_token": token, "version": version}
    answer = client.post(f"/registry/organisation/{number}/trash", data=form)
    assert answer.location == f"/registry/organisation/{number}"
    assert "Сначала удалите" in client.get(answer.location).text
