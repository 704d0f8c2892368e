"""The access log in the database itself: appended to by one function, read by those it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.security.database import DatabaseRole
from tests.security.raw import DENIED, SCOPED, acting, count, login, school

if TYPE_CHECKING:
    from tests.conftest import Portal

LOG_READERS = {DatabaseRole.REGION, DatabaseRole.ORG}


@pytest.mark.parametrize("role", SCOPED)
def test_the_log_of_access_is_neither_read_nor_written_by_those_it_is_about(
    portal: Portal, role: DatabaseRole
) -> None:
    note(portal, school(portal, "school-1"))
    orgs = f"{{{school(portal, 'school-1')}}}"
    with acting(portal, role, orgs=orgs, groups="{document,health}") as connection:
        if role in LOG_READERS:
            assert count(connection, "access_log") == 0
        else:
            with pytest.raises(DENIED):
                count(connection, "access_log")
    with acting(portal, role) as connection, pytest.raises(DENIED):
        connection.execute("select portal_access('login', '', null, null, 1, 'operator')")


def test_the_log_of_access_is_read_by_those_it_is_for(portal: Portal) -> None:
    own, other = school(portal, "school-1"), school(portal, "school-2")
    for place in (own, other, None):
        note(portal, place)
    log = "select distinct organisation_id from access_log"
    with acting(portal, DatabaseRole.ORG, orgs=f"{{{own}}}", groups="{log}") as connection:
        assert connection.execute(log).fetchall() == [(own,)]
        with pytest.raises(DENIED):
            connection.execute("select address from access_log")
    with acting(portal, DatabaseRole.REGION, groups="{log}") as connection:
        assert {row[0] for row in connection.execute(log)} >= {own, other, None}


def note(portal: Portal, organisation: int | None) -> None:
    """A line as the portal writes it, by whoever signs in for it and acts as nobody yet."""
    with login(portal) as connection:
        connection.execute(
            "select portal_access('card', 'student', null, null, 1, 'clerk', 'student', 1, %s, 1)",
            (organisation,),
        )
        connection.commit()
