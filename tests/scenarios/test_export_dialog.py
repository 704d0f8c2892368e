"""The export dialog: which rows and columns, what the file says of itself, long ones by a job."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from app.kernel.blobs import Blobs
from app.services import work
from tests.working import do_jobs, person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

LIST = "/registry/organisation/"
MUNICIPALITIES = "/reference/municipality/"


def send(client: FlaskClient, base: str = LIST, **values: Any) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(base).text)
    assert token
    given = {"format": "xlsx", "columns": "shown", "scope": "filter", **values}
    return client.post(f"{base}export", data={"csrf_token": token[1], **given})


def file(answer: Any) -> bytes:
    """The content of an answer, which is closed as the web server does it."""
    with answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def tables(content: bytes) -> tuple[list[list[Any]], dict[str, str]]:
    """The rows of the first sheet and the lines of the second."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return first, {str(row[0]): str(row[1]) for row in second}


def ids(client: FlaskClient, query: str) -> list[str]:
    return re.findall(r'data-pick value="(\d+)"', client.get(f"{LIST}?{query}").text)


def test_ticked_rows_come_with_the_shown_columns_and_say_so(portal: Portal) -> None:
    client = portal.client_as("operator")
    chosen = ids(client, "q=гимназия")[:3]
    answer = send(client, scope="selected", ids=",".join([*chosen, "999999999"]), query="cols=inn")
    rows, about = tables(file(answer))
    assert rows[0] == ["Наименование", "ИНН"]
    assert len(rows) == 4
    assert all("Гимназия" in row[0] and len(row[1]) == 10 for row in rows[1:])
    assert about["Строки"] == "отмеченные: 4"
    assert about["Столбцы"] == "показанные в списке"


def test_all_of_the_filter_and_the_whole_list_differ(portal: Portal) -> None:
    client = portal.client_as("operator")
    query = "where=all(inn:starts:6799,any(settlement_kind:in:1,email:empty:1))"
    rows, about = tables(file(send(client, query=query, columns="all")))
    assert 1 < len(rows) < 61
    assert len(rows[0]) > 20
    assert about["Фильтры"] == (
        "ИНН: начинается с 6799 и (Город или село: город или Электронная почта: не заполнено)"
    )
    assert about["Строки"] == "все по этому отбору"
    rows, about = tables(file(send(client, scope="all", query=query)))
    assert len(rows) == 61
    assert (about["Строки"], about["Фильтры"]) == ("весь список", "—")


def test_chosen_columns_come_in_their_order(portal: Portal) -> None:
    client = portal.client_as("clerk")
    answer = send(client, columns="chosen", col=["kpp", "phone", "inn"], format="csv")
    assert file(answer).decode("utf-8-sig").splitlines()[0] == "Наименование;КПП;Телефон;ИНН"
    nothing = send(client, columns="chosen")
    assert nothing.status_code == 422
    assert "Отметьте хотя бы один столбец" in nothing.text


def test_the_old_address_of_a_file_gives_all_columns(portal: Portal) -> None:
    client = portal.client_as("operator")
    rows, about = tables(file(client.get(f"{LIST}export/xlsx?q=гимназия&cols=inn")))
    assert len(rows[0]) > 20
    assert about["Поиск"] == "гимназия"


def test_who_may_not_export_has_no_dialog(portal: Portal) -> None:
    client = portal.client_as("applicant")
    assert client.get(f"{LIST}export").status_code == 403
    assert send(client).status_code == 403


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_long_file_is_made_by_a_job_for_the_one_who_asked(
    fresh_portal: Portal, ending: str
) -> None:
    with fresh_portal.cluster.connect(fresh_portal.database) as base:
        school = base.execute("select min(id) from organisation").fetchone()
        assert school
        base.execute(
            "insert into organisation_licence (uid, organisation_id, licence_number)"
            " select gen_random_uuid(), %s, 'Л035-01253-67/' || lpad(n::text, 8, '0')"
            " from generate_series(1, 20001) n",
            school,
        )
    client = fresh_portal.client_as("operator")
    answer = send(client, "/registry/organisation-licence/", format=ending)
    assert answer.status_code == 303
    number = int(answer.location.rpartition("/")[2])
    do_jobs(fresh_portal)
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        job = work.find(session, number)
        assert job.state == "done", job.message
        assert job.result["rows"] > 20_001
        assert job.file_name.endswith(f".{ending}")
        assert job.params.keys() == {"sealed"}, "conditions may name people"
        store = Blobs(Path(fresh_portal.app.config["PORTAL_DATA"]) / "results")
        with store.open(job.file_hash) as file:
            content = file.read()
    if ending == "csv":
        assert len(content.decode("utf-8-sig").splitlines()) == job.result["rows"] + 1
    else:
        rows, about = tables(content)
        assert len(rows) == job.result["rows"] + 1
        assert about["Кем"] == person(fresh_portal, "operator").full_name
