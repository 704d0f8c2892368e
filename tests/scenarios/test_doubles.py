"""Somebody entered twice: joined by numbers, put before the operator, told while typing."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.kernel.sealing import cipher
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

LIST = "/enrolment/student/"
ALIKE = "/doubles/alike/student"
BORN, NUMBER = "2013-05-06", "11223344595"
NAME = ("Двойникова", "Алёна", "Петровна")
TYPED = {
    "last_name": NAME[0], "first_name": NAME[1], "middle_name": NAME[2],
    "birth_date": "06.05.2013", "sex": "2",
}  # fmt: skip
SHOWN = "112-233-445 95"
AWAY = (
    (
        "delete from student_identity_document where student_id in"
        " (select id from student where starts_with(upper(btrim(last_name)), 'ДВОЙНИК'))"
    ),
    "delete from student where starts_with(upper(btrim(last_name)), 'ДВОЙНИК')",
    "delete from guardian where starts_with(upper(btrim(last_name)), 'ДВОЙНИК')",
)
PUT = {
    "student": (
        "insert into student (uid, last_name, first_name, middle_name, birth_date,"
        " organisation_id, snils_print) values (%s, %s, %s, %s, %s, %s, %s) returning id"
    ),
    "guardian": (
        "insert into guardian (uid, last_name, first_name, middle_name, birth_date,"
        " organisation_id, snils_print) values (%s, %s, %s, %s, %s, %s, %s) returning id"
    ),
}
WHOSE = {
    "student": "select person_uid from student where id = %s",
    "guardian": "select person_uid from guardian where id = %s",
}


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    return {login: Side(portal, login) for login in ("operator", "department", "clerk", "clerk2")}


@pytest.fixture(autouse=True)
def clean(sides: dict[str, Side]) -> Iterator[None]:
    yield
    clerk = sides["clerk"]
    clerk.write("truncate duplicate_move, duplicate_decision, duplicate_candidate")
    for statement in AWAY:
        clerk.write(statement)


def put(
    side: Side, school: int, *, table: str = "student", born: str | None = BORN, snils: str = "",
    name: tuple[str, str, str | None] = NAME,
) -> int:  # fmt: skip
    """A row past the portal, as any channel may bring it."""
    values = (str(uuid4()), *name, born, side.school(school), snils or None)
    return int(side.one(PUT[table], *values))


def show(side: Side, student: int, number: str, *, current: bool = True) -> int:
    """A document of the learner, by its fingerprint."""
    uid = uuid4()
    sealed = cipher().seal("document_number", number, uid)
    return int(
        side.one(
            "insert into student_identity_document (uid, organisation_id, student_id,"
            " doc_type_code, number, number_print, is_current) select %s, organisation_id, id,"
            " '21', %s, %s, %s from student where id = %s returning id",
            *(str(uid), sealed, number, current, student),
        )
    )


def whose(side: Side, ident: int, table: str = "student") -> str:
    return side.one(WHOSE[table], ident)


def pairs(side: Side) -> list[str]:
    found = side.one(
        "select coalesce(string_agg(state, ',' order by id), '') from duplicate_candidate"
    )
    return found.split(",") if found else []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Двойникова", "ДВОЙНИКОВА"),
        ("Двойник-Ёлкина", "двойник - елкина"),
        ("Двойник Оглы", " Двойник   Оглы "),
        ("Двойник-Ли", "Двойник\u2013Ли"),
        ("Двойник'Ли", "Двойник\u2019Ли"),
    ],
)
def test_names_are_equal_however_they_are_written(
    sides: dict[str, Side], one: str, other: str
) -> None:
    clerk = sides["clerk"]
    put(clerk, 1, name=(one, "Алёна", None))
    put(clerk, 2, name=(other, "АЛЕНА", ""))
    assert pairs(clerk) == ["open"]


@pytest.mark.parametrize(
    ("name", "born"),
    [(("Двойникова", "Алёна", None), BORN), (NAME, "2013-05-07"), (("Двойников", *NAME[1:]), BORN)],
)
def test_other_names_and_days_are_other_people(
    sides: dict[str, Side], name: tuple[str, str, str | None], born: str
) -> None:
    put(sides["clerk"], 1)
    put(sides["clerk"], 2, name=name, born=born)
    assert pairs(sides["clerk"]) == []


def test_equal_names_wait_for_the_operator_and_join_nobody(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    one, other = put(clerk, 1), put(clerk, 2)
    parent = put(clerk, 1, table="guardian")
    assert len({whose(clerk, one), whose(clerk, other), whose(clerk, parent, "guardian")}) == 3
    assert pairs(clerk) == ["open"] * 3
    put(clerk, 2, table="guardian", born=None)
    assert len(pairs(clerk)) == 3, "who has no day of birth is like nobody"


def test_many_rows_at_once_are_looked_through_at_once(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    clerk.write(
        "insert into student (uid, last_name, first_name, birth_date, organisation_id)"
        " select gen_random_uuid(), 'Двойникова', 'Имя' || n / 2, '2014-01-01', %s"
        " from generate_series(0, 399) n",
        clerk.school(),
    )
    assert pairs(clerk) == ["open"] * 200


def test_a_name_that_is_mended_is_looked_at_anew(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    put(clerk, 1)
    other = put(clerk, 2, name=("Двойник", *NAME[1:]))
    assert pairs(clerk) == []
    clerk.write("update student set last_name = 'Двойникова' where id = %s", other)
    assert pairs(clerk) == ["open"]


def test_an_equal_document_beside_the_name_joins(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    one, other = put(clerk, 1), put(clerk, 2)
    show(clerk, one, "p1")
    paper = show(clerk, other, "p2")
    assert whose(clerk, one) != whose(clerk, other)
    clerk.write("update student_identity_document set number_print = 'p1' where id = %s", paper)
    assert whose(clerk, one) == whose(clerk, other)
    assert pairs(clerk) == ["same"]
    before = "select person_before from duplicate_move where row_id = %s"
    assert clerk.one(before, other) not in {"", whose(clerk, other)}


def test_a_document_of_the_past_or_of_another_name_joins_nobody(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    one, other = put(clerk, 1), put(clerk, 2)
    third = put(clerk, 2, name=("Двойник", *NAME[1:]))
    show(clerk, one, "p1")
    show(clerk, other, "p1", current=False)
    show(clerk, third, "p1")
    assert len({whose(clerk, row) for row in (one, other, third)}) == 3
    clerk.write("update student set last_name = 'Двойникова' where id = %s", third)
    assert whose(clerk, one) == whose(clerk, third)


def test_an_equal_number_is_the_same_human_whatever_the_name(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    one = put(clerk, 1, snils="s1")
    parent = put(clerk, 2, table="guardian", snils="s1", name=("Двойник", *NAME[1:]))
    assert whose(clerk, one) == whose(clerk, parent, "guardian")
    clerk.write("update guardian set snils_print = 's2' where id = %s", parent)
    assert whose(clerk, one) != whose(clerk, parent, "guardian")


def test_who_is_joined_by_a_document_stays_so_when_a_number_comes(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    one, other = put(clerk, 1), put(clerk, 2)
    for row in (one, other):
        show(clerk, row, "p1")
    clerk.write("update student set snils_print = 's1' where id = %s", one)
    assert whose(clerk, one) == whose(clerk, other)


def asked(side: Side, **typed: str) -> str:
    """What the form is told while it is filled in."""
    page = side.client.get(f"{LIST}add").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = side.client.post(ALIKE, data={"csrf_token": token, **typed})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def test_the_form_tells_of_the_own_school_and_saves_all_the_same(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    first = clerk.fill(f"{LIST}add", **TYPED)
    assert first.status_code == 303, unescape(first.text)[-2000:]
    typed = TYPED | {"last_name": "двойникова", "first_name": "алена"}
    told = asked(clerk, **typed)
    assert first.location in told
    assert "Двойникова Алёна Петровна · 06.05.2013" in told
    assert asked(clerk, **(typed | {"birth_date": "07.05.2013"})).strip() == ""
    assert asked(clerk, **(typed | {"birth_date": "31.02.2013", "snils": "1"})).strip() == ""
    second = clerk.fill(f"{LIST}add", **TYPED)
    assert second.status_code == 303
    card = unescape(clerk.client.get(second.location).text)
    assert "Похоже, этот человек уже есть: Двойникова Алёна Петровна · 06.05.2013" in card
    assert "Возможно, дубль" in card
    assert f'href="{first.location}"' in card
    assert pairs(clerk) == ["open"]


def test_of_another_school_only_a_number_is_known_and_never_whose(sides: dict[str, Side]) -> None:
    first = sides["clerk"].fill(f"{LIST}add", **TYPED, snils=SHOWN)
    assert first.status_code == 303, unescape(first.text)[-2000:]
    other = sides["clerk2"]
    assert asked(other, **TYPED).strip() == ""
    told = asked(other, **TYPED, snils=SHOWN)
    assert "уже есть в регионе" in told
    second = other.fill(f"{LIST}add", **TYPED)
    assert second.status_code == 303
    card = unescape(other.client.get(second.location).text)
    for text in (told, card):
        assert first.location not in text
        assert "Возможно, дубль" not in text
        assert "Похоже, этот человек" not in text
    assert "дубль" not in unescape(sides["clerk"].client.get(first.location).text)


def test_who_adds_nobody_is_told_nothing(sides: dict[str, Side]) -> None:
    for login in ("department", "operator"):
        page = sides[login].client.get("/").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        answer = sides[login].client.post(ALIKE, data={"csrf_token": token, **TYPED})
        assert answer.status_code == 403
    clerk = sides["clerk"].client
    token = clerk.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]
    wrong = clerk.post("/doubles/alike/organisation", data={"csrf_token": token})
    assert wrong.status_code == 400
