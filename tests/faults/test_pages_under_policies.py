"""Whoever reads some rows of many begins a page by an index, whatever the list is ordered by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Date, Integer, text

from app.kernel.catalogue import CAPTION, field_map, order_key, record_named, records
from app.kernel.record import Reading
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope
from app.services import browse
from tests.faults.test_plans import nodes, plans

if TYPE_CHECKING:
    from tests.conftest import Portal

NARROW = [record for record in records() if record.about.reading is not Reading.EVERYBODY]
ORDERS = [
    (record.__tablename__, name)
    for record in NARROW
    for name in (
        "id",
        *(f.name for f in field_map(record).values() if f.ordered),
        *((CAPTION,) if record.about.caption_label else ()),
    )
]
GROUPS = frozenset({"open", "personal", "contact", "document", "health", "family", "social"})


def place_of(key: Any) -> Any:
    if isinstance(key.type, Date):
        return dt.date(2020, 1, 1)
    return 1 if isinstance(key.type, Integer) else "иванов"


@pytest.mark.parametrize(("name", "order"), ORDERS, ids=lambda part: part)
def test_a_page_begins_by_the_index(portal: Portal, name: str, order: str) -> None:
    """Of a function that may tell what it is given no index cares before the policy has spoken."""
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    record = record_named(name)
    place = browse.Place(place_of(order_key(record, order)), 1)
    with portal.app.app_context():
        session = db.session()
        bind_scope(session, Scope(DatabaseRole.ORG, orgs=frozenset({1, 2}), groups=GROUPS))
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            session.execute(text(f"set local enable_{way} = off"))
        query = browse.Query(record, order=order, place=place)
        (plan,) = plans(session, lambda: browse.browse(session, query, ()))
        db.session.remove()
    scans = [node for node in nodes(plan) if "Index Cond" in node]
    assert [n for n in scans if "ROW(" in n["Index Cond"]], plan


def test_what_is_worked_out_for_an_order_is_no_change_of_a_row(portal: Portal) -> None:
    columns = {c.name for r in NARROW for c in r.__table__.c if c.name.startswith("order_of_")}
    with portal.cluster.connect(portal.database) as base:
        found = base.execute("select prosrc from pg_proc where proname = 'portal_log'").fetchone()
    assert columns
    assert found is not None
    assert {name for name in columns if f"'{name}'" in found[0]} == columns
