"""One person asks about one record of learners over one channel: marks, twins, what was met."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from psycopg import sql

from app.kernel.catalogue import field_map
from app.security.roles import Action
from tests.generated.asking import Asking
from tests.generated.learner_marks import Marks, permitted
from tests.generated.world import table
from tests.scope_model import Target, holds, reads, sees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kernel.fields import Field
    from app.kernel.record import Record
    from tests.generated.learner_marks import Mark

ANSWERS = {200, 201, 302, 303, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422, 428}
CHANGING = re.compile(  # from one answer to the next, whatever is asked
    r'nonce="[^"]*"|nonce-[\w+/=-]+|[\w.-]{70,}|name="(?:next|capacity|form_key)" value="[^"]*"|'
    r'<use href="[^"]*"/>|[\d,]+\xa0[КМ]?Б|\b\d\d:\d\d(?::\d\d)?\b|/imports/\d+|'
    r'data-(?:key|job)="[^"]*"|'
    r"(?m:^(?:Content-Length|Set-Cookie|ETag|Content-Security-Policy|Server-Timing):.*$)"
)


@dataclass
class LearnerAsking(Asking):
    """What is met of marks must be permitted; what is not there and what is hidden look alike."""

    marks: Marks = field(default_factory=Marks)
    channel: str = ""
    record: type[Record] | None = None
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)  # record and channel
    met: set[tuple[str, str]] = field(default_factory=set)  # where a mark was found at all
    said: frozenset[str] = frozenset()  # marks that the question itself names

    @property
    def home(self) -> str:
        """The address of the record's list."""
        assert self.record
        return f"/{self.record.about.module}/{self.record.__tablename__.replace('_', '-')}/"

    @property
    def api(self) -> str:
        """The address of the record in the API."""
        assert self.record
        return f"/api/v1/{self.record.__tablename__.replace('_', '-')}/"

    def get(self, url: str, *, binned: bool = False, **query: str) -> tuple[int, str]:
        """Ask for a page; ``binned``: it may name rows of the trash."""
        return self.send("GET", url, query_string=query, bin=binned)

    def post(self, url: str, **data: str) -> tuple[int, str]:
        """Send a form."""
        return self.send("POST", url, data=data)

    def send(self, method: str, url: str, **sent: Any) -> tuple[int, str]:
        """Ask anything; statuses are the matter of the other matrix, but none is 5xx."""
        assert self.record
        name = self.record.__tablename__
        self.counted[(name, self.channel)] += 1
        words = f"{url} {list(sent.get('query_string', {}).values())} {sent.get('data', '')}"
        self.said = frozenset(text for text, _owners in self.marks.met(words))
        return self.ask(url, method, url, ANSWERS, f"{self.channel} {sent}"[:200], **sent)

    def signed(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The token against forgery in a form, or beside what is none."""
        if "json" in sent or isinstance(sent.get("data"), bytes):
            return {**sent, "headers": {"X-CSRFToken": self.token, **sent.get("headers", {})}}
        return super().signed(sent)

    def accepted(self, method: str, status: int) -> bool:
        """Whether a request so answered may have written."""
        return (method, status) in {("POST", 303), ("POST", 201), ("PATCH", 200), ("DELETE", 204)}

    def _leaks(self, body: str, *, binned: bool) -> Iterator[str]:
        yield from super()._leaks(body, binned=binned)
        for text, owners in self.marks.met(body):
            if text in self.said:
                continue
            if any(permitted(self.person, one) for one in owners):
                self.met.update((one.record.__tablename__, self.channel) for one in owners)
            else:
                one = owners[0]
                whose = f"{one.record.__tablename__}.{one.declared.name} of {one.place}"
                yield f"a value that may not be met: {text}, {whose}"

    def twins(
        self, first: tuple[int, str], second: tuple[int, str], *swaps: tuple[str, str]
    ) -> None:
        """The two answers must be one but for the words that the questions differ by."""
        left, right = CHANGING.sub("", first[1]), second[1]
        for one, other in swaps:
            for form in (str, quote, quote_plus, _twice):
                right = right.replace(form(other), form(one))
        right = CHANGING.sub("", right)
        if first[0] == second[0] and left == right:
            return
        pairs = enumerate(zip(left, right, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), 0)
        told = " / ".join(repr(body[max(0, at - 60) : at + 60]) for body in (left, right))
        name = self.record.__tablename__ if self.record else ""
        self.wrong.append(
            f"{self.person.login} {self.channel} {name} {swaps}: {first[0]} and {second[0]}"
            f" differ: {told}"
        )

    def row(self, place: str) -> Target:
        """The row of the record in a place: own, second, foreign, or none at all."""
        assert self.record
        world = self.world
        if place in {"own", "second"}:
            return world.rows[self.record.__tablename__]["own"][world.schools[place]]
        return world.rows[self.record.__tablename__][place][None]

    def uid(self, place: str) -> str:
        """The key of that row in files."""
        assert self.record
        query = f"select uid::text from {self.record.__tablename__} where id = %s"  # noqa: S608 - of ours
        return str(self.world.one(query, self.row(place).id))

    def strange(self) -> list[str]:
        """The places whose rows the person does not read."""
        assert self.record
        return [
            p
            for p in ("own", "second", "foreign")
            if not reads(self.person, self.record, self.row(p))
        ]

    def unseen(self) -> list[Field]:
        """The fields whose values the person is not shown whole; of a list that is shut, one."""
        assert self.record
        found = [f for f in field_map(self.record).values() if not sees(self.person, f)]
        return found if holds(self.person, self.record, Action.LIST) else found[:1]

    def hidden(self) -> list[Mark]:
        """Marks of the record that the person may not meet, one of each field and place."""
        assert self.record
        places = ("own", "second", "foreign")
        found = [m for place in places for m in self.marks.of(self.record, place)]
        found = [m for m in found if not permitted(self.person, m)]
        return found if holds(self.person, self.record, Action.LIST) else found[:1]

    def visible_rows(self) -> int:
        """How many rows of the record the person reads, as the superuser counts them."""
        assert self.record
        holder = self.record.about.holder or "organisation_id"
        query = sql.SQL("select organisation_id, {} from {} where deleted_at is null").format(
            sql.Identifier(holder), table(self.record)
        )
        rows = self.world.base.execute(query).fetchall()
        return sum(any(self.reads_of(one) for one in both) for both in rows)

    def reads_of(self, organisation: int | None) -> bool:
        """Whether the person reads rows of the record that belong to the organisation."""
        assert self.record
        return reads(self.person, self.record, Target("", 0, organisation))


def _twice(text: str) -> str:
    """As it stands in an address within an address."""
    return quote(quote(text))
