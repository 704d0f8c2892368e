"""The number of cells of the matrix stands in the closing lines of the run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter

CELLS: Counter[str] = Counter()
CHANNELS: Counter[str] = Counter()  # cells about learners


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes tells the first one what it has counted."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["cells"], told["channels"] = dict(CELLS), dict(CHANNELS)


def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {})
    CELLS.update(told.get("cells", {}))
    CHANNELS.update(told.get("channels", {}))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    for title, cells in (("matrix", CELLS), ("learners over channels", CHANNELS)):
        if cells:
            numbers = ", ".join(f"{name} {number}" for name, number in sorted(cells.items()))
            terminalreporter.write_line(f"{title}: {cells.total()} cells; {numbers}")
