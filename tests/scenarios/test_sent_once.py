"""A form is saved once, however often it is sent; of many savers of one field one wins."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.documents import PDF
from tests.html_form import form_with
from tests.scenarios.opening import LICENCES, LIST, filled, school

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.conftest import Portal

SAVERS = 50


@pytest.fixture
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    with portal.cluster.connect(portal.database) as connection:
        yield connection


def licences(base: psycopg.Connection, number: str) -> int:
    query = "select count(*) from organisation_licence where licence_number = %s"
    found = base.execute(query, (number,)).fetchone()
    assert found
    return int(found[0])


@pytest.mark.parametrize(("then", "number"), [("open", "7701"), ("more", "7702")])
def test_a_new_row_sent_twice_is_added_once(
    portal: Portal, base: psycopg.Connection, then: str, number: str
) -> None:
    operator = portal.client_as("operator")
    path = f"{LICENCES}add?parent={school(base, 'school-1')}"
    form = filled(operator, path, licence_number=number, then=then)
    first, second = operator.post(path, data=form), operator.post(path, data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert licences(base, number) == 1
    assert "Уже сохранено" in operator.get(second.location).text
    other = {**form, "licence_number": f"{number}1"}
    assert operator.post(path, data=other).status_code == 303, "what differs is another form"
    assert licences(base, f"{number}1") == 1


def test_a_new_row_sent_eight_times_at_one_moment_is_added_once(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    path = f"{LICENCES}add?parent={school(base, 'school-1')}"
    form = filled(operator, path, licence_number="7703")
    cookie = operator.get_cookie("session") or operator.get_cookie("__Host-session")
    assert cookie
    start = threading.Barrier(8)

    def send(_number: int) -> str | None:
        client = portal.app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        start.wait()
        answer = client.post(path, data=form)
        assert answer.status_code == 303, answer.text
        return answer.location

    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(send, range(8)))
    assert len(places) == 1
    assert licences(base, "7703") == 1


def test_a_change_sent_again_after_others_went_on_writes_nothing(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk, head = portal.client_as("clerk"), portal.client_as("head")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    form = filled(clerk, path, phone_ext="101")
    first = clerk.post(path, data=form)
    assert head.post(path, data=filled(head, path, phone_ext="102")).status_code == 303
    version = "select version, phone_ext from organisation where source_id = 'school-1'"
    before = base.execute(version).fetchone()
    again = clerk.post(path, data=form)
    assert (again.status_code, again.location) == (303, first.location)
    assert base.execute(version).fetchone() == before


def test_a_new_row_that_may_be_there_once_is_not_refused_when_it_is_sent_again(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    path = f"{LIST}add"
    form = filled(operator, path, full_name="Школа с номером", registry_number="РН-777")
    first = operator.post(path, data=form)
    assert first.status_code == 303, first.text
    again = operator.post(path, data=form)
    assert (again.status_code, again.location) == (303, first.location)


def test_a_form_with_a_file_sent_twice_is_saved_once(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    path = f"{LICENCES}add?parent={school(base, 'school-2')}"
    form = filled(operator, path, licence_number="7704")
    places = []
    for _ in range(2):
        upload = {"file_id.upload": (io.BytesIO(PDF), "лицензия.pdf")}
        places.append(operator.post(path, data={**form, **upload}).location)
    assert places[0] == places[1]
    assert licences(base, "7704") == 1
    upload = {"file_id.upload": (io.BytesIO(PDF + b"%other"), "лицензия.pdf")}
    assert operator.post(path, data={**form, **upload}).location != places[0]


@pytest.mark.parametrize(
    "key",
    ["", "x", "я" * 40, "\0", "1" * 100_000, "1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA"],
)
def test_a_strange_key_counts_as_none(portal: Portal, base: psycopg.Connection, key: str) -> None:
    operator = portal.client_as("operator")
    path = f"{LICENCES}add?parent={school(base, 'school-1')}"
    before = licences(base, "7705")
    form = filled(operator, path, licence_number="7705", form_key=key)
    assert operator.post(path, data=form).status_code == 303
    assert licences(base, "7705") == before + 1


def test_the_key_of_another_counts_as_none(portal: Portal, base: psycopg.Connection) -> None:
    clerk, head = portal.client_as("clerk"), portal.client_as("head")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    theirs = filled(head, path)["form_key"]
    answer = clerk.post(path, data=filled(clerk, path, phone_ext="55", form_key=theirs))
    assert answer.status_code == 303
    query = "select count(*) from form_sent where key = %s"
    assert base.execute(query, (theirs.split(".")[1],)).fetchone() == (0,)
    page = clerk.post(path, data=filled(clerk, path, email="не адрес", form_key=theirs)).text
    assert form_with(page, "form_key")["form_key"] != theirs, "the next try has a key of its own"


def test_of_fifty_who_save_one_field_at_once_one_wins_and_nobody_loses_a_word(
    portal: Portal, base: psycopg.Connection
) -> None:
    login = portal.client_as("operator")
    path = f"{LIST}{school(base, 'school-3')}/edit"
    cookie = login.get_cookie("session") or login.get_cookie("__Host-session")
    assert cookie
    forms = [
        filled(login, path, phone_ext=f"{1000 + n}", head_position=f"Директор № {n}")
        for n in range(SAVERS)
    ]
    start = threading.Barrier(SAVERS)

    def save(form: dict[str, str]) -> tuple[int, str]:
        client = portal.app.test_client()
        client.set_cookie(cookie.key, cookie.value)
        start.wait()
        answer = client.post(path, data=form)
        return answer.status_code, answer.text

    version = "select version from organisation where source_id = 'school-3'"
    before = base.execute(version).fetchone()
    with ThreadPoolExecutor(SAVERS) as pool:
        answers = list(pool.map(save, forms))
    assert sorted(status for status, _page in answers) == [303] + [409] * (SAVERS - 1)
    won = next(form for form, (status, _page) in zip(forms, answers, strict=True) if status == 303)
    after = base.execute(
        "select phone_ext, head_position, version from organisation where source_id = 'school-3'"
    ).fetchone()
    assert before
    assert after == (won["phone_ext"], won["head_position"], before[0] + 1)
    for form, (status, page) in zip(forms, answers, strict=True):
        if status == 409:
            again = form_with(page, "form_key")
            assert again["phone_ext"] == form["phone_ext"]
            assert again["head_position"] == form["head_position"]
            assert f">{won['phone_ext']}<" in page, "the other value stands beside it"
