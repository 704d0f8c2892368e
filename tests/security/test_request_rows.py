"""What the database itself lets a capacity do with requests, past the whole application."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.models.registry_requests import OFFICE, REQUEST_FLOW
from app.security.database import DatabaseRole
from tests.security.raw import BOUND, DENIED, acting, count, school, value

if TYPE_CHECKING:
    from tests.conftest import Portal

STATES = tuple(state.code for state in REQUEST_FLOW.states)
MOVE = "update edit_request set state = %s where id = %s"
MAKE = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table)"
    " values (%s, %s, %s, 'ZZ', 'organisation') returning id"
)
ADD = (
    "insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
    " field, line_state, open) values (%s, %s, 'U', 'organisation', 1, 'inn', %s, %s)"
)
ALICE, BOB = 1, 2  # accounts; the numbers are all the policies know of them


def plant(portal: Portal, state: str, key: str = "school-1") -> int:
    with portal.cluster.connect(portal.database) as base:
        found: int = value(base, MAKE, school(portal, key), ALICE, state)
        base.execute("update edit_request set submitted_at = now() where id = %s", (found,))
    return found


def own(portal: Portal, user: int = ALICE, capacity: str = "head") -> dict[str, object]:
    """The settings of somebody at the first school."""
    reached = f"{{{school(portal, 'school-1')}}}"
    return {"user_id": user, "capacity": capacity, "orgs": reached, "writable": reached}


def declared(role: DatabaseRole, before: str, after: str) -> bool:
    """Whether some step leads there that the side of this role takes."""
    office = role is DatabaseRole.REGION
    return any(
        before in step.origins and after in step.goals and (step.by == OFFICE) == office
        for step in REQUEST_FLOW.steps
    )


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("role", [DatabaseRole.ORG, DatabaseRole.REGION])
def test_the_database_admits_the_declared_steps_and_no_others(
    portal: Portal, role: DatabaseRole, before: str
) -> None:
    request = plant(portal, before)
    settings = own(portal) if role is DatabaseRole.ORG else {"user_id": BOB, "write": "on"}
    for after in STATES:
        if after == before:
            continue
        with acting(portal, role, **settings) as connection:
            if declared(role, before, after):
                assert connection.execute(MOVE, (after, request)).rowcount == 1
            else:
                with pytest.raises(psycopg.errors.CheckViolation):
                    connection.execute(MOVE, (after, request))


def test_a_clerk_does_not_send_what_the_head_signs(portal: Portal) -> None:
    request = plant(portal, "draft")
    with (
        acting(portal, DatabaseRole.ORG, **own(portal, capacity="clerk")) as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute(MOVE, ("submitted", request))


def test_a_request_of_another_school_is_not_there(portal: Portal) -> None:
    other = plant(portal, "submitted", "school-2")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection:
        assert count(connection, "edit_request", f"id = {other}") == 0
        assert connection.execute(MOVE, ("withdrawn", other)).rowcount == 0
    foreign = school(portal, "school-2")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection, pytest.raises(DENIED):
        connection.execute(MAKE, (foreign, ALICE, "draft"))


@pytest.mark.parametrize(("author", "state"), [(BOB, "draft"), (ALICE, "approved")])
def test_nobody_makes_a_request_for_another_or_a_decided_one(
    portal: Portal, author: int, state: str
) -> None:
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection, pytest.raises(DENIED):
        connection.execute(MAKE, (school(portal, "school-1"), author, state))


@pytest.mark.parametrize(
    ("state", "line_state", "opened"),
    [("submitted", "pending", "no"), ("draft", "approved", "no"), ("draft", "pending", "yes")],
)
def test_lines_are_added_to_own_drafts_and_undecided_only(
    portal: Portal, state: str, line_state: str, opened: str
) -> None:
    request, here = plant(portal, state), school(portal, "school-1")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection, pytest.raises(DENIED):
        connection.execute(ADD, (request, here, line_state, opened))


def open_line(portal: Portal, op: str, row: int) -> int:
    """A line about a row in a draft of its own; gives its number."""
    made = (
        "insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
        " field) values (%s, %s, %s, 'organisation_founder', %s, %s) returning id"
    )
    request, here = plant(portal, "draft"), school(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        found: int = value(base, made, request, here, op, row, "inn" if op == "U" else None)
    return found


@pytest.mark.parametrize(("row", "first", "second"), [(901, "D", "U"), (902, "U", "D")])
def test_the_end_of_a_row_is_asked_for_alone_even_at_one_moment(
    portal: Portal, row: int, first: str, second: str
) -> None:
    lines = {op: open_line(portal, op, row) for op in (first, second)}
    send = "update edit_request_line set open = true where id = %s"
    with acting(portal, DatabaseRole.ORG, **own(portal)) as early:
        early.execute(send, (lines[first],))
        with acting(portal, DatabaseRole.ORG, **own(portal)) as late:
            late.execute("set local lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                late.execute(send, (lines[second],))
        early.commit()
    with (
        acting(portal, DatabaseRole.ORG, **own(portal)) as late,
        pytest.raises(psycopg.errors.UniqueViolation),
    ):
        late.execute(send, (lines[second],))


def test_the_end_of_a_row_is_asked_for_once(portal: Portal) -> None:
    one, other = (open_line(portal, "D", 903) for _ in range(2))
    send = "update edit_request_line set open = true where id = %s"
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection:
        assert connection.execute(send, (one,)).rowcount == 1
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(send, (other,))


def test_an_office_without_the_right_to_write_moves_nothing(portal: Portal) -> None:
    request = plant(portal, "submitted")
    with acting(portal, DatabaseRole.REGION, user_id=BOB, write="off") as connection:
        assert count(connection, "edit_request", f"id = {request}") == 1
        assert connection.execute(MOVE, ("under_review", request)).rowcount == 0


def test_nobody_decides_their_own_request(portal: Portal) -> None:
    request = plant(portal, "under_review")
    with acting(portal, DatabaseRole.REGION, user_id=ALICE, write="on") as connection:
        assert connection.execute(MOVE, ("approved", request)).rowcount == 0
    with portal.cluster.connect(portal.database) as base:
        statement = "update edit_request set decided_by = author_id where id = %s"
        with pytest.raises(psycopg.errors.CheckViolation):
            base.execute(statement, (request,))


def person(portal: Portal, login: str) -> int:
    with portal.cluster.connect(portal.database) as base:
        found: int = value(base, "select id from ab_user where username = %s", login)
        return found


def test_a_request_is_handed_by_the_office_to_those_who_decide_alone(portal: Portal) -> None:
    request, operator = plant(portal, "under_review"), person(portal, "operator")
    hand = "update edit_request set assignee_id = %s where id = %s"
    made = "update edit_request set author_id = %s where id = %s"
    with portal.cluster.connect(portal.database) as base:
        base.execute(made, (person(portal, "clerk"), request))
    for to in (operator, None):
        with acting(portal, DatabaseRole.REGION, user_id=BOB, write="on") as connection:
            assert connection.execute(hand, (to, request)).rowcount == 1
    for nobody in (person(portal, "clerk"), person(portal, "department")):
        with (
            acting(portal, DatabaseRole.REGION, user_id=BOB, write="on") as connection,
            pytest.raises(psycopg.errors.CheckViolation),
        ):
            connection.execute(hand, (nobody, request))
    with portal.cluster.connect(portal.database) as base:
        base.execute(made, (operator, request))
    with (
        acting(portal, DatabaseRole.REGION, user_id=BOB, write="on") as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute(hand, (operator, request))
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection, pytest.raises(DENIED):
        connection.execute(hand, (None, request))


def test_who_decides_is_told_to_the_offices_of_the_region_alone(portal: Portal) -> None:
    asked = "select array_agg(id) from portal_deciders(current_date)"
    with acting(portal, DatabaseRole.REGION, user_id=BOB) as connection:
        found = value(connection, asked)
    assert person(portal, "operator") in found
    assert not {person(portal, "clerk"), person(portal, "department")} & set(found)
    for role in BOUND:
        with acting(portal, role, user_id=BOB) as connection, pytest.raises(DENIED):
            value(connection, asked)


def test_a_word_beside_the_steps_leaves_the_version_as_it_is(portal: Portal) -> None:
    request, here = plant(portal, "under_review"), school(portal, "school-1")
    say = (
        "insert into edit_request_event (request_id, organisation_id, user_id, action, to_state)"
        " values (%s, %s, %s, 'comment', 'under_review')"
    )
    version = "select version from edit_request where id = %s"
    with acting(portal, DatabaseRole.ORG, **own(portal)) as connection:
        before = value(connection, version, request)
        connection.execute(say, (request, here, ALICE))
        assert value(connection, version, request) == before
        with pytest.raises(DENIED):
            connection.execute(say, (request, here, BOB))  # in the name of another


@pytest.mark.parametrize("role", [r for r in BOUND if r is not DatabaseRole.ORG])
def test_other_capacities_have_no_requests_at_all(portal: Portal, role: DatabaseRole) -> None:
    for table, user in product(("edit_request", "edit_request_line", "edit_request_event"), (1, 2)):
        with acting(portal, role, user_id=user) as connection, pytest.raises(DENIED):
            count(connection, table)
