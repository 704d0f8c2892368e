"""The order of things: servers up, rows made, everything measured, figures printed."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from bench import database, histories, importing, many_rows, report, tables, verdict, workbooks
from bench.client import Client
from bench.measure import Figures, exported, figures
from bench.operations import LIST, OPENAPI, Operation, World, find_deepest, operations
from bench.rows_of_json import compare
from tools.embedded import free_port

ROOT = Path(__file__).resolve().parents[1]
ROLES = ("operator", "department", "clerk")
GROWING = (
    "list",
    "deepest page",
    "search, two parts of a name",
    "search, name and number",
    "picker",
    "record",
)
FIRST_ROWS = 10_000


@dataclass
class Course:
    """One run of the bench."""

    rows: int
    requests: int
    keep: bool
    plain: bool

    def run(self) -> int:
        """Measure and print; gives 1 where a figure is over its limit."""
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(32)
        with ExitStack() as stack:
            stack.enter_context(database.running(keep=self.keep))
            from tools.prepare import prepare  # noqa: PLC0415 - reads the running database

            prepare()
            growth = {}
            steps = sorted({min(FIRST_ROWS, self.rows), min(100_000, self.rows), self.rows})
            for number, rows in enumerate(steps):
                began = time.monotonic()
                added = database.grow(rows)
                print(
                    f"{added:,} organisations made in {time.monotonic() - began:.0f} s", flush=True
                )
                last = number == len(steps) - 1
                with ExitStack() as servers:
                    growth[rows] = self._growth(servers, rows)
                    if last:
                        self._compare(servers, rows)
            report.print_growth(GROWING, growth)
            importing.print_all(importing.measured())
            tables.print_all(tables.measured())
        return verdict.told()

    def _growth(self, servers: ExitStack, rows: int) -> dict[str, Figures]:
        world, clients = self._portal(servers, rows, ("operator",))
        wanted = [o for o in operations() if o.name in GROWING]
        return {
            o.name: figures(clients["operator"], world, o.portal, self.requests) for o in wanted
        }

    def _compare(self, servers: ExitStack, rows: int) -> None:
        world, clients = self._portal(servers, rows, ROLES)
        other = None
        if self.plain:
            from tests.plain_fab import ADMIN, PASSWORD  # noqa: PLC0415 - only where it is asked for

            other = Client(_serve(servers, "plain")).sign_in(ADMIN, PASSWORD)
        made, kept = clients["operator"].get(OPENAPI), clients["operator"].get(OPENAPI)
        assert made.status == kept.status == 200
        lines = [self._line(o, world, clients, other) for o in operations()]
        report.print_table(lines, rows)
        bare = Client(_serve(servers, "bare"))
        report.print_json(compare(clients["operator"], bare, other, world, self.requests))
        report.print_document(made.took, kept.took, len(kept.body) / 1024)
        report.print_exports(
            [exported(clients["operator"], form, LIST) for form in ("csv", "xlsx")]
        )
        workbooks.print_all(workbooks.measured(clients["operator"], LIST))
        many_rows.print_all(many_rows.measured(clients["operator"]))
        pasts = {role: clients[role] for role in ("operator", "clerk")}
        found = histories.measured(pasts, world, self.requests)
        histories.print_all(found, histories.filed(clients["operator"], world))

    def _line(
        self, operation: Operation, world: World, clients: dict[str, Client], other: Client | None
    ) -> report.Line:
        print(f"  {operation.name} …", file=sys.stderr, flush=True)
        beside = None
        if other is not None and operation.plain is not None:
            beside = figures(other, world, operation.plain, self.requests)
        ours = {
            role: figures(client, world, operation.portal, self.requests)
            for role, client in clients.items()
        }
        return report.Line(operation, ours, beside)

    def _portal(
        self, servers: ExitStack, rows: int, roles: tuple[str, ...]
    ) -> tuple[World, dict[str, Client]]:
        port = _serve(servers, "portal")
        password = os.environ["PORTAL_DEMO_PASSWORD"]
        clients = {role: Client(port).sign_in(role, password) for role in roles}
        world = World(*database.samples(self.requests), total=rows)
        find_deepest(clients[roles[0]], world)
        return world, clients


def _serve(servers: ExitStack, side: str) -> int:
    """Start one process with one side; gives its port once it answers."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("gunicorn")), "-c", "bench/gunicorn_settings.py"]
    command += ["-b", f"127.0.0.1:{port}", f"bench.serve:{side}()"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})  # noqa: S603 - our own program
    servers.callback(_end, process)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the {side} server has ended"
        try:
            Client(port).meter()
        except (OSError, HTTPException):
            time.sleep(0.2)
        else:
            return port
    message = f"the {side} server does not answer"
    raise TimeoutError(message)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(20)
