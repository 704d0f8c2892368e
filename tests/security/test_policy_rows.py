"""What the operator has set for fields is kept by the database, past the whole application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kernel.catalogue import records
from app.kernel.rights import has_policies
from app.security.database import DatabaseRole
from tests.security.raw import BOUND, DENIED, acting, count, school, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

SET = (
    "insert into field_policy (entity, field, organisation_id, policy, reason)"
    " values (%s, %s, %s, %s, 'ZZ')"
)
CALL = "update organisation set phone = %s where id = %s"
SPEAK = (
    "insert into organisation_language (uid, organisation_id, language_code)"
    " values (gen_random_uuid(), %s, %s)"
)
GOVERNED = tuple(record.__tablename__ for record in records() if has_policies(record))


@pytest.fixture(autouse=True)
def _none_after(portal: Portal) -> Iterator[None]:
    yield
    with portal.cluster.connect(portal.database) as base:
        base.execute("delete from field_policy")


def put(portal: Portal, entity: str, field: str, policy: str, key: str = "") -> None:
    organisation = school(portal, key) if key else None
    with portal.cluster.connect(portal.database) as base:
        base.execute(SET.encode(), (entity, field, organisation, policy))


def own(portal: Portal) -> dict[str, object]:
    reached = f"{{{school(portal, 'school-1')}}}"
    return {"user_id": 1, "capacity": "clerk", "orgs": reached, "writable": reached}


@pytest.mark.parametrize("policy", ["request", "operator"])
@pytest.mark.parametrize("key", ["", "school-1"])
def test_an_organisation_cannot_write_what_was_taken_from_it(
    portal: Portal, key: str, policy: str
) -> None:
    here = school(portal, "school-1")
    put(portal, "organisation", "phone", policy, key)
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base, pytest.raises(DENIED):
        base.execute(CALL.encode(), ("+74812000001", here))
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base:
        base.execute("update organisation set email = 'a@example.com' where id = %s", (here,))
    region = {"user_id": 2, "capacity": "operator", "write": "on"}
    with acting(portal, DatabaseRole.REGION, **region) as base:
        assert base.execute(CALL.encode(), ("+74812000001", here)).rowcount == 1


def test_a_rule_of_another_organisation_changes_nothing_here(portal: Portal) -> None:
    put(portal, "organisation", "phone", "operator", "school-2")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base:
        base.execute(CALL.encode(), ("+74812000001", school(portal, "school-1")))


def test_a_rule_of_the_organisation_wins(portal: Portal) -> None:
    put(portal, "organisation", "phone", "operator")
    put(portal, "organisation", "phone", "direct", "school-1")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base:
        base.execute(CALL.encode(), ("+74812000001", school(portal, "school-1")))


def test_a_closed_list_takes_no_rows_and_gives_none_away(portal: Portal) -> None:
    here = school(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        base.execute(SPEAK.encode(), (here, "ava"))
    put(portal, "organisation_language", "*", "request")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base, pytest.raises(DENIED):
        base.execute(SPEAK.encode(), (here, "lez"))
    trash = "update organisation_language set deleted_at = now() where organisation_id = %s"
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base, pytest.raises(DENIED):
        base.execute(trash.encode(), (here,))


def test_every_record_with_rules_has_the_trigger_that_keeps_them(portal: Portal) -> None:
    named = "select tgrelid::regclass::text from pg_trigger where tgname like '%_keep_policy'"
    with portal.cluster.connect(portal.database) as base:
        kept = {row[0] for row in base.execute(named)}
    assert kept == set(GOVERNED)


@pytest.mark.parametrize("role", BOUND)
def test_nobody_bound_to_organisations_sets_a_rule(portal: Portal, role: DatabaseRole) -> None:
    with acting(portal, role, **own(portal)) as base, pytest.raises(DENIED):
        base.execute(SET.encode(), ("organisation", "phone", None, "direct"))


@pytest.mark.parametrize("capacity", ["department", ""])
def test_no_other_office_than_the_operator_sets_a_rule(portal: Portal, capacity: str) -> None:
    settings = {"user_id": 2, "capacity": capacity, "write": "on"}
    with acting(portal, DatabaseRole.REGION, **settings) as base, pytest.raises(DENIED):
        base.execute(
            "insert into field_policy (entity, field, policy, reason, set_by)"
            " values ('organisation', 'phone', 'direct', 'ZZ', 2)"
        )


def test_a_rule_is_set_in_the_own_name_and_never_rewritten(portal: Portal) -> None:
    settings = {"user_id": 2, "capacity": "operator", "write": "on"}
    add = (
        "insert into field_policy (entity, field, policy, reason, set_by)"
        " values ('organisation', 'phone', 'operator', 'ZZ', %s)"
    )
    with acting(portal, DatabaseRole.REGION, **settings) as base, pytest.raises(DENIED):
        base.execute(add.encode(), (1,))
    put(portal, "organisation", "phone", "operator")
    with acting(portal, DatabaseRole.REGION, **settings) as base, pytest.raises(DENIED):
        base.execute("update field_policy set policy = 'direct'")
    with acting(portal, DatabaseRole.REGION, **settings) as base:
        ended = "update field_policy set ended_at = now(), ended_by = 2"
        assert base.execute(ended).rowcount == 1


def test_an_organisation_reads_the_rules_that_speak_to_it(portal: Portal) -> None:
    put(portal, "organisation", "phone", "operator")
    put(portal, "organisation", "email", "operator", "school-1")
    put(portal, "organisation", "site_url", "operator", "school-2")
    with acting(portal, DatabaseRole.ORG, **own(portal)) as base:
        assert count(base, "field_policy") == 2
        assert value(base, "select count(*) from field_policy where field = 'site_url'") == 0
