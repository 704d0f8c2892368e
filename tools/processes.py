"""Child processes that end with the portal, whatever ends it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before its program: ask the kernel for a signal when the parent dies.

    Only Linux can do that; elsewhere None, and a leftover is ended at the next start.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)

    return ask


@dataclass
class Child:
    """One process of the portal and what to call it in a message."""

    title: str
    process: subprocess.Popen[bytes]
    again: Callable[[], subprocess.Popen[bytes]]

    @classmethod
    def start(
        cls,
        title: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        orphaned: signal.Signals,
    ) -> Child:
        """Start the program away from the terminal's signals: the portal ends it in order.

        Args:
            title: what to call it in a message.
            command: program and arguments.
            environment: all of its environment.
            orphaned: the signal it gets should the portal be killed without a chance to do that.
        """

        def begin() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                env=dict(environment),
                start_new_session=True,
                preexec_fn=die_with_parent(orphaned),  # noqa: PLW1509 - one thread here
            )

        return cls(title, begin(), begin)

    def alive(self) -> bool:
        """True while the process runs."""
        return self.process.poll() is None

    def restart(self) -> None:
        """Start the program again, as it was started first."""
        self.process = self.again()

    def ask_to_stop(self) -> None:
        """Send the polite signal; the process finishes what it is doing."""
        if self.alive():
            self.process.terminate()

    def await_stop(self, deadline: float) -> None:
        """Wait until the moment of the monotonic clock, then stop it by force."""
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def stop_all(children: Sequence[Child], seconds: float) -> None:
    """Ask all to stop at once, then wait for each."""
    deadline = time.monotonic() + seconds
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.await_stop(deadline)
