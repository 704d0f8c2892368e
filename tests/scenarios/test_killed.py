"""Whatever is killed while the portal works: all of it or nothing, and nobody has to help.

A few random moments in every run, as many as one likes with PORTAL_TEST_KILLS=20 (imports) and
PORTAL_TEST_DECISIONS=200.
"""

from __future__ import annotations

import os
import random
import re
import signal
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg
import pytest

from tests.imports.register_file import certificate, document, school, supplement
from tests.scenarios.killing import PASSWORD, VICTIMS, WITHIN, Operator, strike, there, well
from tests.scenarios.many_lines import LINES, plant, standing
from tests.test_front_door import Program
from tools.embedded import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = int(os.environ.get("PORTAL_TEST_KILLS", "3"))
DECISIONS = int(os.environ.get("PORTAL_TEST_DECISIONS", "3"))
CERTIFICATES = 250  # a few seconds of work
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


def send(operator: Operator, turn: int) -> int:
    """Hand a file over; gives its number."""
    answer = operator.ask(
        f"/registry/import/upload?name=turn{turn}.xml",
        file_of(turn),
        **{"Content-Type": "application/octet-stream", "X-CSRFToken": operator.token()},
    )
    return int(answer.rpartition("/")[2].rstrip('"}\n'))


def act(operator: Operator, number: int, name: str) -> None:
    values = urlencode({"csrf_token": operator.token()}).encode()
    operator.ask(f"/registry/import/{number}/{name}", values)


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
    operator = Operator.at(running)
    well(running)
    operator.sign_in()
    begin = f"33333333-0000-4000-8000-{turn * CERTIFICATES:012d}"
    end = f"33333333-0000-4000-8000-{(turn + 1) * CERTIFICATES - 1:012d}"
    watch = Watch(running, begin, end)
    during = chance.choice(["check", "load"])
    victim = list(VICTIMS)[turn % len(VICTIMS)]
    number = send(operator, turn)
    if during == "check":
        strike(running, victim, chance.uniform(0, 4))
    watch.whole(number, "checked")
    well(running)
    act(operator, number, "apply")
    if during == "load":
        strike(running, victim, chance.uniform(0, 4))
    watch.whole(number, "applied")
    with running.database() as connection:
        batches = connection.execute("select count(*) from change_batch").fetchone()
    assert batches == (turn + 1,), "it was written twice"
    well(running)


@pytest.mark.parametrize("turn", range(DECISIONS))
def test_a_decision_outlives_a_killing(running: Program, turn: int) -> None:
    chance = random.Random(SEED - turn)  # noqa: S311 - moments, no secrets
    operator = Operator.at(running)
    well(running)
    operator.sign_in()
    with running.database() as connection:
        request = plant(connection, turn)
    victim = list(VICTIMS)[turn % len(VICTIMS)]
    there(running, victim)
    deciding = threading.Thread(target=decide, args=(operator, request, chosen(operator, request)))
    deciding.start()
    strike(running, victim, chance.uniform(0, 0.2), whole=victim == "web")
    deciding.join()
    deadline = time.monotonic() + WITHIN
    while (seen := look(running, request)) != ("approved", LINES, LINES, 1):
        assert seen in {("under_review", 0, 0, 0), None}, (SEED, seen)
        assert time.monotonic() < deadline, (SEED, seen, running.output[-3000:])
        well(running)
        with suppress(OSError, HTTPException):
            decide(operator, request, chosen(operator, request))


def chosen(operator: Operator, request: int) -> bytes:
    """The form of the decision with every line approved."""
    page = operator.ask(f"/requests/{request}")
    lines = re.findall(r'name="choice-([0-9]+)"', page)
    hidden = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', page))
    return urlencode({**hidden, **{f"choice-{line}": "approve" for line in lines}}).encode()


def decide(operator: Operator, request: int, form: bytes) -> None:
    """Send it; whoever is killed meanwhile answers nothing."""
    with suppress(OSError, HTTPException):
        operator.ask(f"/requests/{request}/decide", form)


def look(program: Program, request: int) -> tuple[str, int, int, int] | None:
    """How the request stands; nothing while the database is away."""
    try:
        with program.database() as connection:
            return standing(connection, request)
    except psycopg.OperationalError:
        return None
