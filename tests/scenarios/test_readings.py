"""Who opens what is kept closely leaves a line in the access log, before the page goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg.rows import dict_row

from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

LIST = "/enrolment/student/"
PAPERS = "/enrolment/student-identity-document/"
HEALTH = "/enrolment/student-disability/"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "head", "clerk", "clerk2")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(scope="module")
def learner(sides: dict[str, Side]) -> int:
    """The first learner of the school."""
    clerk = sides["clerk"]
    query = "select min(id) from student where organisation_id = %s"
    return int(clerk.one(query, clerk.school()))


@pytest.fixture(autouse=True)
def _nothing_yet(sides: dict[str, Side]) -> Iterator[None]:
    sides["clerk"].write("truncate access_log")
    yield
    sides["clerk"].write("drop trigger if exists full_disk on access_log")


def lines(side: Side) -> list[dict[str, Any]]:
    with side.portal.cluster.connect(side.portal.database) as base:
        cursor = base.cursor(row_factory=dict_row)
        return cursor.execute("select * from access_log order by id").fetchall()


def get(side: Side, where: str, status: int = 200) -> str:
    answer = side.client.get(where)
    assert answer.status_code == status, (where, answer.status_code)
    return answer.text


def test_the_card_of_a_learner_is_opened_once_and_leaves_one_line(
    sides: dict[str, Side], learner: int
) -> None:
    clerk = sides["clerk"]
    get(clerk, f"{LIST}{learner}")
    [line] = lines(clerk)
    assert (line["action"], line["table_name"], line["row_id"]) == ("card", "student", learner)
    assert (line["learner_id"], line["organisation_id"]) == (learner, clerk.school())
    assert line["capacity"] == "clerk"
    assert str(line["user_id"]) == clerk.one("select id from ab_user where username = 'clerk'")


@pytest.mark.parametrize(
    ("path", "action"),
    [
        (f"{LIST}{{learner}}/edit", "form"),
        (f"{LIST}{{learner}}/history", "history"),
        (f"{PAPERS}{{paper}}", "card"),
        (f"{PAPERS}{{paper}}/edit", "form"),
    ],
)
def test_forms_histories_and_papers_leave_their_lines(
    sides: dict[str, Side], learner: int, path: str, action: str
) -> None:
    clerk = sides["clerk"]
    query = "select min(id) from student_identity_document where student_id = %s"
    get(clerk, path.format(learner=learner, paper=clerk.one(query, learner)))
    [line] = lines(clerk)
    assert line["action"] == action
    assert line["learner_id"] == learner


def test_what_is_not_kept_closely_leaves_none(sides: dict[str, Side], learner: int) -> None:
    clerk = sides["clerk"]
    address = clerk.one("select min(id) from student_address where student_id = %s", learner)
    for where in ("/", f"/registry/organisation/{clerk.school()}", "/registry/organisation/",
                  f"/enrolment/student-address/{address}"):  # fmt: skip
        get(clerk, where)
    assert lines(clerk) == []


def test_a_list_with_whole_values_leaves_one_line_with_the_number_of_rows(
    sides: dict[str, Side],
) -> None:
    clerk = sides["clerk"]
    get(clerk, HEALTH)
    [line] = lines(clerk)
    there = clerk.one(
        "select count(*) from student_disability where organisation_id = %s", clerk.school()
    )
    assert line["action"] == "list"
    assert str(line["detail"]["rows"]) == there != "0"
    assert line["organisation_id"] == clerk.school()
    assert line["row_id"] is None


def test_a_list_of_masks_leaves_none_and_a_card_of_masks_leaves_one(
    sides: dict[str, Side], learner: int
) -> None:
    department = sides["department"]
    get(department, LIST)
    assert lines(department) == []
    get(department, f"{LIST}{learner}")
    assert [(x["action"], x["capacity"]) for x in lines(department)] == [("card", "department")]


def test_a_row_that_is_out_of_reach_leaves_no_line_of_its_own(
    sides: dict[str, Side], learner: int
) -> None:
    get(sides["clerk2"], f"{LIST}{learner}", 404)
    assert lines(sides["clerk"]) == []


def test_a_file_says_how_many_rows_and_which_personal_values_were_taken(
    sides: dict[str, Side],
) -> None:
    clerk = sides["clerk"]
    get(clerk, f"{LIST}export/csv")
    [line] = lines(clerk)
    assert (line["action"], line["target"]) == ("export", "student.csv")
    assert line["detail"]["rows"] > 0
    assert {"snils", "phone", "birth_date"} <= set(line["detail"]["fields"])
    assert line["organisation_id"] == clerk.school()
    get(sides["operator"], "/registry/organisation/export/csv")
    assert "fields" not in lines(clerk)[-1]["detail"]


def test_a_program_that_reads_a_row_or_a_list_leaves_its_lines(
    sides: dict[str, Side], learner: int
) -> None:
    clerk = sides["clerk"]
    assert clerk.client.get(f"/api/v1/student/{learner}").status_code == 200
    assert clerk.client.get("/api/v1/student-disability/").status_code == 200
    row, listed = lines(clerk)
    assert (row["action"], row["row_id"], row["learner_id"]) == ("api", learner, learner)
    assert row["organisation_id"] == clerk.school()
    assert (listed["action"], listed["detail"]["via"]) == ("list", "api")


def test_nothing_is_shown_where_nothing_can_be_written_down(
    sides: dict[str, Side], learner: int
) -> None:
    clerk = sides["clerk"]
    clerk.write(
        "create or replace function full_disk() returns trigger language plpgsql as"
        " $$ begin raise disk_full; end $$"
    )
    clerk.write(
        "create trigger full_disk before insert on access_log for each row"
        " execute function full_disk()"
    )
    answer = clerk.client.get(f"{LIST}{learner}")
    assert answer.status_code in {500, 503}
    surname = clerk.one("select last_name from student where id = %s", learner)
    assert surname not in answer.text
    assert clerk.client.get("/").status_code == 200
