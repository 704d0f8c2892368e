"""Two people at one row in the same moment: nothing is lost, nobody sees a failure."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from sqlalchemy import Connection

    from tests.conftest import Portal

LIST = "/registry/organisation/"
WAITING = text("select count(*) from pg_locks where not granted")


@pytest.fixture
def owner(portal: Portal) -> Iterator[Connection]:
    """A connection beside the portal, to hold a row."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - only tests with a database

    engine = create_engine(portal.app.config["OWNER_DATABASE_URI"])
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def new_row(client: FlaskClient, name: str) -> tuple[str, dict[str, str]]:
    """Address of a new organisation, and what a form of it carries."""
    data = {"csrf_token": token_of(client.get(f"{LIST}add").text), "full_name": name}
    address = client.post(f"{LIST}add", data=data).headers["Location"]
    page = client.get(f"{address}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return address, {"csrf_token": token_of(page), "version": version[1]}


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def while_another_saves(owner: Connection, address: str, send: Callable[[], None]) -> None:
    """Send while somebody else, who has saved but not finished, holds the row."""
    ident = {"id": int(address.rsplit("/", 1)[1])}
    owner.execute(text("update organisation set phone = '+74812200000' where id = :id"), ident)
    sender = threading.Thread(target=send)
    sender.start()
    with owner.engine.connect() as watch:
        while not watch.scalar(WAITING):
            assert sender.is_alive(), "the request did not wait for the row"
            time.sleep(0.02)
    owner.commit()
    sender.join()


def test_a_page_does_not_wait_for_a_row_without_end(portal: Portal, owner: Connection) -> None:
    client = portal.client_as("operator")
    address, carried = new_row(client, "Школа, которую держит долгая загрузка")
    ident = {"id": int(address.rsplit("/", 1)[1])}
    owner.execute(text("select from organisation where id = :id for update"), ident)
    answer = client.post(f"{address}/edit", data={**carried, "email": "school@example.com"})
    owner.rollback()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.post(f"{address}/edit", data=carried).status_code == 303


def test_fields_saved_in_the_same_moment_are_both_kept(portal: Portal, owner: Connection) -> None:
    client = portal.client_as("operator")
    address, carried = new_row(client, "Школа, которую правят двое")
    answers = []
    data = {**carried, "email": "school@example.com"}
    while_another_saves(
        owner, address, lambda: answers.append(client.post(f"{address}/edit", data=data))
    )
    assert answers[0].status_code == 303
    page = client.get(address).text
    assert "school@example.com" in page
    assert "20-00-00" in page


def test_a_row_saved_in_the_same_moment_does_not_go_to_the_trash(
    portal: Portal, owner: Connection
) -> None:
    client = portal.client_as("operator")
    address, carried = new_row(client, "Школа, которую правят и удаляют")
    answers = []
    while_another_saves(
        owner, address, lambda: answers.append(client.post(f"{address}/trash", data=carried))
    )
    assert answers[0].status_code == 409
    assert client.get(address).status_code == 200
