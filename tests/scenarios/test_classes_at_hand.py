"""The classes of a school stand above its learners, and the learners on the card of their class."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.faults.sides import Side as Watching
from tests.faults.sides import portal_side
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from tests.conftest import Portal

LIST, ROOMS = "/enrolment/student/", "/enrolment/school-class/"
MOST = 8


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    return {login: Side(portal, login) for login in ("operator", "clerk", "clerk2")}


@pytest.fixture(scope="module")
def watching(portal: Portal) -> Watching:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        return portal_side(portal, db.engine, "")


def room(side: Side, name: str, number: int = 1) -> int:
    found = "select id from school_class where organisation_id = %s and name = %s and state = 'A'"
    return int(side.one(found, side.school(number), name))


def chips(side: Side, address: str) -> dict[str, str]:
    """Classes above a list with how many learners they say they have."""
    text = unescape(side.client.get(address).text)
    found = re.search(r'<nav class="classes".*?</nav>', text, re.DOTALL)
    return {
        name.strip(): number
        for name, number in re.findall(
            r'<a [^>]*>([^<]+)(?:<span class="tally">(\d+)</span>)?</a>', found[0] if found else ""
        )
    }


def test_a_clerk_sees_the_classes_of_the_own_school_with_their_numbers(
    sides: dict[str, Side],
) -> None:
    clerk = sides["clerk"]
    found = chips(clerk, LIST)
    assert list(found) == ["Все классы", "5А", "5Б", "Без класса"]
    ours = room(clerk, "5А")
    number = clerk.one("select count(*) from student where school_class_id = %s", ours)
    assert found["5А"] == number
    page = unescape(clerk.client.get(f"{LIST}?school_class_id__in={ours}").text)
    assert f"Записей: {number}" in page
    assert re.search(r'aria-current="true">5А ', page)
    assert chips(clerk, f"{LIST}?school_class_id__empty=1") == found


def test_an_office_chooses_the_school_first(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    page = operator.client.get(LIST).text
    assert 'id="of-school"' in page
    assert chips(operator, LIST) == {}
    school = operator.school(2)
    assert "5А" in chips(operator, f"{LIST}?organisation_id__in={school}")
    assert 'id="of-school"' not in sides["clerk"].client.get(LIST).text
    for odd in ("x", "9" * 30, f"{school}|{operator.school(1)}"):
        assert operator.client.get(f"{LIST}?organisation_id__in={odd}").status_code == 200


def test_another_school_is_told_of_by_neither(sides: dict[str, Side]) -> None:
    clerk, theirs = sides["clerk"], room(sides["clerk2"], "5А", 2)
    school = clerk.school(2)
    assert chips(clerk, f"{LIST}?organisation_id__in={school}") == chips(clerk, LIST)
    assert clerk.client.get(f"{ROOMS}{theirs}").status_code == 404


def test_the_card_of_a_class_lists_its_learners(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    ours = room(clerk, "5Б")
    page = unescape(clerk.client.get(f"{ROOMS}{ours}").text)
    number = int(clerk.one("select count(*) from student where school_class_id = %s", ours))
    assert f"{number} из 25 мест" in page
    listed = set(re.findall(rf'href="{LIST}(\d+)"', page))
    assert len(listed) == number


def test_learners_are_added_from_the_list_of_a_chosen_class(sides: dict[str, Side]) -> None:
    clerk, ours = sides["clerk"], room(sides["clerk"], "5А")
    form = f'href="/enrolment/class/{ours}/fill"'
    chosen = f"{LIST}?school_class_id__in={ours}"
    page = unescape(clerk.client.get(chosen).text)
    assert form in page
    assert "Добавить учеников: 5А" in page
    assert "/fill" not in clerk.client.get(LIST).text
    other = f"{LIST}?organisation_id__in={clerk.school()}&school_class_id__in={ours}"
    assert form not in sides["operator"].client.get(other).text


def test_both_pages_ask_eight_times_at_most(sides: dict[str, Side], watching: Watching) -> None:
    clerk, operator = sides["clerk"], sides["operator"]
    ours = room(clerk, "5А")
    for side, path in (
        (clerk, f"{LIST}?school_class_id__in={ours}"),
        (clerk, f"{ROOMS}{ours}"),
        (operator, f"{LIST}?organisation_id__in={clerk.school()}&school_class_id__in={ours}"),
        (operator, f"{ROOMS}{ours}"),
    ):
        side.client.get(path)
        with watching.statements() as sent:
            assert side.client.get(path).status_code == 200
        assert len(sent) <= MOST, "\n".join((path, *(one.replace("\n", " ")[:110] for one in sent)))
