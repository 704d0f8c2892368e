"""Who was taught on a day, in which class then, and how many: the contingent on 20 September."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from app.extensions import db
from tests.faults.sides import portal_side
from tests.scenarios.requesting import Side
from tests.scenarios.test_way_of_a_learner import CLASSES, LIST, SPELLS, enrolled, seated, went

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

SURNAME = "Перелётная"
MOST_STATEMENTS = 8
MOVED_ON = "update stamp set value = value + 1"  # whatever is remembered of roles is read again


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "municipal", "clerk", "clerk2")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(scope="module")
def mover(sides: dict[str, Side]) -> Iterator[int]:
    """4Ж in the first school, 5Ж and from October 5И, since 21 November in the second one."""
    clerk, clerk2 = sides["clerk"], sides["clerk2"]
    answer = clerk.fill(f"{LIST}add", last_name=SURNAME, first_name="Ия", birth_date="12.03.2014")
    learner = went(answer)
    spell = enrolled(clerk, learner)
    seat = seated(clerk, spell, room(clerk, "2025/26", 4, "Ж"), "01.09.2025")
    clerk.fill(f"{CLASSES}{seat}/edit", to_date="31.08.2026", end_reason="PR")
    seat = seated(clerk, spell, room(clerk, "2026/27", 5, "Ж"), "01.09.2026")
    clerk.fill(f"{CLASSES}{seat}/edit", to_date="30.09.2026", end_reason="MV")
    seated(clerk, spell, room(clerk, "2026/27", 5, "И"), "01.10.2026")
    clerk.fill(f"{SPELLS}{spell}/edit", left_on="20.11.2026", leave_kind="01")
    clerk.write("update student set organisation_id = %s where id = %s", clerk.school(2), learner)
    second = enrolled(clerk2, learner, admitted_on="21.11.2026", admission_kind="02")
    seated(clerk2, second, room(clerk2, "2026/27", 5, "Щ"), "21.11.2026")
    yield learner
    for table in (
        "education_event", "class_membership", "student_enrolment", "student_completed_program",
    ):  # fmt: skip
        clerk.write(f"delete from {table} where student_id = %s", learner)  # noqa: S608 - names of ours
    clerk.write("delete from student where id = %s", learner)
    clerk.write("delete from school_class where letter = any (%s)", ["Ж", "И", "Щ"])


def room(side: Side, year: str, grade: int, letter: str) -> int:
    ident = side.one("select id from school_year where code = %s", year)
    return went(side.fill("/enrolment/school-class/add", school_year_id=ident, grade=grade,
                          letter=letter))  # fmt: skip


def seen(side: Side, day: str, **more: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {"on": day, **more}.items())
    return unescape(side.client.get(f"{SPELLS}?{asked}").text)


def rows(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", row) for row in body.split("</tr>")]
    return [[re.sub(r"\s+|<[^>]*>", " ", cell).strip() for cell in row] for row in cells if row]


@pytest.mark.parametrize(
    ("login", "day", "room"),
    [
        ("clerk", "20.09.2025", "4Ж"), ("clerk", "20.09.2026", "5Ж"), ("clerk", "01.10.2026", "5И"),
        ("clerk", "20.09.2024", "—"), ("clerk", "21.11.2026", None),
        ("clerk2", "21.11.2026", "5Щ"), ("clerk2", "20.09.2026", None),
        ("operator", "20.09.2026", "5Ж"), ("department", "22.11.2026", "5Щ"),
        ("municipal", "20.09.2026", "5Ж"), ("municipal", "22.11.2026", "5Щ"),
    ],
)  # fmt: skip
def test_a_list_of_a_day_shows_the_class_of_that_day(
    sides: dict[str, Side], mover: int, login: str, day: str, room: str | None
) -> None:
    assert mover
    page = seen(sides[login], day, q=SURNAME)
    found = [row for row in rows(page) if SURNAME in " ".join(row)]
    assert bool(found) is (room is not None)
    if room:
        assert f"Название класса на {day}" in page
        assert [row[row.index(f"{SURNAME} Ия") + 1] for row in found] == [room]


def test_the_next_school_reads_where_a_learner_was_before_if_it_asks(
    sides: dict[str, Side], mover: int
) -> None:
    first = sides["clerk"].school()
    page = seen(sides["clerk2"], "20.09.2026", q=SURNAME, organisation_id__in=str(first))
    assert mover
    assert "5Ж" in " ".join(map(str, rows(page)))
    page = seen(sides["clerk"], "21.11.2026", q=SURNAME,
                organisation_id__in=str(sides["clerk"].school(2)))  # fmt: skip
    assert "5Щ" not in page, "the school that was left does not read the next one"


def test_totals_are_those_of_the_list_and_its_filters(sides: dict[str, Side], mover: int) -> None:
    clerk = sides["clerk"]
    page = seen(clerk, "20.09.2026")
    whole = clerk.one(
        "select count(*) from student_enrolment where organisation_id = %s and deleted_at is null"
        " and admitted_on <= '2026-09-20' and (left_on is null or left_on >= '2026-09-20')",
        clerk.school(),
    )
    assert f"На 20.09.2026: {whole}" in page
    assert "5Ж — 1" in page
    grade = re.search(r"Параллель 5 — (\d+)", page)
    assert grade
    assert int(grade[1]) == int(whole), "the made-up school teaches one grade"
    alone = seen(clerk, "20.09.2026", q=SURNAME)
    assert "На 20.09.2026: 1<" in alone
    assert "Параллель 5 — 1" in alone
    both = seen(sides["operator"], "20.09.2026")
    assert "5Ж — 1" not in both, "classes of several schools are not thrown together"
    assert mover


@pytest.fixture
def exporter(portal: Portal, sides: dict[str, Side]) -> Iterator[Side]:
    """A clerk whom the table of roles lets take enrolments away."""
    clerk = sides["clerk"]
    clerk.write("insert into ab_permission (name) values ('can_export') on conflict do nothing")
    clerk.write(
        "insert into ab_permission_view (permission_id, view_menu_id)"
        " select p.id, v.id from ab_permission p, ab_view_menu v"
        " where p.name = 'can_export' and v.name = 'student_enrolment' on conflict do nothing"
    )
    ids = (
        "from ab_permission_view pv join ab_permission p on p.id = pv.permission_id"
        " join ab_view_menu v on v.id = pv.view_menu_id"
        " where p.name = 'can_export' and v.name = 'student_enrolment'"
    )
    given = f"select (select pv.id {ids}), id from ab_role where name = 'clerk'"  # noqa: S608 - words of ours
    clerk.write(f"insert into ab_permission_view_role (permission_view_id, role_id) {given}")
    clerk.write(MOVED_ON)
    yield Side(portal, "clerk")
    clerk.write(MOVED_ON)
    clerk.write(
        f"delete from ab_permission_view_role where permission_view_id in (select pv.id {ids})"  # noqa: S608 - likewise
    )


def test_the_file_says_the_class_and_the_totals(exporter: Side, mover: int) -> None:
    query = f"?on=20.09.2026&q={SURNAME}"
    with exporter.client.get(f"{SPELLS}export/csv{query}") as answer:
        head, line = answer.text.splitlines()[:2]
    assert "Название класса на 20.09.2026" in head
    assert line.endswith("5Ж")
    with exporter.client.get(f"{SPELLS}export/xlsx{query}") as answer:
        book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    sheet, about = (book.get_sheet_by_index(at).to_python() for at in (0, 1))
    assert sheet[1][-1] == "5Ж"
    assert ["Параллель 5", "1: 5Ж — 1"] in [row[:2] for row in about]
    assert mover


def test_a_day_costs_no_more_statements_than_a_page_may(
    portal: Portal, sides: dict[str, Side], mover: int
) -> None:
    assert mover
    with portal.app.app_context():
        watching = portal_side(portal, db.engine, "")
    for login in ("clerk", "operator"):
        for _warm in range(2):
            with watching.statements() as sent:
                seen(sides[login], "20.09.2026", sort="-admitted_on")
        assert len(sent) <= MOST_STATEMENTS, "\n".join(one[:150] for one in sent)
