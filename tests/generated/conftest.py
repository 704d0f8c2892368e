"""The number of cells of the matrix stands in the closing lines of the run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

CELLS: Counter[str] = Counter()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    if CELLS:
        terminalreporter.write_line(
            f"matrix: {CELLS.total()} cells; "
            + ", ".join(f"{name} {number}" for name, number in sorted(CELLS.items()))
        )
