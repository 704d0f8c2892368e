"""A clerk loads a class from a spreadsheet: template, check, errors cell by cell, loading, undo."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from tests.imports.sheets import text, workbook
from tests.imports.tabling import Tables, sheet

if TYPE_CHECKING:
    from tests.conftest import Portal

HEAD = ["фамилия ", "ИМЯ", "Отч.", "Дата рожд.", "Пол", "СНИЛС", "Телефон", "Класс"]
DAY = dt.date(2014, 3, 12)
IVANOV = ["Тестов", "Пётр", "Сергеевич", DAY, "мужской", 11223344595, None, "1А"]
PETROVA = ["Тестова", "Анна", None, "01.02.2015", "женский", None, "8 910 710-00-01", "1А"]
PUPILS = (
    "select last_name, first_name, birth_date from student"
    " where last_name like 'Тест%%' and deleted_at is null order by 1, 2"
)
CHILDREN = "/enrolment/student-address"


@pytest.fixture
def tables(fresh_portal: Portal) -> Tables:
    return Tables(fresh_portal, fresh_portal.client_as("clerk"))


def number(tables: Tables) -> int:
    """All rows of learners, and what was written of them at all."""
    ((found,),) = tables.rows(
        "select (select count(*) from student) + (select count(*) from activity)"
    )
    return int(found)


def test_a_check_writes_nothing_and_what_was_checked_is_loaded_and_undone(tables: Tables) -> None:
    before = number(tables)
    tables.check(HEAD, IVANOV, PETROVA)
    assert [code for _name, code in tables.chosen()] == [
        *("last_name", "first_name", "middle_name", "birth_date", "sex", "snils", "phone"),
        "",
    ], "headers are known in any spelling; what is not known is not loaded"
    assert tables.figures() == {"new": 2}
    assert number(tables) == before
    assert "Строка 2: Тестов Пётр Сергеевич" in (told := tables.text("new"))
    assert "112-233-445 95" in told, "a number of a cell is the text it was"
    tables.act("apply")
    assert [row[0] for row in tables.rows(PUPILS)] == ["Тестов", "Тестова"]
    ((sealed, uid, country),) = tables.rows(
        "select snils, uid::text, citizenship_country from student where last_name = 'Тестов'"
    )
    assert sealed.split(":")[1] == uid
    assert country == "643", "what follows from the other values is filled in"
    ((kind, organisation),) = tables.rows("select kind, organisation_id from change_batch")
    assert kind == "import.table"
    assert organisation
    tables.act("undo")
    assert tables.rows(PUPILS) == []
    assert "Загрузка отменена" in tables.text()


def test_rows_are_known_again_and_only_what_differs_is_written(tables: Tables) -> None:
    tables.check(HEAD, IVANOV, PETROVA)
    tables.act("apply")
    changed = [*IVANOV]
    changed[6] = "+7 910 710-00-02"
    nameless = ["тестова", "Анна", None, "2015-02-01", None, None, None]
    tables.check(HEAD, changed, ["Тестова", *nameless[1:]])
    assert tables.figures() == {"changed": 1, "same": 1}, "an empty cell leaves the value"
    assert "Телефон — +7 910 710-00-02" in tables.text("changed")
    tables.act("apply")
    ((version,),) = tables.rows("select version from student where last_name = 'Тестова'")
    assert version == 1
    other = ["Тестов", "Пётр", "Сергеевич", DAY, None, "087-654-303 00", None]
    tables.check(HEAD, other)
    assert tables.figures() == {"new": 1}, "a namesake with another number is another person"
    tables.check(HEAD, PETROVA[:4] + [None] * 4, clear="1")
    assert tables.figures() == {"changed": 1}
    tables.act("apply")
    assert tables.rows("select sex, phone from student where last_name = 'Тестова'") == [
        (None, None)
    ]
    tables.act("undo")
    assert tables.rows("select sex from student where last_name = 'Тестова'") == [("2",)]


SEVEN = {
    3: ("Дата рождения", "31.02.2015"),
    4: ("Пол", "неведомый"),
    5: ("СНИЛС", "112-233-445 96"),
    6: ("Телефон", "дома"),
    7: ("Имя", "Ivan"),
}


def planted() -> list[list[Any]]:
    """A class of which seven rows have an error each, beside two that are right."""
    names = ["Имя", "Фамилия", "Дата рождения", "Пол", "СНИЛС", "Телефон", "Примечание"]
    places = {name: at for at, name in enumerate(names)}
    rows: list[list[Any]] = [names]
    for line in range(2, 11):
        row = ["Иван", "Тестов", f"{line:02}.03.2015", "мужской", None, None, "=cmd|' /C calc'!A0"]
        if line in SEVEN:
            name, value = SEVEN[line]
            row[places[name]] = value
        rows.append(row)
    rows[7][1] = None  # row 8: no surname
    rows[8][2] = rows[1][2]  # row 9: the pupil of row 2 once more
    return rows


def test_seven_errors_are_told_by_cell_and_the_corrected_file_comes_in(tables: Tables) -> None:
    rows = planted()
    before = number(tables)
    tables.check(*rows)
    assert tables.figures() == {"new": 2, "skipped": 7, "faults": 7}
    told = tables.text("problems")
    for line, (column, value) in SEVEN.items():
        assert f"{line} {column} {value} " in told, (line, told)
    assert "8 Фамилия — Заполните это поле" in told
    assert "9 Строка целиком — Это та же запись, что в строке 2" in told
    assert "Строк с ошибками: 7" in tables.text()
    tables.act("apply", whole="1")
    assert "Ничего не загружено: строк с ошибками — 7" in tables.text()
    assert number(tables) == before, "all or nothing"
    bad = tables.errors()
    assert bad[0] == [*rows[0], "Ошибка"]
    assert len(bad) == 8
    assert bad[1][6] == "=cmd|' /C calc'!A0", "a text, not a formula"
    assert bad[1][7].startswith("Дата рождения: Такой даты нет")
    tables.act("apply")
    assert tables.figures() == {"new": 2, "skipped": 7, "faults": 7}
    assert len(tables.rows(PUPILS)) == 2
    mended = [bad[0], *([*row] for row in bad[1:])]
    right = {2: "01.02.2015", 3: "мужской", 4: "", 5: "+7 910 710-00-03"}
    for at, (place, value) in enumerate(right.items(), 1):
        mended[at][place] = value
    mended[5][0], mended[6][1], mended[7][2] = "Игорь", "Тестов", "11.03.2015"
    tables.check(*mended)
    assert tables.figures() == {"new": 7}
    tables.act("apply")
    assert len(tables.rows(PUPILS)) == 9
    tables.act("undo")
    assert len(tables.rows(PUPILS)) == 2


def test_what_is_loaded_can_be_exported_changed_and_loaded_back(tables: Tables) -> None:
    tables.check(HEAD, IVANOV, PETROVA)
    tables.act("apply")
    cells = sheet(tables.template(fill="1", q="тестов"))
    assert [row[1] for row in cells[1:]] == ["Тестов", "Тестова"]
    taken = "select detail ->> 'rows' from access_log where action = 'export' order by id desc"
    assert tables.rows(taken)[0] == ("2",), "whoever takes rows away is written down"
    assert tables.send(workbook(*cells)).status_code == 200
    tables.columns()
    assert tables.figures() == {"same": 2}
    cells[1][1] = "Тестовский"
    tables.send(workbook(*cells))
    tables.columns()
    assert tables.figures() == {"changed": 1, "same": 1}
    tables.act("apply")
    assert tables.rows(PUPILS)[1][0] == "Тестовский"


def test_rows_of_lists_find_their_learner_by_what_is_said(tables: Tables) -> None:
    tables.check(HEAD, IVANOV, PETROVA, [*PETROVA[:3], "05.05.2015"])
    tables.act("apply")
    tables.base = CHILDREN
    head = ["СНИЛС", "ФИО", "Обучающийся: Дата рождения", "Вид адреса", "Населённый пункт"]
    kinds = sheet(tables.template())[0]
    assert {"Обучающийся: Ключ", "Обучающийся: СНИЛС", "Вид адреса"} <= set(kinds)
    head[0:2] = ["Обучающийся: СНИЛС", "Обучающийся: Фамилия, имя, отчество"]
    tables.check(
        head,
        ["112-233-445 95", None, None, "A", "Смоленск"],
        [None, "тестова анна", "05.05.2015", "A", "Вязьма"],
        [None, "Тестова Анна", None, "A", "Вязьма"],
        [None, "Никто Никак", None, "A", "Вязьма"],
        [None, None, None, "A", "Вязьма"],
    )
    assert tables.figures() == {"new": 2, "skipped": 3, "faults": 3}
    told = tables.text("problems")
    assert "Подходит несколько записей" in told
    assert "Такой записи нет" in told
    assert "к чему относится строка: без этого" in told
    tables.act("apply")
    found = tables.rows(
        "select s.last_name, a.locality from student_address a"
        " join student s on s.id = a.student_id where s.last_name like 'Тест%%' order by 1"
    )
    assert found == [("Тестов", "Смоленск"), ("Тестова", "Вязьма")]
    tables.act("undo")
    tables.check(head, ["112-233-445 95", None, None, "A", "Смоленск"])
    assert tables.figures() == {"new": 1}, "what was undone is not there"


def test_a_row_of_another_school_is_answered_like_one_that_is_not_there(tables: Tables) -> None:
    foreign = tables.rows(
        "select s.uid from student s where organisation_id <> (select a.organisation_id"
        " from role_assignment a join ab_user u on u.id = a.user_id where username = 'clerk'"
        " order by a.id limit 1) limit 1"
    )
    absent = "0190b0d5-0000-7000-8000-000000000000"
    tables.check(["Ключ", "Имя"], [str(foreign[0][0]), "Пётр"], [absent, "Пётр"], ["x", "Пётр"])
    lines = tables.text("problems").split("Что не так и как исправить ")[1]
    words = [line.partition("Записи")[2] for line in lines.split("Ключ ")[1:] if "Записи" in line]
    assert len(words) >= 2
    assert lines.count("Записи с таким ключом нет.") == 2
    assert "Это не ключ" in lines


def test_columns_are_chosen_remembered_and_refused(tables: Tables) -> None:
    tables.send(text(["Ученик", "Когда родился"], ["Тестов", "01.02.2015"]), "к.csv")
    assert "Для новых записей нужны ещё столбцы" in tables.text()
    twice = {"col.0": "last_name", "col.1": "last_name"}
    assert tables.columns(**twice).status_code == 422
    assert tables.columns(**{"col.0": "organisation_id"}).status_code == 422
    assert tables.columns(**{"col.9": "last_name"}).status_code == 422
    assert tables.columns(**{"col.0": "last_name", "col.1": "birth_date"}).status_code == 303
    assert tables.figures() == {"skipped": 1, "faults": 1}
    tables.send(text(["УЧЕНИК", "когда_родился"], ["Тестов", "01.02.2015"]), "к.csv")
    assert [code for _name, code in tables.chosen()] == ["last_name", "birth_date"]


def test_others_meet_nothing_of_it(tables: Tables, fresh_portal: Portal) -> None:
    tables.check(HEAD, IVANOV)
    for login in ("clerk2", "head", "operator"):
        client = fresh_portal.client_as(login)
        other = Tables(fresh_portal, client, number=tables.number)
        for more in ("", "/report", "/errors"):
            assert client.get(f"/imports/{tables.number}{more}").status_code == 404, login
        assert other.act("apply").status_code == 404
        assert client.get(f"/registry/import/{tables.number}").status_code in {403, 404}
    assert tables.rows(PUPILS) == []


def test_wrong_files_are_refused_with_a_sentence_and_entered_nowhere(tables: Tables) -> None:
    for content, name, words in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.xlsx", "закрыт паролем"),
        (b"x", "a.exe", ".xlsx, .ods, .csv"),
        (b"", "a.csv", "Файл пуст"),
    ):
        answer = tables.send(content, name)
        assert answer.status_code in {403, 422}, answer.status_code
        assert words in answer.json["error"]
    assert tables.rows("select count(*) from data_import") == [(0,)]


def test_a_table_without_headers_is_taken_from_its_first_row(tables: Tables) -> None:
    tables.send(workbook(IVANOV[:4], PETROVA[:4], ["Тестов", "Пётр", None, "31.02.2015"]))
    page = tables.text("columns")
    assert "Похоже, в файле нет строки заголовков" in page
    names = ("last_name", "first_name", "middle_name", "birth_date")
    chosen = {f"col.{at}": name for at, name in enumerate(names)}
    assert tables.columns(**chosen, bare="1").status_code == 303
    assert tables.figures() == {"new": 2, "skipped": 1, "faults": 1}
    assert "3 D 31.02.2015 Такой даты нет" in tables.text("problems")
    assert tables.errors()[0] == ["A", "B", "C", "D", "Ошибка"]
    assert tables.rows("select count(*) from table_columns") == [(0,)], "names are no headers"
    tables.send(workbook(HEAD, IVANOV))
    assert "нет строки заголовков" not in tables.text("columns")
