"""Whose rows of learners the database itself gives to each of its roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kernel.catalogue import record_named, records
from app.kernel.record import Reading
from app.security.database import DatabaseRole
from app.security.policies import shows
from app.security.scopes import Scope
from tests.security.raw import acting, count, school, value

if TYPE_CHECKING:
    from tests.conftest import Portal

LEARNERS = tuple(r.__tablename__ for r in records() if r.about.reading is Reading.LEARNER)
GUARDED = tuple(r.__tablename__ for r in records() if r.about.group != "open")
TOLD = (DatabaseRole.TEACHER, DatabaseRole.PERSON)


def groups(table: str) -> str:
    return "{" + record_named(table).about.group + "}"


@pytest.mark.parametrize("table", LEARNERS)
def test_school_sees_its_own_learners_only(portal: Portal, table: str) -> None:
    own, second = school(portal, "school-1"), school(portal, "school-2")
    seen = {"groups": groups(table), "orgs": f"{{{own},{second}}}"}
    with acting(portal, DatabaseRole.ORG, **seen) as connection:
        assert count(connection, table, f"organisation_id = {own}") > 0
        assert count(connection, table, f"organisation_id not in ({own}, {second})") == 0
    with acting(portal, DatabaseRole.ORG, **{**seen, "groups": "{}"}) as connection:
        assert (count(connection, table) == 0) is (table in GUARDED), "without the access group"
    with acting(portal, DatabaseRole.ORG, groups=groups(table)) as connection:
        assert count(connection, table) == 0, "without organisations"


@pytest.mark.parametrize("role", [*TOLD, DatabaseRole.CASE])
@pytest.mark.parametrize("table", LEARNERS)
def test_teachers_and_families_read_about_learners_they_are_told(
    portal: Portal, role: DatabaseRole, table: str
) -> None:
    """Whatever their organisation; who sits in a commission reads about nobody."""
    learner = record_named(table).about.learner
    own = school(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        told = value(base, f"select min({learner or 'id'}) from {table}")  # noqa: S608 - names of ours
    scope = {"groups": groups(table), "orgs": f"{{{own}}}", "students": f"{{{told}}}"}
    with acting(portal, role, **scope) as connection:
        mine = count(connection, table)
        assert (mine > 0) is bool(learner and role in TOLD)
        assert mine == count(connection, table, f"{learner or 'id'} = {told}") or not learner
    with acting(portal, role, **{**scope, "students": "{}"}) as connection:
        assert count(connection, table) == 0


@pytest.mark.parametrize("role", [DatabaseRole.REGION, DatabaseRole.ORG, *TOLD, DatabaseRole.CASE])
@pytest.mark.parametrize("table", LEARNERS)
def test_what_people_are_told_of_who_sees_a_row_is_what_the_database_shows(
    portal: Portal, role: DatabaseRole, table: str
) -> None:
    record, own = record_named(table), school(portal, "school-1")
    whose, holder = record.about.learner or "0", record.about.holder or "organisation_id"
    with portal.cluster.connect(portal.database) as base:
        query = f"select id, organisation_id, {whose}, {holder} from {table}"  # noqa: S608 - names of ours
        rows = base.execute(query.encode()).fetchall()
    told = rows[len(rows) // 2][2]
    for held in (frozenset({record.about.group}), frozenset[str]()):
        scope = Scope(role, orgs=(own,), students=(told,), groups=held)
        settings = {"groups": f"{{{','.join(held)}}}", "orgs": f"{{{own}}}"}
        with acting(portal, role, **settings, students=f"{{{told}}}") as connection:
            seen = connection.execute(f"select id from {table}".encode()).fetchall()  # noqa: S608 - names of ours
        said = {
            ident
            for ident, organisation, learner, other in rows
            if any(shows(record, scope, one, learner) for one in (organisation, other))
        }
        assert said == {row[0] for row in seen}
