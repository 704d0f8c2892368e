"""Keeping the portal whole: what has ended is started again, the slower the more it ends."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tools.embedded import DatabaseFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_EVERY = 0.5  # seconds
FIRST_PAUSE = 1.0  # seconds before a process is started again
LONGEST_PAUSE = 30.0
LASTING = 60.0  # seconds after which a process counts as well


class Part(Protocol):
    """A process of the portal."""

    title: str

    def alive(self) -> bool:
        """True while the process runs."""

    def restart(self) -> None:
        """Start the process again. Raises ``DatabaseFailure`` where it is one that does not."""


@dataclass
class Watched:
    """A part and how patient the portal is with it."""

    part: Part
    pause: float = FIRST_PAUSE
    started: float = 0.0  # by the monotonic clock
    due: float | None = None  # when to start it again

    def look(self, now: float) -> None:
        """Start the part again when it has ended and the pause is over."""
        if self.part.alive():
            self.due = None
        elif self.due is None:
            self._wait(now)
        elif now >= self.due:
            self.due, self.started = None, now
            try:
                self.part.restart()
            except DatabaseFailure as failure:
                print(f"{self.part.title}: {failure}")

    def _wait(self, now: float) -> None:
        calm = now - self.started > LASTING
        self.pause = FIRST_PAUSE if calm else min(2 * self.pause, LONGEST_PAUSE)
        self.due = now + self.pause
        print(f"{self.part.title}: процесс завершился, запускаю его снова.")


def watch(parts: Sequence[Part]) -> None:
    """Look after the parts, in this order, until the portal is stopped."""
    watched = [Watched(part) for part in parts]
    while True:
        for one in watched:
            one.look(time.monotonic())
        time.sleep(LOOK_EVERY)
