"""A running portal whose processes are killed, and somebody with a browser who works in it."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil

if TYPE_CHECKING:
    from tests.test_front_door import Program

WITHIN = 240.0  # seconds for everything to be as if nobody had been killed
VICTIMS = {"worker": "portal worker", "web": "gunicorn", "database": "bin/postgres"}
PASSWORD = "password-of-the-tests"


@dataclass
class Operator:
    """Somebody with a browser that keeps cookies."""

    program: Program
    opener: OpenerDirector

    @classmethod
    def at(cls, program: Program) -> Operator:
        """With a browser that has not been anywhere."""
        return cls(program, build_opener(HTTPCookieProcessor(CookieJar())))

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


def well(program: Program) -> None:
    """See the portal answer again; the web server itself may have been killed."""
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            if program.get("/healthz") == 200:
                return
        time.sleep(0.3)
    raise AssertionError(program.output[-3000:])


def there(program: Program, victim: str) -> None:
    """See the process run: after a killing of another one it may be starting again itself."""
    deadline = time.monotonic() + WITHIN
    while not _found(program, victim):
        assert time.monotonic() < deadline, f"no {victim} comes back: {program.output[-3000:]}"
        time.sleep(0.2)


def _found(program: Program, victim: str) -> psutil.Process | None:
    for process in program.family():
        with suppress(psutil.NoSuchProcess):
            if VICTIMS[victim] in " ".join(process.cmdline()):
                return process
    return None


def strike(program: Program, victim: str, after: float, *, whole: bool = False) -> None:
    """Kill a process at a moment; the portal itself starts it again.

    Those it had started are seen to end as well: for a moment they still answer in its name.
    ``whole``: they are killed with it, in the middle of whatever they do.
    """
    time.sleep(after)
    process = _found(program, victim)
    assert process, f"no {victim} is running"
    orphans = process.children(recursive=True)
    for one in (process, *(orphans if whole else ())):
        with suppress(psutil.NoSuchProcess):
            one.kill()
    _gone, alive = psutil.wait_procs([process, *orphans], timeout=60)
    assert not alive, f"{victim} leaves processes behind: {alive}"
