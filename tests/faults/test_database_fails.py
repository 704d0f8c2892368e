"""The database goes away, comes back or refuses: the portal says so in words and goes on."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from flask import Response
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.conftest import Portal

LIST = "/registry/organisation/"
CUT = "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = %s"


def add(client: FlaskClient, name: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a new organisation."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(f"{LIST}add").text)
    assert token
    answer = client.post(f"{LIST}add", data={"csrf_token": token[1], "full_name": name})
    return answer.status_code, dict(answer.headers)


def cut(portal: Portal) -> None:
    """End every connection of the portal, as a restart of the database does."""
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(CUT, (f"{PREFIX}login",))


@contextmanager
def cut_before_commit(portal: Portal) -> Iterator[None]:
    """The database goes away when everything is written but nothing is committed."""
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    def go(_session: Session) -> None:
        cut(portal)

    event.listen(db.session, "before_commit", go)
    yield
    event.remove(db.session, "before_commit", go)


def test_connections_that_were_cut_are_replaced(portal: Portal) -> None:
    client = portal.client_as("clerk")
    assert client.get(LIST).status_code == 200
    cut(portal)
    assert client.get(LIST).status_code == 200


def test_health_tells_when_the_database_is_away(portal: Portal) -> None:
    client = portal.client_as("clerk")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(f"alter role {PREFIX}login nologin")
        cut(portal)
        try:
            health, page = client.get("/healthz"), client.get(LIST)
        finally:
            connection.execute(f"alter role {PREFIX}login login")
    assert health.status_code == 503
    assert health.json == {"database": False, "worker": False}
    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert client.get(LIST).status_code == 200


def test_a_lost_commit_asks_to_try_again_and_claims_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(portal.app.config, "PROPAGATE_EXCEPTIONS", value=False)
    client = portal.client_as("operator")
    with cut_before_commit(portal):
        status, headers = add(client, "Школа, которой не стало")
    assert status == 503
    assert headers["Retry-After"]
    page = client.get(LIST).text
    assert "Добавлено" not in page
    assert "Школа, которой не стало" not in page
    assert add(client, "Школа, которая есть")[0] == 303


def test_a_page_that_was_read_in_time_is_shown(portal: Portal) -> None:
    client = portal.client_as("clerk")

    def cut_after(response: Response) -> Response:
        cut(portal)
        return response

    after = portal.app.after_request_funcs[None]
    after.append(cut_after)
    try:
        assert client.get(LIST).status_code == 200
    finally:
        after.remove(cut_after)
    assert portal.client_as("operator").get(LIST).status_code == 200


def test_a_name_too_long_for_the_index_is_a_wrong_value(portal: Portal) -> None:
    name = "".join(chr(0x20000 + number * 37 % 40000) for number in range(1000))
    assert add(portal.client_as("operator"), name)[0] == 422


def test_a_right_that_only_the_database_refuses_is_no_failure(portal: Portal) -> None:
    client = portal.client_as("operator")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(f"revoke insert on organisation from {PREFIX}region")
        assert add(client, "Школа без права")[0] == 403
        connection.execute(f"grant insert on organisation to {PREFIX}region")
