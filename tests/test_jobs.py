"""Background jobs: asked for in the transaction of a change, done by the worker."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.jobs import connected, enqueue, worker_alive
from app.security.database import DatabaseRole, libpq_address, role_name
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

SYSTEM = role_name(DatabaseRole.SYSTEM, PREFIX)


@pytest.fixture
def session(portal: Portal) -> Iterator[Session]:
    """A session that acts as the system, as jobs do."""
    engine = create_engine(portal.cluster.url(portal.database, f"{PREFIX}login", SYSTEM))
    with Session(engine) as session:
        yield session
    engine.dispose()


def waiting(portal: Portal) -> list[tuple[str, object]]:
    with portal.cluster.connect(portal.database) as connection:
        query = "SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
        return connection.execute(query).fetchall()


def test_a_job_waits_only_after_the_change_is_committed(portal: Portal, session: Session) -> None:
    enqueue(session, "greet", name="Ёлкина", count=2)
    assert waiting(portal) == []
    session.commit()
    assert waiting(portal) == [("greet", {"name": "Ёлкина", "count": 2})]


def test_a_job_vanishes_with_the_change_that_asked_for_it(portal: Portal, session: Session) -> None:
    before = waiting(portal)
    enqueue(session, "greet")
    session.rollback()
    assert waiting(portal) == before


def sweep(portal: Portal, session: Session) -> None:
    """As the worker does it."""
    enqueue(session, "sweep", timestamp=0)
    session.commit()
    login = portal.cluster.url(portal.database, f"{PREFIX}login")
    address = libpq_address(login.render_as_string(hide_password=False), SYSTEM)
    # In a thread of its own: a browser test before this one keeps an event loop in the main one.
    with connected(address) as jobs, ThreadPoolExecutor(1) as pool:
        pool.submit(jobs.run_worker, wait=False, install_signal_handlers=False).result()


def test_the_worker_sweeps_sessions_that_have_run_out(portal: Portal, session: Session) -> None:
    portal.client_as("clerk")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("UPDATE user_session SET expires_at = now() - interval '1 minute'")
        connection.execute(
            "INSERT INTO login_throttle (key, failures, failed_at) VALUES"
            " ('user:long ago', 9, now() - interval '2 days'), ('user:now', 9, now())"
        )
    sweep(portal, session)
    with portal.cluster.connect(portal.database) as connection:
        left = connection.execute("SELECT count(*) FROM user_session").fetchone()
        counted = connection.execute(
            "SELECT key FROM login_throttle WHERE starts_with(key, 'user:')"
        ).fetchall()
        at_home = connection.execute(
            "SELECT count(*) FROM login_throttle WHERE succeeded_at > now() - interval '1 hour'"
        ).fetchone()
        failed = connection.execute(
            "SELECT task_name, args FROM procrastinate_jobs"
            " WHERE task_name = 'sweep' AND status <> 'succeeded'"
        ).fetchall()
    assert left == (0,)
    assert counted == [("user:now",)]
    assert at_home == (1,), "who is at home at an address is remembered for longer"
    assert not failed, json.dumps(failed, default=str)


def test_the_worker_sweeps_old_drafts_and_the_keys_of_yesterday(
    portal: Portal, session: Session
) -> None:
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "INSERT INTO form_draft (user_id, key, record, typed, saved_at) SELECT id, n::text,"
            " 'organisation', '{}', now() - n * interval '1 day' FROM ab_user,"
            " unnest(array[1, 2, 29, 31, 40]) n WHERE username = 'clerk'"
        )
        connection.execute(
            "INSERT INTO form_sent (user_id, key, digest, location, sent_at) SELECT id, key, 'x',"
            " '/', now() - hours * interval '1 hour' FROM ab_user,"
            " (VALUES ('1', 1), ('a', 23), ('b', 25)) t (key, hours) WHERE username = 'clerk'"
        )
    sweep(portal, session)
    with portal.cluster.connect(portal.database) as connection:
        drafts = connection.execute("SELECT key FROM form_draft ORDER BY saved_at").fetchall()
        sent = connection.execute("SELECT key FROM form_sent ORDER BY key").fetchall()
    assert drafts == [("29",), ("2",)], "nor one whose form was saved on the way"
    assert sent == [("1",), ("a",)]


def test_a_worker_is_alive_for_half_a_minute_after_its_last_sign(
    portal: Portal, session: Session
) -> None:
    assert not worker_alive(session)
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        session.rollback()
        assert worker_alive(session)
        connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
        )
    session.rollback()
    assert not worker_alive(session)
    assert session.execute(text("SELECT current_user")).scalar_one() == SYSTEM
