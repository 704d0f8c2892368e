"""How the web server runs: threads in a few processes, the application loaded once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

host = os.environ.get("PORTAL_HOST", "127.0.0.1")
bind = f"{f'[{host}]' if ':' in host else host}:{os.environ.get('PORTAL_PORT', '8080')}"
wsgi_app = "app:create_app()"
preload_app = True
worker_class = "gthread"
workers = int(os.environ.get("PORTAL_WEB_PROCESSES", "2"))
threads = int(os.environ.get("PORTAL_WEB_THREADS", "8"))
timeout = 120  # seconds; an export streams longer than a page takes
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


def on_starting(server: Arbiter) -> None:
    """Refuse to serve people beyond this machine with settings that open the door."""
    from app.cli.doctor import refuse_unsafe  # noqa: PLC0415 - after the settings are read

    refuse_unsafe(server.app.wsgi())


def post_fork(server: Arbiter, worker: Worker) -> None:  # noqa: ARG001 - gunicorn's signature
    """Forget connections that were opened before the fork: two processes cannot share one."""
    from app.extensions import db  # noqa: PLC0415 - after the application has been loaded

    with worker.app.callable.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
