"""A class is entered: learner after learner, from one form (decree п. 5.2)."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

ROOMS, STUDENTS = "/enrolment/school-class/", "/enrolment/student/"
PETR = {"last_name": "Наборный", "first_name": "Пётр", "birth_date": "02.05.2015", "sex": "1"}
COMMON = {
    "admitted_on": "01.09.2026", "admission_kind": "03", "admission_order_number": "15-К",
    "admission_order_date": "30.08.2026",
}  # fmt: skip
WHOSE = "student_id in (select id from student where starts_with(last_name, 'Наборн'))"
TABLES = (
    "education_event", "class_membership", "student_enrolment", "student_completed_program",
    "student_name_history",
)  # fmt: skip


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "clerk", "clerk2", "subject_teacher")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture
def room(sides: dict[str, Side]) -> Iterator[int]:
    clerk = sides["clerk"]
    year = clerk.one("select id from school_year where code = '2026/27'")
    made = clerk.fill(f"{ROOMS}add", school_year_id=year, grade=5, letter="набор", capacity=25)
    assert made.status_code == 303
    yield int(made.location.rpartition("/")[2])
    for table in TABLES:
        clerk.write(f"delete from {table} where {WHOSE}")  # noqa: S608 - names of ours
    clerk.write("delete from student where starts_with(last_name, 'Наборн')")
    clerk.write("delete from form_draft")
    clerk.write("delete from school_class where letter = 'НАБОР'")


def fill(room: int) -> str:
    return f"/enrolment/class/{room}/fill"


def count(side: Side) -> int:
    return int(side.one("select count(*) from student where starts_with(last_name, 'Наборн')"))


def test_one_save_makes_learner_spell_and_class_and_keeps_what_is_common(
    sides: dict[str, Side], room: int
) -> None:
    clerk = sides["clerk"]
    card = unescape(clerk.client.get(f"{ROOMS}{room}").text)
    assert f'href="{fill(room)}"' in card
    saved = clerk.fill(fill(room), **COMMON, **PETR, then="more")
    assert saved.status_code == 303, unescape(saved.text)[-3000:]
    assert saved.location.startswith(fill(room))
    assert saved.location.endswith("#last_name")
    page = clerk.client.get(saved.location.partition("#")[0]).text
    assert "Добавлено: Наборный Пётр" in unescape(page)
    assert "Занято мест: 1 из 25." in unescape(page)
    kept = form_with(page, "last_name")
    assert {name: kept[name] for name in COMMON} == COMMON
    assert kept["last_name"] == kept["birth_date"] == ""
    told = clerk.one(
        "select concat_ws(' ', s.class_name, e.admitted_on, e.admission_order_number, m.from_date,"
        " m.order_number, s.citizenship_kind) from student s join student_enrolment e"
        " on e.student_id = s.id join class_membership m on m.enrolment_id = e.id"
        " where s.last_name = 'Наборный'"
    )
    assert told == "5НАБОР 2026-09-01 15-К 2026-09-01 15-К 1"
    end = clerk.fill(fill(room), **COMMON, **PETR | {"last_name": "Наборная"}, then="open")
    assert end.location == f"{ROOMS}{room}"


def test_what_is_wrong_is_said_at_its_input_and_nothing_typed_is_lost(
    sides: dict[str, Side], room: int
) -> None:
    clerk = sides["clerk"]
    for wrong, said in (
        ({"birth_date": "31.02.2015"}, "Такой даты нет"),
        ({"snils": "112-233-445 96"}, "не сходится с контрольным числом"),
        ({"admitted_on": "01.09.2027"}, "уже окончил учебный год"),
        ({"admitted_on": ""}, "Заполните это поле"),
        ({"first_name": ""}, "Заполните это поле"),
    ):
        answer = clerk.fill(fill(room), **COMMON | PETR | wrong)
        assert answer.status_code == 422, wrong
        page = unescape(answer.text)
        assert said in page
        typed = form_with(answer.text, "last_name")
        for name, text in (COMMON | PETR | wrong).items():
            assert typed[name] == text, name
    assert count(clerk) == 0
    assert clerk.one(f"select count(*) from student_enrolment where {WHOSE}") == "0"  # noqa: S608 - names of ours


def test_the_same_form_sent_twice_is_saved_once(sides: dict[str, Side], room: int) -> None:
    clerk = sides["clerk"]
    data = form_with(clerk.client.get(fill(room)).text, "last_name") | COMMON | PETR
    first, second = (clerk.client.post(fill(room), data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert count(clerk) == 1


def test_a_draft_is_kept_offered_and_continued(sides: dict[str, Side], room: int) -> None:
    clerk = sides["clerk"]
    data = form_with(clerk.client.get(fill(room)).text, "last_name")
    sent = {**data, "last_name": "Наборный", "admission_order_number": "77"}
    kept = clerk.client.post(f"{fill(room)}/keep", data=sent)
    assert kept.json["id"]
    where = f"{fill(room)}?draft={kept.json['id']}"
    assert where in clerk.client.get(fill(room)).text
    assert where in clerk.client.get("/drafts/").text
    again = form_with(clerk.client.get(where).text, "last_name")
    assert again["last_name"] == "Наборный"
    assert again["admission_order_number"] == "77"
    saved = clerk.client.post(fill(room), data={**again, **COMMON, **PETR})
    assert saved.status_code == 303, unescape(saved.text)[-2000:]
    assert clerk.client.get(where).status_code == 404


def test_somebody_alike_is_told_of(sides: dict[str, Side], room: int) -> None:
    clerk = sides["clerk"]
    for _ in range(2):
        saved = clerk.fill(fill(room), **COMMON, **PETR)
        assert saved.status_code == 303
    page = unescape(clerk.client.get(saved.location.partition("#")[0]).text)
    assert "Похоже, этот человек уже есть: Наборный Пётр" in page


def test_only_the_own_school_adds_to_its_class(sides: dict[str, Side], room: int) -> None:
    for login, status in (
        ("clerk2", 404), ("operator", 403), ("department", 403), ("subject_teacher", 403),
    ):  # fmt: skip
        client = sides[login].client
        for path in ("fill",):
            assert client.get(f"/enrolment/class/{room}/{path}").status_code == status, login
        assert "/fill" not in client.get(f"{ROOMS}{room}").text
    clerk = sides["clerk"]
    theirs = clerk.one(
        "select id from school_class where organisation_id = %s limit 1", clerk.school(2)
    )
    data = form_with(clerk.client.get(fill(room)).text, "last_name") | COMMON | PETR
    assert clerk.client.post(fill(int(theirs)), data=data).status_code == 404
    assert count(clerk) == 0
