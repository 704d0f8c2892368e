"""The made-up region enters the database: COPY into staging tables, then one transaction."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import sql

from app.kernel.sealing import cipher_of, use
from app.services.seeding.plan import class_lines, school_line
from app.services.seeding.pupils import Crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from app.services.seeding.plan import School

T = TypeVar("T")
HERE = Path(__file__).parent
TABLES = (
    "organisation", "organisation_language", "organisation_address", "education_program",
    "school_class", "guardian", "student", "student_guardian", "student_identity_document",
    "student_address", "student_enrolment", "class_membership", "education_event",
    "student_completed_program",
)  # fmt: skip
NUMBERED = ("organisation", "education_program", "school_class", "guardian", "student",
            "student_enrolment", "class_membership")  # fmt: skip
STAGED = ("pupil", "parent", "kin")
AT_ONCE = 5  # schools that a process makes and sends
ALONE = 20  # schools below which starting processes costs more than it gives
SETTINGS = {
    "statement_timeout": "0", "lock_timeout": "60s", "work_mem": "256MB",
    "maintenance_work_mem": "512MB", "synchronous_commit": "off",
}  # fmt: skip
# What is dropped before rows come and made again behind them: checking all rows at once and
# building an index from sorted rows is several times quicker than doing so row by row.
_KEYS = """
select 1 as place, format('drop index %%s', x.indexrelid::regclass) as drop,
    pg_get_indexdef(x.indexrelid) as make, x.indexrelid::regclass::text as name
from pg_index x
where x.indrelid = any (%(tables)s::regclass[]) and not exists (
    select from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u', 'x')
)
union all
select case c.contype when 'x' then 2 else 3 end,
    format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname),
    format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname,
           pg_get_constraintdef(c.oid)), c.conname
from pg_constraint c
where c.conrelid = any (%(tables)s::regclass[]) and c.contype in ('f', 'x')
order by place, name
"""


def load(address: str, keys: str, schools: Sequence[School], say: Callable[[str], Any]) -> None:
    """Make the schools and load them as the owner of the tables.

    ``keys`` seal what is restricted. Row security stays as it is; triggers rest for the length of
    the one transaction, so nothing enters the log, and what they would have written is loaded.
    """
    with psycopg.connect(address) as connection:
        _run(connection, "staging.sql")
        _copy(connection, "school", map(school_line, schools))
        _copy(connection, "room", (line for school in schools for line in class_lines(school)))
    try:
        _stage(address, keys, schools, say)
        with psycopg.connect(address) as connection:
            _load(connection, say)
    finally:
        with psycopg.connect(address) as connection:
            connection.execute("drop schema if exists portal_seed cascade")
    say("Статистика таблиц…")
    with psycopg.connect(address, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier(table)))


def _stage(address: str, keys: str, schools: Sequence[School], say: Callable[[str], Any]) -> None:
    parts = [(address, part) for part in _batched(schools, AT_ONCE)]
    for done, _ in enumerate(_produced(parts, keys, many=len(schools)), 1):
        if done % max(len(parts) // 10, 1) == 0:
            say(f"Обучающиеся: {100 * done // len(parts)} %")


def _produced(parts: list[Any], keys: str, *, many: int) -> Iterator[None]:
    if many < ALONE:
        yield from map(_produce, parts)
        return
    processes = os.cpu_count() or 1
    spawn = get_context("spawn")  # a fork would share the connections of this process
    with ProcessPoolExecutor(processes, spawn, _begin, (keys,)) as pool:
        yield from pool.map(_produce, parts)


def _begin(keys: str) -> None:
    use(cipher_of(keys))


def _produce(part: tuple[str, tuple[School, ...]]) -> None:
    """Make some schools and send their learners, in whatever process."""
    address, schools = part
    crowds = [Crowd(school).everybody() for school in schools]
    with psycopg.connect(address) as connection:
        for place, table in enumerate(STAGED):
            _copy(connection, table, (line for crowd in crowds for line in crowd[place]))


def _copy(connection: psycopg.Connection, table: str, lines: Iterable[tuple[object, ...]]) -> None:
    into = sql.SQL("copy portal_seed.{} from stdin").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for some in _batched(lines, 500):
            copy.write("".join("\t".join(map(_text, line)) + "\n" for line in some))


def _batched(lines: Iterable[T], many: int) -> Iterator[tuple[T, ...]]:
    """Up to so many at a time; ``itertools`` has it from Python 3.12 on."""
    left = iter(lines)
    while some := tuple(islice(left, many)):
        yield some


def _text(value: object) -> str:
    """As COPY reads it; nothing made here holds a tab or a backslash."""
    return r"\N" if value is None else str(value)


def _load(connection: psycopg.Connection, say: Callable[[str], Any]) -> None:
    """The one transaction: all or nothing, triggers and keys as they were."""
    for name, value in SETTINGS.items():
        connection.execute("select set_config(%s, %s, true)", (name, value))
    for table in STAGED:
        connection.execute(sql.SQL("analyze portal_seed.{}").format(sql.Identifier(table)))
    keys = connection.execute(_KEYS, {"tables": list(TABLES)}).fetchall()
    _triggers(connection, "disable")
    for key in reversed(keys):
        connection.execute(key[1].encode())
    say("Строки…")
    _run(connection, "rows.sql")
    say("Зачисления, классы, события…")
    _run(connection, "ways.sql")
    for table in NUMBERED:
        _count_on(connection, table)
    say("Индексы и связи…")
    for key in keys:
        connection.execute(key[2].encode())
    _triggers(connection, "enable")


def _run(connection: psycopg.Connection, name: str) -> None:
    for statement in (HERE / name).read_bytes().split(b";\n"):
        if statement.strip():
            connection.execute(statement)


def _triggers(connection: psycopg.Connection, how: str) -> None:
    """Rest or wake the triggers that are ours; those of keys belong to the server."""
    for table in TABLES:
        command = sql.SQL("alter table {} {} trigger user")
        connection.execute(command.format(sql.Identifier(table), sql.SQL(how)))


def _count_on(connection: psycopg.Connection, table: str) -> None:
    """New rows get keys above those that were given here."""
    command = sql.SQL("select setval(pg_get_serial_sequence({}, 'id'), max(id)) from {}")
    connection.execute(command.format(sql.Literal(table), sql.Identifier(table)))
