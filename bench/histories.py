"""A million lines of the log, 200,000 of them of one school: its history as page and as file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bench.database import owner_url
from bench.measure import Exported, Figures, figures
from bench.operations import LIST
from bench.report import EXPORT_MIB, EXPORT_SECONDS, MOST_STATEMENTS
from bench.verdict import mark

if TYPE_CHECKING:
    from bench.client import Client
    from bench.operations import World

LINES = 1_000_000
MAKE = text((Path(__file__).parent / "log.sql").read_text())
LIMIT = 200  # ms, p95
# Nothing answers the last ones: the whole that a page looks through is looked through.
ASKED = {
    "history": "",
    "history, far back": "before=200000",
    "history of a frequent field": "field=phone",
    "history of a rare field": "field=site_url",
    "history of a person": "who={clerk}",
    "history of a rare way": "via=api",
    "history of days": "from=01.01.2000&to=31.12.2199",
    "history of no such day": "to=01.01.2000",
    "history of days of decision": "date=decided&from=01.01.2000&to=31.12.2199",
    "history of a rare day of effect": "date=effective&from=01.01.2199&to=31.12.2199",
    "history of no such day asked for": "date=proposed&to=01.01.2000",
    "history with lists": "lists=1",
    "history with lists, far back": "lists=1&before=200000",
    "history with lists, rare field": "lists=1&field=organisation_licence.licence_number",
    "history with lists, in effect": "lists=1&date=effective&from=01.01.2000&to=31.12.2199",
    "history with lists, nothing": "lists=1&who=0&via=import&field=fax&from=01.01.2000",
}


def grow(own: int) -> int:
    """Write the lines as the owner of the log; gives the account of the clerk."""
    engine = create_engine(owner_url())
    with engine.begin() as connection:
        there = connection.scalar(text("select count(*) from activity"))
        if there < LINES:
            began = time.monotonic()
            connection.execute(MAKE, {"own": own, "lines": LINES})
            print(f"{LINES:,} lines of the log in {time.monotonic() - began:.0f} s", flush=True)
        clerk = connection.scalar(text("select id from ab_user where username = 'clerk'"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze activity")
    engine.dispose()
    return int(clerk)


def measured(
    clients: dict[str, Client], world: World, requests: int
) -> dict[tuple[str, str], Figures]:
    """Every way to ask for the history of the school, in each capacity."""
    clerk = grow(world.own)
    found = {}
    for name, query in ASKED.items():
        where = f"{LIST}{world.own}/history?{query.format(clerk=clerk)}"
        for role, client in clients.items():
            found[name, role] = figures(client, world, lambda c, _w, at=where: c.get(at), requests)  # type: ignore[misc] # bound here
    return found


def filed(client: Client, world: World) -> Exported:
    """The changes of one person to one field of the school, 33,000 of them, as a workbook."""
    where = f"{LIST}{world.own}/history/xlsx?field=phone&who={grow(world.own)}"
    assert client.discard(f"{where}&from=31.12.2199").status == 200
    before = client.meter(forget=True)
    answer = client.discard(where)
    assert answer.status == 200, answer.status
    after = client.meter()
    return Exported(
        "history.xlsx",
        answer.took / 1000,
        int(answer.headers["size"]) / 2**20,
        (after["most"] - before["now"]) / 1024,
        int(after["statements"]),
    )


def print_all(found: dict[tuple[str, str], Figures], file: Exported) -> None:
    """Print the figures beside their limits."""
    print(
        f"\nHistory with {LINES:,} lines of the log; limit {LIMIT} ms, {MOST_STATEMENTS} statements"
    )
    print(f"{'asked for':<34}{'as':<11}{'p50':>7}{'p95':>7}{'cpu':>7}{'stmts':>7}")
    for (name, role), one in found.items():
        over = mark(f"{name}, {role}, p95", one.p95, LIMIT, "ms")
        over += mark(f"{name}, {role}, statements", one.statements, MOST_STATEMENTS, "")
        figure = f"{one.p50:>7.1f}{one.p95:>7.1f}{one.cpu:>7.1f}{one.statements:>7}"
        print(f"{name:<34}{role:<11}{figure}{over[:2]}")
    over = mark("history as a file", file.seconds, EXPORT_SECONDS, "s")
    over += mark("history as a file, memory", file.growth, EXPORT_MIB, "MiB")
    print(
        f"33,000 changes as a file: {file.seconds:.1f} s, memory +{file.growth:.1f} MiB{over[:2]}"
    )
