"""Tables of learners, measured: check, loading and undo of `PORTAL_BENCH_ROWS` rows (20,000).

One row of twenty is bad. Run by `make bench`, or alone: `.venv/bin/python -m bench.tables`.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

from bench.serve import memory
from bench.verdict import mark

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
ROWS = 20_000  # unless PORTAL_BENCH_ROWS says otherwise
LEAST = {"check": 2_000, "apply": 1_000}  # rows a second that are asked for
MOST_MIB = 200
LOGIN = "clerk"
COUNTED = "select (select count(*) from student), (select count(*) from activity)"


@dataclass(frozen=True)
class Step:
    """One step: seconds, MiB by which its process grew, what became of the rows."""

    name: str
    seconds: float
    cpu: float
    reader_cpu: float
    database_cpu: float
    growth: float
    counts: dict[str, int]
    written: list[int]  # learners and lines of the log


def measured() -> list[Step]:
    """Make the file and take it through; the database must be running and prepared."""
    from tests.imports.many import make  # noqa: PLC0415 - the database first

    rows = int(os.environ.get("PORTAL_BENCH_ROWS", ROWS))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        path = Path(folder) / "learners.xlsx"
        bad = len(make(path, rows).bad)
        size = path.stat().st_size / 2**20
        print(f"\nTable of {rows:,} learners, {bad:,} bad rows, {size:.1f} MiB", flush=True)
        number = 0
        found = []
        for name in ("check", "apply", "undo"):
            number, step = _run(name, path, number)
            found.append(step)
        return found


def print_all(steps: list[Step]) -> None:
    """Print the steps as a table."""
    rows = sum(steps[0].counts.values())
    print("step     seconds   rows/s  limit   cpu s: portal  reader  database  memory +MiB   rows")
    for step in steps:
        speed = rows / step.seconds
        limit = LEAST.get(step.name)
        slow = mark(f"table, {step.name}", speed, limit, "rows/s", least=True) if limit else ""
        slow += mark(f"table, {step.name}, memory", step.growth, MOST_MIB, "MiB")
        counts = ", ".join(f"{state} {count:,}" for state, count in step.counts.items())
        print(
            f"{step.name:<8}{step.seconds:>8.1f}{speed:>9.0f}{limit or '—':>7}{step.cpu:>15.1f}"
            f"{step.reader_cpu:>8.1f}{step.database_cpu:>10.1f}{step.growth:>13.0f}   {counts};"
            f" learners {step.written[0]:+,}, log {step.written[1]:+,}{slow[:2]}"
        )


def _run(name: str, path: Path, number: int) -> tuple[int, Step]:
    command = [sys.executable, "-m", "bench.tables", name, str(path), str(number)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    told = json.loads(done.stdout.splitlines()[-1])
    return told.pop("number"), Step(**told)


def _step(name: str, path: Path, number: int) -> dict[str, Any]:
    """One step in this process, as the worker takes it."""
    from app import create_app  # noqa: PLC0415 - reads the running database
    from app.jobs import jobs, running  # noqa: PLC0415 - likewise

    app = create_app()
    jobs.perform_import_paths()
    running.serve(app)
    with app.app_context():
        number, job = _ordered(app, name, path, number)
        before = _counted()
        Path("/proc/self/clear_refs").write_text("5")
        kept, cpu, began = memory()["now"], time.process_time(), time.monotonic()
        database, reader = database_seconds(), sum(getrusage(RUSAGE_CHILDREN)[:2])
        running.attempt(job)
        seconds = time.monotonic() - began
        database = database_seconds() - database
    after = _counted()
    return {
        "number": number,
        "name": name,
        "seconds": seconds,
        "cpu": time.process_time() - cpu,
        "reader_cpu": sum(getrusage(RUSAGE_CHILDREN)[:2]) - reader,
        "database_cpu": database,
        "growth": (memory()["most"] - kept) / 1024,
        "counts": _told(number, job),
        "written": [now - was for was, now in zip(before, after, strict=True)],
    }


def _ordered(app: Flask, name: str, path: Path, number: int) -> tuple[int, int]:
    """The import and the job that waits for it, as the page orders them."""
    from app.extensions import db  # noqa: PLC0415 - reads the running database
    from app.security.acting import acting  # noqa: PLC0415 - likewise
    from app.security.scopes import bind_scope  # noqa: PLC0415 - likewise
    from app.services import data_imports  # noqa: PLC0415 - likewise

    kinds = {"check": data_imports.CHECK, "apply": data_imports.APPLY, "undo": data_imports.UNDO}
    user, assignment = _asked(
        "select u.id, min(a.id) from ab_user u join role_assignment a on a.user_id = u.id"
        " where u.username = :login group by u.id",
        login=LOGIN,
    )
    actor = acting(app.extensions["accounts"], user, assignment)
    assert actor
    session = db.session()
    bind_scope(session, actor.scope)
    if not number:
        number = _sent(session, path, actor)
    job = data_imports.order(session, number, kinds[name], assignment=assignment, language="ru")
    session.commit()
    db.session.remove()
    return number, job


def _sent(session: Any, path: Path, actor: Any) -> int:
    """Put the file where uploads lie; each column fills what it is called."""
    from app.models.enrolment import Student  # noqa: PLC0415 - reads the running database
    from app.services import table_imports  # noqa: PLC0415 - likewise
    from app.services.table_columns import targets  # noqa: PLC0415 - likewise
    from app.services.table_runs import look  # noqa: PLC0415 - likewise
    from app.views.base.loading import shelves  # noqa: PLC0415 - likewise

    with path.open("rb") as content:
        blob = shelves().uploads.put(content, 1 << 30)
    told, headers = look(blob.sha256, shelves())
    labels = {t.field.label: t.code for t in targets(Student, actor) if t.field and not t.of_owner}
    columns = {at: labels[str(header)] for at, header in enumerate(headers)}
    file = table_imports.enter(
        session, Student, table_imports.Sent(blob, path.name, told, columns), actor
    )
    return file.id


def database_seconds() -> float:
    """What all processes of the database have spent of the processor."""
    from config import data_directory  # noqa: PLC0415 - reads the environment

    main = (data_directory() / "pg" / "postmaster.pid").read_text().split()[0]
    ticks = 0
    for process in Path("/proc").iterdir():
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # no process, or one that has just ended
        if process.name == main:
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == main:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _told(number: int, job: int) -> dict[str, int]:
    state, message = _asked("select state, message from background_job where id = :id", id=job)
    assert state == "done", message
    (counts,) = _asked(
        "select coalesce(nullif(counts, '{}'), check_counts) from data_import where id = :id",
        id=number,
    )
    (found,) = counts["rows"].values()
    return {state: found[state] for state in ("new", "changed", "same", "skipped")}


def _counted() -> list[int]:
    return list(_asked(COUNTED))


def _asked(query: str, **values: object) -> Any:
    from bench.database import owner_url  # noqa: PLC0415 - reads the environment

    engine = create_engine(owner_url())
    with engine.connect() as connection:
        found = connection.execute(text(query), values).one()
    engine.dispose()
    return found


def main() -> int:
    """Measure on a database of its own."""
    os.environ.update(
        PORTAL_DATA=os.environ.get("PORTAL_BENCH_DATA", "var/bench-tables"),
        PORTAL_DEMO="small",
        PORTAL_DEMO_PASSWORD="password-of-the-bench",  # noqa: S106 - opens made-up data only
        PORTAL_INSECURE_COOKIE="1",
        SECRET_KEY=secrets.token_urlsafe(32),
        PORTAL_KEYS=" ".join(
            f"{name}={b64encode(secrets.token_bytes(32)).decode()}" for name in ("k1", "index")
        ),
    )
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "PORTAL_ROLE_PREFIX"):
        os.environ.pop(name, None)
    from bench import database, verdict  # noqa: PLC0415 - reads the environment

    with database.running(keep=False):
        from tools.prepare import prepare  # noqa: PLC0415 - reads the running database

        prepare()
        print_all(measured())
    return verdict.told()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(main())
    print(json.dumps(_step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
