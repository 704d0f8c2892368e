"""Sealing everything anew with the present key, row by row beside the running portal.

A value is replaced only where it still is the one that was read: whoever saves meanwhile wins, and
has sealed with the present key. Each row is a transaction of its own, so nobody waits and nothing
can wait in a ring. What is done is told by the values themselves: a run that was killed is simply
taken up again.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from app.kernel import sealed_params
from app.kernel.catalogue import records
from app.kernel.sealing import Unreadable, cipher, print_of
from app.security import second_steps
from app.services import drafts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psycopg import Connection
    from psycopg.sql import Composed

CHUNK = 500  # rows that are read at a time
# Triggers let pass what only changes the form (migration 0033); what a power cut takes is redone.
QUIET = (
    "select set_config('app.resealing', 'on', false),"
    " set_config('synchronous_commit', 'off', false)"
)
COUNTS = "select split_part({text}, ':', 1), count(*) from {table} where {sealed} group by 1"
READ = (
    "select {key}, {text} from {table} where {key} > %(after)s and {sealed}"
    " and ({all} or split_part({text}, ':', 1) <> %(key)s) order by {key} limit %(chunk)s"
)
WRITE = "update {table} set {what} where {key} = %(id)s and {text} = %(old)s"
LINES = (
    "select id, table_name, before, after from activity where id > %(after)s"
    " and table_name = any (%(tables)s) order by id limit %(chunk)s"
)
PATCH = (
    "update activity set before = before || cast(%(before)s as jsonb),"
    " after = after || cast(%(after)s as jsonb) where id = %(id)s"
)
KEYS_OF_LINES = (
    "select split_part(value, ':', 1), count(*) from activity, lateral (values"
    " (before ->> %(name)s), (after ->> %(name)s)) given (value)"
    " where table_name = %(table)s and value is not null group by 1"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A column of sealed texts; ``path`` is the expression of the text, where it is not the column.

    ``printed`` is the column of its fingerprints.
    """

    table: str
    column: str
    kind: str
    key: str = "id"
    first: Any = 0
    path: str = ""
    printed: str = ""

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.table}.{self.column}"

    def parts(self) -> dict[str, Composed | sql.SQL | sql.Identifier]:
        """What statements about it are put together from."""
        column: Any = sql.Identifier(self.column)
        text = (
            sql.SQL("({} ->> {})").format(column, sql.Literal(self.path)) if self.path else column
        )
        # A draft of a form without restricted fields lies in the open, as a JSON object.
        sealed = sql.SQL("{} is not null and left({}, 1) <> '{{'").format(text, text)
        table = sql.Identifier("public", self.table)
        return {"table": table, "key": sql.Identifier(self.key), "text": text, "sealed": sealed}


def places() -> Iterator[Place]:
    """All columns of the database that hold sealed texts, the log of changes aside."""
    for record in records():
        for name, kind in record.sealed.items():
            yield Place(record.__tablename__, name, kind, printed=print_of(name))
    yield Place("form_draft", "typed", drafts.KIND)
    yield Place("second_step", "seed", second_steps.KIND, "user_id")
    yield Place("user_session", "seed", second_steps.KIND, "token_hash", "")
    yield Place("background_job", "params", sealed_params.KIND, path=sealed_params.SEALED)


def keys_in(connection: Connection, place: Place) -> Counter[str]:
    """How many values of the place each key has sealed."""
    query = sql.SQL(COUNTS).format(**place.parts())
    return Counter(dict(connection.execute(query).fetchall()))


def keys_in_log(connection: Connection) -> Counter[str]:
    """The same of the log of changes."""
    found: Counter[str] = Counter()
    for record in records():
        for name in record.sealed:
            values = {"table": record.__tablename__, "name": name}
            found.update(dict(connection.execute(KEYS_OF_LINES, values).fetchall()))
    return found


def reseal(
    connection: Connection, place: Place, tell: Callable[[int], None], *, index: bool
) -> int:
    """Seal the values of a place anew, and with ``index`` make their fingerprints anew.

    Gives how many no key opens: they stay as they are.
    """
    unreadable, after = 0, place.first
    read = sql.SQL(READ).format(**place.parts(), all=sql.Literal(index and bool(place.printed)))
    while True:
        values = {"after": after, "key": cipher().current, "chunk": CHUNK}
        rows = connection.execute(read, values).fetchall()
        for key, old in rows:
            try:
                _replace(connection, place, key, old, index=index)
            except Unreadable:
                unreadable += 1
        if not rows:
            return unreadable
        after = rows[-1][0]
        tell(len(rows))


def _replace(connection: Connection, place: Place, key: Any, old: str, *, index: bool) -> None:
    opened = cipher().unseal(place.kind, old)
    values = {"id": key, "old": old, "new": cipher().seal(place.kind, opened, opened.uid)}
    column = sql.Identifier(place.column)
    what = sql.SQL("{} = %(new)s").format(column)
    if place.path:
        built = "{} = jsonb_set({}, array[{}], to_jsonb(cast(%(new)s as text)))"
        what = sql.SQL(built).format(column, column, sql.Literal(place.path))
    if index and place.printed:
        values["print"] = cipher().fingerprint(place.kind, opened)
        what = sql.SQL("{}, {} = %(print)s").format(what, sql.Identifier(place.printed))
    connection.execute(sql.SQL(WRITE).format(**place.parts(), what=what), values)


def reseal_log(connection: Connection, tell: Callable[[int], None], *, index: bool) -> int:
    """Seal what the log of changes has kept anew; gives the lines that no key opens."""
    sealed = {record.__tablename__: record.sealed for record in records() if record.sealed}
    unreadable, after = 0, 0
    while True:
        values = {"after": after, "tables": list(sealed), "chunk": CHUNK}
        rows = connection.execute(LINES, values).fetchall()
        for number, table, *sides in rows:
            try:
                patches = [_patched(side, sealed[table], index=index) for side in sides]
            except Unreadable:
                unreadable += 1
                continue
            if any(patches):
                before, later = map(json.dumps, patches)
                patch = {"id": number, "before": before, "after": later}
                connection.execute(PATCH, patch)
        if not rows:
            return unreadable
        after = rows[-1][0]
        tell(len(rows))


def _patched(
    side: Mapping[str, Any] | None, sealed: Mapping[str, str], *, index: bool
) -> dict[str, str]:
    """What is to be replaced on one side of a line."""
    found: dict[str, str] = {}
    for name, kind in sealed.items():
        old = (side or {}).get(name)
        if old is None or not (index or old.partition(":")[0] != cipher().current):
            continue
        opened = cipher().unseal(kind, old)
        found[name] = cipher().seal(kind, opened, opened.uid)
        if index:
            found[print_of(name)] = cipher().fingerprint(kind, opened)
    return found
