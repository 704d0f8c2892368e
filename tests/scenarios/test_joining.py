"""The operator joins and parts people entered twice, and takes it back within 30 days."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.html_form import form_with
from tests.scenarios.requesting import Side
from tests.scenarios.test_doubles import AWAY, NAME, put, show, whose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

HOME = "/doubles/"
WHY = "Сверили с личным делом"
LEFT = (
    "truncate duplicate_move, duplicate_decision, duplicate_candidate",
    (
        "delete from student_hobby where student_id in"
        " (select id from student where starts_with(upper(btrim(last_name)), 'ДВОЙНИК'))"
    ),
    (
        "delete from student_disability where student_id in"
        " (select id from student where starts_with(upper(btrim(last_name)), 'ДВОЙНИК'))"
    ),
)


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "municipal", "head", "clerk")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(autouse=True)
def clean(sides: dict[str, Side]) -> Iterator[None]:
    yield
    for statement in (*LEFT, *AWAY):
        sides["clerk"].write(statement)


def pair(side: Side, state: str = "open") -> int:
    """The number of the only pair of a state."""
    found = side.one("select id from duplicate_candidate where state = %s", state)
    assert found, state
    return int(found)


def press(side: Side, number: int, what: str = "decide", **values: str) -> TestResponse:
    """Press a button of the page of a pair."""
    page = side.client.get(f"{HOME}{number}").text
    form = form_with(page, "seen") if 'name="seen"' in page else form_with(page, "csrf_token")
    data = {"csrf_token": form["csrf_token"], "seen": form.get("seen", ""), "reason": WHY}
    return side.client.post(f"{HOME}{number}/{what}", data=data | values)


def text(side: Side, number: int) -> str:
    answer = side.client.get(f"{HOME}{number}")
    assert answer.status_code == 200
    return unescape(answer.text)


def test_rows_of_two_schools_become_one_human_and_two_again(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    one, other = put(operator, 1), put(operator, 2)
    before = whose(operator, one), whose(operator, other)
    number = pair(operator)
    assert f'href="{HOME}{number}"' in operator.client.get(HOME).text
    assert "Какая запись остаётся" not in text(operator, number)
    assert press(operator, number, verdict="same").status_code == 303
    assert whose(operator, one) == whose(operator, other)
    assert operator.one("select count(*) from student where deleted_at is not null") == "0"
    journal = (
        "select d.reason || ' ' || u.username from duplicate_decision d"
        " join ab_user u on u.id = d.decided_by where d.candidate_id = %s"
    )
    assert operator.one(journal, number) == f"{WHY} operator"
    log = (
        "select count(*) from activity where table_name = 'student' and row_id in (%s, %s)"
        " and after ? 'person_uid' and verb = 'update' and batch_id is not null"
    )
    assert operator.one(log, one, other) == "1"
    assert press(operator, number, "back").status_code == 303
    assert (whose(operator, one), whose(operator, other)) == before
    assert pair(operator) == number
    assert "Решение отменено" in text(operator, number)


def test_a_dismissed_pair_stays_dismissed(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    one, other = put(operator, 1), put(operator, 2)
    number = pair(operator)
    assert press(operator, number, verdict="different").status_code == 303
    assert f"{HOME}{number}" not in operator.client.get(HOME).text
    assert f"{HOME}{number}" in operator.client.get(f"{HOME}?state=different").text
    operator.write("update student set first_name = 'Иная' where id = %s", one)
    operator.write("update student set first_name = %s where id = %s", NAME[1], one)
    show(operator, one, "p1")
    show(operator, other, "p1")
    assert whose(operator, one) != whose(operator, other), "a document does not overrule"
    assert pair(operator, "different") == number
    assert press(operator, number, "back").status_code == 303
    assert pair(operator) == number


def test_whom_a_document_joined_the_operator_parts(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    one, other = put(operator, 1), put(operator, 2)
    for row in (one, other):
        show(operator, row, "p1")
    number = pair(operator, "same")
    assert "портал: совпали" in text(operator, number)
    assert press(operator, number, verdict="different").status_code == 303
    assert whose(operator, one) != whose(operator, other)
    operator.write("update student_identity_document set is_current = null")
    assert whose(operator, one) != whose(operator, other)


def hobby(side: Side, student: int) -> int:
    return int(
        side.one(
            "insert into student_hobby (uid, organisation_id, student_id, hobby_kind)"
            " select gen_random_uuid(), organisation_id, id, '01' from student where id = %s"
            " returning id",
            student,
        )
    )


def disability(side: Side, student: int) -> int:
    """A row of a list that the operator does not even read."""
    return int(
        side.one(
            "insert into student_disability (uid, organisation_id, student_id, disability_code)"
            " select gen_random_uuid(), organisation_id, id, '01' from student where id = %s"
            " returning id",
            student,
        )
    )


HOBBY_OF = "select student_id from student_hobby where id = %s and deleted_at is null"
ILL = "select student_id from student_disability where id = %s and deleted_at is null"
PAPER_OF = "select student_id from student_identity_document where id = %s and deleted_at is null"
GONE = "select deleted_at is not null from student where id = %s"


def test_of_two_rows_of_one_school_one_takes_over_everything_and_gives_it_back(
    sides: dict[str, Side],
) -> None:
    operator, clerk = sides["operator"], sides["clerk"]
    kept, emptied = put(operator, 1), put(operator, 1)
    operator.write("update student set phone = '+79101234567' where id = %s", emptied)
    likes, ill = hobby(operator, emptied), disability(operator, emptied)
    mine, theirs = show(operator, kept, "p1"), show(operator, emptied, "p2")
    number = pair(operator)
    assert "Возможно, дубль" in unescape(clerk.client.get(f"/enrolment/student/{kept}").text)
    first = operator.one("select first_id from duplicate_candidate where id = %s", number)
    stays = "first" if int(first) == kept else "second"
    assert "Какая запись остаётся" in text(operator, number)
    done = press(operator, number, verdict="same", stays=stays)
    assert done.status_code == 303, unescape(done.text)
    assert operator.one(GONE, emptied) == "True"
    assert whose(operator, kept) == whose(operator, emptied)
    assert operator.one(HOBBY_OF, likes) == str(kept)
    assert operator.one(ILL, ill) == str(kept)
    assert operator.one(PAPER_OF, mine) == str(kept)
    assert operator.one(PAPER_OF, theirs) == "", "two documents of a kind are not both in force"
    assert operator.one("select phone from student where id = %s", kept) == "+79101234567"
    batch = operator.one("select batch_id from duplicate_decision where candidate_id = %s", number)
    wrote = "select count(distinct table_name) from activity where batch_id = %s"
    assert operator.one(wrote, batch) == "4", "all of it is one batch"
    assert "Возможно, дубль" not in unescape(clerk.client.get(f"/enrolment/student/{kept}").text)
    assert "в корзине" in text(operator, number)
    back = press(operator, number, "back")
    assert back.status_code == 303, unescape(back.text)
    assert operator.one(GONE, emptied) == "False"
    assert whose(operator, kept) != whose(operator, emptied)
    assert operator.one(HOBBY_OF, likes) == str(emptied)
    assert operator.one(ILL, ill) == str(emptied)
    assert operator.one(PAPER_OF, theirs) == str(emptied)
    assert operator.one("select phone from student where id = %s", kept) == "None"
    assert operator.one("select phone from student where id = %s", emptied) == "+79101234567"


def test_after_thirty_days_there_is_no_way_back(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    put(operator, 1), put(operator, 2)
    number = pair(operator)
    assert press(operator, number, verdict="same").status_code == 303
    operator.write("update duplicate_decision set decided_at = now() - interval '31 days'")
    assert "Вернуть, как было" not in text(operator, number)
    assert press(operator, number, "back").status_code == 409
    assert press(operator, number, verdict="different").status_code == 303, "but a way apart"


def test_two_deciders_at_once_write_one_decision(sides: dict[str, Side], portal: Portal) -> None:
    operator, second = sides["operator"], Side(portal, "operator")
    put(operator, 1), put(operator, 1)
    number = pair(operator)
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(
                lambda one: press(one[0], number, verdict=one[1]).status_code,
                ((operator, "same"), (second, "different")),
            )
        )
    assert sorted(found) == [303, 409]
    assert operator.one("select count(*) from duplicate_decision") == "1"


def test_a_reason_is_asked_for_and_one_number_is_one_human(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    put(operator, 1), put(operator, 2)
    number = pair(operator)
    answer = press(operator, number, verdict="same", reason=" ")
    assert answer.status_code == 422
    assert "Напишите, почему так решили" in unescape(answer.text)
    assert press(operator, number, verdict="same").status_code == 303
    operator.write("update student set snils_print = 's1' where organisation_id = %s"
                   " and last_name = %s", operator.school(), NAME[0])  # fmt: skip
    assert press(operator, number, verdict="?").status_code == 400
    assert press(operator, number, verdict="different", seen="open").status_code == 409


@pytest.mark.parametrize("login", ["department", "municipal", "head", "clerk"])
def test_only_the_operator_decides(sides: dict[str, Side], login: str) -> None:
    operator, side = sides["operator"], sides[login]
    put(operator, 1), put(operator, 2)
    number = pair(operator)
    assert side.client.get(HOME).status_code == 403
    assert side.client.get(f"{HOME}{number}").status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', side.client.get("/").text)
    assert token
    data = {"csrf_token": token[1], "verdict": "same", "seen": "open", "reason": WHY}
    for what in ("decide", "back"):
        assert side.client.post(f"{HOME}{number}/{what}", data=data).status_code == 403
    assert operator.one("select count(*) from duplicate_decision") == "0"


@pytest.mark.parametrize("role", ["org", "region", "teacher", "person", "auth"])
def test_the_database_itself_lets_only_the_operator_decide(portal: Portal, role: str) -> None:
    statements = (
        "select portal_decide_double(1, 'open', 'same', 'first', 'x', null, '{}')",
        "select portal_take_back(1, 'x', null)",
        "select portal_hand_over(1, 'student', 1, 2)",
        "select portal_move_person(1, gen_random_uuid(), gen_random_uuid())",
        "update duplicate_candidate set state = 'same'",
        "insert into duplicate_decision (candidate_id, decision) values (1, 'same')",
    )
    with portal.cluster.connect(portal.database, role=f"portal_test_{role}") as base:
        for statement in statements:
            base.execute("select set_config('app.capacity', 'department', false)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                base.execute(statement)
