"""Repeat a task and keep its figures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.client import Client
    from bench.operations import Task, World

WARM_UP = 3
ENOUGH = 20.0  # seconds for one figure; a slow task is repeated less often
AT_LEAST = 3


@dataclass(frozen=True)
class Figures:
    """Milliseconds, statements and KiB of one task; nothing of them where it is refused.

    ``cpu`` is the middle of what the server's process spent itself: it does not depend on what else
    the machine does.
    """

    p50: float = 0
    p95: float = 0
    cpu: float = 0
    statements: int = 0
    size: float = 0
    requests: int = 0
    status: int = 200

    @property
    def done(self) -> bool:
        """Whether the task was done at all."""
        return self.status < 400


@dataclass(frozen=True)
class Exported:
    """One export of everything: seconds, MiB of the file, MiB by which the server grew."""

    form: str
    seconds: float
    size: float
    growth: float
    statements: int


def figures(client: Client, world: World, task: Task, requests: int) -> Figures:
    """Repeat the task; the middle and the slow end of what it took."""
    began = time.monotonic()
    for _ in range(WARM_UP):
        answer = task(client, world)
        if answer.status >= 400:
            return Figures(status=answer.status)
        if time.monotonic() - began > ENOUGH / 2:
            break
    taken: list[float] = []
    spent: list[float] = []
    size, statements, before = 0, 0, client.meter()["cpu"]
    while len(taken) < requests:
        answer = task(client, world)
        assert answer.status < 400, answer.status
        meter = client.meter()
        taken.append(answer.took)
        spent.append(1000 * (meter["cpu"] - before))
        size, before = max(size, len(answer.body)), meter["cpu"]
        statements = max(statements, int(meter["statements"]))
        if len(taken) >= AT_LEAST and time.monotonic() - began > ENOUGH:
            break
    taken.sort()
    return Figures(
        taken[len(taken) // 2],
        taken[min(len(taken) - 1, round(0.95 * len(taken)))],
        sorted(spent)[len(spent) // 2],
        statements,
        size / 1024,
        len(taken),
    )


def exported(client: Client, form: str, path: str) -> Exported:
    """Export everything once; a small export before it has loaded what an export needs."""
    where = f"{path}export/{form}"
    assert client.discard(f"{where}?q=4321").status == 200
    before = client.meter(forget=True)
    answer = client.discard(where)
    assert answer.status == 200, answer.status
    after = client.meter()
    return Exported(
        form,
        answer.took / 1000,
        int(answer.headers["size"]) / 2**20,
        (after["most"] - before["now"]) / 1024,
        int(after["statements"]),
    )
