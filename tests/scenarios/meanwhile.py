"""Requests that are sent while somebody else holds a row, and what happens to them meanwhile."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

WAITING = (
    "select pid from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)


class Meanwhile:
    """A connection that holds rows, and threads that send."""

    def __init__(self, portal: Portal) -> None:
        """Nothing is held yet."""
        self._portal = portal
        self._base = portal.cluster.connect(portal.database)
        self._base.autocommit = False
        self._threads = ThreadPoolExecutor(4)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Let go of what is held, whatever happened."""
        self._base.rollback()
        self._base.close()
        self._threads.shutdown()

    def hold(self, statement: str, *values: object) -> None:
        """Lock rows until they are let go."""
        self._base.execute(statement.encode(), values)

    def let_go(self) -> None:
        """Let those who wait go on."""
        self._base.rollback()

    def start(self, send: Callable[[], TestResponse]) -> Future[TestResponse]:
        """Send in a thread of its own."""
        return self._threads.submit(send)

    def wait_for(self, number: int) -> list[int]:
        """Wait until so many connections wait for a lock; gives their numbers."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if len(found := self._waiting()) >= number:
                return found
            time.sleep(0.02)
        raise AssertionError(number)

    def kill_waiting(self) -> None:
        """End the connections that wait, as a power cut would."""
        with self._portal.cluster.connect(self._portal.database) as base:
            for number in self._waiting():
                base.execute(b"select pg_terminate_backend(%s)", [number])

    def _waiting(self) -> list[int]:
        with self._portal.cluster.connect(self._portal.database) as base:
            return [row[0] for row in base.execute(WAITING.encode())]
