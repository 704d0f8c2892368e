"""A page that is only looked at writes nothing, and what it asks is planned once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from app.extensions import db
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope

if TYPE_CHECKING:
    from tests.conftest import Portal

CARD = "/registry/organisation/1"
ENOUGH = 15  # the driver prepares at the sixth time, the database keeps one plan after five more


def test_the_database_lets_nothing_be_written_while_somebody_looks(portal: Portal) -> None:
    with portal.app.app_context():
        bind_scope(db.session(), Scope(DatabaseRole.REGION, write=True, looking=True))
        with pytest.raises(InternalError) as refused:
            db.session.execute(text("update organisation set phone = null where id = 1"))
        assert isinstance(refused.value.orig, ReadOnlySqlTransaction)


def test_statements_of_a_page_stay_prepared(portal: Portal) -> None:
    operator = portal.client_as("operator")
    for _ in range(ENOUGH):
        assert operator.get(CARD).status_code == 200
    with portal.app.app_context(), db.engine.connect() as connection:
        kept = connection.execute(
            text("select statement from pg_prepared_statements where generic_plans > 0")
        )
        prepared = [row[0] for row in kept]
    assert any("FROM organisation_absence" in statement for statement in prepared)


def test_after_a_look_the_next_request_may_write(portal: Portal) -> None:
    """The way of looking ends with its transaction, though the connection goes on."""
    operator = portal.client_as("operator")
    for chosen in ("dark", "light"):
        assert operator.get(CARD).status_code == 200
        token = operator.get("/login/").text.partition('name="csrf_token" value="')[2]
        look = {"theme": chosen, "csrf_token": token.partition('"')[0]}
        assert operator.post("/look", data=look).status_code in {200, 303}
        assert f'data-bs-theme="{chosen}"' in operator.get(CARD).text
