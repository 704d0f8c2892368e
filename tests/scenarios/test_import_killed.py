"""Whatever is killed while the register is loaded: all of it or nothing, and nobody has to help.

A few random moments in every run, as many as one likes with PORTAL_TEST_KILLS=20.
"""

from __future__ import annotations

import os
import random
import re
import signal
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil
import pytest

from tests.imports.register_file import certificate, document, school, supplement
from tests.test_front_door import Program
from tools.embedded import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = int(os.environ.get("PORTAL_TEST_KILLS", "3"))
CERTIFICATES = 250  # a few seconds of work
WITHIN = 240.0  # seconds for everything to be as if nobody had been killed
VICTIMS = {"worker": "portal worker", "web": "gunicorn", "database": "bin/postgres"}
PASSWORD = "password-of-the-tests"
SEED = random.SystemRandom().randrange(10**6)


def file_of(turn: int) -> bytes:
    """Certificates, schools and programmes no other turn has."""
    return document(
        *(one_of(turn * CERTIFICATES + number) for number in range(CERTIFICATES))
    ).getvalue()


def one_of(number: int) -> str:
    card = school(
        Id=f"33333333-0000-4000-8000-{number:012d}", FullName=f"Школа {number}", INN="", OGRN=""
    )
    programs = [{"Id": f"p{number}", "EduLevelName": "Начальное общее образование"}]
    return certificate(
        card,
        (supplement(card, programs, Id=f"s{number}"),),
        Id=f"c{number}",
        RegNumber=str(number),
    )


@dataclass
class Operator:
    """Somebody with a browser that keeps cookies."""

    program: Program
    opener: OpenerDirector

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> str:
        address = f"http://127.0.0.1:{self.program.port}{path}"
        with self.opener.open(Request(address, data, headers), timeout=60) as answer:
            return str(answer.read().decode())

    def token(self, path: str = "/") -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask(path))
        assert found
        return found[1]

    def sign_in(self) -> None:
        values = {"username": "operator", "password": PASSWORD, "csrf_token": self.token()}
        assert "Оператор АИС" in self.ask("/login/", urlencode(values).encode())

    def send(self, turn: int) -> int:
        answer = self.ask(
            f"/registry/import/upload?name=turn{turn}.xml",
            file_of(turn),
            **{"Content-Type": "application/octet-stream", "X-CSRFToken": self.token()},
        )
        return int(answer.rpartition("/")[2].rstrip('"}\n'))

    def act(self, number: int, name: str) -> None:
        values = urlencode({"csrf_token": self.token()}).encode()
        self.ask(f"/registry/import/{number}/{name}", values)


@dataclass
class Watch:
    """What is in the database; asks again while it is away."""

    program: Program
    first: str  # the least identifier of the turn
    last: str

    def state(self, number: int) -> tuple[str, str, int, int]:
        """State of the file, of its job, schools and programmes of the turn."""
        with self.program.database() as connection:
            found = connection.execute(
                "select d.state, j.state, (select count(*) from organisation"
                " where source_id between %s and %s),"
                " (select count(*) from organisation_accreditation_program p join"
                "  organisation o on o.id = p.organisation_id where o.source_id between %s and %s)"
                " from data_import d left join background_job j on j.id = d.job_id where d.id = %s",
                (self.first, self.last, self.first, self.last, number),
            ).fetchone()
        assert found
        return found[0], found[1], found[2], found[3]

    def whole(self, number: int, wanted: str) -> None:
        """See it end; at every look there is everything or nothing."""
        deadline = time.monotonic() + WITHIN
        seen = ("", "", 0, 0)
        while time.monotonic() < deadline:
            try:
                seen = self.state(number)
            except Exception as away:  # noqa: BLE001 - the database was killed and comes back
                seen = (str(away), "", 0, 0)
            counts = seen[2:]
            assert counts in {(0, 0), (CERTIFICATES, CERTIFICATES)}, (SEED, seen)
            assert (seen[0] == "applied") == (counts[0] > 0), (SEED, seen)
            if seen[:2] == (wanted, "done"):
                return
            assert seen[1] not in {"failed", "cancelled"}, (SEED, seen, self.program.output[-3000:])
            time.sleep(0.3)
        raise AssertionError((SEED, seen, self.program.output[-3000:]))


@pytest.fixture(scope="module")
def running() -> Iterator[Program]:
    with tempfile.TemporaryDirectory(prefix="portal-killed-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        program = Program(Path(folder), free_port())
        program.start(PORTAL_DEMO_PASSWORD=PASSWORD, PORTAL_INSECURE_COOKIE="1").ready()
        well(program)
        yield program
        program.end(signal.SIGTERM)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_an_import_outlives_a_killing(running: Program, turn: int) -> None:
    chance = random.Random(SEED + turn)  # noqa: S311 - moments, no secrets
    operator = Operator(running, build_opener(HTTPCookieProcessor(CookieJar())))
    well(running)
    operator.sign_in()
    begin = f"33333333-0000-4000-8000-{turn * CERTIFICATES:012d}"
    end = f"33333333-0000-4000-8000-{(turn + 1) * CERTIFICATES - 1:012d}"
    watch = Watch(running, begin, end)
    during = chance.choice(["check", "load"])
    victim = list(VICTIMS)[turn % len(VICTIMS)]
    number = operator.send(turn)
    if during == "check":
        strike(running, victim, chance.uniform(0, 4))
    watch.whole(number, "checked")
    well(running)
    operator.act(number, "apply")
    if during == "load":
        strike(running, victim, chance.uniform(0, 4))
    watch.whole(number, "applied")
    with running.database() as connection:
        batches = connection.execute("select count(*) from change_batch").fetchone()
    assert batches == (turn + 1,), "it was written twice"
    well(running)


def well(program: Program) -> None:
    """See the portal answer again; the web server itself may have been killed."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            if program.get("/healthz") == 200:
                return
        time.sleep(0.3)
    raise AssertionError(program.output[-3000:])


def strike(program: Program, victim: str, after: float) -> None:
    """Kill a process at a moment; the portal itself starts it again.

    Those it had started are seen to end as well: for a moment they still answer in its name.
    """
    time.sleep(after)
    word = VICTIMS[victim]
    for process in program.family():
        with suppress(psutil.NoSuchProcess):
            if word in " ".join(process.cmdline()):
                orphans = process.children(recursive=True)
                process.kill()
                _gone, alive = psutil.wait_procs([process, *orphans], timeout=60)
                assert not alive, f"{victim} leaves processes behind: {alive}"
                return
    raise AssertionError(f"no {victim} is running")
