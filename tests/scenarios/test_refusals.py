"""Whatever is refused is explained: what, why, who helps, how to go on, and when it was."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, abort

from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

LIST = "/registry/organisation/"
HOST = "http://localhost"
CODES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def words(answer: TestResponse) -> str:
    """What stands on the page itself."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main[0]).split()))


def english(client: FlaskClient) -> FlaskClient:
    token = form_with(client.get("/").text, "csrf_token")["csrf_token"]
    client.post("/language", data={"csrf_token": token, "language": "en", "next": "/"})
    return client


def test_a_missing_right_is_named_with_those_who_hold_and_grant_it(portal: Portal) -> None:
    answer = portal.client_as("clerk").get(f"{LIST}add")
    said = words(answer)
    assert answer.status_code == 403
    assert "У роли «Делопроизводитель / кадры ОО» нет права добавлять записи" in said
    assert "Такое право есть у ролей: «Оператор АИС»" in said
    assert "Полномочия даёт оператор АИС" in said


def test_a_right_that_the_head_may_give_names_the_head(portal: Portal) -> None:
    said = words(portal.client_as("class_teacher").get(f"{LIST}export/csv"))
    assert "нет права выгружать раздел «Организации»" in said
    assert "Полномочия даёт руководитель вашей организации или оператор АИС" in said


def test_another_capacity_of_the_same_person_is_offered(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "insert into role_assignment (user_id, role) select id, 'operator' from ab_user"
            " where username = 'clerk2'"
        )
    said = words(portal.client_as("clerk2").get(f"{LIST}add"))
    assert "Это можно с другими вашими полномочиями: «Оператор АИС»" in said


def test_a_foreign_record_says_whom_to_ask(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        found = base.execute("select id from organisation where source_id = 'school-2'").fetchone()
    assert found
    answer = portal.client_as("clerk").get(f"{LIST}{found[0]}/edit")
    said = words(answer)
    assert answer.status_code == 403
    assert "эту запись меняет другая организация или оператор" in said
    assert "обратитесь к тому, кто их ведёт" in said
    assert f'href="{LIST}{found[0]}"' in answer.text


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_refusal_stands_in_the_frame_with_ways_out(
    portal: Portal, code: int, language: str
) -> None:
    client = portal.client_as("operator")
    if language == "en":
        english(client)
    answer = refused(portal, client, code)
    said = words(answer)
    assert answer.status_code == code
    assert re.search(r"\d\d\.\d\d\.20\d\d \d\d:\d\d:\d\d", said), "when, for those who help"
    assert 'href="/"' in answer.text
    assert f'href="{LIST}"' in answer.text, "back to where the person came from"
    if code != 503:
        assert 'class="sidebar"' in answer.text
        assert "data-palette-open" in answer.text
    if language == "en":
        assert not re.search("[А-Яа-яЁё]", said)
    assert "secret of the inside" not in answer.text


def refused(portal: Portal, client: FlaskClient, code: int) -> TestResponse:
    """Ask the first page, which fails in this way this once."""
    view = portal.app.view_functions["HomeView.index"]

    def failing() -> str:
        if code == 500:
            raise RuntimeError("secret of the inside")
        if code == 503:
            raise OperationalError("secret of the inside", {}, Exception("away"))
        try:
            abort(code)
        except HTTPException as error:
            error.description = "secret of the inside"
            raise

    failing.__dict__.update(view.__dict__)
    portal.app.view_functions["HomeView.index"] = failing
    try:
        return client.get("/", headers={"Referer": f"{HOST}{LIST}"})
    finally:
        portal.app.view_functions["HomeView.index"] = view


@pytest.mark.parametrize(
    "referrer",
    ["http://evil.example/registry/", "//evil.example", f"{HOST}//evil.example/x", "http://[", ""],
)
def test_the_way_back_never_leads_outside(portal: Portal, referrer: str) -> None:
    answer = portal.client_as("clerk").get("/nowhere", headers={"Referer": referrer})
    assert answer.status_code == 404
    assert "evil" not in answer.text
    assert "data-back" not in answer.text


def test_what_finds_nothing_offers_to_drop_each_condition(portal: Portal) -> None:
    client = portal.client_as("clerk")
    page = client.get(LIST, query_string={"q": "щщщ", "org_kind__in": "SOSH"}).text
    drops = re.search(r'<ul class="drops">.*?</ul>', page, re.DOTALL)
    assert drops
    links = [unescape(link) for link in re.findall(r'<a [^>]*href="([^"]+)"', drops[0])]
    assert links == [f"{LIST}?org_kind__in=SOSH", f"{LIST}?q=%D1%89%D1%89%D1%89"]
    assert "Поиск: щщщ" in drops[0]
    assert "Записей: 0" not in client.get(links[0]).text
    only = client.get(LIST, query_string={"q": "щщщ"}).text
    assert 'class="drops"' not in only, "one condition: the button says it"
    assert "Показать все записи" in only


@pytest.mark.parametrize(
    ("login", "path", "text", "link"),
    [
        ("operator", "/registry/organisation/", "Добавьте первую запись.", "organisation/add"),
        ("clerk", "/registry/organisation/", "Записи добавляют: «Оператор АИС».", ""),
        ("clerk", "/registry/organisation-licence/", "на странице, к которой они", "organisation/"),
    ],
)
def test_first_use_says_what_to_do(
    fresh_portal: Portal, login: str, path: str, text: str, link: str
) -> None:
    client = fresh_portal.client_as(login)
    with fresh_portal.cluster.connect(fresh_portal.database) as base:
        base.execute("update organisation set deleted_at = now()")
        base.execute("update organisation_licence set deleted_at = now()")
    page = client.get(path).text
    blank = re.search(r'<div class="blank">.*?</div>\s*</div>', page, re.DOTALL)
    assert blank
    assert text in unescape(blank[0])
    assert link in blank[0]


def test_nobody_is_shown_an_empty_list_without_the_reason(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "update role_assignment set organisation_id = null where role = 'head' and user_id ="
            " (select id from ab_user where username = 'head')"
        )
    page = portal.client_as("head").get("/registry/organisation-bank-account/").text
    assert "Записи этого раздела вам не видны" in page
