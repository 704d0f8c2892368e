"""Somebody asks for a job: it acts as that person and ends whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from app.kernel.blobs import Blobs
from app.kernel.errors import Message, Refused
from app.kernel.scratch import scratch
from app.kernel.work import Outcome, Task, handles
from app.models.registry import Organisation
from app.models.work import BackgroundJob
from app.services import work
from tests.working import do_jobs, person, session_of

if TYPE_CHECKING:
    from tests.conftest import Portal

GATE = threading.Event()


@handles("test.phone")
def set_phone(task: Task) -> Outcome:
    """Writes the telephone of an organisation, tells, then perhaps fails."""
    organisation = task.session.get(Organisation, task.params["organisation"])
    assert organisation
    organisation.phone = task.params["phone"]
    task.session.flush()
    task.progress(1, 2)
    if task.params.get("fail"):
        raise RuntimeError("planned by the test")
    return Outcome(Message("Записано: %(phone)s", phone=task.params["phone"]), {"rows": 1})


@handles("test.while")
def take_a_while(task: Task) -> Outcome:
    """Works for half a second."""
    task.session.execute(text("select pg_sleep(0.5)"))
    return Outcome()


@handles("test.file")
def make_file(task: Task) -> Outcome:
    """Makes a file."""
    file = scratch()
    file.write((task.params["text"] + "\n").encode())
    return Outcome(file=file, file_name="отчёт.txt", file_type="text/plain")


@handles("test.long")
def long(task: Task) -> Outcome:
    """Goes on until it is stopped."""
    organisation = task.session.scalars(select(Organisation).limit(1)).one()
    organisation.phone = "+74812000000"
    task.session.flush()
    GATE.set()
    for step in range(600):
        task.progress(step, 600)
        threading.Event().wait(0.05)
    return Outcome()


def ask(portal: Portal, login: str, kind: str, **params: object) -> int:
    who = person(portal, login)
    with session_of(portal, who) as session:
        assert who.capacity
        number = work.ask(
            session, kind, Message("Проверка"), params, assignment=who.capacity.id, language="ru"
        )
        session.commit()
    return number


def job(portal: Portal, number: int) -> BackgroundJob:
    with session_of(portal, person(portal, "operator")) as session:
        found = work.find(session, number)
        session.expunge(found)
    return found


def phone(portal: Portal, organisation: int) -> str | None:
    with portal.cluster.connect(portal.database) as connection:
        row = connection.execute(
            "select phone from organisation where id = %s", (organisation,)
        ).fetchone()
    assert row
    return row[0]


def own(portal: Portal, login: str) -> int:
    capacity = person(portal, login).capacity
    assert capacity
    assert capacity.organisation_id
    return capacity.organisation_id


def test_a_job_writes_as_the_person_who_asked(portal: Portal) -> None:
    school = own(portal, "clerk")
    number = ask(portal, "clerk", "test.phone", organisation=school, phone="+74812111111")
    assert job(portal, number).state == "queued"
    do_jobs(portal)
    done = job(portal, number)
    assert (done.state, done.message, done.result) == ("done", "Записано: %(phone)s", {"rows": 1})
    assert done.message_values == {"phone": "+74812111111"}
    assert phone(portal, school) == "+74812111111"
    with portal.cluster.connect(portal.database) as connection:
        line = connection.execute(
            "select capacity, via, user_id from activity order by id desc limit 1"
        ).fetchone()
    assert line == ("clerk", "job", person(portal, "clerk").user_id)


def test_the_end_of_a_job_is_the_moment_its_work_was_done(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.while")
    do_jobs(portal)
    done = job(portal, number)
    assert done.started_at
    assert done.finished_at
    assert (done.finished_at - done.started_at).total_seconds() >= 0.5


def test_a_job_cannot_write_what_the_person_may_not(portal: Portal) -> None:
    school = own(portal, "clerk2")
    before = phone(portal, school)
    number = ask(portal, "clerk", "test.phone", organisation=school, phone="+74812222222")
    do_jobs(portal)
    assert job(portal, number).state == "failed"
    assert phone(portal, school) == before


def test_a_job_that_fails_leaves_nothing_and_no_secrets(portal: Portal) -> None:
    school = own(portal, "clerk")
    before = phone(portal, school)
    number = ask(
        portal, "clerk", "test.phone", organisation=school, phone="+74812333333", fail=True
    )
    do_jobs(portal)
    failed = job(portal, number)
    assert failed.state == "failed"
    assert failed.message
    assert "planned" not in failed.message
    assert phone(portal, school) == before


def test_a_job_is_stopped_by_its_asker_and_leaves_nothing(portal: Portal) -> None:
    GATE.clear()
    number = ask(portal, "operator", "test.long")
    worker = threading.Thread(target=do_jobs, args=(portal,))
    worker.start()
    assert GATE.wait(20)
    with session_of(portal, person(portal, "clerk")) as session:
        assert not work.stop(session, number), "somebody else stopped it"
        session.commit()
    with session_of(portal, person(portal, "operator")) as session:
        assert work.stop(session, number)
        session.commit()
    worker.join(20)
    assert not worker.is_alive()
    stopped = job(portal, number)
    assert stopped.state == "cancelled"
    assert (stopped.total, stopped.done < 600) == (600, True)
    with portal.cluster.connect(portal.database) as connection:
        assert connection.execute(
            "select count(*) from organisation where phone = '+74812000000'"
        ).fetchone() == (0,)


def test_a_job_that_has_not_begun_is_stopped_at_once(portal: Portal) -> None:
    school = own(portal, "clerk")
    before = phone(portal, school)
    number = ask(portal, "clerk", "test.phone", organisation=school, phone="+74812444444")
    with session_of(portal, person(portal, "clerk")) as session:
        assert work.stop(session, number)
        session.commit()
    do_jobs(portal)
    assert job(portal, number).state == "cancelled"
    assert phone(portal, school) == before


def test_a_file_of_a_job_lies_in_the_store(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.file", text="строка")
    do_jobs(portal)
    done = job(portal, number)
    assert (done.state, done.file_name, done.file_type) == ("done", "отчёт.txt", "text/plain")
    assert done.file_hash
    store = Blobs(Path(portal.app.config["PORTAL_DATA"]) / "results")
    with store.open(done.file_hash) as file:
        assert file.read().decode() == "строка\n"


def test_a_job_of_a_capacity_that_has_ended_does_nothing(portal: Portal) -> None:
    school = own(portal, "clerk")
    before = phone(portal, school)
    number = ask(portal, "clerk", "test.phone", organisation=school, phone="+74812555555")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("update role_assignment set valid_to = current_date - 1")
    do_jobs(portal)
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("update role_assignment set valid_to = null")
    assert job(portal, number).state == "failed"
    assert phone(portal, school) == before


def test_others_do_not_see_a_job(portal: Portal) -> None:
    number = ask(portal, "clerk", "test.phone", organisation=own(portal, "clerk"), phone="x")
    with session_of(portal, person(portal, "clerk2")) as session:
        assert session.get(BackgroundJob, number) is None
    with session_of(portal, person(portal, "operator")) as session:
        assert session.get(BackgroundJob, number)
    with session_of(portal, person(portal, "clerk")) as session:
        assert number in [one.id for one in work.mine(session)]
        work.stop(session, number)
        session.commit()


def test_nobody_fills_the_queue(portal: Portal) -> None:
    who = person(portal, "clerk")
    assert who.capacity
    with session_of(portal, who) as session:
        for _ in range(work.MOST_WAITING):
            work.ask(session, "test.long", Message("x"), {}, assignment=who.capacity.id)
        with pytest.raises(Refused):
            work.ask(session, "test.long", Message("x"), {}, assignment=who.capacity.id)


def test_a_job_whose_worker_was_killed_is_done_by_the_next(portal: Portal) -> None:
    school = own(portal, "clerk")
    number = ask(portal, "clerk", "test.phone", organisation=school, phone="+74812666666")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "update background_job set state = 'running', attempts = 1,"
            " created_at = now() - interval '1 minute' where id = %s",
            (number,),
        )
        connection.execute(
            "with gone as (insert into procrastinate_workers (last_heartbeat)"
            " values (now() - interval '1 minute') returning id)"
            " update procrastinate_jobs set status = 'doing', worker_id = gone.id from gone"
            " where task_name = 'work' and (args ->> 'job')::bigint = %s",
            (number,),
        )
        connection.execute(
            "select procrastinate_defer_jobs_v1(array[row('default', 'rescue', 0, null, null,"
            " '{\"timestamp\": 0}'::jsonb, null)::procrastinate_job_to_defer_v1])"
        )
    do_jobs(portal)
    do_jobs(portal)
    assert job(portal, number).state == "done"
    assert phone(portal, school) == "+74812666666"


def test_nobody_ends_the_job_of_another(portal: Portal) -> None:
    """A job cannot be ended by another person's session, whatever number it gives."""
    number = ask(portal, "clerk", "test.phone", organisation=own(portal, "clerk"), phone="x")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("update background_job set state = 'running' where id = %s", (number,))
    with session_of(portal, person(portal, "clerk2")) as session:
        assert not session.scalar(
            text("select portal_finish_job(:id, null, '{}', '{}', null, null, null)"),
            {"id": number},
        )
    with session_of(portal, person(portal, "clerk")) as session:
        work.stop(session, number)
        session.commit()
