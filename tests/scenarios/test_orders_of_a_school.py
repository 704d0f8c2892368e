"""An order of a whole school: its card and its execution do not ask learner by learner."""

from __future__ import annotations

import re
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.faults.sides import portal_side
from tests.html_form import form_with
from tests.scenarios.requesting import Side
from tests.scenarios.test_orders import ORDERS, drawn_up, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal
    from tests.faults.sides import Side as Asked

MOST = 8
EACH = 12  # statements for one class that is executed: its batch, its rows, its lines
CLASSES, LEARNERS = 6, 24
FILL = """
insert into school_class (uid, organisation_id, school_year_id, grade, letter, state)
select gen_random_uuid(), o.id, y.id, g, 'МНОГО', 'A'
from organisation o, school_year y, generate_series(1, 6) g
where o.source_id = 'school-1' and y.code = '2025/26';
insert into student (uid, person_uid, organisation_id, last_name, first_name, birth_date)
select gen_random_uuid(), gen_random_uuid(), o.id, 'Многих', 'Анна', date '2014-01-01' + n
from organisation o, generate_series(1, 24) n where o.source_id = 'school-1';
insert into student_enrolment (uid, organisation_id, student_id, admitted_on, admission_kind,
    study_form, is_main)
select gen_random_uuid(), organisation_id, id, '2025-09-01', '01', '1', true
from student where last_name = 'Многих';
insert into class_membership (uid, organisation_id, enrolment_id, school_class_id, from_date)
select gen_random_uuid(), e.organisation_id, e.id, c.id, '2025-09-01'
from student_enrolment e
join school_class c on c.letter = 'МНОГО' and c.grade = mod(e.id, 6) + 1
where e.student_id in (select id from student where last_name = 'Многих')
"""
SWEEP = """
update enrolment_order_line set batch_id = null;
delete from enrolment_order_line;
delete from enrolment_order;
delete from education_event where student_id in (
    select id from student where last_name = 'Многих');
delete from class_membership where student_id in (
    select id from student where last_name = 'Многих');
delete from student_enrolment where student_id in (
    select id from student where last_name = 'Многих');
delete from student_completed_program where student_id in (
    select id from student where last_name = 'Многих');
delete from student where last_name = 'Многих';
delete from school_class where letter = 'МНОГО'
"""
SEATED = (
    "select count(*) from class_membership m join school_class c on c.id = m.school_class_id"
    " where c.letter = 'МНОГО' and m.from_date = '2026-09-01' and m.deleted_at is null"
    " and m.grade = (select grade + 1 from class_membership o where o.enrolment_id ="
    " m.enrolment_id and o.end_reason = 'PR')"
)


@pytest.fixture(scope="module")
def asked(portal: Portal) -> Asked:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        return portal_side(portal, db.engine, "")


@pytest.fixture
def head(portal: Portal) -> Iterator[Side]:
    side = Side(portal, "head")
    for statement in FILL.split(";"):
        side.write(statement)
    yield side
    for statement in SWEEP.split(";"):
        side.write(statement)


@contextmanager
def sent_for_each_row(asked: Asked) -> Iterator[list[str]]:
    """Statements that go out once for each row, so that triggers run as often."""
    found: list[str] = []

    def note(*sent: Any) -> None:
        _connection, _cursor, statement, _parameters, _context, many = sent
        if many:
            found.append(statement)

    event.listen(asked.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(asked.engine, "before_cursor_execute", note)


def test_a_school_is_promoted_by_a_few_statements_for_each_class(asked: Asked, head: Side) -> None:
    one = head.one("select id from school_class where letter = 'МНОГО' and grade = 1")
    numbers = [drawn_up(head, int(one)), drawn_up(head, int(one), school_class_id="")]
    for number in numbers:
        head.client.get(f"{ORDERS}{number}")
        with asked.statements() as sent:
            card = unescape(head.client.get(f"{ORDERS}{number}").text)
        assert "По классам" in card
        assert len(sent) <= MOST, sent
    url = f"{ORDERS}{numbers[1]}/step/execute"
    with asked.statements() as sent:
        page = head.client.get(url).text
    assert len(sent) <= MOST, sent
    found = re.findall(r'name="step.portion" value="([^"]+)"[^>]*> (\S+)<', page)
    keys = [key for key, title in found if title.endswith("МНОГО")]
    assert len(keys) == CLASSES
    with asked.statements() as sent, sent_for_each_row(asked) as one_by_one:
        done = head.client.post(url, data=form_with(page, "version") | {"step.portion": keys})
    assert done.status_code == 303, said(done)
    assert len(sent) <= MOST * 2 + CLASSES * EACH, len(sent)
    assert not one_by_one
    assert int(head.one(SEATED)) == LEARNERS
    card = unescape(head.client.get(f"{ORDERS}{numbers[1]}").text)
    assert f"исполнено {CLASSES} из " in card
