"""The feed of changes: in order, without gaps, within the rights of whoever reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.services.feed import LOOK
from tests.rest.programs import ORGANISATION, Program, person, program, school

if TYPE_CHECKING:
    import psycopg

    from tests.conftest import Portal

CHANGES = "/api/v1/changes/"
BANK = "/api/v1/organisation-bank-account/"
AGREEMENTS = "/api/v1/organisation-agreement/"
PAST = """select id from activity where access_group in ('open', 'bank')
    and table_name !~ 'enrolment_order|transfer_request' order by transaction, id"""
PHONE = "update organisation set phone = %s where id = %s"


@pytest.fixture(scope="module")
def operator(portal: Portal) -> Program:
    return program(portal, "feed of the operator", "operator")


@pytest.fixture(scope="module")
def clerk(portal: Portal) -> Program:
    return program(portal, "feed of a clerk", "clerk", "--organisation", str(school(portal)))


def read(who: Program, since: str = "", **more: Any) -> dict[str, Any]:
    """One part; from the beginning without ``since``."""
    asked = {**({"since": since} if since else {}), **more}
    answer = who("GET", CHANGES, query_string=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def now(who: Program) -> str:
    return str(read(who, "now")["since"])


def rest(who: Program, since: str, **more: Any) -> list[dict[str, Any]]:
    """All events after the place."""
    found: list[dict[str, Any]] = []
    for _ in range(500):
        part = read(who, since, **more)
        found += part["items"]
        since = part["since"]
        if not part["more"]:
            return found
    raise AssertionError("the feed has no end")


def tag(who: Program, path: str) -> dict[str, str]:
    return {"If-Match": who("GET", path).headers["ETag"]}


def change(who: Program, path: str, **values: Any) -> Any:
    answer = who("PATCH", path, json=values, headers=tag(who, path))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def two(portal: Portal) -> tuple[psycopg.Connection, psycopg.Connection]:
    """Two connections, each in a transaction of its own."""
    first, second = (portal.cluster.connect(portal.database) for _ in range(2))
    for connection in (first, second):
        connection.execute("begin")
    return first, second


def test_a_change_that_is_committed_late_is_not_missed(portal: Portal, operator: Program) -> None:
    since, (early, late) = now(operator), two(portal)
    with early, late:
        early.execute(PHONE, ("+74812110001", school(portal, 1)))
        late.execute(PHONE, ("+74812110002", school(portal, 2)))
        late.execute("commit")
        part = read(operator, since)
        assert part["items"] == [], "what is behind an open transaction waits for it"
        early.execute("commit")
    found = rest(operator, part["since"])
    assert [one["fields"]["phone"] for one in found] == ["+74812110001", "+74812110002"]
    assert rest(operator, since) == found, "the same from the earlier place"


def test_a_change_whose_line_is_older_than_its_transaction_is_not_missed(
    portal: Portal, operator: Program
) -> None:
    """The younger transaction writes first: its line has the smaller number."""
    since, (early, late) = now(operator), two(portal)
    with early, late:
        early.execute("select txid_current()")
        late.execute(PHONE, ("+74812110012", school(portal, 2)))
        early.execute(PHONE, ("+74812110011", school(portal, 1)))
        early.execute("commit")
        first = read(operator, since)
        assert [one["fields"]["phone"] for one in first["items"]] == ["+74812110011"]
        late.execute("commit")
    second = read(operator, first["since"])
    assert [one["fields"]["phone"] for one in second["items"]] == ["+74812110012"]
    assert second["items"][0]["id"] < first["items"][0]["id"]


def test_what_was_rolled_back_is_no_event(portal: Portal, operator: Program) -> None:
    since, (first, second) = now(operator), two(portal)
    with first, second:
        first.execute(PHONE, ("+74812110021", school(portal)))
        first.execute("rollback")
    assert rest(operator, since) == []


def test_a_row_is_made_changed_trashed_and_restored(portal: Portal, operator: Program) -> None:
    since = now(operator)
    body = {"organisation_id": school(portal), "number": "Лента-1"}
    made = operator("POST", AGREEMENTS, json=body)
    path, ident = made.headers["Location"], made.get_json()["id"]
    change(operator, path, number="Лента-2", partner_name="Театр")
    assert operator("DELETE", path, headers=tag(operator, path)).status_code == 204
    hidden = [one for one in rest(operator, since) if one["row_id"] == ident]
    assert [one["fields"] for one in hidden] == [{}, {}, {}], "nobody reads a row in the trash"
    client, headers = person(portal, "clerk")
    home = "/registry/organisation-agreement/restore"
    assert client.post(home, data={"ids": str(ident)}, headers=headers).status_code == 303
    found = [one for one in rest(operator, since) if one["record"] == "organisation_agreement"]
    kinds = ["created", "changed", "trashed", "restored"]
    assert [one["kind"] for one in found] == [f"organisation_agreement.{kind}" for kind in kinds]
    assert {(one["row_id"], one["uid"]) for one in found} == {(ident, made.get_json()["uid"])}
    assert [one["version"] for one in found] == [1, 2, 3, 4]
    assert [one["fields"] for one in found] == [
        body,
        {"number": "Лента-2", "partner_name": "Театр"},
        {},
        {},
    ]


def test_values_are_those_of_the_row_itself(portal: Portal, operator: Program) -> None:
    since = now(operator)
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "update organisation_address set geo_lat = 54.5, valid_from = '2020-09-01',"
            " is_main = true where organisation_id = %s",
            (school(portal),),
        )
    events = rest(operator, since, record="organisation_address")
    assert events
    for event in events:
        row = operator("GET", f"/api/v1/organisation-address/{event['row_id']}").get_json()
        assert event["fields"]
        assert event["fields"] == {name: row[name] for name in event["fields"]}
        assert (event["uid"], event["version"]) == (row["uid"], row["version"])
    assert events[0]["fields"]["geo_lat"] == "54.500000"


def test_a_school_reads_what_happens_to_itself_alone(
    portal: Portal, operator: Program, clerk: Program
) -> None:
    since = now(clerk)
    for number in (1, 2):
        change(operator, f"{ORGANISATION}{school(portal, number)}", email=f"s{number}@example.com")
    found = rest(clerk, since)
    assert [one["organisation_id"] for one in found] == [school(portal)]
    assert len(rest(operator, since)) == 2
    every = rest(clerk, "")
    assert {one["organisation_id"] for one in every} == {school(portal)}


def test_guarded_values_are_for_those_who_may_read_the_rows(
    portal: Portal, operator: Program
) -> None:
    office = program(portal, "feed of an office", "municipal", "--municipality", "66701000")
    since = now(operator)
    with portal.cluster.connect(portal.database) as base:
        written = base.execute(
            "update organisation_bank_account set bank_name = 'Банк из ленты'"
            " where organisation_id = %s",
            (school(portal),),
        ).rowcount
    assert written
    assert len(rest(operator, since)) == written
    assert rest(office, since) == []
    assert (
        office("GET", CHANGES, query_string={"record": "organisation_bank_account"}).status_code
        == 400
    )
    assert office("GET", BANK).status_code == 403


def test_a_batch_is_named_on_each_of_its_events(portal: Portal, operator: Program) -> None:
    since = now(operator)
    with portal.cluster.connect(portal.database) as base:
        base.execute("select set_config('app.batch', '77', false)")
        base.execute(PHONE, ("+74812110031", school(portal)))
    assert [one["batch"] for one in rest(operator, since)] == [77]


def test_the_whole_past_is_read_in_parts_once_and_without_gaps(
    portal: Portal, operator: Program
) -> None:
    everything = rest(operator, "", limit=200)
    ids = [one["id"] for one in everything]
    assert len(ids) == len(set(ids))
    with portal.cluster.connect(portal.database) as base:
        lines = base.execute(PAST).fetchall()
    assert ids == [line[0] for line in lines]
    assert [one["id"] for one in rest(operator, "", limit=37)] == ids


def test_a_part_ends_where_enough_of_other_records_was_looked_through(
    portal: Portal, operator: Program
) -> None:
    since = now(operator)
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "insert into activity (table_name, row_id, access_group, verb, after, transaction)"
            " select 'municipality', 1, 'open', 'update', '{}', txid_current()"
            " from generate_series(1, %s)",
            (LOOK + 10,),
        )
        base.execute(PHONE, ("+74812110041", school(portal)))
    part = read(operator, since, record="organisation")
    assert (part["items"], part["more"]) == ([], True)
    part = read(operator, part["since"], record="organisation")
    assert [one["fields"] for one in part["items"]] == [{"phone": "+74812110041"}]
    assert part["more"] is False


@pytest.mark.parametrize(
    ("sent", "parameter"),
    [
        ({"since": "x"}, "since"),
        ({"since": "A" * 64}, "since"),
        ({"since": "ж" * 64}, "since"),
        ({"since": ""}, "since"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"record": "ab_user"}, "record"),
        ({"record": "organisation,,"}, "record"),
        ({"fields": "inn"}, "fields"),
    ],
)
def test_what_is_not_understood_is_named(
    operator: Program, sent: dict[str, str], parameter: str
) -> None:
    answer = operator("GET", CHANGES, query_string=sent)
    assert answer.status_code == 400
    assert [one["parameter"] for one in answer.get_json()["errors"]] == [parameter]


def test_a_changed_token_is_refused(operator: Program) -> None:
    since = now(operator)
    for place in range(0, len(since), 7):
        other = "A" if since[place] != "A" else "B"
        broken = since[:place] + other + since[place + 1 :]
        assert operator("GET", CHANGES, query_string={"since": broken}).status_code == 400


def test_capacities_without_a_history_have_no_feed(portal: Portal) -> None:
    member = program(portal, "feed of a member", "commission")
    answer = member("GET", CHANGES)
    assert answer.status_code == 403
    assert "Изменения видят" in answer.get_json()["detail"]
    assert CHANGES not in member("GET", "/api/v1/openapi.json").get_json()["paths"]
    assert portal.app.test_client().get(CHANGES).status_code == 401


def test_a_restored_log_begins_a_new_line(portal: Portal, operator: Program) -> None:
    """The new server has not reached the numbers of the old one: as after a move."""
    before, order = now(operator), [one["id"] for one in rest(operator, "", limit=200)]
    with portal.cluster.connect(portal.database) as base:
        base.execute("update activity set transaction = transaction + 1000000000")
        base.execute("select portal_renew_feed()")
    answer = operator("GET", CHANGES, query_string={"since": before})
    assert answer.status_code == 410
    assert "резервной копии" in answer.get_json()["detail"]
    assert [one["id"] for one in rest(operator, "", limit=200)] == order
    since = now(operator)
    change(operator, f"{ORGANISATION}{school(portal)}", email="new@example.com")
    assert [one["fields"] for one in rest(operator, since)] == [{"email": "new@example.com"}]
    assert [one["id"] for one in rest(operator, "")][:-1] == order


def test_a_place_of_before_what_is_kept_is_gone(portal: Portal, operator: Program) -> None:
    old = now(operator)
    with portal.cluster.connect(portal.database) as base:
        for last in ("51", "52"):
            base.execute(PHONE, (f"+748121100{last}", school(portal)))
        newest = "delete from activity where id = (select max(id) - 1 from activity)"
        assert base.execute(newest).rowcount == 1
    answer = operator("GET", CHANGES, query_string={"since": old})
    assert (answer.status_code, "since=now" in answer.get_json()["detail"]) == (410, True)
    assert read(operator, now(operator))["items"] == []
    left = [one["fields"] for one in rest(operator, "")]
    assert left == [{"phone": "+74812110052"}], "whole from there on"
