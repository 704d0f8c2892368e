"""Eight threads of mixed users against the running portal: every answer is of the one who asked.

PORTAL_TEST_REQUESTS sets the number of requests; 10,000 are sent before a release.
"""

from __future__ import annotations

import http.client
import itertools
import os
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

from app.cli.demo import PEOPLE
from tests.security.raw import school, value

if TYPE_CHECKING:
    from tests.conftest import Portal

REQUESTS = int(os.environ.get("PORTAL_TEST_REQUESTS", "1500"))
THREADS = 8
LOGINS = ("clerk", "clerk2", "head", "operator", "municipal", "department", "class_teacher")
BANK = "/registry/organisation-bank-account/"
ACCOUNT = re.compile(r"03234643\d{12}")
NAMES = re.compile("|".join(re.escape(" ".join(name)) for name in PEOPLE.values()))


@dataclass
class Visitor:
    """One signed-in person with a cookie; ``schools``: the account numbers to be seen, or all."""

    login: str
    cookie: str
    token: str
    schools: frozenset[str] | None


@dataclass
class Crowd:
    """What the threads share: whose turn it is, and what was wrong."""

    address: str
    visitors: list[Visitor]
    left: itertools.count[int] = field(default_factory=itertools.count)
    wrong: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def work(self, seed: int) -> None:
        """Ask until enough was asked; each request is another person's, on one connection."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        while (turn := next(self.left)) < REQUESTS:
            visitor = self.visitors[(turn + seed * 3) % len(self.visitors)]
            path, body = choose(visitor, turn)
            try:
                self.check(visitor, path, *ask(connection, visitor, path, body))
            except OSError as error:
                self.wrong.append(f"{visitor.login} {path}: {error!r}")
                connection.close()
        connection.close()

    def check(self, visitor: Visitor, path: str, status: int, text: str) -> None:
        """The name in the frame, and nothing of other schools' bank details."""
        self.done.append(visitor.login)
        named = set(NAMES.findall(text.split("</header>", maxsplit=1)[0]))
        expected = {" ".join(PEOPLE[visitor.login])}
        if status >= 500:
            self.wrong.append(f"{visitor.login} {path}: {status}")
        if "export" not in path and status != 303 and named != expected:
            self.wrong.append(f"{visitor.login} {path}: {status}, a page of {named}")
        numbers = set(ACCOUNT.findall(text))
        if visitor.schools is not None and numbers - visitor.schools:
            self.wrong.append(f"{visitor.login} {path}: saw {sorted(numbers)[:3]}")
        if path == BANK and not numbers and visitor.schools != frozenset():
            self.wrong.append(f"{visitor.login} {path}: saw nothing")


def choose(visitor: Visitor, turn: int) -> tuple[str, dict[str, str] | None]:
    """An address for this turn; one in nine writes."""
    own = OWN.get(visitor.login, "28")
    paths = ("/", BANK, f"/registry/organisation/{own}", "/registry/organisation/?q=школа", BANK)
    if turn % 9 == 0:
        body = {"csrf_token": visitor.token, "version": "0", "fax": f"+7481200{turn % 10000:04d}"}
        return f"/registry/organisation/{own}/edit", body
    if turn % 50 == 1:
        return "/registry/organisation/export/csv", None
    return paths[turn % len(paths)], None


OWN: dict[str, str] = {}


def ask(
    connection: http.client.HTTPConnection,
    visitor: Visitor,
    path: str,
    body: dict[str, str] | None,
) -> tuple[int, str]:
    """Send one request with the visitor's cookie."""
    parts = urlsplit(path)
    query = (
        f"?{urlencode([tuple(p.split('=')) for p in parts.query.split('&')])}"
        if parts.query
        else ""
    )
    headers = {"Cookie": visitor.cookie}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    method = "POST" if body else "GET"
    sent = urlencode(body).encode() if body else None
    connection.request(method, parts.path + query, sent, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def enter(portal: Portal, login: str, schools: frozenset[str] | None) -> Visitor:
    """Sign in and keep the cookie."""
    client = portal.client_as(login)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/").text)
    cookie = client.get_cookie("session")
    assert found
    assert cookie
    return Visitor(login, f"session={cookie.value}", found[1], schools)


@pytest.fixture(scope="module")
def crowd(portal: Portal, live_server: str) -> Crowd:
    first, second = school(portal, "school-1"), school(portal, "school-2")
    with portal.cluster.connect(portal.database) as base:
        numbers = {
            ident: frozenset(
                {value(base, "select account_number from organisation_bank_account"
                 " where organisation_id = %s", ident)}
            )
            for ident in (first, second)
        }  # fmt: skip
        authority = value(base, "select id from organisation where source_id = 'authority-1'")
    seen: dict[str, frozenset[str] | None] = {
        "clerk": numbers[first], "head": numbers[first], "clerk2": numbers[second],
        "operator": None, "department": None,
        "municipal": frozenset(), "class_teacher": frozenset(),
    }  # fmt: skip
    OWN.update(clerk=str(first), head=str(first), clerk2=str(second), municipal=str(authority))
    visitors = [enter(portal, login, seen[login]) for login in LOGINS]
    return Crowd(urlsplit(live_server).netloc, visitors)


def test_every_answer_is_of_the_person_who_asked(crowd: Crowd) -> None:
    threads = [threading.Thread(target=crowd.work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not crowd.wrong, f"{len(crowd.wrong)} wrong:\n" + "\n".join(crowd.wrong[:20])
    assert len(crowd.done) >= REQUESTS
    assert {crowd.done.count(login) > REQUESTS // 20 for login in LOGINS} == {True}
