"""100,000 rows as xlsx: our writer, tablib and openpyxl, each in a process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.serve import memory
from bench.verdict import mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.client import Client

ROOT = Path(__file__).resolve().parents[1]
FASTER = 5  # times, than the better of the others
MOST_MIB = 100
Rows = list[list[str]]


@dataclass(frozen=True)
class Written:
    """One writer: processor seconds, MiB by which its process grew, MiB of the file."""

    writer: str
    cpu: float
    growth: float
    size: float


def measured(client: Client, path: str) -> list[Written]:
    """Have each writer write what the portal exports of everything."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        source = Path(folder) / "rows.csv"
        source.write_bytes(client.get(f"{path}export/csv").body)
        return [_run(name, source) for name in WRITERS]


def print_all(found: list[Written]) -> None:
    """Print the writers and by how much ours is ahead."""
    print("\nThe same rows as xlsx, texts   cpu s   memory +MiB   MiB   times ours")
    ours = found[0]
    for one in found:
        print(
            f"{one.writer:<29}{one.cpu:>8.1f}{one.growth:>14.0f}{one.size:>6.1f}"
            f"{one.cpu / ours.cpu:>13.1f}"
        )
    best = min(one.cpu for one in found[1:])
    told = mark("xlsx against tablib/openpyxl", best / ours.cpu, FASTER, "×", least=True)
    told += mark("xlsx, memory of the writer", ours.growth, MOST_MIB, "MiB")
    print(f"limits: {FASTER} × the better of the others, +{MOST_MIB} MiB{told}")


def _run(name: str, source: Path) -> Written:
    command = [sys.executable, "-m", "bench.workbooks", name, str(source)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    return Written(name, **json.loads(done.stdout.splitlines()[-1]))


def _ours(head: list[str], rows: Rows, path: Path) -> None:
    from app.exports import ExportColumn, Sheet  # noqa: PLC0415 - in its own process only
    from app.exports.workbook import write_xlsx  # noqa: PLC0415 - likewise
    from app.kernel.kinds import TEXT  # noqa: PLC0415 - likewise

    columns = [ExportColumn(name, TEXT) for name in head]
    write_xlsx(Sheet("Организации", columns, rows), path)


def _openpyxl(head: list[str], rows: Rows, path: Path) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - in its own process only

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Организации")
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path)


def _tablib(head: list[str], rows: Rows, path: Path) -> None:
    from tablib import Dataset  # noqa: PLC0415 - in its own process only

    path.write_bytes(Dataset(*rows, headers=head, title="Организации").export("xlsx"))


WRITERS: dict[str, Callable[[list[str], Rows, Path], None]] = {
    "portal": _ours,
    "openpyxl, write only": _openpyxl,
    "tablib": _tablib,
}


def _write(name: str, source: Path) -> None:
    with source.open(encoding="utf-8-sig", newline="") as file:
        dialect = csv.Sniffer().sniff(file.readline(), ";,")
        file.seek(0)
        head, *rows = csv.reader(file, dialect)
    target = source.with_name("written.xlsx")
    WRITERS[name](head, rows[:10], target)  # loads what is loaded when used
    Path("/proc/self/clear_refs").write_text("5")
    before, began = memory()["now"], time.process_time()
    WRITERS[name](head, rows, target)
    cpu = time.process_time() - began
    growth = (memory()["most"] - before) / 1024
    told = {"cpu": cpu, "growth": growth, "size": target.stat().st_size / 2**20}
    print(json.dumps(told))


if __name__ == "__main__":
    _write(sys.argv[1], Path(sys.argv[2]))
