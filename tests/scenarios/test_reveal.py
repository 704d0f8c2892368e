"""A masked value is shown once, for a purpose that the access log hears first."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from psycopg.rows import dict_row

from tests.html_form import form_with
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

LIST = "/enrolment/student/"
WHY = {"reason": "appeal", "words": "Обращение № 15"}


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "municipal", "head", "clerk", "subject_teacher")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(scope="module")
def learner(sides: dict[str, Side]) -> int:
    """A learner of the first school with a telephone and an address of mail."""
    clerk = sides["clerk"]
    found = clerk.one("select min(id) from student where organisation_id = %s", clerk.school())
    answer = clerk.fill(
        f"{LIST}{found}/edit", phone="+7 910 123-45-67", no_phone="", email="anna.k@example.ru",
        no_email="", snils="112-233-445 95", no_snils="",
    )  # fmt: skip
    assert answer.status_code == 303
    return int(found)


@pytest.fixture(autouse=True)
def _nothing_yet(sides: dict[str, Side]) -> Iterator[None]:
    sides["clerk"].write("truncate access_log")
    yield
    sides["clerk"].write("drop trigger if exists full_disk on access_log")


PHONE, EMAIL, SNILS = "910 123-45-67", "anna.k@example.ru", "112-233-445 95"
WHOLE = (PHONE, EMAIL, SNILS)


def lines(side: Side) -> list[dict[str, Any]]:
    """The lines about values that were shown."""
    query = "select * from access_log where action = 'reveal' order by id"
    with side.portal.cluster.connect(side.portal.database) as base:
        return base.cursor(row_factory=dict_row).execute(query).fetchall()


def reveal(side: Side, where: str, *fields: str, **values: str) -> TestResponse:
    """Fill in the form as a browser does."""
    form = form_with(side.client.get(f"{where}/reveal").text, "words")
    data = {**form, "field": list(fields), **values}
    return side.client.post(f"{where}/reveal", data=data)


@pytest.mark.parametrize("login", ["department", "municipal"])
def test_the_chosen_value_is_shown_once_and_the_log_says_who_what_and_why(
    sides: dict[str, Side], learner: int, login: str
) -> None:
    side = sides[login]
    answer = reveal(side, f"{LIST}{learner}", "phone", **WHY)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    text = unescape(answer.text)
    assert PHONE in text
    assert EMAIL not in text
    assert SNILS not in text
    [line] = lines(side)
    assert (line["capacity"], line["table_name"], line["row_id"]) == (login, "student", learner)
    assert line["detail"] == {"fields": ["phone"]}
    assert line["purpose"] == "appeal: Обращение № 15"
    assert (line["learner_id"], line["organisation_id"]) == (learner, side.school())
    assert str(line["user_id"]) == side.one("select id from ab_user where username = %s", login)
    assert PHONE not in side.client.get(f"{LIST}{learner}").text, "the next page is masked again"


@pytest.mark.parametrize(
    ("fields", "values", "said"),
    [
        (("phone",), {}, "Выберите, для чего нужны"),
        (("phone",), {"reason": "because"}, "Выберите, для чего нужны"),
        (("phone",), {"reason": "other", "words": " 12 "}, "Напишите своими словами"),
        (("phone",), {"reason": "other", "words": "а" * 251}, "Слишком длинно"),
        ((), WHY, "Отметьте, что показать"),
        (("last_name", "no_such"), WHY, "Отметьте, что показать"),
    ],
)
def test_without_a_purpose_nothing_is_shown_and_what_was_typed_stays(
    sides: dict[str, Side], learner: int, fields: tuple[str, ...], values: dict[str, str], said: str
) -> None:
    department = sides["department"]
    answer = reveal(department, f"{LIST}{learner}", *fields, **values)
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert said in text
    assert not [value for value in WHOLE if value in text]
    assert f'value="{values.get("words", "")}"' in text
    assert lines(department) == []


def test_no_get_tells_what_is_behind(sides: dict[str, Side], learner: int) -> None:
    department = sides["department"]
    query = "field=phone&reason=appeal&words=x"
    for where in (f"{LIST}{learner}", f"{LIST}{learner}?{query}", f"{LIST}{learner}/reveal?{query}",
                  f"/api/v1/student/{learner}", f"{LIST}{learner}/history"):  # fmt: skip
        answer = department.client.get(where)
        assert answer.status_code == 200, where
        assert not [value for value in WHOLE if value in answer.text], where
    assert department.client.post(f"/api/v1/student/{learner}/reveal").status_code == 404
    assert lines(department) == []


def test_a_forged_request_shows_nothing(sides: dict[str, Side], learner: int) -> None:
    data = {"field": "phone", **WHY}
    answer = sides["department"].client.post(f"{LIST}{learner}/reveal", data=data)
    assert answer.status_code in {400, 403}
    assert PHONE not in answer.text
    assert lines(sides["department"]) == []


def test_nobody_else_has_such_a_way(sides: dict[str, Side], learner: int) -> None:
    """Whoever sees whole values or none has no mask to lift, and a foreign row is as if absent."""
    for login in ("clerk", "head", "operator", "subject_teacher"):
        assert sides[login].client.get(f"{LIST}{learner}/reveal").status_code == 403, login
    other = sides["clerk"].one(
        "select min(s.id) from student s join organisation o on o.id = s.organisation_id where"
        " o.municipality_id <> (select municipality_id from organisation where id = %s)",
        sides["clerk"].school(),
    )
    for ident in (other, "999999999", str(2**63 + 7)):
        assert sides["municipal"].client.get(f"{LIST}{ident}/reveal").status_code == 404
        posted = reveal_blindly(sides["municipal"], ident, learner)
        assert posted.status_code == 404
    assert lines(sides["clerk"]) == []


def reveal_blindly(side: Side, ident: str, learner: int) -> TestResponse:
    form = form_with(side.client.get(f"{LIST}{learner}/reveal").text, "words")
    return side.client.post(f"{LIST}{ident}/reveal", data={**form, "field": "phone", **WHY})


def test_nothing_is_shown_where_the_log_cannot_be_written(
    sides: dict[str, Side], learner: int
) -> None:
    department = sides["department"]
    form = form_with(department.client.get(f"{LIST}{learner}/reveal").text, "words")
    department.write(
        "create or replace function full_disk() returns trigger language plpgsql as"
        " $$ begin raise disk_full; end $$"
    )
    department.write(
        "create trigger full_disk before insert on access_log for each row"
        " execute function full_disk()"
    )
    answer = department.client.post(
        f"{LIST}{learner}/reveal", data={**form, "field": "phone", **WHY}
    )
    assert answer.status_code in {500, 503}
    assert PHONE not in answer.text


def test_the_line_stays_where_the_page_fails_after_it(sides: dict[str, Side], learner: int) -> None:
    department = sides["department"]
    form = form_with(department.client.get(f"{LIST}{learner}/reveal").text, "words")
    department.write("alter table student_hobby rename to student_hobby_lost")
    data = {**form, "field": "phone", **WHY}
    answer = department.client.post(f"{LIST}{learner}/reveal", data=data)
    department.write("alter table student_hobby_lost rename to student_hobby")
    assert answer.status_code in {500, 503}
    assert PHONE not in answer.text
    assert len(lines(department)) == 1
