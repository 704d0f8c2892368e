"""Keys are changed beside the running portal; nobody notices, and the old key can go."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from app.cli.check_keys import key_checks
from app.cli.resealing import places
from app.cli.rotate_keys import rotate_keys
from app.kernel import sealing
from app.kernel.blobs import Blobs
from app.kernel.sealed_params import kept, opened
from app.kernel.sealing import Sealed, cipher_of
from app.security.database import DatabaseRole, libpq_address, role_name
from config import new_key
from tests.cli.archives import run
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Portal

SNILS = "11223344595"
SEEN = "select id, version, updated_at, updated_by from {} order by id"
TABLES = ("student", "student_identity_document", "guardian", "guardian_identity_document")


@pytest.fixture(scope="module")
def ring(portal: Portal) -> list[str]:
    """All keys of this file, the newest first."""
    return str(portal.app.config["SEALING_KEYS"]).split()


@pytest.fixture
def keys(portal: Portal, ring: list[str]) -> Iterator[dict[str, str]]:
    """A new key for this test, and ways to go on with it."""
    (index,) = (pair for pair in ring if pair.startswith("index="))
    name = f"n{len(ring)}"
    ring.insert(0, f"{name}={new_key()}")
    yield {"name": name, "all": " ".join(ring), "new": f"{ring[0]} {index}"}
    sealing.use(cipher_of(str(portal.app.config["SEALING_KEYS"])))


def seen(base: psycopg.Connection) -> list[Any]:
    """What people could notice of a write: versions, stamps, lines of history."""
    rows = [base.execute(SEEN.format(table).encode()).fetchall() for table in TABLES]
    return [*rows, base.execute("select count(*), max(id) from activity").fetchone()]


def learner(base: psycopg.Connection) -> tuple[int, Any, str]:
    found = base.execute(
        "select id, uid, snils from student where snils is not null order by id desc limit 1"
    ).fetchone()
    assert found
    return found[0], found[1], found[2]


def test_after_a_change_of_keys_the_old_one_is_not_needed(
    portal: Portal, base: psycopg.Connection, data: Path, keys: dict[str, str]
) -> None:
    store = Blobs(data / "files")
    name = store.put(io.BytesIO(b"a scan"), 100).sha256
    params = kept({"record": "student", "form": [["snils__eq", SNILS]]})
    assert SNILS not in str(params)
    base.execute(
        "insert into background_job (kind, title, params, user_id) select 'export', 'x',"
        " jsonb_build_object('sealed', cast(%s as text)), min(id) from ab_user",
        (params["sealed"],),
    )
    before = seen(base)
    sealing.use(cipher_of(keys["all"]))
    counted = run(portal, rotate_keys, "--dry-run")
    assert f"Ещё нужны: {keys['name']}, k1" in counted.output
    done = run(portal, rotate_keys)
    assert done.exit_code == 0, done.output
    assert f"Нужен только {keys['name']}" in done.output
    assert seen(base) == before, "no version, no stamp, no line of history"
    sealing.use(cipher_of(keys["new"]))
    with portal.app.app_context():
        assert {finding.state for finding in key_checks(portal.app.config, data)} == {"ok"}
    job = base.execute("select params from background_job where title = 'x'").fetchone()
    assert job
    assert opened(job[0])["form"] == [["snils__eq", SNILS]]
    assert store.verify(name)
    operator = portal.client_as("operator")
    ident, uid, stored = learner(base)
    assert stored.startswith(keys["name"])
    assert sealing.cipher().unseal("snils", stored).uid == uid
    assert operator.get(f"/enrolment/student/{ident}").status_code == 200
    assert operator.get(f"/enrolment/student/{ident}/history").status_code == 200
    line = base.execute(
        "select after ->> 'snils' from activity where after ? 'snils' order by id desc limit 1"
    ).fetchone()
    assert line
    assert sealing.cipher().unseal("snils", line[0])


def test_a_run_that_is_killed_is_taken_up_again(
    portal: Portal, base: psycopg.Connection, data: Path, keys: dict[str, str]
) -> None:
    base.execute(
        "insert into activity (table_name, row_id, access_group, verb, after, transaction)"
        " select 'student', a.row_id, a.access_group, 'update', a.after, a.transaction"
        " from (select * from activity where table_name = 'student' and after ? 'snils' limit 1) a,"
        " generate_series(1, 4000)"
    )
    settings = portal.app.config
    environment = {
        **os.environ,
        "PORTAL_KEYS": keys["all"],
        "PORTAL_DATA": str(data),
        "DATABASE_OWNER_URL": settings["ADMIN_DATABASE_URI"],
        "DATABASE_URL": settings["SQLALCHEMY_DATABASE_URI"],
        "PORTAL_ROLE_PREFIX": PREFIX,
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "portal", "rotate-keys"]
    going = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    sealed = keys["name"] + ":%"
    done = "select count(*) from activity where after ->> 'snils' like %s"
    end = time.monotonic() + 60
    while base.execute(done, (sealed,)).fetchone() == (0,) and time.monotonic() < end:
        time.sleep(0.02)
    going.send_signal(signal.SIGKILL)
    assert going.wait() == -signal.SIGKILL
    rest = "select count(*) from activity where after ->> 'snils' not like %s"
    left = base.execute(rest, (sealed,)).fetchone()
    assert left
    assert left[0] > 0, "killed in the middle"
    sealing.use(cipher_of(keys["all"]))
    assert f"Нужен только {keys['name']}" in run(portal, rotate_keys).output
    assert base.execute(rest, (sealed,)).fetchone() == (0,)


def test_what_is_saved_meanwhile_is_not_lost(
    portal: Portal, base: psycopg.Connection, data: Path, keys: dict[str, str]
) -> None:
    del data
    sealing.use(cipher_of(keys["all"]))
    ident, uid, _stored = learner(base)
    ended, last = threading.Event(), [""]

    def save() -> None:
        with portal.cluster.connect(portal.database) as connection:
            number = 0
            while not ended.is_set():
                number += 1
                last[0] = f"{number:011d}"
                stored = sealing.cipher().seal("snils", Sealed(last[0], uid), uid)
                connection.execute("update student set snils = %s where id = %s", (stored, ident))

    saver = threading.Thread(target=save)
    saver.start()
    try:
        done = run(portal, rotate_keys, "--index")
    finally:
        ended.set()
        saver.join()
    assert done.exit_code == 0, done.output
    assert sealing.cipher().unseal("snils", learner(base)[2]) == last[0]


@pytest.mark.usefixtures("data", "keys")
def test_another_index_finds_equal_numbers_again(
    portal: Portal, base: psycopg.Connection, ring: list[str]
) -> None:
    people = "select id, person_uid from student order by id"
    before = base.execute(people).fetchall()
    ring[:] = [pair for pair in ring if not pair.startswith("index=")] + [f"index={new_key()}"]
    sealing.use(cipher_of(" ".join(ring)))
    assert run(portal, rotate_keys, "--index").exit_code == 0
    for table in ("student", "guardian"):
        query = f"select snils, snils_print from {table} where snils is not null"  # noqa: S608 - names of ours
        for stored, printed in base.execute(query.encode()).fetchall():
            text = sealing.cipher().unseal("snils", stored)
            assert sealing.cipher().fingerprint("snils", text) == printed
    assert base.execute(people).fetchall() == before, "nobody becomes somebody else"


def test_the_portal_itself_cannot_write_without_a_line_of_history(
    portal: Portal, base: psycopg.Connection
) -> None:
    count = "select count(*) from activity where table_name = 'organisation'"
    lines = base.execute(count).fetchone()
    login = portal.cluster.url(portal.database, f"{PREFIX}login")
    address = login.render_as_string(hide_password=False)
    system = role_name(DatabaseRole.SYSTEM, PREFIX)
    with psycopg.connect(libpq_address(address, system)) as connection:
        connection.execute("select set_config('app.resealing', 'on', true)")
        connection.execute(
            "update organisation set phone = '+74812001122'"
            " where id = (select min(id) from organisation)"
        )
    assert lines
    assert base.execute(count).fetchone() == (lines[0] + 1,)


def test_no_sealed_column_is_forgotten(base: psycopg.Connection) -> None:
    """Every text that reads like a sealed one stands in a place that the command knows."""
    known = {(place.table, place.column) for place in places()} | {("activity", "before")}
    known |= {("activity", "after")}
    columns = base.execute(
        "select table_name, column_name from information_schema.columns where table_schema ="
        " 'public' and data_type in ('text', 'character varying', 'jsonb')"
    ).fetchall()
    found = set()
    for table, column in columns:
        query = psycopg.sql.SQL("select exists (select from {} where {}::text ~ {})").format(
            psycopg.sql.Identifier(table),
            psycopg.sql.Identifier(column),
            psycopg.sql.Literal("[a-z0-9]+:[0-9a-f-]{36}:[A-Za-z0-9_=-]{30}"),
        )
        if base.execute(query).fetchone() == (True,):
            found.add((table, column))
    assert found <= known, found - known
    assert ("student", "snils") in found
