"""A form whose cookie was lost comes back after signing in, to the one who typed it alone."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.documents import PDF
from tests.html_form import form_with
from tests.scenarios.opening import DOCUMENTS, LIST, filled, school

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from flask.testing import FlaskClient

    from tests.conftest import Portal


@pytest.fixture
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    with portal.cluster.connect(portal.database) as connection:
        yield connection


def sign_in(client: FlaskClient, page: str, login: str) -> Any:
    import os  # noqa: PLC0415 - the password is set by the fixtures

    form = form_with(page, "username")
    typed = {"username": login, "password": os.environ["PORTAL_DEMO_PASSWORD"]}
    return client.post("/login/", data={**form, **typed})


def ext(base: psycopg.Connection) -> str | None:
    found = base.execute(
        "select phone_ext from organisation where source_id = 'school-2'"
    ).fetchone()
    assert found
    value: str | None = found[0]
    return value


def test_the_typed_form_comes_back_after_signing_in(
    portal: Portal, base: psycopg.Connection
) -> None:
    path = f"{LIST}{school(base, 'school-2')}/edit"
    form = filled(portal.client_as("clerk2"), path, phone_ext="301")
    client = portal.app.test_client()  # a browser without any cookie
    answer = client.post(path, data=form)
    assert answer.status_code == 401
    assert "всё набранное сохранено" in answer.text
    assert ext(base) != "301"
    again = sign_in(client, answer.text, "clerk2")
    assert "Набранное не потеряно" in again.text
    assert client.post(path, data=form_with(again.text, "phone_ext")).status_code == 303
    assert ext(base) == "301"


def test_nobody_else_gets_it(portal: Portal, base: psycopg.Connection) -> None:
    path = f"{LIST}{school(base, 'school-2')}/edit"
    form = filled(portal.client_as("clerk2"), path, phone_ext="302")
    client = portal.app.test_client()
    page = client.post(path, data=form).text
    assert sign_in(client, page, "operator").status_code == 303
    assert ext(base) != "302"
    signed_in = portal.client_as("operator").post(path, data=form)
    assert signed_in.status_code == 400
    assert 'value="302"' not in signed_in.text


def test_whoever_signed_in_again_in_another_tab_sends_the_form_from_here(
    portal: Portal, base: psycopg.Connection
) -> None:
    path = f"{LIST}{school(base, 'school-2')}/edit"
    form = filled(portal.client_as("clerk2"), path, phone_ext="303")
    client = portal.client_as("clerk2")  # the same browser after its cookies were cleared
    answer = client.post(path, data=form)
    assert answer.status_code == 400
    assert "Набранное не потеряно" in answer.text
    assert ext(base) != "303"
    assert client.post(path, data=form_with(answer.text, "phone_ext")).status_code == 303
    assert ext(base) == "303"


def test_a_file_comes_back_with_the_form(portal: Portal, base: psycopg.Connection) -> None:
    path = f"{DOCUMENTS}add?parent={school(base, 'school-2')}"
    form = filled(portal.client_as("clerk2"), path, doc_kind="02", title="Из другой вкладки")
    upload = {"file_id.upload": (io.BytesIO(PDF), "договор.pdf")}
    client = portal.app.test_client()
    page = client.post(path, data={**form, **upload}).text
    again = form_with(sign_in(client, page, "clerk2").text, "title")
    added = client.post(path, data=again)
    assert added.status_code == 303, added.text
    assert "договор.pdf" in client.get(added.location).text


@pytest.mark.parametrize(
    "key",
    ["", "1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", "x" * 5000, None],
)
def test_another_site_puts_nothing_into_the_sign_in_page(
    portal: Portal, base: psycopg.Connection, key: str | None
) -> None:
    path = f"{LIST}{school(base, 'school-2')}/edit"
    forged = {"phone_ext": "666", "version": "1", "csrf_token": "x"}
    if key is not None:
        forged["form_key"] = key
    for client in (portal.app.test_client(), portal.client_as("clerk2")):
        answer = client.post(path, data=forged)
        assert answer.status_code == 400
        assert "666" not in answer.text
    assert ext(base) != "666"


def test_one_who_may_not_sign_in_any_more_leaves_no_file(
    portal: Portal, base: psycopg.Connection
) -> None:
    path = f"{DOCUMENTS}add?parent={school(base, 'school-2')}"
    form = filled(portal.client_as("clerk2"), path, doc_kind="02", title="Уволен")
    count = "select count(*) from file"
    before = base.execute(count).fetchone()
    base.execute("update ab_user set active = false where username = 'clerk2'")
    upload = {"file_id.upload": (io.BytesIO(PDF), "договор.pdf")}
    answer = portal.app.test_client().post(path, data={**form, **upload})
    base.execute("update ab_user set active = true where username = 'clerk2'")
    assert answer.status_code == 401
    assert base.execute(count).fetchone() == before
    assert re.search(r'name="kept.file_id" value="0"', answer.text), (
        "saving it says what is missing"
    )
