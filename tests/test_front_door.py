"""`make run`: the portal starts, answers, ends in order, and keeps what it has stored."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from config import embedded_address
from tools.embedded import SUPERUSER, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
READY = "Остановить: Ctrl+C"


@dataclass
class Program:
    """One start of the portal in a data folder."""

    data: Path
    port: int
    lines: list[str] = field(default_factory=list)

    def start(self, **environment: str) -> Program:
        settings = {
            **os.environ,
            "PORTAL_DATA": str(self.data),
            "PORTAL_PORT": str(self.port),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        }
        self.process = subprocess.Popen(
            [sys.executable, "run.py"],
            cwd=ROOT,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            encoding="utf-8",
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(iter(self.process.stdout.readline, ""))
        self.process.stdout.close()

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def ready(self, limit: float = 120) -> Program:
        deadline = time.monotonic() + limit
        while READY not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        return self

    def end(self, number: signal.Signals | None = None) -> int:
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        self.reader.join(10)
        return code

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def database(self) -> psycopg.Connection:
        found = embedded_address(self.data / "pg")
        assert found, "the database is not running"
        return psycopg.connect(
            host=found[0], port=found[1], user=SUPERUSER, dbname="portal", autocommit=True
        )


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-front-door-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        yield Path(folder)


def eventually(answer: int, program: Program, path: str, limit: float = 30) -> bool:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if program.get(path) == answer:
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def first(data: Path) -> Iterator[Program]:
    """A first start, on an empty data folder."""
    program = Program(data, free_port()).start().ready()
    yield program
    if program.process.poll() is None:
        program.end(signal.SIGTERM)


def test_first_start_answers_and_says_who_may_sign_in(first: Program) -> None:
    assert eventually(200, first, "/healthz"), first.output
    assert f"http://127.0.0.1:{first.port}" in first.output
    for login in ("operator", "department", "municipal", "head", "clerk", "clerk2", "employee"):
        assert login in first.output


def test_database_listens_on_no_network_address(first: Program) -> None:
    with first.database() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_second_portal_on_the_same_data_is_refused(first: Program) -> None:
    second = Program(first.data, free_port()).start()
    assert second.end() == 1
    assert "уже запущен" in second.output


def test_busy_port_is_told(first: Program) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        second = Program(Path(elsewhere), first.port).start()
        assert second.end() == 1
    assert "занят" in second.output
    assert "PORTAL_PORT" in second.output


def test_ctrl_c_ends_everything(first: Program) -> None:
    with first.database() as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('сохранено')")
    family = first.family()
    assert len(family) > 2
    assert first.end(signal.SIGINT) == 0
    assert "Портал остановлен" in first.output
    assert "Traceback" not in first.output
    assert not [process for process in family if process.is_running()]
    assert not (first.data / "pg" / "postmaster.pid").exists()


def test_second_start_keeps_the_data_and_fills_in_nothing_again(data: Path, first: Program) -> None:
    if first.process.poll() is None:
        first.end(signal.SIGTERM)
    began = dt.datetime.now(dt.UTC)
    program = Program(data, free_port()).start().ready()
    try:
        with program.database() as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("сохранено",)]
            written = connection.execute("SELECT count(*) FROM activity WHERE at > %s", (began,))
            assert written.fetchone() == (0,)
        assert eventually(200, program, "/healthz"), program.output
    finally:
        code = program.end(signal.SIGTERM)
    assert code == 0


@pytest.fixture
def running(data: Path, first: Program) -> Iterator[Program]:
    """Another start on the same data."""
    if first.process.poll() is None:
        first.end(signal.SIGTERM)
    program = Program(data, free_port()).start().ready()
    assert eventually(200, program, "/healthz"), program.output
    yield program
    family = program.family()
    assert program.end(signal.SIGTERM) == 0
    assert not [process for process in family if process.is_running()]


def with_command(program: Program, word: str) -> list[psutil.Process]:
    """The processes whose command has the word; one that ends while it is looked at is not one."""
    found = []
    for process in program.family():
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in " ".join(process.cmdline()):
                found.append(process)
    return found


def killed(program: Program, word: str) -> None:
    """Kill the process whose command has the word, and wait until its successor is there."""
    before = {process.pid for process in program.family()}
    with_command(program, word)[0].kill()
    deadline = time.monotonic() + 20
    while not [p for p in with_command(program, word) if p.pid not in before]:
        assert time.monotonic() < deadline, program.output
        time.sleep(0.1)


def test_a_worker_that_dies_is_started_again(running: Program) -> None:
    killed(running, "portal worker")
    assert "фоновых заданий: процесс завершился" in running.output
    assert eventually(200, running, "/healthz"), running.output


def test_a_database_that_dies_is_started_again(running: Program) -> None:
    killed(running, "bin/postgres")
    assert eventually(200, running, "/healthz"), running.output


def test_when_the_portal_is_killed_nothing_is_left_and_it_starts_again(
    data: Path, first: Program
) -> None:
    if first.process.poll() is None:
        first.end(signal.SIGTERM)
    program = Program(data, free_port()).start().ready()
    family = program.family()
    program.process.kill()
    program.end()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    again = Program(data, free_port()).start().ready()
    assert again.end(signal.SIGTERM) == 0
