"""The number of cells of the matrix stands in the closing lines of the run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter

CELLS: Counter[str] = Counter()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several processes tells the first one what it has counted."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["cells"] = dict(CELLS)


def pytest_testnodedown(node: Any) -> None:
    CELLS.update(getattr(node, "workeroutput", {}).get("cells", {}))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    if CELLS:
        terminalreporter.write_line(
            f"matrix: {CELLS.total()} cells; "
            + ", ".join(f"{name} {number}" for name, number in sorted(CELLS.items()))
        )
