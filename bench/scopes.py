"""What row security costs: the statements of a page with the policies, and again without them."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Engine, event

from app.security.database import DatabaseRole, libpq_address, role_name
from bench import verdict
from bench.client import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

MOST = 15.0  # per cent of the page
ROUNDS = 15
ERROR = 400
Said = tuple[int, str, Any]  # connection, statement, parameters


@contextmanager
def _listening() -> Iterator[list[Said]]:
    """Everything that is said to the database meanwhile."""
    said: list[Said] = []

    def note(conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((id(conn.connection.dbapi_connection), statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _of_page(said: list[Said]) -> tuple[Said, list[Said]]:
    """How the transaction of the page tells its scope, and what it reads after that."""
    place = next(n for n, (_, text, _p) in enumerate(said) if "'app.capacity'" in text)
    tell = said[place]
    reads = [
        one for one in said[place + 1 :]
        if one[0] == tell[0] and one[1].lstrip().lower().startswith(("select", "with"))
        and "'app.capacity'" not in one[1]
    ]  # fmt: skip
    return tell, reads


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    token = TOKEN.search(client.get("/login/").text)
    assert token
    values = {"username": login, "password": os.environ["PORTAL_DEMO_PASSWORD"], "next": "/"}
    done = client.post("/login/", data={**values, "csrf_token": token[1]})
    assert done.status_code in {302, 303}, done.status_code
    return client


def print_costs(app: Flask, asked: dict[str, dict[str, str]]) -> None:
    """Print what the pages of each login spend in the database with and without row security.

    The quickest of some rounds in turn: other work on the machine only ever adds to it.
    """
    print(f"\n{'row security, ms':<24}{'as':12}{'page':>8}{'with':>8}{'without':>9}{'cost, %':>9}")
    owner = role_name(DatabaseRole.OWNER, app.config["DB_ROLE_PREFIX"])
    address = libpq_address(app.config["ADMIN_DATABASE_URI"])
    with psycopg.connect(address) as scoped, psycopg.connect(address) as free:
        for login, pages in asked.items():
            client = _signed_in(app, login)
            for name, path in pages.items():
                if (status := client.get(path).status_code) >= ERROR:
                    print(f"{name:<24}{login:12}{'—':>8}  {status}")
                    continue
                page, spent = _compared(client, path, (scoped, ""), (free, owner))
                cost = 100 * (spent[0] - spent[1]) / max(page - spent[0] + spent[1], 0.1)
                over = verdict.mark(f"row security, {name}, {login}", cost, MOST, "%")
                print(
                    f"{name:<24}{login:12}{page:8.1f}{spent[0]:8.2f}{spent[1]:9.2f}{cost:9.1f}{over}"
                )


def _compared(
    client: FlaskClient, path: str, *sides: tuple[psycopg.Connection, str]
) -> tuple[float, list[float]]:
    """Milliseconds of the page, and of its statements on each side."""
    with _listening() as said:
        client.get(path)
    tell, reads = _of_page(said)
    page, spent = 1e9, [1e9 for _ in sides]
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(path)
        page = min(page, 1000 * (time.perf_counter() - began))
        for place, (connection, role) in enumerate(sides):
            spent[place] = min(spent[place], _said_again(connection, role, tell, reads))
    return page, spent


def _said_again(connection: psycopg.Connection, role: str, tell: Said, reads: list[Said]) -> float:
    """Milliseconds of the reads in a transaction of this scope, or as this role."""
    connection.execute(tell[1].encode(), tell[2])
    if role:
        connection.execute("select set_config('role', %s, true)", (role,))
    began = time.perf_counter()
    for _, statement, parameters in reads:
        connection.execute(statement.encode(), parameters).fetchall()
    taken = 1000 * (time.perf_counter() - began)
    connection.rollback()
    return taken
