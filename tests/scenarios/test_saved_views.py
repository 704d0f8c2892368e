"""Saved views: whose they are, who shares, and what an old one does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

import psycopg
import pytest
from psycopg import sql

from app.cli.check_keys import _telling_views, _views
from app.views.base.ask import SAFE
from tests.database import PREFIX

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

LIST = "/registry/organisation/"
DOCUMENTS = "/registry/organisation-document/"


def send(client: FlaskClient, path: str, **values: str) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(LIST).text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **values})


def keep(client: FlaskClient, **values: str) -> int:
    answer = send(client, f"{LIST}views", **values)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("=")[2])


def test_rows_of_the_own_school_are_one_click_away(portal: Portal) -> None:
    clerk = portal.client_as("clerk")
    page = clerk.get(DOCUMENTS).text
    own = re.search(r'href="([^"]+)">Моя организация</a>', page)
    assert own, "no way to the own rows"
    assert 'aria-current="true">Все записи</a>' in page
    mine = clerk.get(own[1]).text
    assert 'aria-current="true">Моя организация</a>' in mine
    rows = re.findall(rf'<a class="c" href="{DOCUMENTS}(\d+)"', mine)
    with portal.cluster.connect(portal.database) as base:
        query = (
            "select id from organisation_document where deleted_at is null and organisation_id ="
            " (select id from organisation where source_id = 'school-1')"
        )
        expected = {str(row[0]) for row in base.execute(query)}
    assert rows
    assert set(rows) == expected
    adds = re.search(rf'href="({DOCUMENTS}add\?parent=\d+)"', page)
    assert adds, "no way to a new row of the own school"
    assert clerk.get(adds[1]).status_code == 200
    assert "add?parent=" not in portal.client_as("municipal").get(DOCUMENTS).text
    every = portal.client_as("operator").get(DOCUMENTS).text
    assert "Моя организация" not in every
    assert "add?parent=" not in every
    accounts = clerk.get("/registry/organisation-bank-account/").text
    assert "Моя организация" not in accounts, "there are no others' rows in it"


def test_the_same_name_twice_is_refused_and_nothing_typed_is_lost(portal: Portal) -> None:
    clerk = portal.client_as("clerk")
    keep(clerk, name="Мои", query="q=школа")
    answer = send(clerk, f"{LIST}views", name=" Мои ", query="q=лицей")
    assert answer.status_code == 422
    assert "уже есть представление с таким названием" in answer.text
    assert 'value="Мои"' in answer.text or 'value=" Мои "' in answer.text
    assert 'value="q=%D0%BB%D0%B8%D1%86%D0%B5%D0%B9"' in answer.text
    keep(portal.client_as("head"), name="Мои", query="")


def test_a_view_of_a_field_one_may_not_see_opens_without_it_and_says_so(portal: Portal) -> None:
    operator = portal.client_as("operator")
    accounts = "/registry/organisation-bank-account/"
    shown = operator.get(f"{accounts}?cols=account_number").status_code
    assert shown == 200
    ident = keep(operator, name="Старое", shared="all", query="q=школа&cols=inn")
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "update saved_view set query = %s where id = %s",
            (
                "q=школа&gone__eq=5&where=any(gone:eq:1,inn:starts:67)&sort=-gone&cols=gone,inn",
                ident,
            ),
        )
    page = portal.client_as("clerk").get(f"{LIST}?view={ident}")
    assert page.status_code == 200
    assert "Представление открыто не целиком" in page.text
    assert "gone" in page.text
    assert "начинается с 67" in page.text
    assert "gone__eq" not in page.text, "what is left out is in no address of the page"


def test_a_view_of_another_list_or_person_is_not_there(portal: Portal) -> None:
    clerk = portal.client_as("clerk")
    ident = keep(clerk, name="Только моё", query="q=школа")
    assert clerk.get(f"{LIST}?view={ident}").status_code == 200
    assert clerk.get(f"/registry/organisation-licence/?view={ident}").status_code == 404
    other = portal.client_as("operator")
    assert other.get(f"{LIST}?view={ident}").status_code == 404
    assert send(other, f"{LIST}views/{ident}/delete").status_code == 404
    assert "Только моё" not in other.get(f"{LIST}views").text


def test_only_the_operator_shares_with_all_and_the_department_with_roles(portal: Portal) -> None:
    for login, shared, status in (
        ("operator", "all", 303), ("operator", "role:clerk", 303), ("department", "role:head", 303),
        ("department", "all", 403), ("clerk", "role:clerk", 403), ("municipal", "all", 403),
    ):  # fmt: skip
        client = portal.client_as(login)
        answer = send(client, f"{LIST}views", name=f"Для {shared}", query="", shared=shared)
        assert answer.status_code == status, (login, shared)


@pytest.mark.parametrize(
    ("role", "capacity", "shared", "whom", "error"),
    [
        ("org", "clerk", "own", None, None),
        ("org", "clerk", "all", None, psycopg.errors.InsufficientPrivilege),
        ("org", "clerk", "role", "clerk", psycopg.errors.InsufficientPrivilege),
        ("region", "department", "role", "clerk", None),
        ("region", "department", "all", None, psycopg.errors.InsufficientPrivilege),
        ("region", "operator", "all", None, None),
    ],
)
def test_the_database_itself_keeps_who_shares(
    portal: Portal, role: str, capacity: str, shared: str, whom: str | None, error: Any
) -> None:
    insert = (
        "insert into saved_view (user_id, record, name, query, shared, role)"
        " values (%s, 'organisation', gen_random_uuid()::text, '', %s, %s)"
    )
    with portal.cluster.connect(portal.database) as base:
        found = base.execute("select id from ab_user where username in ('clerk', 'head')")
        me, other = (row[0] for row in found.fetchall())
        with base.transaction(force_rollback=True):
            base.execute(sql.SQL("set local role {}").format(sql.Identifier(f"{PREFIX}{role}")))
            base.execute("select set_config('app.user_id', %s, true)", (str(me),))
            base.execute("select set_config('app.capacity', %s, true)", (capacity,))
            with pytest.raises(psycopg.errors.InsufficientPrivilege), base.transaction():
                base.execute(insert, (other, shared, whom))
            if error is None:
                base.execute(insert, (me, shared, whom))
                return
            with pytest.raises(error), base.transaction():
                base.execute(insert, (me, shared, whom))


PUPILS = "/enrolment/student/"
PAPERS = "/enrolment/student-identity-document/"
TELLING = (
    (PUPILS, "q=Иванов 112-233-445 95"),
    (PUPILS, "q=11223344595"),
    (PUPILS, "snils__eq=112-233-445 95"),
    (PUPILS, "snils__eq=11223344596"),  # not understood, but somebody's all the same
    (PUPILS, "where=any(last_name:eq:Иванов,all(snils:ne:11223344595))"),
    (PAPERS, "series__eq=6624&number__eq=123456"),
)
SILENT = (
    (PUPILS, "q=Иванов&snils__empty=1"),
    (PUPILS, "where=all(snils:empty:1)"),
    (LIST, "q=112"),
)


@pytest.mark.parametrize(("base", "query"), TELLING)
def test_numbers_of_people_are_not_kept_in_a_view(portal: Portal, base: str, query: str) -> None:
    clerk = portal.client_as("clerk")
    refused = send(clerk, f"{base}views", name="По номеру", query=query)
    assert refused.status_code == 422
    assert "их не хранят" in refused.text
    assert 'value="По номеру"' in refused.text, "what was typed stays"
    kept = send(clerk, f"{base}views", name="По имени", query="")
    number = kept.location.rpartition("=")[2]
    assert send(clerk, f"{base}views/{number}", query=query).status_code == 422
    with portal.cluster.connect(portal.database) as connection:
        found = connection.execute("select query from saved_view where id = %s", (number,))
        assert found.fetchone() == ("",)
    send(clerk, f"{base}views/{number}/delete")


def test_those_that_were_kept_before_are_found_and_go(portal: Portal) -> None:
    """By the doctor, should somebody write them past the portal, and by the migration."""
    path = Path(__file__).parents[2] / "migrations/versions/0044_access_views.py"
    telling = re.search(r'TELLING = """(.*?)"""', path.read_text(), re.DOTALL)
    assert telling
    write = (
        "insert into saved_view (user_id, record, name, query) select min(id), %s, %s, %s"
        " from ab_user returning id"
    )
    with portal.cluster.connect(portal.database) as base, portal.app.app_context():
        for number, (where, query) in enumerate((*TELLING, *SILENT)):
            name = where.strip("/").partition("/")[2].replace("-", "_")
            kept = urlencode(parse_qsl(query), safe=SAFE, quote_via=quote)
            base.execute(write, (name, f"old {number}", kept))
        found = _telling_views(base)
        assert len(found) == len(TELLING)
        assert _views(found).state == "failed"
        base.execute(telling[1].encode())
        assert _telling_views(base) == []
        left = base.execute("delete from saved_view where name like 'old %' returning 1")
        assert len(left.fetchall()) == len(SILENT)
