"""The access log as the head and the operator read it, and nobody else."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from tests.conftest import Portal

LOG = "/readings/"
LIST = "/enrolment/student/"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    """People of two schools and of the offices, each of whom has opened a card."""
    logins = ("operator", "department", "municipal", "head", "clerk", "clerk2", "class_teacher")
    found = {login: Side(portal, login) for login in logins}
    found["clerk"].write("truncate access_log")
    for login in ("clerk", "department"):
        found[login].client.get(f"{LIST}{learner(found['clerk'], 1)}")
    found["clerk2"].client.get(f"{LIST}{learner(found['clerk'], 2)}")
    found["clerk"].client.get("/enrolment/student-disability/")
    return found


def learner(side: Side, school: int) -> str:
    query = "select min(id) from student where organisation_id = %s"
    return side.one(query, side.school(school))


def name(side: Side, school: int) -> str:
    return side.one("select full_name from student where id = %s", learner(side, school))


def page(side: Side, query: str = "") -> str:
    answer = side.client.get(f"{LOG}{query}")
    assert answer.status_code == 200
    return unescape(answer.text)


def rows(text: str) -> list[str]:
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    return re.findall(r"<tr>.*?</tr>", body[1], re.DOTALL) if body else []


def test_the_head_reads_the_lines_of_the_own_school_only(sides: dict[str, Side]) -> None:
    head = sides["head"]
    found = rows(page(head))
    assert len(found) == 3
    assert "Показан список" in found[0]
    assert "Денисов Игорь Львович" in found[1]
    assert "Сотрудник Министерства" in found[1]
    assert name(head, 1) in found[2]
    assert "Иванова Анна Петровна" in found[2]
    assert name(head, 2) not in "".join(found)


def test_the_operator_reads_all_of_them(sides: dict[str, Side]) -> None:
    text = page(sides["operator"])
    for school in (1, 2):
        assert name(sides["operator"], school) in text
    assert "Козлова Нина Фёдоровна" in text


@pytest.mark.parametrize("login", ["clerk", "clerk2", "department", "municipal", "class_teacher"])
def test_nobody_else_reads_it_or_meets_a_way_to_it(sides: dict[str, Side], login: str) -> None:
    client = sides[login].client
    assert client.get(LOG).status_code == 403
    assert client.get(f"{LOG}xlsx").status_code == 403
    assert LOG not in client.get("/").text
    assert LOG in sides["head"].client.get("/").text


def test_person_learner_kind_and_days_narrow_it(sides: dict[str, Side]) -> None:
    head = sides["head"]
    clerk = head.one("select id from ab_user where username = 'clerk'")
    assert len(rows(page(head, f"?who={clerk}"))) == 2
    assert len(rows(page(head, f"?learner={learner(head, 1)}"))) == 2
    assert f"О ком: {name(head, 1)}" in page(head, f"?learner={learner(head, 1)}")
    assert len(rows(page(head, "?what=list"))) == 1
    assert len(rows(page(head, "?from=01.01.2020"))) == 3
    assert rows(page(head, "?to=01.01.2020")) == []
    assert "Такой даты нет" in page(head, "?from=31.02.2026")


def test_a_foreign_learner_is_neither_named_nor_found(sides: dict[str, Side]) -> None:
    text = page(sides["head"], f"?learner={learner(sides['head'], 2)}")
    assert rows(text) == []
    assert name(sides["head"], 2) not in text


def test_the_log_goes_on_page_by_page(sides: dict[str, Side]) -> None:
    head = sides["head"]
    head.write(
        "insert into access_log (action, target, table_name, organisation_id)"
        " select 'form', 'many', 'student', %s from generate_series(1, 60)",
        head.school(),
    )
    first = page(head, "?what=form")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert len(rows(first)) == 50
    assert len(rows(page(head, following[1].removeprefix(LOG)))) == 10
    head.write("delete from access_log where target = 'many'")


def test_the_workbook_holds_the_same_and_is_written_down_itself(sides: dict[str, Side]) -> None:
    head = sides["head"]
    answer = head.client.get(f"{LOG}xlsx?what=card")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    lines = book.get_sheet_by_index(0).to_python()[1:]
    answer.close()
    assert len(lines) == 2
    assert {line[3] for line in lines} == {"Открыта карточка"}
    assert name(head, 1) in str(lines[0][4])
    last = rows(page(head))[0]
    assert "Выгружено" in last
    assert "access_log.xlsx" in last
