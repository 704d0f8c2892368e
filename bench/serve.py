"""What the measured servers run: the portal or plain Flask-AppBuilder, with a meter before it."""

from __future__ import annotations

import gc
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

METER = "/-/meter"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Meter:
    """Counts the statements of the last request; tells them, processor time and memory."""

    def __init__(self, application: Wsgi) -> None:
        self.application = application
        self.statements = 0
        event.listen(Engine, "before_cursor_execute", self._count)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer for the meter or pass the request on."""
        if environ["PATH_INFO"] != METER:
            self.statements = 0
            return self.application(environ, start_response)
        told = json.dumps(
            {"statements": self.statements, "cpu": time.process_time(), **memory()}
        ).encode()
        start_response(
            "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(told)))]
        )
        if environ["QUERY_STRING"] == "forget":
            gc.collect()
            Path("/proc/self/clear_refs").write_text("5")
        return [told]

    def _count(self, *_arguments: Any) -> None:
        self.statements += 1


def memory() -> dict[str, int]:
    """Memory of this process in KiB: now, and the most since it was last forgotten."""
    status = Path("/proc/self/status").read_text()
    found = {
        name: re.search(rf"^{key}:\s+(\d+)", status, re.MULTILINE)
        for name, key in (("now", "VmRSS"), ("most", "VmHWM"))
    }
    return {name: int(match[1]) if match else 0 for name, match in found.items()}


def portal() -> Wsgi:
    """The portal as it is served."""
    from app import create_app  # noqa: PLC0415 - the other server does not load it

    return Meter(create_app().wsgi_app)


def plain() -> Wsgi:
    """Plain Flask-AppBuilder over the same tables."""
    import logging  # noqa: PLC0415 - as the next one

    from bench.database import owner_url  # noqa: PLC0415 - the portal's server does not load it
    from tests.plain_fab import plain_app  # noqa: PLC0415 - likewise

    logging.getLogger("flask_appbuilder").setLevel(logging.CRITICAL)
    assert threading.active_count() == 1
    return Meter(plain_app(owner_url()).wsgi_app)


def bare() -> Wsgi:
    """One query with nothing around it, the floor of what JSON can cost."""
    from bench.database import owner_url  # noqa: PLC0415 - the portal's server does not load it
    from bench.rows_of_json import bare_app  # noqa: PLC0415 - likewise

    return Meter(bare_app(owner_url()).wsgi_app)
