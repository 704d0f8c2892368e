"""Special values that are told beside cards and lists leave a line in the access log as well."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from app.kernel.sealing import cipher
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import Portal

STUDENTS = "/enrolment/student/"
HEALTH = "/enrolment/student-disability/"
LAST = (
    "select json_build_array(action, table_name, organisation_id, detail)::text from access_log"
    " where action in ('list', 'search') order by id desc limit 1"
)


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(autouse=True)
def _empty(clerk: Side) -> None:
    clerk.write("truncate access_log")


def last(side: Side) -> Any:
    """The last line about what was listed or looked for."""
    found = side.one(LAST)
    return json.loads(found) if found else None


def post(side: Side, url: str, data: dict[str, str]) -> TestResponse:
    """Send a form."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', side.client.get("/").text)
    assert token
    return side.client.post(url, data={"csrf_token": token[1], **data})


def number_of(side: Side) -> str:
    """The СНИЛС of a learner of the own school."""
    query = "select snils from student where snils is not null and organisation_id = %s limit 1"
    return str(cipher().unseal("snils", side.one(query, side.school(1))))


@pytest.mark.parametrize("query", ["q={}", "snils__eq={}", "where=all(snils:eq:{})"])
def test_a_search_by_a_number_is_written_down_whatever_it_finds(clerk: Side, query: str) -> None:
    for number, rows in ((number_of(clerk), 1), ("11223344595", 0)):
        clerk.write("truncate access_log")
        answer = clerk.client.get(f"{STUDENTS}?{query.format(number)}&cols=full_name,class_name")
        assert answer.status_code == 200
        action, table, organisation, detail = last(clerk)
        assert (action, table, organisation) == ("search", "student", clerk.school(1))
        assert detail == {"rows": rows, "sought": ["snils"]}
        assert number not in str(detail)


def test_a_search_by_name_leaves_none(clerk: Side) -> None:
    clerk.client.get(f"{STUDENTS}?q=Иванов&cols=full_name")
    clerk.client.get("/find?q=Иванов")
    clerk.client.get(f"{STUDENTS}?snils__empty=1&cols=full_name")
    assert last(clerk) is None


@pytest.mark.parametrize(
    ("url", "via"),
    [("/find", "find"), (f"{STUDENTS}options", "picker"), ("/api/v1/student/", "api")],
)
def test_so_is_one_in_other_boxes(clerk: Side, url: str, via: str) -> None:
    number, name = number_of(clerk), "snils__eq" if via == "api" else "q"
    more = "&fields=last_name" if via == "api" else ""
    assert clerk.client.get(f"{url}?{name}={number}{more}").status_code == 200
    action, _table, _school, detail = last(clerk)
    assert (action, detail["sought"], detail["via"]) == ("search", ["snils"], via)


def test_a_number_typed_into_a_new_form_is_one_too(clerk: Side) -> None:
    post(clerk, "/doubles/alike/student", {"snils": number_of(clerk)})
    action, table, _school, detail = last(clerk)
    assert (action, table, detail["rows"], detail["via"]) == ("search", "student", 1, "alike")


def own(side: Side) -> list[str]:
    """Rows of disability of the own school."""
    query = "select array_to_string(array_agg(id order by id), ',') from student_disability"
    more = " where organisation_id = %s and deleted_at is null"
    return side.one(query + more, side.school(1)).split(",")


def test_the_trash_of_health_is_a_list_of_it(clerk: Side) -> None:
    row = own(clerk)[0]
    version = clerk.one("select version from student_disability where id = %s", row)
    assert post(clerk, f"{HEALTH}{row}/trash", {"version": version}).status_code == 303
    clerk.client.get(f"{HEALTH}trash")
    action, table, _school, detail = last(clerk)
    assert (action, table, detail["via"]) == ("list", "student_disability", "trash")
    clerk.write("truncate access_log")
    clerk.client.get(f"{STUDENTS}trash")
    assert last(clerk) is None, "names alone are no special values"


def test_so_are_the_preview_and_the_batch_of_many_rows(clerk: Side) -> None:
    rows = {"scope": "selected", "ids": ",".join(own(clerk)), "query": ""}
    sent = {**rows, "change-ipra_number": "1", "to-ipra_number": "7-ИПРА"}
    page = post(clerk, f"{HEALTH}bulk", {**sent, "step": "preview"})
    action, table, _school, detail = last(clerk)
    assert (action, table, detail["via"]) == ("list", "student_disability", "bulk")
    assert detail["fields"] == ["ipra_number"]
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    done = post(clerk, f"{HEALTH}bulk", {**sent, "step": "apply", "seen": seen})
    assert done.status_code == 303, done.text
    clerk.client.get(done.location)
    action, table, school, detail = last(clerk)
    assert (action, table, school) == ("list", "student_disability", clerk.school(1))
    assert (detail["via"], detail["fields"]) == ("batch", ["ipra_number"])
    head = Side(clerk.portal, "head")
    assert "на странице пакета изменений" in head.client.get("/readings/?what=list").text
