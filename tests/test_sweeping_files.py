"""Content goes when nothing points to it any more, and never sooner."""

from __future__ import annotations

import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.jobs import connected, enqueue
from app.kernel.blobs import Blobs
from app.security.database import DatabaseRole, libpq_address, role_name
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.conftest import Portal

DAY = 24 * 60 * 60


@pytest.fixture
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    with portal.cluster.connect(portal.database) as connection:
        yield connection


@pytest.fixture
def blobs(portal: Portal) -> Blobs:
    return Blobs(Path(portal.app.config["PORTAL_DATA"]) / "files")


def keep(
    base: psycopg.Connection, blobs: Blobs, content: bytes, *, days: float = 0, row: bool = True
) -> str:
    """Content put so many days ago, with a file that was staged then."""
    sha256 = blobs.put(io.BytesIO(content), 1000).sha256
    moment = time.time() - days * DAY
    os.utime(blobs.path(sha256), (moment, moment))
    if row:
        base.execute(
            "insert into file (uid, sha256, size, media_type, name, created_at)"
            " select gen_random_uuid(), %s, 1, 'application/pdf', 'a.pdf',"
            " now() - %s * interval '1 day'",
            (sha256, days),
        )
    return sha256


def attach(base: psycopg.Connection, sha256: str) -> int:
    """Into a licence; gives the licence."""
    found = base.execute(
        "update organisation_licence set file_id = (select id from file where sha256 = %s)"
        " where id = (select min(id) from organisation_licence where file_id is null) returning id",
        (sha256,),
    ).fetchone()
    assert found
    return int(found[0])


def sweep(portal: Portal) -> None:
    """As the worker does it."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - only tests with a database
    from sqlalchemy.orm import Session  # noqa: PLC0415 - only tests with a database

    system = role_name(DatabaseRole.SYSTEM, PREFIX)
    engine = create_engine(portal.cluster.url(portal.database, f"{PREFIX}login", system))
    with Session(engine) as session:
        enqueue(session, "sweep_files", timestamp=0)
        session.commit()
    engine.dispose()
    login = portal.cluster.url(portal.database, f"{PREFIX}login")
    address = libpq_address(login.render_as_string(hide_password=False), system)
    with connected(address) as jobs, ThreadPoolExecutor(1) as pool:
        pool.submit(jobs.run_worker, wait=False, install_signal_handlers=False).result()
    with portal.cluster.connect(portal.database) as connection:
        failed = connection.execute(
            "select count(*) from procrastinate_jobs"
            " where task_name = 'sweep_files' and status <> 'succeeded'"
        ).fetchone()
    assert failed == (0,)


def rows(base: psycopg.Connection, sha256: str) -> int:
    found = base.execute("select count(*) from file where sha256 = %s", (sha256,)).fetchone()
    return int(found[0]) if found else 0


def test_what_nobody_saved_goes_after_a_day_and_its_content_after_two(
    portal: Portal, base: psycopg.Connection, blobs: Blobs
) -> None:
    fresh = keep(base, blobs, b"fresh")
    yesterday = keep(base, blobs, b"yesterday", days=1.1)
    old = keep(base, blobs, b"old", days=2.1)
    sweep(portal)
    assert [rows(base, each) for each in (fresh, yesterday, old)] == [1, 0, 0]
    assert blobs.verify(fresh)
    assert blobs.verify(yesterday), "a backup of yesterday may still need it"
    assert not blobs.verify(old)


def test_content_without_any_row_goes_after_two_days(
    portal: Portal, base: psycopg.Connection, blobs: Blobs
) -> None:
    running = keep(base, blobs, b"of a transaction that still runs", row=False)
    orphan = keep(base, blobs, b"of a transaction that failed", days=2.1, row=False)
    sweep(portal)
    assert blobs.verify(running)
    assert not blobs.verify(orphan)


def test_what_a_row_points_to_stays_for_good(
    portal: Portal, base: psycopg.Connection, blobs: Blobs
) -> None:
    sha256 = keep(base, blobs, b"attached", days=400)
    licence = attach(base, sha256)
    sweep(portal)
    assert blobs.verify(sha256)
    base.execute("update organisation_licence set deleted_at = now() where id = %s", (licence,))
    sweep(portal)
    assert blobs.verify(sha256), "a row in the trash may come back"


def test_what_was_replaced_goes_a_day_later_and_keeps_its_name(
    portal: Portal, base: psycopg.Connection, blobs: Blobs
) -> None:
    sha256 = keep(base, blobs, b"replaced", days=30)
    licence = attach(base, sha256)
    base.execute("update organisation_licence set file_id = null where id = %s", (licence,))
    sweep(portal)
    assert blobs.verify(sha256)
    base.execute(
        "update file set detached_at = now() - interval '25 hours' where sha256 = %s", (sha256,)
    )
    sweep(portal)
    assert not blobs.verify(sha256)
    assert rows(base, sha256) == 1, "history names it"


def test_content_that_two_files_share_stays_while_one_needs_it(
    portal: Portal, base: psycopg.Connection, blobs: Blobs
) -> None:
    sha256 = keep(base, blobs, b"shared", days=30)
    attach(base, sha256)
    keep(base, blobs, b"shared", days=30)
    assert rows(base, sha256) == 2
    sweep(portal)
    assert rows(base, sha256) == 1
    assert blobs.verify(sha256)


def old(portal: Portal, folder: str, content: bytes, days: float) -> tuple[Blobs, str]:
    """Content of another folder, put so many days ago."""
    blobs = Blobs(Path(portal.app.config["PORTAL_DATA"]) / folder)
    sha256 = blobs.put(io.BytesIO(content), 1000).sha256
    moment = time.time() - days * DAY
    os.utime(blobs.path(sha256), (moment, moment))
    return blobs, sha256


@pytest.mark.parametrize("column", ["file_hash", "check_file", "report_file"])
def test_files_of_an_import_stay_a_year_after_its_last_step(
    portal: Portal, base: psycopg.Connection, column: str
) -> None:
    folder = "uploads" if column == "file_hash" else "reports"
    kept: list[tuple[Blobs, str]] = []
    for created, checked in ((800, 364), (800, 366)):
        blobs, sha256 = old(portal, folder, f"{column} {checked}".encode(), 800)
        names = {"file_hash": "0" * 64, "check_file": None, "report_file": None, column: sha256}
        base.execute(
            "insert into data_import (kind, file_hash, file_name, file_size, check_file,"
            " report_file, created_at, checked_at, state) values (%(kind)s, %(file_hash)s, 'a.xml',"
            " 1, %(check_file)s, %(report_file)s, now() - %(created)s * interval '1 day',"
            " now() - %(checked)s * interval '1 day', 'applied')",
            {**names, "kind": "accreditation", "created": created, "checked": checked},
        )
        kept.append((blobs, sha256))
    orphan = old(portal, folder, f"{column} orphan".encode(), 2.1)
    base.commit()
    sweep(portal)
    assert [blobs.has(sha256) for blobs, sha256 in (*kept, orphan)] == [True, False, False]


def test_a_file_made_by_a_job_stays_two_weeks_and_its_page_says_why_it_is_gone(
    portal: Portal, base: psycopg.Connection
) -> None:
    numbers = []
    for days in (13, 15):
        _blobs, sha256 = old(portal, "results", f"result {days}".encode(), days)
        found = base.execute(
            "insert into background_job (kind, title, user_id, state, finished_at, file_hash,"
            " file_name, file_type) select 'export', 'Выгрузка', id, 'done',"
            " now() - %s * interval '1 day', %s, 'list.csv', 'text/csv' from ab_user"
            " where username = 'operator' returning id",
            (days, sha256),
        ).fetchone()
        assert found
        numbers.append(found[0])
    base.commit()
    sweep(portal)
    client = portal.client_as("operator")
    here, gone = (f"/jobs/{number}" for number in numbers)
    answer = client.get(f"{here}/file")
    assert answer.data == b"result 13"
    answer.close()
    page = client.get(gone).text
    assert "Срок хранения файла (14 дн.) прошёл" in page
    assert f"{gone}/file" not in page
    assert client.get(f"{gone}/file").status_code == 404
