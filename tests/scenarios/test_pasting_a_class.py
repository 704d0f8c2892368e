"""A class of thirty is pasted from a sheet, mended in place, added at once and taken back."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.imports.pasted import rows_of
from tests.html_form import form_with
from tests.scenarios.requesting import Side
from tests.scenarios.test_filling_a_class import COMMON, TABLES
from tests.working import do_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
MANY = 30
WHOSE = "student_id in (select id from student where starts_with(last_name, 'Вставной'))"
COUNT = "select count(*) from student where starts_with(last_name, 'Вставной') and deleted_at is {}"


def sheet(number: int = MANY) -> list[list[str]]:
    """Rows of a sheet without errors: names in one column, day, sex."""
    return [
        [f"Вставной-{LETTERS[at // 28].upper()}{LETTERS[at % 28].lower()} Иван Петрович",
         f"{at % 28 + 1:02}.03.2015", "муж"]
        for at in range(number)
    ]  # fmt: skip


def text_of(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture
def room(clerk: Side) -> Iterator[int]:
    year = clerk.one("select id from school_year where code = '2026/27'")
    made = clerk.fill(
        "/enrolment/school-class/add", school_year_id=year, grade=5, letter="вставка", capacity=30
    )
    assert made.status_code == 303
    yield int(made.location.rpartition("/")[2])
    for table in TABLES:
        clerk.write(f"delete from {table} where {WHOSE}")  # noqa: S608 - names of ours
    clerk.write("delete from student where starts_with(last_name, 'Вставной')")
    clerk.write("delete from form_draft")
    clerk.write("delete from school_class where letter = 'ВСТАВКА'")


def paste(room: int) -> str:
    return f"/enrolment/class/{room}/paste"


def send(clerk: Side, room: int, page: str, step: str, **values: str) -> tuple[int, str, str]:
    data = form_with(page, "version") | {"step": step, **values}
    answer = clerk.client.post(paste(room), data=data)
    return answer.status_code, unescape(answer.text), answer.location or ""


def counted(clerk: Side, state: str = "null") -> int:
    return int(clerk.one(COUNT.format(state)))


def test_columns_are_guessed_by_header_and_by_content() -> None:
    told = {"last_name": "Иванов", "first_name": "Пётр", "middle_name": "Оглы Али",
            "birth_date": "2.3.2015", "sex": "1", "snils": "112-233-445 95"}  # fmt: skip
    for text in (
        "ИВАНОВ Пётр Оглы Али\t2.3.2015\tм\t112-233-445 95",
        "№\tСНИЛС\tПол\tФИО\tДата рождения\n1\t112-233-445 95\tмуж.\tИванов Пётр Оглы Али\t2.3.2015",  # noqa: E501 - one line of a sheet
        "2.3.2015\tИванов\tПётр\tоглы али\tМ\t112-233-445 95",
        "Отчество;Имя;Фамилия;Дата рождения;Пол;СНИЛС\r\n"  # noqa: ISC004 - two lines
        "Оглы Али;Пётр;Иванов;2.3.2015;мальчик;112-233-445 95",
    ):
        (row,) = rows_of(text)
        assert row == told, text
    assert rows_of("") == rows_of("\n\t\t\n") == rows_of("Фамилия\tИмя\n") == []


def test_thirty_with_planted_errors_are_mended_added_and_taken_back(clerk: Side, room: int) -> None:
    rows = sheet()
    rows[3][1] = "31.02.2015"
    rows[7][0] = "Вставной-Ж1 Иван"
    rows[9] = list(rows[8])
    rows[11].append("112-233-445 96")
    page = clerk.client.get(paste(room)).text
    status, told, _ = send(clerk, room, page, "check", pasted=text_of(rows), **COMMON)
    assert status == 200
    assert "Можно добавить строк: 26. Исправьте или пропустите: 4." in told
    for words in ("Такой даты нет: 31.02.2015", "не бывает цифр", "уже есть в строке 9",
                  "не сходится с контрольным числом"):  # fmt: skip
        assert words in told
    assert counted(clerk) == 0
    mended = {
        "row-3.birth_date": "28.02.2015", "row-7.last_name": "Вставной-Жя",
        "row-9.last_name": "Вставной-Яя", "row-11.snils": "",
    }  # fmt: skip
    status, told, _ = send(clerk, room, told, "check", **mended)
    assert status == 200
    assert "Ошибок нет. Можно добавить учеников: 30." in told
    status, _text, where = send(clerk, room, told, "all")
    assert status == 303
    assert counted(clerk) == MANY
    seats = "select count(*) from class_membership where school_class_id = %s and deleted_at is {}"
    assert clerk.one(seats.format("null"), room) == str(MANY)
    again = send(clerk, room, told, "all")
    assert (again[0], again[2]) == (303, where)
    assert counted(clerk) == MANY
    assert re.fullmatch(r"/batches/\d+", where)
    batch = clerk.client.get(where).text
    undone = clerk.client.post(f"{where}/undo", data=form_with(batch, "csrf_token"))
    assert undone.status_code == 303, unescape(undone.text)[-2000:]
    do_jobs(clerk.portal)
    assert counted(clerk) == 0
    assert clerk.one(seats.format("null"), room) == "0"
    open_rows = f"select count(*) from student_enrolment where {WHOSE} and deleted_at is null"  # noqa: S608 - names of ours
    assert clerk.one(open_rows) == "0"


def test_good_rows_go_in_and_the_others_wait_to_be_mended(clerk: Side, room: int) -> None:
    rows = sheet(4)
    rows[1][1] = "когда-то"
    page = clerk.client.get(paste(room)).text
    values = {"pasted": text_of(rows), **COMMON}
    assert send(clerk, room, page, "all", **values)[0] == 422
    assert counted(clerk) == 0
    status, _text, where = send(clerk, room, page, "good", **values)
    assert status == 303
    assert counted(clerk) == 3
    left = clerk.client.get(where).text
    kept = form_with(left, "version")
    assert kept["row-0.last_name"] == rows[1][0].split()[0]
    assert kept["row-0.birth_date"] == "когда-то"
    assert kept["admission_order_number"] == COMMON["admission_order_number"]
    status, _text, where = send(clerk, room, left, "all", **{"row-0.birth_date": "02.03.2015"})
    assert status == 303
    assert counted(clerk) == 4


def test_who_is_there_already_comes_in_only_when_it_is_said(clerk: Side, room: int) -> None:
    page = clerk.client.get(paste(room)).text
    values = {"pasted": text_of(sheet(1)), **COMMON}
    assert send(clerk, room, page, "all", **values)[0] == 303
    page = clerk.client.get(paste(room)).text
    status, told, _ = send(clerk, room, page, "all", **values)
    assert status == 422
    assert "Такой ученик уже есть в школе" in told
    assert send(clerk, room, told, "all", **{"row-0.anyway": "1"})[0] == 303
    assert counted(clerk) == 2


def test_what_cannot_be_read_is_said_and_stays(clerk: Side, room: int) -> None:
    page = clerk.client.get(paste(room)).text
    for text, said in (
        (text_of(sheet(61)), "За один раз — не больше 60"), ("1\t2\t3", "нет строк с учениками"),
    ):  # fmt: skip
        status, told, _ = send(clerk, room, page, "check", pasted=text, **COMMON)
        assert status == 422
        assert said in told
        assert text.splitlines()[0] in told
        assert ('href="/enrolment/student/import"' in told) == ("не больше 60" in said)
    values = {**COMMON, "admitted_on": "01.09.2027", "pasted": text_of(sheet(2))}
    status, told, _ = send(clerk, room, page, "all", **values)
    assert status == 422
    assert told.count("уже окончил учебный год") <= 2
    assert counted(clerk) == 0
