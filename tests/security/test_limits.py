"""Limits of a request: how long the database works for a page, and whose name the portal bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db
from app.security import accounts, scopes
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope, listen, system_scope, take_time
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

LIST = "/registry/organisation/"


@pytest.fixture
def session(portal: Portal) -> Iterator[Session]:
    with portal.app.app_context(), Session(db.engine) as session:
        listen(session, PREFIX)
        yield session


def limits(session: Session) -> tuple[str, str]:
    query = (
        "select current_setting('statement_timeout'),"
        " current_setting('idle_in_transaction_session_timeout')"
    )
    row = session.execute(text(query)).one()
    return row[0], row[1]


def test_a_page_has_thirty_seconds_and_a_job_all_the_time_it_needs(session: Session) -> None:
    bind_scope(session, Scope(DatabaseRole.REGION))
    assert limits(session) == ("30s", "1min")
    take_time(session)
    assert limits(session) == ("0", "10min"), "an export"
    session.rollback()
    session.info.clear()
    bind_scope(session, system_scope("job"))
    assert limits(session) == ("0", "0")


def test_a_page_that_takes_too_long_is_stopped_and_says_what_to_do(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = portal.client_as("operator")
    with portal.cluster.connect(portal.database) as base:
        base.execute(
            "create or replace function portal_slow() returns bool volatile language sql"
            " as $$ select pg_sleep(5) is not null $$"
        )
        base.execute("create policy slow on organisation as restrictive using (portal_slow())")
        monkeypatch.setattr(scopes, "LONGEST_STATEMENT", "200ms")
        answer = client.get(LIST)
        monkeypatch.undo()
        base.execute("drop policy slow on organisation")
    assert answer.status_code == 503
    assert "Уточните поиск или фильтр" in answer.text
    assert client.get(LIST).status_code == 200


def test_the_door_itself_does_not_wait_for_ever(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "PATIENCE", "100ms")
    with portal.app.app_context():
        book = portal.app.extensions["accounts"]
        with pytest.raises(OperationalError), book.system() as connection:
            connection.execute(text("select pg_sleep(5)"))


@pytest.mark.parametrize("path", ["/login/", "/registry/organisation", "/static/none.css"])
def test_a_foreign_name_of_the_portal_is_refused(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setitem(portal.app.config, "TRUSTED_HOSTS", ["portal.example.ru", "localhost"])
    client = portal.app.test_client()
    portal.app.extensions.pop("fixed_urls", None)  # the first request of all may be a foreign one
    for host in ("evil.example.com", "portal.example.ru.evil.com", "x@portal.example.ru"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text
        assert host not in answer.headers.get("Location", "")
    assert "Неизвестный адрес портала" in client.get(path, headers={"Host": "evil.com"}).text
    for host in ("portal.example.ru", "portal.example.ru:443", "localhost:8080"):
        assert client.get("/login/", headers={"Host": host}).status_code == 200
