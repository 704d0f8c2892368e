"""3,000 organisations edited at once: the preview of a person, then the job that does it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

from bench.database import owner_url
from bench.operations import LIST
from bench.verdict import mark

if TYPE_CHECKING:
    from bench.client import Client

ROOT = Path(__file__).resolve().parents[1]
ROWS = 3_000
PREVIEW_SECONDS = 3
APPLY_SECONDS = 15
HIDDEN = re.compile(r'type="hidden" name="([^"]+)" value="([^"]*)"')
CHOSEN = "select id from organisation where source = 'bench' order by id limit :rows"


@dataclass(frozen=True)
class Edited:
    """Seconds of the preview and of the job, statements of both, rows that were changed."""

    preview: float
    preview_statements: int
    apply: float
    changed: int


def measured(client: Client) -> Edited:
    """Preview one telephone for the rows, confirm, do the job."""
    engine = create_engine(owner_url())
    with engine.connect() as connection:
        ids = connection.scalars(text(CHOSEN), {"rows": ROWS}).all()
    engine.dispose()
    values = {
        "csrf_token": client.get(LIST).token,
        "scope": "selected",
        "ids": ",".join(map(str, ids)),
        "query": "",
        "change-phone": "1",
        "to-phone": f"+7 4812 {time.time_ns() % 900_000 + 100_000}",
        "step": "preview",
    }
    page = client.post(f"{LIST}bulk", values)
    assert page.status == 200, page.text[:500]
    statements = int(client.meter()["statements"])
    form = page.text[page.text.index('class="confirm"') :].partition("</form")[0]
    hidden = {name: unescape(value) for name, value in HIDDEN.findall(form)}
    sent = client.post(f"{LIST}bulk", {**hidden, "step": "apply"})
    assert sent.status == 303, sent.text[:500]
    done = _do(sent.headers["location"].rstrip("/").rpartition("/")[2].partition("?")[0])
    assert done["state"] == "done", done
    return Edited(page.took / 1000, statements, done["seconds"], done["changed"])


def print_all(found: Edited) -> None:
    """Print the preview and the job."""
    slow = mark("bulk edit, preview", found.preview, PREVIEW_SECONDS, "s")
    late = mark("bulk edit, job", found.apply, APPLY_SECONDS, "s")
    lost = mark("bulk edit, rows changed", found.changed, ROWS, "rows", least=True)
    print(
        f"\n{ROWS:,} organisations edited at once: preview {found.preview:.2f} s{slow}"
        f" ({found.preview_statements} statements, limit {PREVIEW_SECONDS} s),"
        f" job {found.apply:.2f} s{late} (limit {APPLY_SECONDS} s), {found.changed:,} rows{lost}"
    )


def _do(job: str) -> dict[str, object]:
    """Have a worker of its own do what waits; gives how the job ended."""
    command = [sys.executable, "-m", "bench.many_rows", job]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=os.environ
    )
    return json.loads(done.stdout.splitlines()[-1])


def _work(job: int) -> None:
    from app import create_app  # noqa: PLC0415 - reads the running database
    from app.jobs import connected, running  # noqa: PLC0415 - likewise
    from app.security.database import (  # noqa: PLC0415 - likewise
        DatabaseRole,
        libpq_address,
        role_name,
    )

    app = create_app()
    running.serve(app)
    role = role_name(DatabaseRole.SYSTEM, app.config["DB_ROLE_PREFIX"])
    address = libpq_address(app.config["SQLALCHEMY_DATABASE_URI"], role)
    with connected(address) as jobs:
        began = time.monotonic()
        jobs.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        seconds = time.monotonic() - began
    engine = create_engine(owner_url())
    told = text(
        "select j.state, (select count(*) from activity a"
        " where a.batch_id = (j.result ->> 'batch')::bigint) as changed"
        " from background_job j where j.id = :job"
    )
    with engine.connect() as connection:
        ended = dict(connection.execute(told, {"job": job}).mappings().one())
    engine.dispose()
    print(json.dumps({**ended, "seconds": seconds}))


if __name__ == "__main__":
    _work(int(sys.argv[1]))
