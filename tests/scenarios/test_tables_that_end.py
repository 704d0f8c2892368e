"""A table that ends more than a twentieth of the enrolments of a school stops and lists them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from tests.imports.tabling import Tables

if TYPE_CHECKING:
    from tests.conftest import Portal

HEAD = ["Ключ", "Выбыл", "Вид выбытия"]
OPEN = (
    "select e.uid::text, e.student_name from student_enrolment e where e.deleted_at is null"
    " and e.left_on is null and e.organisation_id ="
    " (select a.organisation_id from role_assignment a join ab_user u on u.id = a.user_id"
    " where username = 'clerk' order by a.id limit 1) order by 1"
)
CONFIRMED = (
    "select detail ->> 'rows', detail ->> 'open', table_name from access_log where action = 'ends'"
)


@pytest.fixture
def tables(fresh_portal: Portal) -> Tables:
    client = fresh_portal.client_as("clerk")
    return Tables(fresh_portal, client, base="/enrolment/student-enrolment")


def leaving(keys: list[str]) -> list[list[Any]]:
    return [[key, dt.date(2026, 9, 30), "01"] for key in keys]


def test_many_ends_stop_until_so_many_are_confirmed(tables: Tables) -> None:
    spells = tables.rows(OPEN)
    keys, names = [row[0] for row in spells], [row[1] for row in spells]
    few = len(keys) // 20
    assert few, "the demo school is large enough for one to leave"
    many = few + 1
    tables.check(HEAD, *leaving(keys[:many]))
    assert tables.figures() == {"changed": many}
    told = tables.text()
    assert f"Файл закончит {many} из {len(keys)} действующих записей" in told
    assert f"Подтверждаю: закончить записей — {many} из {len(keys)}" in told
    listed = tables.text("ends")
    assert all(f"{name}" in listed and "30.09.2026" in listed for name in names[:many])
    for wrong in ("", "1", "999", "x", "١"):
        tables.act("apply", confirmed=wrong)
        assert tables.rows(OPEN) == spells, wrong
    assert tables.rows(CONFIRMED) == [], "what is refused has not been confirmed"
    tables.act("apply", confirmed=str(many))
    assert len(tables.rows(OPEN)) == len(spells) - many
    assert tables.rows(CONFIRMED) == [(str(many), str(len(keys)), "student_enrolment")]
    tables.act("undo")
    assert tables.rows(OPEN) == spells


def test_a_few_ends_and_what_ended_before_ask_nothing(tables: Tables) -> None:
    spells = tables.rows(OPEN)
    keys = [row[0] for row in spells]
    few = keys[: len(keys) // 20]
    tables.check(HEAD, *leaving(few))
    assert "Подтверждаю" not in tables.text()
    tables.act("apply")
    assert len(tables.rows(OPEN)) == len(spells) - len(few)
    tables.check(HEAD, *([key, dt.date(2026, 10, 1), "01"] for key in few))
    assert tables.figures() == {"changed": len(few)}
    assert "действующих записей" not in tables.text()


def test_what_has_become_more_since_the_check_is_refused_by_the_loading(tables: Tables) -> None:
    """A row that could not be ended when the table was checked can be when it is loaded."""
    spells = tables.rows(OPEN)
    keys = [row[0] for row in spells[: len(spells) // 20 + 2]]
    blocked = "update student_enrolment set left_on = {}, leave_kind = {} where uid::text = %s"
    day, kind = "date '2026-09-30'", "'01'"
    tables.rows(blocked.format(day, kind) + " returning id", keys[-1])
    tables.check(HEAD, *leaving(keys))
    confirmed = len(keys) - 1
    assert tables.figures() == {"changed": confirmed, "same": 1}
    tables.rows(blocked.format("null", "null") + " returning id", keys[-1])
    tables.act("apply", confirmed=str(confirmed))
    assert f"Файл закончит {len(keys)} из" in tables.text()
    assert tables.rows(OPEN) == spells, "nothing is loaded"
