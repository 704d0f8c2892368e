"""A person's session in the database and a worker that does what waits, for tests of jobs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.security.database import DatabaseRole, libpq_address, role_name
from tests.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.security.identity import Identity
    from tests.conftest import Portal


def person(portal: Portal, login: str) -> Identity:
    """The first capacity of a demo login, as a job would act in it."""
    from app.security.acting import acting  # noqa: PLC0415 - after the settings of the tests

    with portal.cluster.connect(portal.database) as connection:
        found = connection.execute(
            "select u.id, min(a.id) from ab_user u join role_assignment a on a.user_id = u.id"
            " where u.username = %s group by u.id",
            (login,),
        ).fetchone()
    assert found, f"no login {login}"
    with portal.app.app_context():
        identity = acting(portal.app.extensions["accounts"], *found)
    assert identity
    return identity


@contextmanager
def session_of(portal: Portal, identity: Identity) -> Iterator[Session]:
    """A session in the row scope of a person, as a request has it."""
    from app.extensions import db  # noqa: PLC0415 - after the settings of the tests
    from app.security.scopes import bind_scope  # noqa: PLC0415 - likewise

    with portal.app.app_context():
        session = db.session()
        bind_scope(session, identity.scope)
        yield session
        db.session.remove()


def do_jobs(portal: Portal) -> None:
    """Run a worker until nothing waits, in a thread: browser tests keep a loop in the main one."""
    from app.jobs import connected, running  # noqa: PLC0415 - after the settings of the tests

    running.serve(portal.app)
    login = portal.cluster.url(portal.database, f"{PREFIX}login")
    system = role_name(DatabaseRole.SYSTEM, PREFIX)
    address = libpq_address(login.render_as_string(hide_password=False), system)
    with connected(address) as jobs, ThreadPoolExecutor(1) as pool:
        pool.submit(
            jobs.run_worker, wait=False, install_signal_handlers=False, concurrency=2
        ).result()
