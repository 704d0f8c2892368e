"""Which indexes serve lists, under every role of the database (decisions 15).

Row security may keep an index from being used: a condition that is not leakproof is not pushed
below a policy. So plans are looked at under each role, on the very statements which pages send.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event, text

from app.kernel.catalogue import CAPTION, field_map, record_named
from app.kernel.clock import today
from app.kernel.feed_tokens import Place
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope
from app.services import browse, feed, timeline
from app.services.conditions import Criterion
from app.services.lists import first_rows
from app.services.timeline import Asked
from bench.database import fill
from tests.database import PREFIX
from tests.working import person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from tests.conftest import Portal

ROWS = 6_000
EVERYBODY = (
    DatabaseRole.REGION,
    DatabaseRole.ORG,
    DatabaseRole.TEACHER,
    DatabaseRole.PERSON,
    DatabaseRole.CASE,
    DatabaseRole.SYSTEM,
)
NARROW = "лицей 1231"
ORDER = "ix_organisation_caption_order"
SEARCH = "ix_organisation_search"


@pytest.fixture(scope="module")
def filled(portal: Portal) -> Portal:
    """The portal with enough organisations for the planner to prefer indexes."""
    engine = create_engine(portal.cluster.url(portal.database, role=f"{PREFIX}owner"))
    fill(engine, ROWS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text(
                "insert into organisation_bank_account (uid, organisation_id, bik, account_number)"
                " select gen_random_uuid(), id, '016614901', '0323' || lpad(id::text, 16, '0')"
                " from organisation where source = 'bench'"
            )
        )
        connection.execute(text("vacuum analyze organisation_bank_account"))
    engine.dispose()
    return portal


@contextmanager
def acting(portal: Portal, role: DatabaseRole) -> Iterator[Session]:
    """A session in the scope of one who belongs to school-1."""
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.cluster.connect(portal.database) as connection:
        query = "select id from organisation where source_id = 'school-1'"
        row = connection.execute(query).fetchone()
    assert row is not None
    scope = Scope(role, orgs=row, writable=row, groups=frozenset({"open", "bank"}))
    with portal.app.app_context():
        session = db.session()
        bind_scope(session, scope)
        yield session
        session.rollback()
        db.session.remove()


def plans(session: Session, ask: Callable[[], Any]) -> list[dict[str, Any]]:
    """Plans of the statements which a service sends."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        sent.append((statement, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    found = []
    for statement, values in sent:
        explained = connection.exec_driver_sql(
            f"explain (format json) {statement}", values
        ).scalar()
        plan = json.loads(explained) if isinstance(explained, str) else explained
        found.append(plan[0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan and everything below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def indexes(found: list[dict[str, Any]]) -> set[str]:
    """Names of the indexes that the plans use."""
    return {n["Index Name"] for plan in found for n in nodes(plan) if "Index Name" in n}


def kinds(found: list[dict[str, Any]]) -> set[str]:
    """Kinds of the nodes of the plans."""
    return {n["Node Type"] for plan in found for n in nodes(plan)}


def organisations(**asked: Any) -> browse.Query:
    return browse.Query(record_named("organisation"), order=CAPTION, **asked)


def fields(name: str, *names: str) -> list[Any]:
    return [field_map(record_named(name))[one] for one in names]


@pytest.mark.parametrize("role", EVERYBODY)
def test_words_are_found_by_the_index_of_words(filled: Portal, role: DatabaseRole) -> None:
    with acting(filled, role) as session:
        query = organisations(search=NARROW)
        listed = fields("organisation", "inn")
        found = plans(session, lambda: browse.browse(session, query, listed, few=True))
        counted = plans(session, lambda: browse.count(session, query))
    assert SEARCH in indexes(found)
    assert SEARCH in indexes(counted)
    assert "Seq Scan" not in kinds([*found, *counted])


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_picker_finds_by_the_index_of_words(filled: Portal, role: DatabaseRole) -> None:
    with acting(filled, role) as session:
        record = record_named("organisation")
        found = plans(session, lambda: browse.options(session, record, NARROW))
        first = plans(session, lambda: browse.options(session, record, ""))
    assert SEARCH in indexes(found)
    assert ORDER in indexes(first)
    assert "Sort" not in kinds(first)


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_begins_where_the_last_one_ended(
    filled: Portal, role: DatabaseRole, *, descending: bool, backwards: bool
) -> None:
    with acting(filled, role) as session:
        listed = fields("organisation", "inn")
        middle = browse.browse(session, organisations(size=50), listed).last
        query = organisations(place=middle, descending=descending, backwards=backwards)
        found = plans(session, lambda: browse.browse(session, query, listed))
    assert indexes(found) == {ORDER}
    assert not kinds(found) & {"Sort", "Incremental Sort", "Seq Scan", "Bitmap Heap Scan"}
    scan = next(node for node in nodes(found[0]) if node.get("Index Name") == ORDER)
    assert "Index Cond" in scan


@pytest.mark.parametrize("name", ["full_name", "inn"])
def test_every_order_that_is_offered_has_an_index(filled: Portal, name: str) -> None:
    offered = {f.name for f in field_map(record_named("organisation")).values() if f.ordered}
    assert name in offered or name == "full_name"
    for order in offered:
        query = browse.Query(record_named("organisation"), order=order, descending=True)
        with acting(filled, DatabaseRole.ORG) as session:
            found = plans(session, lambda q=query: browse.browse(session, q, ()))
        assert not kinds(found) & {"Sort", "Seq Scan"}, order


@pytest.mark.parametrize("role", EVERYBODY)
def test_lists_of_a_record_are_found_by_its_key(filled: Portal, role: DatabaseRole) -> None:
    asked = [
        (record_named("organisation_address"), fields("organisation_address", "full_text")),
        (record_named("organisation_licence"), fields("organisation_licence", "granted_on")),
    ]
    with acting(filled, role) as session:
        found = plans(session, lambda: first_rows(session, 77, asked, 25))
    assert "Seq Scan" not in kinds(found)


def test_guarded_rows_are_found_by_their_organisation(filled: Portal) -> None:
    query = browse.Query(record_named("organisation_bank_account"), order="account_number")
    with acting(filled, DatabaseRole.ORG) as session:
        found = plans(session, lambda: browse.browse(session, query, ()))
    assert "Seq Scan" not in kinds(found)
    assert indexes(found) & {
        "ix_organisation_bank_account_organisation_id",
        "uq_organisation_bank_account_number",
    }


PASTS: dict[str, dict[str, Any]] = {
    "all": {},
    "further back": {"before": 900},
    "a field": {"field": ("organisation", "phone")},
    "a person": {"user": 1},
    "a way": {"via": "batch"},
    "days": {"since": today(), "until": today()},
    "days of decision": {"day": "decided", "since": today(), "until": today()},
    "lists": {"lists": ("organisation_licence", "organisation_address")},
    "a field of a list": {
        "lists": ("organisation_licence",),
        "field": ("organisation_licence", "licence_number"),
    },
}


@pytest.fixture(scope="module")
def logged(filled: Portal) -> Portal:
    """The portal with lines of the log about all organisations."""
    with filled.cluster.connect(filled.database) as connection:
        connection.execute(
            "insert into activity (table_name, row_id, organisation_id, access_group, verb, before,"
            " after, transaction) select 'organisation', id, id, 'open', 'update',"
            """ '{"phone": "1"}', '{"phone": "2"}', n from organisation, generate_series(1, 5) n"""
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze activity")
    return filled


@pytest.mark.parametrize("asked", PASTS)
@pytest.mark.parametrize("role", [DatabaseRole.REGION, DatabaseRole.ORG])
def test_the_past_of_a_row_is_found_by_the_row(
    logged: Portal, role: DatabaseRole, asked: str
) -> None:
    with acting(logged, role) as session:
        query = browse.select(record_named("organisation")).order_by(text("id")).limit(1)
        row = session.scalars(query).one()
        found = plans(session, lambda: timeline.page(session, Asked(row, **PASTS[asked])))
        people = plans(session, lambda: timeline.named(session, {}, Asked(row, **PASTS[asked])))
    index = "ix_activity_organisation" if "lists" in PASTS[asked] else "ix_activity_row"
    assert index in indexes(found)
    assert index in indexes(people)
    assert not {n["Relation Name"] for plan in found for n in nodes(plan) if scans(n)}


def test_the_past_of_lists_of_a_list_is_found_by_their_rows(logged: Portal) -> None:
    record = record_named("organisation_accreditation")
    tables = tuple(child.__tablename__ for child in timeline.below(record))
    with acting(logged, DatabaseRole.REGION) as session:
        row = session.scalars(browse.select(record)).first()
        found = plans(session, lambda: timeline.page(session, Asked(row, lists=tables)))
    assert "ix_activity_row" in indexes(found)
    assert "activity" not in {n["Relation Name"] for p in found for n in nodes(p) if scans(n)}


@pytest.mark.parametrize("role", [DatabaseRole.REGION, DatabaseRole.ORG])
def test_the_feed_goes_on_by_an_index(logged: Portal, role: DatabaseRole) -> None:
    reader = person(logged, "operator")
    with acting(logged, role) as session:
        for since in (None, Place(feed.now_at(session).line, 3, 2**40)):
            asked = feed.Asked(("organisation",), since, 50)
            found = plans(session, lambda asked=asked: feed.part(session, asked, reader))
            assert indexes(found) & {"ix_activity_feed", f"ix_activity_{role}anisation"}
            assert not {n["Relation Name"] for n in nodes(found[0]) if scans(n)} - {"feed"}


def scans(node: dict[str, Any]) -> bool:
    """Whether the node reads a whole table."""
    return node["Node Type"] == "Seq Scan"


def test_a_count_stops_early(filled: Portal) -> None:
    """Two thousand and one rows are enough to say «more than two thousand»."""
    with acting(filled, DatabaseRole.REGION) as session:
        found = browse.count(session, organisations(search="школа"))
        few = plans(session, lambda: browse.count(session, organisations(search="школа")))
    assert (found.number, found.capped) == (browse.CAP, True)
    assert "Limit" in kinds(few)


@pytest.mark.parametrize("role", EVERYBODY)
def test_beginnings_are_found_by_the_index_of_the_order(filled: Portal, role: DatabaseRole) -> None:
    (inn,) = fields("organisation", "inn")
    query = organisations(criteria=(Criterion(inn, "starts", "670000012"),))
    with acting(filled, role) as session:
        found = plans(session, lambda: browse.browse(session, query, (inn,), few=True))
        rows = browse.browse(session, query, (inn,), few=True).rows
    assert "ix_organisation_inn_order" in indexes(found)
    assert sorted(row.f_inn for row in rows) == [f"670000012{n}" for n in range(10)]
