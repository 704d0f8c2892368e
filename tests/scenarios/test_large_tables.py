"""A table with one bad row of twenty: told cell by cell, nothing written, good rows or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.services.demo_learners import made_snils
from tests.imports.many import FAULTS, HEAD, learner, make
from tests.imports.tabling import Tables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Portal

ROWS = 2_000
WRITTEN = "select count(*) from student where deleted_at is null and email like 'learner%%'"
WORDS = {
    "Фамилия": "Заполните это поле",
    "Дата рождения": "Такой даты нет",
    "Вид гражданства": "Такого значения в списке нет",
    "Телефон": "есть буквы",
    "Электронная почта": "не бывает пробелов",
    "СНИЛС": "не сходится с контрольным числом",
    "СНИЛС отсутствует": "отмечено, что его нет",
    "Родной язык": "ошибка формулы (#N/A)",
}


@pytest.fixture
def tables(fresh_portal: Portal) -> Tables:
    return Tables(fresh_portal, fresh_portal.client_as("clerk"))


def counts(tables: Tables) -> tuple[int, ...]:
    return tables.rows(
        "select (select count(*) from student), (select count(*) from activity),"
        " (select count(*) from change_batch)"
    )[0]


def test_one_row_of_twenty_is_bad(tables: Tables, tmp_path: Path) -> None:
    made = make(tmp_path / "many.xlsx", ROWS)
    before = counts(tables)
    assert tables.send((tmp_path / "many.xlsx").read_bytes()).status_code == 200
    assert tables.columns().status_code == 303
    bad = len(made.bad)
    assert bad == ROWS // 20
    assert set(made.bad.values()) == {column for column, _cell in FAULTS}
    assert tables.figures() == {"new": ROWS - bad, "skipped": bad, "faults": bad}
    assert counts(tables) == before, "a check writes nothing"
    errors = tables.errors()
    assert errors[0] == [*HEAD, "Ошибка"]
    for (number, column), row in zip(made.bad.items(), errors[1:], strict=True):
        if "та же запись" in row[-1]:
            assert f"в строке {number - 1}." in row[-1]
        else:
            assert row[-1].startswith(f"{column}: "), row
            assert WORDS[column] in row[-1], row
    last = tables.text("problems", page="4")
    assert "76–100 из 100" in last, "errors come a page at a time"
    tables.act("apply", whole="1")
    assert f"строк с ошибками — {bad}" in tables.text()
    assert counts(tables) == before, "all or nothing"
    tables.act("apply")
    assert tables.rows(WRITTEN) == [(ROWS - bad,)]
    logged = "select count(*) from activity where batch_id is not null and table_name = 'student'"
    assert tables.rows(logged) == [(ROWS - bad,)], "the history has every row"
    tables.act("undo")
    assert tables.rows(WRITTEN) == [(0,)]


def test_what_only_the_database_knows_is_told_by_the_check(tables: Tables) -> None:
    """A number of a learner of another school, which the clerk does not see."""
    foreign = made_snils(201)  # of the school of the second clerk
    rows = [learner(number) for number in range(40)]
    for at in (7, 23):
        rows[at][HEAD.index("СНИЛС")] = foreign
    before = counts(tables)
    tables.check(HEAD, *rows)
    assert tables.figures() == {"new": 38, "skipped": 2, "faults": 2}
    assert counts(tables) == before
    tables.act("apply")
    assert tables.rows(WRITTEN) == [(38,)]


def test_one_pupil_with_and_without_a_number_is_asked_about(tables: Tables) -> None:
    numbered, bare, other = learner(1), learner(1), learner(1)
    bare[HEAD.index("СНИЛС")] = ""
    other[HEAD.index("СНИЛС")] = learner(2)[HEAD.index("СНИЛС")]
    tables.check(HEAD, numbered, other, bare)
    assert tables.figures() == {"new": 2, "skipped": 1, "faults": 1}, "a namesake is another"
    assert "Похоже, это та же запись, что в строке 2" in tables.text("problems")
