"""Spells and classes write the learning history by themselves (decree п. 5.2; item 1.16)."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

LIST = "/enrolment/student/"
SPELLS, CLASSES, ROOMS = (
    f"/enrolment/{name}/" for name in ("student-enrolment", "class-membership", "school-class")
)
EVENTS = (
    "select string_agg(event_kind, ' ' order by event_date, id) from education_event"
    " where student_id = %s and deleted_at is null"
)
CLASS = "select class_name from student where id = %s"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "head", "clerk", "clerk2", "subject_teacher")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture
def vera(sides: dict[str, Side]) -> Iterator[int]:
    """A learner of the first school, entered by its clerk."""
    answer = sides["clerk"].fill(
        f"{LIST}add", last_name="Путевая", first_name="Вера", birth_date="12.03.2014", sex="2"
    )
    yield went(answer)
    whose = "student_id in (select id from student where last_name in ('Путевая', 'Новая'))"
    for table in (
        "education_event", "class_membership", "student_enrolment", "student_completed_program",
        "student_name_history",
    ):  # fmt: skip
        sides["clerk"].write(f"delete from {table} where {whose}")  # noqa: S608 - names of ours
    sides["clerk"].write("delete from student where last_name in ('Путевая', 'Новая')")
    sides["clerk"].write("delete from school_class where letter = 'ПРОБА'")


def went(answer: TestResponse) -> int:
    """The row that a form has led to."""
    assert answer.status_code == 303, unescape(answer.text)[-3000:]
    return int(answer.location.rpartition("/")[2])


def room(side: Side, year: str, grade: int) -> int:
    """A class of the side's own school."""
    year_id = side.one("select id from school_year where code = %s", year)
    return went(side.fill(f"{ROOMS}add", school_year_id=year_id, grade=grade, letter="проба"))


def enrolled(side: Side, learner: int, **values: str) -> int:
    filled = {"admitted_on": "01.09.2024", "admission_kind": "01", "study_form": "1", **values}
    return went(side.fill(f"{SPELLS}add?parent={learner}", **filled))


def seated(side: Side, spell: int, seat: int, since: str) -> int:
    where = f"{CLASSES}add?parent={spell}"
    return went(side.fill(where, school_class_id=seat, from_date=since))


def test_enrolment_classes_and_leaving_are_told_without_a_typed_word(
    sides: dict[str, Side], vera: int
) -> None:
    clerk = sides["clerk"]
    fourth, fifth = room(clerk, "2025/26", 4), room(clerk, "2026/27", 5)
    spell = enrolled(clerk, vera, admission_order_number="7-К", admission_order_date="30.08.2024")
    first = seated(clerk, spell, fourth, "01.09.2025")
    ended = clerk.fill(f"{CLASSES}{first}/edit", to_date="31.08.2026", end_reason="PR")
    assert ended.status_code == 303
    assert clerk.one(CLASS, vera) == "None"
    seated(clerk, spell, fifth, "01.09.2026")
    assert clerk.one(CLASS, vera) == "5ПРОБА"
    assert clerk.one(EVENTS, vera) == "ENROLLED PROMOTED"
    levels = (
        "select string_agg(concat_ws(' ', level_code, started_on, finished_on, result_code), '; '"
        " order by started_on) from student_completed_program"
        " where student_id = %s and deleted_at is null"
    )
    assert clerk.one(levels, vera) == "02 2025-09-01 2026-08-31 1; 03 2026-09-01"
    card = unescape(clerk.client.get(f"{LIST}{vera}").text)
    assert "приём в 1 класс, приказ № 7-К от 30.08.2024" in card
    assert "Перевод в следующий класс: 4ПРОБА → 5ПРОБА, 2026/27" in card
    left = clerk.fill(f"{SPELLS}{spell}/edit", left_on="20.11.2026", leave_kind="06")
    assert left.status_code == 303
    last = "select to_date::text || end_reason from class_membership where school_class_id = %s"
    assert clerk.one(last, fifth) == "2026-11-20LV"
    assert clerk.one(EVENTS, vera) == "ENROLLED PROMOTED EXPELLED"
    assert clerk.one(CLASS, vera) == "None"


def test_a_mended_date_replaces_its_event_and_an_order_not_written_is_asked_for(
    sides: dict[str, Side], vera: int
) -> None:
    clerk = sides["clerk"]
    spell = enrolled(clerk, vera)
    mended = clerk.fill(f"{SPELLS}{spell}/edit", admitted_on="02.09.2024", admission_kind="03")
    assert mended.status_code == 303
    assert clerk.one(EVENTS, vera) == "TRANSFER_IN"
    day = "select event_date from education_event where student_id = %s and deleted_at is null"
    assert clerk.one(day, vera) == "2024-09-02"
    clerk.fill(f"{SPELLS}{spell}/edit", left_on="20.11.2026", leave_kind="01")
    page = unescape(clerk.client.get(f"{SPELLS}{spell}").text)
    assert "Укажите номер и дату приказа об отчислении." in page
    assert "в какую организацию переведён" in page
    back = clerk.fill(f"{SPELLS}{spell}/edit", left_on="", leave_kind="")
    assert back.status_code == 303
    assert clerk.one(EVENTS, vera) == "TRANSFER_IN"


@pytest.mark.parametrize(
    ("spell", "seat", "said"),
    [
        ({"left_on": "20.11.2026"}, {}, "День и вид выбытия указывают вместе"),
        ({"left_on": "31.08.2024", "leave_kind": "01"}, {}, "раньше"),
        ({"is_main": "no"}, {}, "Второе зачисление бывает только"),
        ({}, {"from_date": "01.09.2025"}, "дни в нём не выходят за учебный год"),
        ({}, {"from_date": "01.09.2026", "to_date": "01.10.2026"}, "Укажите и последний день"),
        ({"admitted_on": "01.10.2026"}, {"from_date": "01.09.2026"}, "только в дни зачисления"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    sides: dict[str, Side], vera: int, spell: dict[str, str], seat: dict[str, str], said: str
) -> None:
    clerk = sides["clerk"]
    filled = {"admitted_on": "01.09.2024", "admission_kind": "01", "study_form": "1", **spell}
    answer = clerk.fill(f"{SPELLS}add?parent={vera}", **filled)
    if seat:
        number = room(clerk, "2026/27", 5)
        where = f"{CLASSES}add?parent={went(answer)}"
        answer = clerk.fill(where, **{"school_class_id": str(number), **seat})
    assert answer.status_code == 422
    assert said in unescape(answer.text)


def test_two_main_spells_or_two_classes_never_share_a_day(
    sides: dict[str, Side], vera: int
) -> None:
    clerk = sides["clerk"]
    spell = enrolled(clerk, vera)
    twice = clerk.fill(f"{SPELLS}add?parent={vera}", admitted_on="01.09.2026", study_form="1")
    assert twice.status_code == 422
    assert "уже есть основное зачисление" in unescape(twice.text)
    number = room(clerk, "2026/27", 5)
    seated(clerk, spell, number, "01.09.2026")
    again = clerk.fill(
        f"{CLASSES}add?parent={spell}", school_class_id=number, from_date="01.10.2026"
    )
    assert again.status_code == 422
    assert "уже состоит в классе" in unescape(again.text)


def test_the_school_that_was_left_keeps_its_spell_and_the_next_one_reads_it(
    sides: dict[str, Side], vera: int
) -> None:
    """A pupil who goes from school to school and back; the names are those of the time."""
    clerk, clerk2 = sides["clerk"], sides["clerk2"]
    spell = enrolled(clerk, vera)
    clerk.fill(
        f"{SPELLS}{spell}/edit", left_on="20.11.2026", leave_kind="01", leave_order_number="9",
        leave_order_date="19.11.2026", destination_org_id=clerk.school(2),
    )  # fmt: skip
    clerk.write("update student set organisation_id = %s where id = %s", clerk.school(2), vera)
    assert clerk2.fill(f"{LIST}{vera}/edit", last_name="Новая").status_code == 303
    second = enrolled(clerk2, vera, admitted_on="21.11.2026", admission_kind="02")
    card = unescape(clerk2.client.get(f"{LIST}{vera}").text)
    assert "21.11.2026" in card
    assert "01.09.2024" in card
    assert clerk2.client.get(f"{SPELLS}{spell}").status_code == 200
    assert clerk2.client.get(f"{SPELLS}{spell}/edit").status_code == 403
    assert clerk.client.get(f"{LIST}{vera}").status_code == 404
    kept = unescape(clerk.client.get(f"{SPELLS}{spell}").text)
    assert "Путевая Вера" in kept
    assert "Новая" not in kept
    assert clerk.client.get(f"{SPELLS}{second}").status_code == 404
    assert "Новая" not in clerk.client.get(f"{SPELLS}?q=новая").text
    assert "Путевая" in unescape(clerk.client.get(f"{SPELLS}?q=путевая").text)
    assert clerk2.one(EVENTS, vera) == "ENROLLED TRANSFER_OUT TRANSFER_IN"
    told = unescape(clerk2.client.get(f"{SPELLS}?q=вера").text)
    assert "Путевая" in told
    assert "Новая" in told


def test_the_contingent_of_a_day_is_who_was_enrolled_on_it(
    sides: dict[str, Side], vera: int
) -> None:
    clerk = sides["clerk"]
    spell = enrolled(clerk, vera, admitted_on="10.09.2024")
    clerk.fill(f"{SPELLS}{spell}/edit", left_on="20.11.2026", leave_kind="06")
    for day, there in (
        ("09.09.2024", False), ("10.09.2024", True), ("20.11.2026", True), ("21.11.2026", False),
    ):  # fmt: skip
        page = unescape(clerk.client.get(f"{SPELLS}?on={day}&q=путевая").text)
        assert ("Путевая Вера" in page) is there, day
    kept = clerk.client.get(f"{SPELLS}?on=20.09.2026&q=путевая&where=all(study_form:in:1)").text
    assert "Путевая Вера" in unescape(kept)
    assert "on=" not in re.sub(r"(?s)<form.*?</form>", "", kept), "links carry the conditions"
    wrong = unescape(clerk.client.get(f"{SPELLS}?on=31.02.2026").text)
    assert "не применён" in wrong
    assert clerk.client.get(f"{LIST}?on=20.09.2026").status_code == 400, "has no days"


def test_what_the_database_writes_is_typed_by_nobody(sides: dict[str, Side], vera: int) -> None:
    for login in ("clerk", "head", "operator"):
        client = sides[login].client
        assert client.get(f"/enrolment/education-event/add?parent={vera}").status_code == 403
        assert client.get("/enrolment/education-event/").status_code == 200, login
