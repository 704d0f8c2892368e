"""A big export does not fill the memory: the rows pass through, in csv and in xlsx."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import datetime as dt, resource, sys
from pathlib import Path
from app.exports import ExportColumn, Sheet, csv_chunks, write_xlsx
from app.kernel.kinds import DATE, INTEGER, string

kinds = [string(500), INTEGER, DATE, string(50)] * 5
day = dt.date(2020, 1, 1)

def rows(number):
    for n in range(number):
        yield (f"Школа № {n}, Смоленская область", n, day + dt.timedelta(n % 3000), f"{n:010}") * 5

def export(number):
    columns = [ExportColumn(f"{n}", kind) for n, kind in enumerate(kinds)]
    sheet = Sheet("x", columns, rows(number), [("a", "b")], expected=number)
    if sys.argv[1] == "csv":
        return sum(len(chunk) for chunk in csv_chunks(sheet))
    write_xlsx(sheet, Path(sys.argv[2]))

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

start = peak()
export(5_000)
small = peak()
export(100_000)
print(start, small, peak())
"""


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_take_no_more_memory_than_five_thousand(
    form: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, str(tmp_path / "x.xlsx")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    start, small, large = map(int, run.stdout.split())
    assert large - small < 15, f"{large - small} MiB more for 20 times the rows"
    assert large - start < 100, f"{large - start} MiB in all"
