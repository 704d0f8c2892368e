"""The made-up region enters the database in one transaction, by COPY into staging tables."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from time import sleep
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
Texts = tuple[bytes, bytes, bytes]  # as STAGED
HERE = Path(__file__).parent
TABLES = (
    "organisation", "organisation_language", "organisation_address", "education_program",
    "school_class", "guardian", "student", "student_guardian", "student_identity_document",
    "student_address", "student_enrolment", "class_membership", "education_event",
    "student_completed_program",
)  # fmt: skip
WORDS = ("guardian_word", "student_word")  # written by triggers, which stay awake
NUMBERED = ("organisation", "education_program", "school_class", "guardian", "student",
            "student_enrolment", "class_membership")  # fmt: skip
STAGED = ("pupil", "parent", "kin")
AT_ONCE = 5  # schools that a process makes in one go
TOGETHER = 10  # such parts that are loaded by one run of the statements
AHEAD = 3 * TOGETHER  # parts made before they are asked for: memory does not grow with the region
ALONE = 20  # schools below which starting processes costs more than it gives
SETTINGS = {
    "statement_timeout": "0", "lock_timeout": "60s", "idle_in_transaction_session_timeout": "0",
    "work_mem": "256MB", "maintenance_work_mem": "512MB", "temp_buffers": "64MB",
    "synchronous_commit": "off", "client_connection_check_interval": "5s",  # end with this process
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
select case c.contype when 'f' then 3 else 2 end,
    format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname),
    format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname,
           pg_get_constraintdef(c.oid)), c.conname
from pg_constraint c
where c.conrelid = any (%(tables)s::regclass[]) and c.contype in ('f', 'x')
    or c.conrelid = any (%(words)s::regclass[]) and c.contype = 'p'
order by place, name
"""


def load(address: str, keys: str, schools: Sequence[School], say: Callable[[str], Any]) -> None:
    """Make the schools and load them as the owner of the tables: all or nothing.

    ``keys`` seal what is restricted. Row security stays as it is; triggers rest for the length of
    the one transaction, so nothing enters the log, and what they would have written is loaded.
    Processes make the next learners while the server takes in those before; when this one is
    killed, the server takes everything back, constraints, indexes and triggers with it.
    """
    with psycopg.connect(address) as connection:
        for name, value in SETTINGS.items():
            connection.execute("select set_config(%s, %s, false)", (name, value))
        _load(connection, keys, schools, say)


def tidy(address: str) -> None:
    """Let the server count what has come, several tables at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_tidy_one, address), reversed((*TABLES, *WORDS))))


def _tidy_one(address: str, table: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier(table)))


def _load(
    connection: psycopg.Connection, keys: str, schools: Sequence[School], say: Callable[[str], Any]
) -> None:
    """The one transaction."""
    rest = connection.execute(_KEYS, {"tables": [*TABLES, *WORDS], "words": list(WORDS)}).fetchall()
    _triggers(connection, "disable")
    for words in WORDS:
        command = sql.SQL("alter table {} enable trigger {}").format(
            sql.Identifier(words.removesuffix("_word")), sql.Identifier(f"{words}s_added")
        )
        connection.execute(command)
    for key in reversed(rest):
        connection.execute(key[1].encode())
    _run(connection, "staging.sql")
    _copy(connection, "school", [_lines(map(school_line, schools))])
    _copy(connection, "room", [_lines(line for school in schools for line in class_lines(school))])
    _run(connection, "schools.sql")
    done = 0
    for some in _batched(_produced(list(_batched(schools, AT_ONCE)), keys), TOGETHER):
        for place, table in enumerate(STAGED):
            _copy(connection, table, [part[place] for part in some])
        _run(connection, "rows.sql")
        _run(connection, "ways.sql")
        done += len(some) * AT_ONCE
        say(f"Обучающиеся: {min(100 * done // len(schools), 100)} %")
    for table in NUMBERED:
        _count_on(connection, table)
    say("Индексы и связи…")
    for key in rest:
        connection.execute(key[2].encode())
    _triggers(connection, "enable")


def _produced(parts: list[tuple[School, ...]], keys: str) -> Iterator[Texts]:
    """The learners of each part, in order; other processes make them where they are many."""
    if len(parts) * AT_ONCE < ALONE:
        yield from map(_produce, parts)
        return
    spawn = get_context("spawn")  # a fork would share the connections of this process
    with ProcessPoolExecutor(os.cpu_count(), spawn, _begin, (keys,)) as pool:
        left = iter(parts)
        ahead = deque(pool.submit(_produce, part) for part in islice(left, AHEAD))
        while ahead:
            yield ahead.popleft().result()
            ahead.extend(pool.submit(_produce, part) for part in islice(left, 1))


def _begin(keys: str) -> None:
    use(cipher_of(keys))
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    """A process whose parent was killed would wait for work for ever."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


def _produce(schools: tuple[School, ...]) -> Texts:
    """Make the learners of some schools, in whatever process, as COPY reads them."""
    crowds = [Crowd(school).everybody() for school in schools]
    pupils, parents, kin = (
        _lines(line for crowd in crowds for line in crowd[place]) for place in range(len(STAGED))
    )
    return pupils, parents, kin


def _copy(connection: psycopg.Connection, table: str, texts: Iterable[bytes]) -> None:
    """Put these rows, and no others, into a staging table."""
    into = sql.Identifier(f"made_{table}")
    connection.execute(sql.SQL("truncate {}").format(into))
    command = sql.SQL("copy {} from stdin").format(into)
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for text in texts:
            copy.write(text)


def _lines(lines: Iterable[tuple[object, ...]]) -> bytes:
    return "".join("\t".join(map(_text, line)) + "\n" for line in lines).encode()


def _batched(lines: Iterable[T], many: int) -> Iterator[tuple[T, ...]]:
    """Up to so many at a time; ``itertools`` has it from Python 3.12 on."""
    left = iter(lines)
    while some := tuple(islice(left, many)):
        yield some


def _text(value: object) -> str:
    """As COPY reads it; nothing made here holds a tab or a backslash."""
    return r"\N" if value is None else str(value)


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
