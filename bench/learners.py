"""Figures of learners, `PORTAL_BENCH_PUPILS` of them (1,000,000), in every scope of rows.

Run as `.venv/bin/python -m bench.learners`; `--keep` leaves the database for the next run.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from base64 import b64encode
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bench import verdict
from bench.client import Client
from bench.measure import Figures, figures
from bench.operations import Operation, Saving, World

if TYPE_CHECKING:
    from bench.client import Answer

LIST = "/enrolment/student/"
STEPS = (10_000, 100_000)  # before the whole: what grows with the number of learners
ROLES = ("operator", "department", "municipal", "clerk")
MOST_STATEMENTS = 8
SCOPE = 1.15  # times the page of the region
SURNAMES = {"frequent": "иванов", "frequent, late": "яковлев", "rare": "ясененок"}
PLAIN = (
    "select id, full_name, birth_date, class_name from student where deleted_at is null"
    ' order by portal_key(coalesce(full_name)) collate "C", id limit 26'
)
SAMPLE = """
select s.id, s.birth_date, split_part(s.first_name, ' ', 1) as first, s.organisation_id
from student s join organisation o on o.id = s.organisation_id
where o.source_id = :school and s.deleted_at is null and s.no_email is null
order by s.id limit :many
"""


def operations(sample: dict[str, object]) -> list[Operation]:
    """The lines of the table."""
    by_name = [
        _get(f"search, {how} surname", 40, f"{LIST}?q={name} ан ович")
        for how, name in SURNAMES.items()
    ]
    born = f"{sample['born']:%d.%m.%Y}"
    return [
        _get("list", 25, LIST),
        Operation("deepest page", 30, 72, lambda c, w: c.get(w.deep)),
        *by_name,
        _get("search, birth date", 40, f"{LIST}?q={born}"),
        _get("search, СНИЛС", 40, f"{LIST}?q={sample['snils']}"),
        _get("picker", 20, f"{LIST}options?q=иван ив"),
        _get("picker, nothing typed", 20, f"{LIST}options"),
        Operation("card", 25, 60, lambda c, w: c.get(f"{LIST}{w.other()}")),
        Operation("form", 40, 80, lambda c, w: c.get(f"{LIST}{w.own}/edit")),
        Operation("save", 25, 60, Saving(LIST + "{}/edit", versioned=True)),
        _get("spells", 25, "/enrolment/student-enrolment/"),
        _get("classes", 25, "/enrolment/school-class/"),
    ]


def _get(name: str, limit: float, path: str) -> Operation:
    return Operation(name, limit, limit * 2, lambda c, _: c.get(path))


def main() -> int:
    """Seed, measure at each size, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    asked = parser.parse_args()
    os.environ.update(
        PORTAL_DATA=os.environ.get("PORTAL_BENCH_DATA", "var/bench-learners"),
        PORTAL_DEMO="small",
        PORTAL_DEMO_PASSWORD="password-of-the-bench",  # noqa: S106 - opens made-up data only
        PORTAL_INSECURE_COOKIE="1",
        PORTAL_SECOND_STEP="off",
        SECRET_KEY=secrets.token_urlsafe(32),
    )
    if not asked.keep:  # the folder with those of the last run goes, after the settings are read
        os.environ["PORTAL_KEYS"] = " ".join(
            f"{name}={b64encode(secrets.token_bytes(32)).decode()}" for name in ("k1", "index")
        )
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PORTAL_ROLE_PREFIX"):
        os.environ.pop(name, None)
    from bench import database  # noqa: PLC0415 - reads the environment

    whole = int(os.environ.get("PORTAL_BENCH_PUPILS", "1000000"))
    with database.running(keep=asked.keep):
        from tools.prepare import prepare  # noqa: PLC0415 - reads the running database

        prepare()
        for pupils in (*(step for step in STEPS if step < whole), whole):
            _grow(pupils)
            _measure(pupils, asked.requests, exporting=pupils == whole)
    return verdict.told()


def _grow(pupils: int) -> None:
    from app import create_app  # noqa: PLC0415 - reads the running database
    from app.cli.seed import seed  # noqa: PLC0415 - likewise

    began = time.monotonic()
    done = create_app().test_cli_runner().invoke(seed, ["--pupils", str(pupils)])
    assert done.exit_code == 0, done.output
    print(f"\n{pupils:,} learners, seeded in {time.monotonic() - began:.0f} s", flush=True)


def _measure(pupils: int, requests: int, *, exporting: bool) -> None:
    from bench.course import _serve  # noqa: PLC0415 - as the server of the other bench

    print(f"{'task':32}{'as':12}{'p50':>8}{'p95':>8}{'cpu':>8}{'stmts':>6}{'KiB':>6}{'limit':>6}")
    with ExitStack() as servers:
        port = _serve(servers, "portal")
        password = os.environ["PORTAL_DEMO_PASSWORD"]
        clients = {role: Client(port).sign_in(role, password) for role in ROLES}
        region: dict[str, Figures] = {}
        for role, client in clients.items():
            sample = _sample("school-1")
            world = World(sample["ids"][0], sample["ids"], pupils)
            _find_deepest(client, world)
            for operation in operations(sample):
                if operation.name in {"form", "save"} and role in {"department", "municipal"}:
                    continue
                found = figures(client, world, operation.portal, requests)
                _print(operation, role, found, region.setdefault(operation.name, found))
        print(f"the first page without row security: {_bare(requests):.1f} ms")
        if exporting:
            _export(clients["operator"])


def _sample(school: str) -> dict[str, object]:
    engine = create_engine(_owner())
    with engine.connect() as connection:
        rows = connection.execute(text(SAMPLE), {"school": school, "many": 20}).all()
    engine.dispose()
    from app.services.demo_learners import made_snils  # noqa: PLC0415 - reads the environment

    return {"ids": [row.id for row in rows], "born": rows[0].birth_date, "snils": made_snils(101)}


def _owner() -> str:
    from bench.database import owner_url  # noqa: PLC0415 - reads the environment

    return owner_url()


def _bare(requests: int) -> float:
    """Milliseconds of the plain SELECT of a first page, as the owner whom no policy narrows."""
    engine = create_engine(_owner())
    taken = []
    with engine.connect() as connection:
        for _ in range(requests):
            began = time.perf_counter()
            connection.execute(text(PLAIN)).all()
            taken.append(1000 * (time.perf_counter() - began))
    engine.dispose()
    return sorted(taken)[len(taken) // 2]


def _find_deepest(client: Client, world: World) -> None:
    """Reach the last page as a person does; a list of one page has none but the first."""
    world.deep = LIST
    turned: Answer = client.get(client.get(LIST).address("sort=-"))
    if "after=" in turned.text:
        last = turned.address("after=")
        world.deep = f"{LIST}?after={last.partition('after=')[2].partition('&')[0]}"


def _print(operation: Operation, role: str, found: Figures, region: Figures) -> None:
    if not found.done:
        print(f"{operation.name:32}{role:12}{'—':>8}  {found.status}")
        return
    slow = verdict.mark(f"{operation.name}, {role}", found.p50, operation.p50, "ms")
    many = verdict.mark(
        f"{operation.name}, {role}", found.statements, MOST_STATEMENTS, "statements"
    )
    costly = f"  ×{found.p50 / region.p50:.2f} of region" if found.p50 > region.p50 * SCOPE else ""
    print(
        f"{operation.name:32}{role:12}{found.p50:8.1f}{found.p95:8.1f}{found.cpu:8.1f}"
        f"{found.statements:6}{found.size:6.0f}{operation.p50:6.0f}{slow}{many}{costly}",
        flush=True,
    )


def _export(client: Client) -> None:
    """As csv: all learners of the region where there are 100,000, memory of the server with it."""
    before = client.meter(forget=True)
    answer = client.discard(f"{LIST}export/csv")
    if answer.status != 200:
        print(f"export of all as csv: refused, {answer.status}")
        return
    after = client.meter()
    growth = (after["most"] - before["now"]) / 1024
    seconds = answer.took / 1000
    print(
        f"export of all as csv: {seconds:.1f} s, {int(answer.headers['size']) / 2**20:.0f} MiB,"
        f" the server grew by {growth:.0f} MiB"
    )


if __name__ == "__main__":
    sys.exit(main())
