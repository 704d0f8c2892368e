"""The whole way of a learner as every channel tells it, to each side what it may read."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.imports.tabling import Tables
from tests.scenarios.requesting import Side
from tests.scenarios.telling import (
    DAYS,
    LETTER,
    LISTS,
    OTHER,
    SCHOOL,
    SECONDS,
    SURNAME,
    TABLES,
    TOLD,
    alive,
    asked,
    cells,
    fed,
    found,
    programs,
    read,
    table,
    taken,
    told_in,
)
from tests.scenarios.test_contingent import MOVED_ON, room
from tests.scenarios.test_orders import LINES, drawn_up, line_of
from tests.scenarios.test_orders import step as sign
from tests.scenarios.test_transfers import begun, handed_over, step
from tests.scenarios.test_way_of_a_learner import LIST, SPELLS, enrolled, seated, went

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

THERE, BACK = ("clerk", "head", "clerk2", "head2"), ("clerk2", "head2", "clerk", "head")
AS_HEAD = (
    "update role_assignment a set role = %s, organisation_id = nullif(%s, 0)"
    " from ab_user u where u.id = a.user_id and u.username = 'commission'"
)
EXPORTS = (
    "insert into ab_permission (name) values ('can_export') on conflict do nothing",
    (
        "insert into ab_permission_view (permission_id, view_menu_id)"
        " select p.id, v.id from ab_permission p, ab_view_menu v"
        " where p.name = 'can_export' and v.name = any (%s) on conflict do nothing"
    ),
    (
        "insert into ab_permission_view_role (permission_view_id, role_id)"
        " select pv.id, r.id from ab_permission_view pv"
        " join ab_permission p on p.id = pv.permission_id and p.name = 'can_export'"
        " join ab_view_menu v on v.id = pv.view_menu_id and v.name = any (%s)"
        " cross join ab_role r where r.name in ('clerk', 'operator', 'municipal')"
    ),
)
NO_EXPORTS = (
    "delete from ab_permission_view_role where permission_view_id in (select pv.id"
    " from ab_permission_view pv join ab_permission p on p.id = pv.permission_id"
    " join ab_view_menu v on v.id = pv.view_menu_id"
    " where p.name = 'can_export' and v.name = any (%s))"
)


@pytest.fixture(scope="module")
def sides(portal: Portal) -> Iterator[dict[str, Side]]:
    """Both schools whole, and those who look from above; some of them may take lists away."""
    logins = ("operator", "municipal", "department", "head", "clerk", "clerk2")
    first = Side(portal, "clerk")
    before = first.one(
        "select a.role || ' ' || coalesce(a.organisation_id, 0) from role_assignment a"
        " join ab_user u on u.id = a.user_id and u.username = 'commission'"
    )
    first.write(AS_HEAD, "head", first.school(2))
    first.write(EXPORTS[0])
    for statement in EXPORTS[1:]:
        first.write(statement, list(TABLES))
    first.write(MOVED_ON)
    yield {login: Side(portal, login) for login in logins} | {"head2": Side(portal, "commission")}
    role, organisation = before.split()
    first.write(AS_HEAD, role, int(organisation))
    first.write(NO_EXPORTS, list(TABLES))
    first.write(MOVED_ON)
    first.write("update enrolment_order_line set batch_id = null")
    for name in ("enrolment_order_line", "enrolment_order"):
        first.write(f"delete from {name}")  # noqa: S608 - names of ours
    whose = "student_id in (select id from student where last_name = %s)"
    for name in ("transfer_request", *TABLES):
        first.write(f"delete from {name} where {whose}", SURNAME)  # noqa: S608 - names of ours
    first.write("delete from student where last_name = %s", SURNAME)
    first.write("delete from school_class where letter = any (%s)", [LETTER, OTHER])


def entered(clerk: Side, name: str, day: str, year: str, grade: int) -> int:
    """A learner of the first school, enrolled and seated."""
    typed = {"last_name": SURNAME, "first_name": name, "birth_date": "12.03.2009"}
    learner = went(clerk.fill(f"{LIST}add", **typed))
    spell = enrolled(clerk, learner, admitted_on=day)
    seated(clerk, spell, room(clerk, year, grade, LETTER), f"01.09.{year[:4]}")
    return learner


def moved(
    sides: dict[str, Side], ways: tuple[str, str, str, str], learner: int, day: str, seat: int
) -> None:
    """To the school of the third one, into a class of it."""
    clerk = sides[ways[2]]
    to = clerk.school(2 if ways is THERE else 1)
    handed_over(sides, ways, learner, to, day)
    last = "select max(id) from student_enrolment where student_id = %s"
    seated(clerk, int(clerk.one(last, learner)), seat, day)


@pytest.fixture(scope="module")
def start(sides: dict[str, Side]) -> str:
    """The place of the feed before anything of this happened."""
    return str(sides["operator"].client.get("/api/v1/changes/?since=now").get_json()["since"])


@pytest.fixture(scope="module")
def lena(sides: dict[str, Side], start: str) -> int:
    """A → B → back in the eighth grade, promoted, the ninth grade twice, graduated."""
    assert start
    clerk, head = sides["clerk"], sides["head"]
    lena = entered(clerk, "Лена", "01.09.2023", "2023/24", 8)
    find = "select id from school_class where letter = %s and year_code = %s"
    moved(sides, THERE, lena, "06.11.2023", room(sides["clerk2"], "2023/24", 8, OTHER))
    moved(sides, BACK, lena, "12.02.2024", int(clerk.one(find, LETTER, "2023/24")))
    for number, year, day, kind, decision in (
        (1, "2023/24", "01.09.2024", "PR", ""), (2, "2024/25", "01.09.2025", "PR", "RY"),
        (3, "2025/26", "25.06.2026", "GR", ""),
    ):  # fmt: skip
        seat = int(clerk.one(find, LETTER, year))
        order = drawn_up(clerk, seat, kind=kind, effective_on=day, number=str(number))
        if decision:
            line = f"{LINES}{line_of(clerk, order, lena)}/edit"
            assert clerk.fill(line, decision_code=decision).status_code == 303
        done = sign(head, order, "execute")
        assert done.status_code == 303, unescape(done.text)[-3000:]
    return lena


@pytest.mark.parametrize("login", ["clerk", "head", "operator", "municipal", "department"])
def test_the_whole_way_is_told_by_every_channel(
    sides: dict[str, Side], start: str, lena: int, login: str
) -> None:
    side, where = sides[login], f"student_id__in={lena}"
    card = read(side, f"{LIST}{lena}")
    past = read(side, f"{LIST}{lena}/history?lists=1")
    feed = fed(side, start, lena)
    first, from_above = side.school(), login not in {"clerk", "head"}
    for name, base in LISTS.items():
        assert told_in(table(side, f"{base}?{where}"), TOLD[name]), name
        if name != "class_membership":
            assert all(set(one.split()) <= set(card.split()) for one in TOLD[name]), name
        assert told_in(taken(side, name, lena, "csv"), TOLD[name]), name
        assert told_in(taken(side, name, lena, "xlsx"), TOLD[name]), name
        theirs = programs(side, name, lena)
        ids = [row["id"] for row in theirs]
        assert len(ids) == len(TOLD[name])
        row = side.client.get(f"/api/v1/{name.replace('_', '-')}/{ids[-1]}").get_json()
        assert row["student_id"] == lena
        wrote = {row["id"] for row in theirs if from_above or row["organisation_id"] == first}
        assert alive(feed, name) == wrote, "the feed of a school tells what is of that school"
        assert read(side, f"{base}{ids[-1]}/history") != "404"
    descriptions = [row["description"] for row in programs(side, "education_event", lena)]
    assert descriptions == list(TOLD["education_event"])
    second = descriptions[slice(*SECONDS["education_event"])]
    noted = [one for one in descriptions if from_above or one not in second]
    assert [one for one in descriptions if one in past] == noted, "as the feed"
    both = f"organisation_id__in={side.school()},{side.school(2)}"
    for day, (room_then, school_then) in DAYS.items():
        lines = table(side, f"{SPELLS}?on={day}&q={SURNAME}&{both}")
        assert [(room_then in line, school_then in line) for line in lines] == (
            [(True, True)] if room_then else []
        ), day
    assert [one["hint"].rpartition(" · ")[2] for one in found(side, "Лена")] == [SCHOOL]
    assert "Муниципальный орган управления образованием" in read(side, f"{LIST}{lena}/who")


@pytest.mark.parametrize("login", ["clerk2", "head2"])
def test_the_school_that_was_left_has_its_own_spell_and_no_more(
    sides: dict[str, Side], start: str, lena: int, login: str
) -> None:
    side, where = sides[login], f"student_id__in={lena}"
    for end in ("", "/history?lists=1", "/who"):
        assert read(side, f"{LIST}{lena}{end}") == "404", end
    assert side.client.get(f"/api/v1/student/{lena}").status_code == 404
    assert found(side, "Лена") == []
    assert table(side, f"{LIST}?q={SURNAME}") == []
    feed = fed(side, start, lena)
    for name, base in LISTS.items():
        told = TOLD[name][slice(*SECONDS[name])]
        assert told_in(table(side, f"{base}?{where}"), told), name
        assert told_in(taken(side, name, lena, "csv"), told), name
        assert told_in(taken(side, name, lena, "xlsx"), told), name
        ids = {row["id"] for row in programs(side, name, lena)}
        assert len(ids) == len(told), name
        theirs = {row["id"] for row in programs(sides["operator"], name, lena)} - ids
        for row in theirs:
            assert read(side, f"{base}{row}") == read(side, f"{base}{row}/history") == "404"
        assert not {one["row_id"] for one in feed if one["record"] == name} & theirs, name
    assert "9ПУТЬ" not in str(feed), "what came after is not theirs"
    for day, (_room, school_then) in DAYS.items():
        lines = table(side, f"{SPELLS}?on={day}&q={SURNAME}")
        assert len(lines) == ("Гимназия" in school_then), day


def test_a_template_with_data_says_what_a_school_may_change_and_comes_back_alike(
    portal: Portal, sides: dict[str, Side], lena: int
) -> None:
    for name, base in LISTS.items():
        for login in ("clerk", "clerk2"):
            second = TOLD[name][slice(*SECONDS[name])]
            told = tuple(one for one in TOLD[name] if (one in second) is (login == "clerk2"))
            content = asked(sides[login], f"{base}import/template?fill=1&student_id__in={lena}")
            if name == "education_event":
                assert content == 403, "nobody types it"
                continue
            assert isinstance(content, bytes), name
            assert told_in(cells(content), told), (login, name)
            tables = Tables(portal, sides[login].client, base.rstrip("/"))
            if told:
                assert tables.send(content).status_code == 200
                tables.columns()
                assert tables.figures() == {"same": len(told)}, (login, name)


def snapshot(sides: dict[str, Side], learner: int, first: str) -> dict[str, Any]:
    """What all channels say to all sides, but for who changed it last, and when."""
    said: dict[str, Any] = {}
    for login in ("clerk", "clerk2", "head", "operator"):
        side = sides[login]
        side.client.get("/")  # what was said of the last step is said once
        where = f"student_id__in={learner}"
        card = re.sub(r"Изменено [^,]*, \S+ \S+ \S+", "", read(side, f"{LIST}{learner}"))
        said[f"{login} card"] = card
        said[f"{login} found"] = found(side, first)
        said[f"{login} people"] = table(side, f"{LIST}?q={SURNAME}")
        for name, base in LISTS.items():
            said[f"{login} {name}"] = table(side, f"{base}?{where}")
            said[f"{login} {name} api"] = programs(side, name, learner)
            said[f"{login} {name} csv"] = asked(side, f"{base}export/csv?{where}")
        for day in ("20.09.2025", "20.11.2026", "02.09.2027"):
            said[f"{login} {day}"] = table(side, f"{SPELLS}?on={day}&q={SURNAME}")
    return said


def test_an_order_and_a_transfer_taken_back_leave_no_trace_in_what_is_told(
    sides: dict[str, Side], start: str, lena: int
) -> None:
    assert lena
    clerk, head = sides["clerk"], sides["head"]
    zoya = entered(clerk, "Зоя", "01.09.2025", "2025/26", 4)
    before = snapshot(sides, zoya, "Зоя")
    assert "4ПУТЬ" in str(before["clerk found"]) + str(before["clerk people"])
    seat = "select id from school_class where letter = %s and grade = 4"
    order = drawn_up(clerk, int(clerk.one(seat, LETTER)), number="4")
    assert sign(head, order, "execute").status_code == 303
    assert "5ПУТЬ" in read(clerk, f"{LIST}{zoya}")
    assert sign(head, order, "revert").status_code == 303
    assert snapshot(sides, zoya, "Зоя") == before
    transfer = begun(clerk, zoya, clerk.school(2))
    step(clerk, transfer, "send")
    step(sides["clerk2"], transfer, "confirm")
    step(head, transfer, "release", leave_order_number="50", leave_order_date="03.10.2026")
    assert step(clerk, transfer, "cancel").status_code == 303
    after = snapshot(sides, zoya, "Зоя")
    for channel, said in before.items():
        if said != after[channel]:
            assert channel.endswith("card"), channel
            more = set(after[channel].lower().split()) - set(said.lower().split())
            assert "прекращён" in more, "the transfer itself is kept"
            assert "выбытие" not in more
    for login in ("clerk", "clerk2", "operator"):
        feed = fed(sides[login], start, zoya)
        for name in TABLES:
            assert alive(feed, name) == {r["id"] for r in programs(sides[login], name, zoya)}
