"""Pages of jobs and batches: what was done, how far it is, and the way back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.kernel.errors import Message
from app.models.registry import Organisation
from app.services import batches, work
from tests.scenarios.test_jobs_of_people import ask, own, phone
from tests.working import do_jobs, person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)
    assert found
    return found[1]


def batch_of(portal: Portal, value: str) -> int:
    with session_of(portal, person(portal, "operator")) as session:
        number = batches.begin(session, "bulk.edit", Message("Правка телефонов"))
        session.execute(update(Organisation).values(phone=value))
        session.commit()
    return number


def test_a_batch_shows_its_rows_and_is_undone_from_its_page(portal: Portal) -> None:
    school = own(portal, "clerk")
    before = phone(portal, school)
    number = batch_of(portal, "+74812787878")
    client = portal.client_as("operator")
    assert "Правка телефонов" in client.get("/batches/").text
    page = client.get(f"/batches/{number}").text
    assert "+7 4812 78-78-78" in page or "+7 (4812) 78-78-78" in page
    assert "Прежние значения вернутся в строки" in page
    answer = client.post(f"/batches/{number}/undo", data={"csrf_token": token_of(client)})
    assert answer.status_code == 303
    assert "Ждёт очереди" in client.get(answer.location).text
    do_jobs(portal)
    job = client.get(answer.location).text
    assert "Отменено, строк" in job
    undoing = re.search(r'href="(/batches/\d+)"', job)
    assert undoing
    assert phone(portal, school) == before
    assert "Этот пакет отменён" in client.get(f"/batches/{number}").text
    assert "Отменяет этот пакет" in client.get(undoing[1]).text
    again = client.post(f"/batches/{number}/undo", data={"csrf_token": token_of(client)})
    assert again.status_code == 403


def test_others_see_neither_batch_nor_job(portal: Portal) -> None:
    number = batch_of(portal, "+74812797979")
    clerk = portal.client_as("clerk")
    assert clerk.get(f"/batches/{number}").status_code == 404
    assert "Правка телефонов" not in clerk.get("/batches/").text
    sent = clerk.post(f"/batches/{number}/undo", data={"csrf_token": token_of(clerk)})
    assert sent.status_code == 404


def test_a_file_is_for_the_one_who_asked_for_it(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.file", text="строка")
    do_jobs(portal)
    clerk = portal.client_as("clerk")
    assert "отчёт.txt" in clerk.get("/jobs/").text
    answer = clerk.get(f"/jobs/{number}/file")
    assert answer.text == "строка\n"
    assert "attachment" in answer.headers["Content-Disposition"]
    answer.close()
    assert portal.client_as("operator").get(f"/jobs/{number}/file").status_code == 404
    assert portal.client_as("clerk2").get(f"/jobs/{number}").status_code == 404


def test_a_job_is_stopped_from_its_page(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.long")
    clerk = portal.client_as("clerk")
    answer = clerk.post(f"/jobs/{number}/stop", data={"csrf_token": token_of(clerk)})
    assert answer.status_code == 303
    assert "Остановлено" in clerk.get(answer.location).text
    with session_of(portal, person(portal, "clerk")) as session:
        assert work.find(session, number).state == "cancelled"


def test_the_operator_looks_at_the_jobs_of_all(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.long")
    operator = portal.client_as("operator")
    assert f"/jobs/{number}" not in operator.get("/jobs/").text
    assert f"/jobs/{number}" in operator.get("/jobs/?all=1").text
    assert f"/jobs/{number}" not in portal.client_as("department").get("/jobs/?all=1").text
    operator.post(f"/jobs/{number}/stop", data={"csrf_token": token_of(operator)})
