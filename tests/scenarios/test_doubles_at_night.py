"""Doubles that no statement could see are found at night; what was decided stands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.jobs.doubles import look_again
from tests.scenarios.requesting import Side
from tests.scenarios.test_doubles import AWAY, BORN, NAME, PUT, pairs, put, show, whose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Side:
    return Side(portal, "clerk")


@pytest.fixture(autouse=True)
def clean(clerk: Side) -> Iterator[None]:
    yield
    clerk.write("truncate duplicate_move, duplicate_decision, duplicate_candidate")
    for statement in AWAY:
        clerk.write(statement)


def at_once(portal: Portal, side: Side) -> list[int]:
    """Two schools enter one human in two transactions, neither of which sees the other."""
    first, second = (portal.cluster.connect(portal.database) for _ in range(2))
    found = []
    for school, base in ((1, first), (2, second)):
        base.autocommit = False
        values = (str(uuid4()), *NAME, BORN, side.school(school), None)
        row = base.execute(PUT["student"].encode(), values).fetchone()
        assert row
        found.append(int(row[0]))
    for base in (first, second):
        base.commit()
        base.close()
    return found


def at_night(portal: Portal) -> int:
    with portal.app.app_context():
        return look_again()


def test_namesakes_entered_at_one_moment_are_put_before_the_operator(
    portal: Portal, clerk: Side
) -> None:
    at_night(portal)
    at_once(portal, clerk)
    assert pairs(clerk) == [], "neither transaction could see the other"
    assert at_night(portal) == 1
    assert pairs(clerk) == ["open"]
    assert at_night(portal) == 0


def test_a_number_that_came_late_takes_along_who_was_joined_by_a_document(
    portal: Portal, clerk: Side
) -> None:
    first, second = put(clerk, 1), put(clerk, 2)
    for one in (first, second):
        show(clerk, one, "660001")
    assert whose(clerk, first) == whose(clerk, second)
    third = put(clerk, 2, table="guardian", snils="print of a number", name=("Двойник", *NAME[1:]))
    clerk.write("update student set snils_print = %s where id = %s", "print of a number", second)
    assert whose(clerk, second) == whose(clerk, third, "guardian")
    assert whose(clerk, first) != whose(clerk, second), "the twin"
    assert at_night(portal) >= 0
    assert whose(clerk, first) == whose(clerk, second) == whose(clerk, third, "guardian")


def test_who_was_called_different_stays_so(portal: Portal, clerk: Side) -> None:
    first = put(clerk, 1, snils="print of a number")
    second = put(clerk, 2, table="guardian", snils="print of a number")
    apart = "update guardian set person_uid = gen_random_uuid() where id = %s"
    clerk.write(apart, second)
    assert at_night(portal) >= 1
    assert whose(clerk, first) == whose(clerk, second, "guardian")
    clerk.write("delete from duplicate_candidate")
    clerk.write(apart, second)
    clerk.write(
        "insert into duplicate_candidate (first_table, first_id, first_uid, second_table,"
        " second_id, second_uid, state) select 'student', a.id, least(a.uid, b.uid), 'guardian',"
        " b.id, greatest(a.uid, b.uid), 'different' from student a, guardian b"
        " where a.id = %s and b.id = %s",
        first,
        second,
    )
    at_night(portal)
    assert whose(clerk, first) != whose(clerk, second, "guardian")
