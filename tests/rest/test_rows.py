"""What a program reads and writes: forms of values, parts of lists, versions, refusals in words."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.rest.programs import ORGANISATION, Program, person, program, school

if TYPE_CHECKING:
    from tests.conftest import Portal

PROBLEM = "application/problem+json"
BANK = "/api/v1/organisation-bank-account/"


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Program:
    return program(portal, "rows of the operator", "operator")


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Program:
    return program(portal, "rows of a clerk", "clerk", "--organisation", str(school(portal)))


def tag(who: Program, path: str) -> dict[str, str]:
    return {"If-Match": who("GET", path).headers["ETag"]}


def test_values_come_in_forms_that_no_language_changes(portal: Portal, operator: Program) -> None:
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "update organisation_address set geo_lat = 54.5, valid_from = '2020-09-01',"
            " is_main = true where organisation_id = %s",
            (school(portal),),
        )
    path = f"/api/v1/organisation-address/?organisation_id__in={school(portal)}&captions=1"
    row = operator("GET", path).get_json()["items"][0]
    assert row["geo_lat"] == "54.500000"
    assert row["valid_from"] == "2020-09-01"
    assert row["is_main"] is True
    assert row["organisation_id"] == school(portal)
    assert row["captions"]["organisation_id"].startswith("Средняя школа № 1")
    assert row["flat"] is None
    assert row["updated_at"].endswith("Z")


def test_a_list_is_read_in_parts_to_its_end_without_gaps(operator: Program) -> None:
    path: str | None = f"{ORGANISATION}?limit=7&sort=-inn&fields=inn"
    found: list[dict[str, Any]] = []
    while path:
        answer = operator("GET", path)
        page = answer.get_json()
        found += page["items"]
        path = page["next"]
        assert answer.headers.get("Link", "") == (f'<{path}>; rel="next"' if path else "")
    whole = operator("GET", f"{ORGANISATION}?limit=200&sort=-inn&count=1&fields=inn").get_json()
    assert found == whole["items"]
    assert whole["count"] == {"number": len(found), "exact": True, "more": False}
    assert len({row["id"] for row in found}) == len(found) > 30
    assert set(found[0]) == {"id", "uid", "version", "updated_at", "inn"}


def test_filters_and_search_are_those_of_the_pages(operator: Program) -> None:
    some = operator("GET", f"{ORGANISATION}?inn__starts=67990010&fields=inn").get_json()["items"]
    assert some
    assert all(row["inn"].startswith("67990010") for row in some)
    one = some[0]["inn"]
    again = operator("GET", f"{ORGANISATION}?inn__eq={one}&fields=inn").get_json()["items"]
    assert [row["inn"] for row in again] == [one]
    none = operator("GET", f"{ORGANISATION}?email__empty=1&email__contains=a").get_json()
    assert none == {"items": [], "cursor": None, "next": None}


def test_conditions_are_joined_by_and_and_or(operator: Program) -> None:
    both = "where=any(inn:eq:6799001335,inn:eq:6799001310)&fields=inn&sort=inn"
    rows = operator("GET", f"{ORGANISATION}?{both}").get_json()["items"]
    assert [row["inn"] for row in rows] == ["6799001310", "6799001335"]
    wrong = operator("GET", f"{ORGANISATION}?where=any(password:eq:1")
    assert (wrong.status_code, wrong.get_json()["errors"][0]["parameter"]) == (400, "where")


def test_a_change_needs_the_version_that_was_seen(clerk: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    before = clerk("GET", path)
    body = {"email": "first@example.com"}
    assert clerk("PATCH", path, json=body).status_code == 428
    assert clerk("PATCH", path, json=body, headers={"If-Match": "*"}).status_code == 400
    seen = {"If-Match": before.headers["ETag"]}
    done = clerk("PATCH", path, json=body, headers=seen)
    assert done.status_code == 200
    assert done.get_json()["email"] == "first@example.com"
    assert done.headers["ETag"] != before.headers["ETag"]
    late = clerk("PATCH", path, json={"email": "second@example.com"}, headers=seen)
    assert late.status_code == 409
    assert late.headers["ETag"] == done.headers["ETag"]
    assert late.get_json()["conflicts"] == [
        {"pointer": "/email", "yours": "second@example.com", "theirs": "first@example.com"}
    ]


def test_a_version_that_is_there_already_is_not_sent_again(clerk: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    seen = clerk("GET", path).headers["ETag"]
    again = clerk("GET", path, headers={"If-None-Match": seen})
    assert (again.status_code, again.data) == (304, b"")
    assert clerk("GET", path, headers={"If-None-Match": '"0"'}).status_code == 200


def test_of_fifty_changes_of_one_version_exactly_one_wins(
    operator: Program, portal: Portal
) -> None:
    path = f"{ORGANISATION}{school(portal, 5)}"
    seen = tag(operator, path)
    answers: Counter[int] = Counter()
    barrier = threading.Barrier(10)

    def send(number: int) -> None:
        barrier.wait()
        for step in range(5):
            body = {"head_name": f"Иванов Иван {'Б' * (number + 1)}{'в' * step}"}
            answers[operator("PATCH", path, json=body, headers=seen).status_code] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {200: 1, 409: 49}


def test_a_row_is_added_and_goes_to_the_trash(operator: Program, portal: Portal) -> None:
    body = {"organisation_id": school(portal), "licence_number": "Л035-01253-67/00192837"}
    made = operator("POST", "/api/v1/organisation-licence/", json=body)
    assert made.status_code == 201
    where = made.headers["Location"]
    assert operator("GET", where).get_json() == made.get_json()
    seen = {"If-Match": made.headers["ETag"]}
    gone = operator("DELETE", where, headers=seen)
    assert (gone.status_code, gone.data) == (204, b"")
    assert operator("GET", where).status_code == 404
    assert operator("DELETE", where, headers=seen).status_code == 404


def test_a_row_that_others_point_to_stays(operator: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    answer = operator("DELETE", path, headers=tag(operator, path))
    assert answer.status_code == 409
    assert "Адреса" in answer.get_json()["detail"]


def test_all_that_is_wrong_is_said_at_once_and_where(clerk: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    body = {"email": "нет", "full_name": "Чужое", "phone": 5, "no/such~": 1, "site_url": ""}
    answer = clerk("PATCH", path, json=body, headers=tag(clerk, path))
    assert answer.status_code == 422
    assert answer.mimetype == PROBLEM
    wrong = {error["pointer"]: error["detail"] for error in answer.get_json()["errors"]}
    assert set(wrong) == {"/email", "/full_name", "/phone", "/no~1such~0", "/site_url"}
    assert wrong["/phone"] == "Передайте строку или null."
    assert wrong["/full_name"].startswith("Поле «")


def test_a_related_row_must_be_there(operator: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    body = {"municipality_id": 999_999_999}
    answer = operator("PATCH", path, json=body, headers=tag(operator, path))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/municipality_id"


def test_a_code_must_be_one_of_the_classifier(operator: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    for code, status in (("Z", 422), ("1", 200)):
        answer = operator("PATCH", path, json={"status": code}, headers=tag(operator, path))
        assert answer.status_code == status


def test_a_foreign_and_an_absent_row_are_told_alike(clerk: Program, portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as base:
        query = "select id from organisation_bank_account where organisation_id = %s limit 1"
        foreign = base.execute(query, (school(portal, 2),)).fetchone()
    assert foreign is not None
    for method, sent in (
        ("GET", {}),
        ("PATCH", {"json": {"bank_name": "x"}, "headers": {"If-Match": '"1"'}}),
        ("DELETE", {"headers": {"If-Match": '"1"'}}),
    ):
        answers = [clerk(method, f"{BANK}{ident}", **sent) for ident in (foreign[0], 999_999_999)]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].data == answers[1].data
    assert clerk("GET", f"{BANK}{foreign[0]}").status_code == 404


def test_refusals_speak_the_language_that_is_asked_for(clerk: Program) -> None:
    spoken = {}
    for asked in ("ru", "en", "en-GB,en;q=0.9,ru;q=0.1", "de"):
        answer = clerk("GET", f"{ORGANISATION}?no=1", headers={"Accept-Language": asked})
        spoken[asked] = (answer.headers["Content-Language"], answer.get_json()["title"])
    assert spoken["ru"] == spoken["de"] == ("ru", "Запрос не понят")
    assert spoken["en"] == spoken["en-GB,en;q=0.9,ru;q=0.1"]
    assert spoken["en"][0] == "en"
    assert spoken["en"][1].isascii()


def test_a_browser_session_needs_the_token_against_forgery(portal: Portal) -> None:
    client, header = person(portal, "clerk")
    path = f"{ORGANISATION}{school(portal)}"
    seen = {"If-Match": client.get(path).headers["ETag"]}
    body = {"email": "browser@example.com"}
    refused = client.patch(path, json=body, headers=seen)
    assert (refused.status_code, refused.mimetype) == (400, PROBLEM)
    assert client.patch(path, json=body, headers={**seen, **header}).status_code == 200


def test_methods_and_addresses_that_do_not_exist_are_told_as_problems(clerk: Program) -> None:
    put = clerk("PUT", f"{ORGANISATION}1", json={})
    assert (put.status_code, put.mimetype) == (405, PROBLEM)
    assert set(put.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH", "DELETE"}
    nothing = clerk("GET", "/api/v1/no-such-thing/")
    assert (nothing.status_code, nothing.mimetype) == (404, PROBLEM)
    head = clerk("HEAD", ORGANISATION)
    assert (head.status_code, head.data) == (200, b"")


def test_the_history_says_that_a_program_wrote_and_which(clerk: Program, portal: Portal) -> None:
    path = f"{ORGANISATION}{school(portal)}"
    clerk("PATCH", path, json={"fax": "+74812200001"}, headers=tag(clerk, path))
    page = portal.client_as("operator").get(f"/registry/organisation/{school(portal)}/history")
    assert "rows of a clerk" in page.text
    assert ">API<" in page.text
