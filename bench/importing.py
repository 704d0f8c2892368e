"""Import of the register, measured: certificates a second and memory, first and second run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import register
from bench.serve import memory
from bench.verdict import mark

ROOT = Path(__file__).resolve().parents[1]
NUMBER = 5_000  # certificates, unless PORTAL_BENCH_CERTIFICATES says otherwise
LEAST = 300  # certificates a second that are asked for
MOST_MIB = 200  # of the process that stores


@dataclass(frozen=True)
class Imported:
    """One run: what became of the certificates, seconds, memory of the process in MiB.

    The processor seconds of each side do not depend on what else the machine does.
    """

    counts: dict[str, int]
    seconds: float
    cpu: float
    database_cpu: float
    parser_cpu: float
    before: float
    most: float
    child: float

    @property
    def speed(self) -> float:
        """Certificates a second."""
        return sum(self.counts.values()) / self.seconds


def measured() -> list[Imported]:
    """Make the file and import it twice; the database must be running."""
    number = int(os.environ.get("PORTAL_BENCH_CERTIFICATES", NUMBER))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        path = Path(folder) / "register.xml"
        size = register.make(path, number)
        print(f"\nRegister of {number:,} certificates, {size / 2**20:.0f} MiB", flush=True)
        return [_run(path) for _ in range(2)]


def print_all(runs: list[Imported]) -> None:
    """Print the runs as a table."""
    print(
        "run                  new  changed     same  skipped  seconds  cert/s  limit"
        "   cpu s: portal  parser  database   peak MiB: portal  parser"
    )
    for name, run in zip(("first", "again"), runs, strict=True):
        counts = "".join(f"{run.counts[state]:>9,}" for state in run.counts)
        slow = mark(f"import, {name}", run.speed, LEAST, "certificates/s", least=True)
        slow += mark(f"import, {name}, memory", run.most, MOST_MIB, "MiB")
        print(
            f"{name:<15}{counts}{run.seconds:>9.1f}{run.speed:>8.0f}{LEAST:>7}{run.cpu:>16.1f}"
            f"{run.parser_cpu:>8.1f}{run.database_cpu:>10.1f}{run.most:>19.0f}{run.child:>8.0f}{slow[:2]}"
        )


def _run(path: Path) -> Imported:
    command = [sys.executable, "-m", "bench.importing", str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    return Imported(**json.loads(done.stdout.splitlines()[-1]))


def _import(path: Path) -> None:
    import resource  # noqa: PLC0415 - only here

    from sqlalchemy import text  # noqa: PLC0415 - likewise

    from app import create_app  # noqa: PLC0415 - reads the running database
    from app.cli.importing import ServerOperator  # noqa: PLC0415 - likewise
    from app.extensions import db  # noqa: PLC0415 - likewise
    from app.imports.accreditation_file import RegisterFile  # noqa: PLC0415 - likewise
    from app.models.registry_permits import OrganisationAccreditation  # noqa: PLC0415 - likewise
    from app.security.scopes import bind_scope, system_scope  # noqa: PLC0415 - likewise
    from app.services.accreditation_report import State  # noqa: PLC0415 - likewise
    from app.services.import_accreditation import import_accreditation  # noqa: PLC0415 - likewise

    with create_app().app_context(), path.open("rb") as file:
        session = db.session()
        bind_scope(session, system_scope("import"))
        before, began, cpu = memory()["now"], time.monotonic(), time.process_time()
        with RegisterFile(file) as cards:
            report = import_accreditation(session, cards, actor=ServerOperator())
        backend = session.scalar(text("select pg_backend_pid()"))
        session.commit()
        seconds = time.monotonic() - began
    parser = resource.getrusage(resource.RUSAGE_CHILDREN)
    counts = report.counts[OrganisationAccreditation]
    told = {
        "counts": {state.value: counts[state] for state in State},
        "seconds": seconds,
        "cpu": time.process_time() - cpu,
        "before": before / 1024,
        "most": memory()["most"] / 1024,
        "database_cpu": _processor_seconds(backend),
        "parser_cpu": parser.ru_utime + parser.ru_stime,
        "child": parser.ru_maxrss / 1024,
    }
    print(json.dumps(told))


def _processor_seconds(process: int) -> float:
    """What the process of the database that served us has spent."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    _import(Path(sys.argv[1]))
