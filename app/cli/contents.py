"""What a database holds: rows and a content hash per table, heads of the logs, sequences."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

LOGS = ("activity", "access_log")
FILES = "file"  # the table whose rows name blobs

# With it off, a statement of which row security would hide rows fails instead.
_NOTHING_HIDDEN = "set local row_security = off"
# Texts of values must not depend on the server or the person.
_SAME = (
    "set local timezone = 'UTC'",
    "set local datestyle = 'ISO, YMD'",
    "set local intervalstyle = 'postgres'",
    "set local bytea_output = 'hex'",
    "set local extra_float_digits = 1",
    "set local statement_timeout = 0",
)
# Generated columns follow from the others, by rules of the server's own.
_TABLES = """
select c.relname, array_agg(a.attname::text order by a.attname)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
group by c.relname order by c.relname
"""
_SEQUENCES = "select sequencename, last_value from pg_sequences where schemaname = 'public'"


@dataclass(frozen=True)
class Table:
    """Number of rows, and a hash of their values that does not depend on their order."""

    rows: int
    content: str


@dataclass(frozen=True)
class Contents:
    """What a database holds, in a form that two databases can be compared by."""

    head: str
    tables: dict[str, Table]
    heads: dict[str, list[Any]]
    sequences: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Contents:
        """From the manifest."""
        tables = {name: Table(**table) for name, table in told["tables"].items()}
        return cls(told["head"], tables, told["heads"], told["sequences"])


@dataclass(frozen=True)
class Compared:
    """One line of a comparison."""

    name: str
    expected: str
    found: str
    same: bool


def read(connection: Connection, *, owner: bool = False) -> Contents:
    """Contents of the database, within the present transaction of the connection.

    Args:
        connection: whose role row security does not touch.
        owner: it acts as the owner of the tables, whose policies show it every row.

    Raises:
        psycopg.errors.InsufficientPrivilege: row security would have hidden rows.
    """
    for statement in (*_SAME, *(() if owner else (_NOTHING_HIDDEN,))):
        connection.execute(statement.encode())
    tables = {
        name: _table(connection, name, columns)
        for name, columns in connection.execute(_TABLES).fetchall()
    }
    row = None
    if "alembic_version" in tables:
        row = connection.execute("select version_num from alembic_version").fetchone()
    heads = {name: _head(connection, name) for name in LOGS if name in tables}
    numbers = {name: last or 0 for name, last in connection.execute(_SEQUENCES).fetchall()}
    return Contents(row[0] if row else "", tables, heads, numbers)


def _table(connection: Connection, name: str, columns: list[str]) -> Table:
    values = sql.SQL(", ").join(map(sql.Identifier, columns))
    row = connection.execute(
        sql.SQL(
            "select count(*), coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0),"
            " coalesce(sum(('x' || substr(h, 17, 16))::bit(64)::bigint::numeric), 0)"
            " from (select encode(sha256(convert_to(row({values})::text, 'UTF8')), 'hex') as h"
            " from only {table}) r"
        ).format(values=values, table=sql.Identifier("public", name))
    ).fetchone()
    rows, first, second = row or (0, 0, 0)
    told = f"{','.join(columns)}:{rows}:{first}:{second}"
    return Table(rows, hashlib.sha256(told.encode()).hexdigest())


def _head(connection: Connection, name: str) -> list[Any]:
    """Number and hash of the last line of a log."""
    row = connection.execute(
        sql.SQL(
            "select id, encode(sha256(convert_to(t::text, 'UTF8')), 'hex') from {} t"
            " order by id desc limit 1"
        ).format(sql.Identifier("public", name))
    ).fetchone()
    return list(row) if row else []


def blobs_named(connection: Connection) -> set[str]:
    """SHA-256 of every content that rows of the database refer to."""
    there = connection.execute(
        "select 1 from information_schema.columns where table_schema = 'public'"
        " and table_name = %s and column_name = 'sha256'",
        (FILES,),
    ).fetchone()
    if there is None:
        return set()
    query = sql.SQL("select distinct sha256 from {}").format(sql.Identifier("public", FILES))
    return {row[0] for row in connection.execute(query).fetchall()}


def compare(expected: Contents, found: Contents) -> list[Compared]:
    """Line by line what was to be there and what is."""
    lines = [Compared("миграция", expected.head, found.head, expected.head == found.head)]
    for name in sorted(expected.tables.keys() | found.tables.keys()):
        one, other = expected.tables.get(name), found.tables.get(name)
        lines.append(Compared(name, _words(one, other), _words(other, one), one == other))
    for name in sorted(expected.heads.keys() | found.heads.keys()):
        ends = expected.heads.get(name, []), found.heads.get(name, [])
        one_word, other_word = (f"№ {end[0]}" if end else "пуст" for end in ends)
        lines.append(Compared(f"конец журнала {name}", one_word, other_word, ends[0] == ends[1]))
    # A sequence may have moved on between the snapshot and its copy, never back.
    behind = {
        name: last
        for name, last in expected.sequences.items()
        if found.sequences.get(name, -1) < last
    }
    lines.append(
        Compared("счётчики", str(len(expected.sequences)), f"отстают: {len(behind)}", not behind)
    )
    return lines


def _words(table: Table | None, other: Table | None) -> str:
    if table is None:
        return "нет"
    same_rows = other is not None and other.rows == table.rows
    differs = same_rows and other is not None and other.content != table.content
    return f"{table.rows}, другое содержимое" if differs else str(table.rows)
