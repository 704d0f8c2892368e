"""Figures of learners, `PORTAL_BENCH_PUPILS` of them (1,000,000), in every scope of rows.

The second part of `make bench`; alone: `.venv/bin/python -m bench.learners`, and with `--keep` it
leaves the database for the next run.
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
    from bench.places import Sample

LIST = "/enrolment/student/"
STEPS = (10_000, 100_000)  # before the whole: what grows with the number of learners
ROLES = ("operator", "department", "municipal", "clerk")
MOST_STATEMENTS = 8
FORM_KIB = 70
REFUSED = 499  # statuses up to this one are answers, if not those that were wished for
SAMPLES = 20  # learners that cards and forms are asked of
REGION = {"operator", "department"}
SURNAMES = {"frequent": "иванов", "frequent, late": "яковлев", "rare": "ясененок"}
ROW_SCOPE = ("list", "deepest page", "picker", "card", "form")  # pages whose rows are narrowed
EXPORT_ROWS, EXPORT_SECONDS, EXPORT_MIB = 100_000, 20.0, 50.0
GROWING = "list", "deepest page", "search, rare surname", "search, birth date", "picker", "card"
Growth = dict[str, dict[int, dict[str, Figures]]]  # by login and number of learners


def operations(sample: Sample) -> list[Operation]:
    """The lines of the table."""
    by_name = [
        _get(f"search, {how} surname", 40, f"{LIST}?q={name} ан ал")
        for how, name in SURNAMES.items()
    ]
    born = f"{sample.born:%d.%m.%Y}"
    return [
        _get("list", 25, LIST),
        Operation("deepest page", 30, 72, lambda c, w: c.get(w.deep)),
        *by_name,
        _get("search, birth date", 40, f"{LIST}?q={born}"),
        _get("search, СНИЛС", 40, f"{LIST}?q={sample.snils}"),
        _get("picker", 20, f"{LIST}options?q=иван ив"),
        _get("picker, nothing typed", 20, f"{LIST}options"),
        Operation("card", 25, 60, lambda c, w: c.get(f"{LIST}{w.other()}")),
        Operation("form", 40, 80, lambda c, w: c.get(f"{LIST}{w.own}/edit")),
        Operation("save", 25, 60, Saving(LIST + "{}/edit", versioned=True)),
        _get("spells", 25, "/enrolment/student-enrolment/"),
        _get("classes", 25, "/enrolment/school-class/"),
    ]


def _of_class(sample: Sample) -> list[Operation]:
    """The same of one class, as its chip above the list narrows it."""
    room = f"school_class_id__in={sample.room}"
    return [
        _get("list", 25, f"{LIST}?{room}"),
        _get("search, frequent surname", 40, f"{LIST}?{room}&q=иванов ан ович"),
        _get("search, birth date", 40, f"{LIST}?{room}&q={sample.born:%d.%m.%Y}"),
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
        growth: Growth = {}
        there = _there() if asked.keep else 0
        for pupils in (*(step for step in STEPS if there <= step < whole), whole):
            _grow(pupils)
            _measure(pupils, asked.requests, growth, last=pupils == whole)
        _print_growth(growth)
    return verdict.told()


def _there() -> int:
    """Learners of the last run."""
    engine = create_engine(_owner())
    with engine.connect() as connection:
        found = connection.scalar(text("select count(*) from student"))
    engine.dispose()
    return found or 0


def _grow(pupils: int) -> None:
    from app import create_app  # noqa: PLC0415 - reads the running database
    from app.cli.seed import seed  # noqa: PLC0415 - likewise

    began = time.monotonic()
    done = create_app().test_cli_runner().invoke(seed, ["--pupils", str(pupils)])
    assert done.exit_code == 0, done.output
    print(f"\n{pupils:,} learners, seeded in {time.monotonic() - began:.0f} s", flush=True)


def _measure(pupils: int, requests: int, growth: Growth, *, last: bool) -> None:
    from app import create_app  # noqa: PLC0415 - reads the running database
    from bench import places, scopes  # noqa: PLC0415 - likewise
    from bench.course import _serve  # noqa: PLC0415 - as the server of the other bench

    places.settle()
    sample = places.sample(pupils, SAMPLES)
    print(f"{'task':32}{'as':12}{'p50':>8}{'p95':>8}{'cpu':>8}{'stmts':>6}{'KiB':>6}{'limit':>6}")
    with ExitStack() as servers:
        port = _serve(servers, "portal")
        password = os.environ["PORTAL_DEMO_PASSWORD"]
        clients = {role: Client(port).sign_in(role, password) for role in ROLES}
        pages = {}
        for role, client in clients.items():
            others = sample.spread if role in REGION else sample.own
            world = World(sample.own[0], others, pupils)
            _find_deepest(client, world)
            found = _lines(client, role, world, operations(sample), requests)
            growth.setdefault(role, {})[pupils] = found
            pages[role] = world.deep
        _lines(clients["clerk"], "its class", world, _of_class(sample), requests)
        print(f"the first page without row security: {_bare(requests):.1f} ms")
        if pupils <= EXPORT_ROWS and (last or pupils == EXPORT_ROWS):
            _export(clients["operator"], pupils)
        if last:
            asked = {role: _pages(sample, role, pages[role]) for role in ROLES}
            scopes.print_costs(create_app(), asked)


def _lines(
    client: Client, role: str, world: World, wanted: list[Operation], requests: int
) -> dict[str, Figures]:
    """Measure and print one after another."""
    found = {}
    for operation in wanted:
        if operation.name in {"form", "save"} and role in {"department", "municipal"}:
            continue
        found[operation.name] = figures(client, world, operation.portal, requests)
        _print(operation, role, found[operation.name])
    return found


def _pages(sample: Sample, role: str, deepest: str) -> dict[str, str]:
    """Addresses of pages whose statements are run again without row security."""
    own = sample.own[0]
    paths = LIST, deepest, f"{LIST}options", f"{LIST}{own}", f"{LIST}{own}/edit"
    return {
        name: path
        for name, path in zip(ROW_SCOPE, paths, strict=True)
        if name != "form" or role in {"operator", "clerk"}
    }


def _owner() -> str:
    from bench.database import owner_url  # noqa: PLC0415 - reads the environment

    return owner_url()


def _bare(requests: int) -> float:
    """Milliseconds of the plain SELECT of a first page, as the owner whom no policy narrows."""
    from bench.places import PLAIN  # noqa: PLC0415 - reads the environment

    engine = create_engine(_owner())
    taken = []
    with engine.connect() as connection:
        for _ in range(requests):
            began = time.perf_counter()
            connection.execute(text(PLAIN)).all()
            taken.append(1000 * (time.perf_counter() - began))
    engine.dispose()
    return sorted(taken)[len(taken) // 2]


def _print_growth(growth: Growth) -> None:
    """How the middle of each task grows with the region, in each capacity."""
    from bench import report  # noqa: PLC0415 - reads the environment

    for role, by_size in growth.items():
        print(f"\nas {role}", end="")
        done = tuple(n for n in GROWING if all(found[n].done for found in by_size.values()))
        report.print_growth(done, by_size)


def _find_deepest(client: Client, world: World) -> None:
    """Reach the last page as a person does; a list of one page has none but the first."""
    world.deep = LIST
    turned: Answer = client.get(client.get(LIST).address("sort=-"))
    if "after=" in turned.text:
        last = turned.address("after=")
        world.deep = f"{LIST}?after={last.partition('after=')[2].partition('&')[0]}"


def _print(operation: Operation, role: str, found: Figures) -> None:
    if not found.done:
        bad = verdict.mark(f"{operation.name}, {role}, status", found.status, REFUSED, "")
        print(f"{operation.name:32}{role:12}{'—':>8}  {found.status}{bad}")
        return
    slow = verdict.mark(f"{operation.name}, {role}", found.p50, operation.p50, "ms")
    many = verdict.mark(
        f"{operation.name}, {role}", found.statements, MOST_STATEMENTS, "statements"
    )
    if operation.name == "form":
        many += verdict.mark(f"form, {role}, size", found.size, FORM_KIB, "KiB")
    print(
        f"{operation.name:32}{role:12}{found.p50:8.1f}{found.p95:8.1f}{found.cpu:8.1f}"
        f"{found.statements:6}{found.size:6.0f}{operation.p50:6.0f}{slow}{many}",
        flush=True,
    )


def _export(client: Client, pupils: int) -> None:
    """All learners as csv; a small file before it has loaded what an export needs."""
    assert client.discard(f"{LIST}export/csv?q=ясененок").status == 200
    before = client.meter(forget=True)
    answer = client.discard(f"{LIST}export/csv")
    after = client.meter()
    assert answer.status == 200, answer.status
    growth, seconds = (after["most"] - before["now"]) / 1024, answer.took / 1000
    spent = after["cpu"] - before["cpu"]
    over = verdict.mark("export", seconds, max(EXPORT_SECONDS * pupils / EXPORT_ROWS, 2), "s")
    over += verdict.mark("export, memory", growth, EXPORT_MIB, "MiB")
    print(
        f"\nexport of {pupils:,} learners as csv: {seconds:.1f} s ({spent:.1f} s of the processor),"
        f" {int(answer.headers['size']) / 2**20:.0f} MiB, the server grew by {growth:.0f} MiB{over}"
    )


if __name__ == "__main__":
    sys.exit(main())
