"""JSON of 100 rows: the portal, plain Flask-AppBuilder, and a bare query with nothing around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from app.kernel.catalogue import field_map, record_named
from app.security.database import libpq_address
from bench.measure import figures

if TYPE_CHECKING:
    from bench.client import Client
    from bench.measure import Figures
    from bench.operations import Task, World

ROWS = 100
MOST = 3.0  # the portal against the bare query
API = "/api/v1/organisation/"
BARE = "/rows"
FEW = ("full_name", "inn")
ORDER = sql.SQL('portal_key(coalesce(display_name, short_name, full_name)) collate "C", id')


@dataclass(frozen=True)
class Compared:
    """The figures of one choice of columns."""

    columns: str
    portal: Figures
    bare: Figures
    plain: Figures | None

    @property
    def ratio(self) -> float:
        """How many times longer than the bare query."""
        return self.portal.p50 / self.bare.p50


def columns() -> tuple[str, ...]:
    """All fields of an organisation, as the API shows them."""
    return ("id", "uid", "version", "updated_at", *field_map(record_named("organisation")))


def bare_app(address: str) -> Flask:
    """Flask and psycopg, one query, no rights, no words: what is left when all is taken away."""
    app = Flask("bare")
    pool = ConnectionPool(libpq_address(address), min_size=1, max_size=2, open=True)

    @app.get(BARE)
    def rows() -> Response:
        few = ("id", "uid", "version", "updated_at", *FEW)
        names = few if "few" in request.args else columns()
        query = sql.SQL(
            "select {} from organisation where deleted_at is null order by {} limit {}"
        ).format(sql.SQL(", ").join(map(sql.Identifier, names)), ORDER, ROWS)
        with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(query).fetchall()
        text = json.dumps({"items": found}, default=str, ensure_ascii=False)
        return Response(text, mimetype="application/json")

    return app


def compare(
    portal: Client, bare: Client, plain: Client | None, world: World, requests: int
) -> list[Compared]:
    """The same rows from each side, few columns and all of them."""
    return [
        Compared(
            name,
            figures(portal, world, _get(f"{API}?limit={ROWS}{ours}"), requests),
            figures(bare, world, _get(f"{BARE}{theirs}"), requests),
            figures(plain, world, _get(stock), requests) if plain and stock else None,
        )
        for name, ours, theirs, stock in (
            ("2 and the technical ones", f"&fields={','.join(FEW)}", "?few", _stock()),
            ("all", "", "", ""),
        )
    ]


def _stock() -> str:
    """Plain Flask-AppBuilder's own list: id, name, INN; it shows no more there."""
    return f"{API}?q=(order_column:full_name,order_direction:asc,page_size:{ROWS})"


def _get(path: str) -> Task:
    return lambda client, _world: client.get(path)
