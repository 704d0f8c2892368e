"""Who sees a child and why: what the page says is what the scopes and the database do."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.cli.demo import PEOPLE
from app.kernel.catalogue import field_map, record_named
from app.security.roles import ROLES, RoleCode
from tests.scenarios.requesting import Side
from tests.scope_model import Person, Target, masks, reads, sees

if TYPE_CHECKING:
    from tests.conftest import Portal

LIST = "/enrolment/student/"
STUDENT = record_named("student")
FIELDS = {"personal": "birth_date", "contact": "phone", "document": "snils"}
COLUMNS = ("open", "personal", "contact", "document", "health", "social")
BOUND = {RoleCode.HEAD, RoleCode.CLERK, RoleCode.MUNICIPAL}


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    return {login: Side(portal, login) for login in PEOPLE}


def person(side: Side) -> Person:
    """The demo login as the model of the tests knows it."""
    role = RoleCode(side.login.rstrip("2"))
    own = side.one(
        "select coalesce(a.organisation_id, 0) from role_assignment a join ab_user u"
        " on u.id = a.user_id where u.username = %s order by a.id limit 1",
        side.login,
    )
    overseen = side.one(
        "select coalesce(array_agg(o.id), '{}')::text from organisation o join role_assignment a"
        " on a.municipality_id = o.municipality_id join ab_user u on u.id = a.user_id"
        " where u.username = %s",
        side.login,
    )
    orgs = frozenset(map(int, re.findall("[0-9]+", overseen)))
    return Person(side.login, role, int(own) if role in BOUND else None, orgs)


def rows(text: str) -> dict[str, str]:
    """The table's rows by the title of their role."""
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r'<tr>.*?<span class="c">(.*?)</span>(.*?)</tr>', table, re.DOTALL)
    return dict(found)


def first_of(side: Side, school: int) -> int:
    query = "select min(id) from student where organisation_id = %s"
    return int(side.one(query, side.school(school)))


@pytest.mark.parametrize("school", [1, 2, 3])
def test_the_page_names_exactly_those_who_see_the_child(
    sides: dict[str, Side], school: int
) -> None:
    operator = sides["operator"]
    learner = first_of(operator, school)
    table = rows(unescape(operator.client.get(f"{LIST}{learner}/who").text))
    target = Target("", learner, operator.school(school))
    for login, side in sides.items():
        who = person(side)
        name = " ".join(PEOPLE[login])
        assert who.role
        named = name in table.get(ROLES[who.role].title, "")
        held = side.client.get(f"{LIST}{learner}").status_code == 200
        assert named == held == reads(who, STUDENT, target), login
    titles = {ROLES[RoleCode(login.rstrip("2"))].title for login in sides}
    assert set(table) <= titles


def test_it_says_how_each_group_of_fields_is_seen(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    learner = first_of(operator, 1)
    table = rows(unescape(operator.client.get(f"{LIST}{learner}/who").text))
    for login, side in sides.items():
        who = person(side)
        assert who.role
        line = table.get(ROLES[who.role].title)
        if line is None:
            continue
        said = re.findall(r'<span class="status dot \w+">(.*?)</span>', line)
        levels = dict(zip(COLUMNS, said, strict=True))
        for group, name in FIELDS.items():
            declared = field_map(STUDENT)[name]
            expected = "не видит"
            if sees(who, declared) or masks(who, declared):
                expected = "видит" if sees(who, declared) else "под маской"
            assert levels[group] == expected, (login, group)
    assert "не видит" in table[ROLES[RoleCode.OPERATOR].title], "health is the school's alone"


def test_names_and_readings_are_for_those_who_read_the_log(sides: dict[str, Side]) -> None:
    learner = first_of(sides["operator"], 1)
    sides["department"].client.get(f"{LIST}{learner}")
    for login in ("head", "operator"):
        text = unescape(sides[login].client.get(f"{LIST}{learner}/who").text)
        assert "Кто смотрел последним" in text
        assert "Денисов Игорь Львович" in text
        assert f"/readings/?learner={learner}" in text
    for login in ("clerk", "department", "municipal"):
        text = unescape(sides[login].client.get(f"{LIST}{learner}/who").text)
        assert ROLES[RoleCode.HEAD].title in text
        assert "работает в школе, где учится ребёнок" in text
        others = [" ".join(PEOPLE[one]) for one in PEOPLE if one != login]
        assert not [name for name in others if name in text], login


def test_a_capacity_that_has_ended_or_was_closed_is_not_named(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    learner, name = first_of(operator, 1), "Иванова Анна Петровна"
    where = f"{LIST}{learner}/who"
    assert name in unescape(operator.client.get(where).text)
    change = (
        "update role_assignment set valid_to = case when %s = 'ended' then current_date - 1 end"
        " where user_id = (select id from ab_user where username = 'clerk')"
    )
    operator.write(change, "ended")
    table = rows(unescape(operator.client.get(where).text))
    assert name not in "".join(table.values())
    operator.write(change, "open")


def test_the_card_of_a_learner_leads_there_and_no_other_card(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    learner = first_of(clerk, 1)
    assert f"{LIST}{learner}/who" in clerk.client.get(f"{LIST}{learner}").text
    school = clerk.client.get(f"/registry/organisation/{clerk.school()}").text
    assert "/who" not in school
    assert clerk.client.get(f"{LIST}{first_of(clerk, 2)}/who").status_code == 404
