"""One person asks one cell after another: status, words of the answer, what was written."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.kernel.catalogue import field_map, records
from app.kernel.record import Reading
from app.security.roles import Action
from tests.generated.world import CANARY, TRASH_CANARY, World
from tests.scope_model import Target, holds, may_follow, reads, sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from app.kernel.record import Record
    from tests.scope_model import Person


INSIDE = (
    "psycopg", "sqlalchemy", "Traceback (", "/app/", "site-packages", "werkzeug", "duplicate key",
    "violates", "row-level security", "permission denied", "portal_key", "current_setting",
)  # fmt: skip
PREFIXES = ("pk_", "uq_", "fk_", "ix_", "ck_", "procrastinate", "_pkc")  # of constraints
NAMED = re.compile(r"\b\w+\b")
SECRET = re.compile(rf"{CANARY}(\d+)([A-Z]+?)ZZ|03234643(\d{{8}})6300")


@dataclass
class Asking:
    """One person asking one cell after another; what was wrong is kept for the end."""

    world: World
    person: Person
    client: FlaskClient
    token: str
    constraints: frozenset[str]
    permitted: set[tuple[int | None, str]]  # organisation and access group of what may be read
    wrong: list[str] = field(default_factory=list)
    cells: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)

    def ask(
        self, rule: str, method: str, url: str, expected: set[int], note: str = "", **sent: Any
    ) -> tuple[int, str]:
        """Send it, compare status, words and what was written; ``bin`` shows rows of the trash.

        What reads is looked after now and then: a write would still be there at the next look.
        Gives the status, and the text of the answer with its headers.
        """
        self.cells += 1
        self.seen.add((rule, method))
        binned = sent.pop("bin", False)
        if method in {"POST", "PUT", "PATCH", "DELETE"}:
            sent = self.signed(sent)
        answer = self.client.open(url, method=method, **sent)
        body = f"{unpacked(answer.data)}\n{answer.headers}"
        status = answer.status_code
        answer.close()
        cell = f"{self.person.login} {method} {url[:120]} [{note}]"
        if status not in expected:
            self.wrong.append(f"{cell}: {status}, not {sorted(expected)}")
        self.wrong.extend(f"{cell}: {what}" for what in self._leaks(body, binned=binned))
        looked = method not in {"GET", "HEAD", "OPTIONS"} or self.cells % 8 == 0
        if looked and self.world.fingerprint() != self.world.mark:
            self._check_write(cell, method, status)
        return status, body

    def signed(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The request with the token against forgery, as a form carries it."""
        return {**sent, "data": {"csrf_token": self.token, **sent.get("data", {})}}

    def accepted(self, method: str, status: int) -> bool:
        """Whether a request so answered may have written."""
        return method == "POST" and status == 303

    def owns(self, capacity: str) -> bool:
        """Whether the number is that of a capacity of this person."""
        query = (
            "select true from role_assignment a join ab_user u on u.id = a.user_id"
            " where u.username = %s and a.id::text = %s"
        )
        return bool(self.world.one(query, self.person.login, capacity))

    def _leaks(self, body: str, *, binned: bool) -> Iterator[str]:
        if TRASH_CANARY in body and not binned:
            yield "a row of the trash"
        yield from (f"the inside: {word}" for word in INSIDE if word in body)
        words = NAMED.findall(body) if any(prefix in body for prefix in PREFIXES) else ()
        if found := self.constraints.intersection(words):
            yield f"constraints: {sorted(found)}"
        for secret in SECRET.finditer(body):
            if owner_of(self.world, secret) not in self.permitted:
                yield f"a secret: {secret[0]}"
                return

    def _check_write(self, cell: str, method: str, status: int) -> None:
        """Only an accepted request writes, and only rows within the write scope."""
        changed = self.world.written()
        if not self.accepted(method, status):
            self.wrong.append(f"{cell}: wrote {sorted(changed)[:5]} and answered {status}")
        by_name = {record.__tablename__: record for record in records()}
        for name, ident in changed:
            row = Target("row", ident, self._organisation(by_name[name], ident))
            if not may_follow(self.person, by_name[name], row):
                self.wrong.append(f"{cell}: wrote a row outside the write scope, {name} {ident}")
        self.world.restore(changed)

    def _organisation(self, record: type[Record], ident: int) -> int | None:
        if "organisation_id" not in record.__table__.c:
            return None
        found: int | None = self.world.organisation_of(record, ident)
        return found


def unpacked(data: bytes) -> str:
    """The text of an answer, a workbook's members included."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def owner_of(world: World, secret: re.Match[str]) -> tuple[int | None, str]:
    """The organisation a secret belongs to, and its access group."""
    if secret[1]:
        return int(secret[1]), secret[2].lower()
    return world.accounts.get(secret[0]), "bank"


def start(world: World, person: Person, kind: type[Asking] = Asking) -> Asking:
    """Sign in once."""
    client = world.portal.app.test_client()
    if person.signed_in:
        client = world.portal.client_as(person.login)
    page = client.get("/login/").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    world.settle()
    return kind(world, person, client, found[1], world.constraints(), _permitted(world, person))


def _permitted(world: World, person: Person) -> set[tuple[int | None, str]]:
    """The organisations and access groups whose secrets the person may meet."""
    every = {*world.accounts.values(), *world.schools.values()}
    return {
        (organisation, declared.group)
        for record in records()
        if record.about.reading is not Reading.EVERYBODY and holds(person, record, Action.LIST)
        for declared in field_map(record).values()
        if sees(person, declared)
        for organisation in every
        if reads(person, record, Target("", 0, organisation))
    }
