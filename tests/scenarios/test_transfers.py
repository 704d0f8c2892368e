"""A learner goes from school to school and back; the history tells it without a typed word."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests import documents as docs
from tests.attaching import form_of, post
from tests.scenarios.meanwhile import Meanwhile
from tests.scenarios.requesting import Side
from tests.scenarios.test_way_of_a_learner import (
    CLASS,
    EVENTS,
    LIST,
    SPELLS,
    enrolled,
    room,
    seated,
    went,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from tests.conftest import Portal

TRANSFERS = "/enrolment/transfer-request/"
SURNAME = "Странникова"
PAPER = {"doc_type_code": "03", "series": "II-МЮ", "number": "123456"}
ROOM = "select id from school_class where letter = %s"
AS_ROWS = "from role_assignment a join ab_user u on u.id = a.user_id and u.username = 'commission'"
ACCOUNT = "from ab_user u where u.id = a.user_id and u.username = 'commission'"


@pytest.fixture(scope="module")
def sides(portal: Portal) -> Iterator[dict[str, Side]]:
    """Both schools; for the time of these tests a member of a commission heads the second one."""
    sides = {login: Side(portal, login) for login in ("head", "clerk", "clerk2", "department")}
    clerk = sides["clerk"]
    before = clerk.one(f"select a.role || ' ' || coalesce(a.organisation_id, 0) {AS_ROWS}")
    change = f"update role_assignment a set role = %s, organisation_id = nullif(%s, 0) {ACCOUNT}"  # noqa: S608 - words of ours
    clerk.write(change, "head", clerk.school(2))
    sides["head2"] = Side(portal, "commission")
    yield sides
    role, organisation = before.split()
    clerk.write(change, role, int(organisation))


@pytest.fixture
def learner(sides: dict[str, Side]) -> Iterator[int]:
    """A learner of the first school with an address and a mother who has another child there."""
    clerk = sides["clerk"]
    own = int(went(clerk.fill(f"{LIST}add", **named("Яна"))))
    mother = went(clerk.fill("/enrolment/guardian/add", last_name=SURNAME, first_name="Ольга"))
    add = f"/enrolment/student-guardian/add?parent={own}"
    went(clerk.fill(add, guardian_id=mother, relation_code="01"))
    went(
        clerk.fill(f"/enrolment/student-address/add?parent={own}", address_kind="A", locality="Ель")
    )
    spell = enrolled(clerk, own)
    seated(clerk, spell, room(clerk, "2026/27", 5), "01.09.2026")
    yield own
    for table in (
        "transfer_request", "education_event", "class_membership", "student_enrolment",
        "student_completed_program", "student_address", "student_guardian",
        "student_identity_document", "student_achievement",
    ):  # fmt: skip
        whose = "student_id in (select id from student where last_name = %s)"
        clerk.write(f"delete from {table} where {whose}", SURNAME)  # noqa: S608 - names of ours
    clerk.write(
        "delete from guardian_identity_document where guardian_id in"
        " (select id from guardian where last_name = %s)", SURNAME,
    )  # fmt: skip
    for table in ("student", "guardian"):
        clerk.write(f"delete from {table} where last_name = %s", SURNAME)  # noqa: S608 - likewise
    clerk.write("delete from school_class where letter = 'ПРОБА'")


def named(first: str) -> dict[str, str]:
    return {"last_name": SURNAME, "first_name": first, "birth_date": "12.03.2014"}


def step(side: Side, transfer: int, name: str, **typed: str) -> TestResponse:
    return side.fill(f"{TRANSFERS}{transfer}/step/{name}", **typed)


def begun(side: Side, learner: int, to: int) -> int:
    where = f"{TRANSFERS}add?parent={learner}"
    return went(side.fill(where, to_organisation_id=to, reason="Переезд"))


def handed_over(
    sides: dict[str, Side], ways: tuple[str, str, str, str], learner: int, to: int, day: str
) -> int:
    """The whole way: clerk and head of the one school, clerk and head of the other."""
    clerk, head, clerk2, head2 = (sides[way] for way in ways)
    transfer = begun(clerk, learner, to)
    done = [
        step(clerk, transfer, "send"),
        step(clerk2, transfer, "confirm"),
        step(
            head, transfer, "release", application_date="02.10.2026",
            leave_order_number="50", leave_order_date="03.10.2026",
        ),
        step(
            head2, transfer, "enrol", admitted_on=day, admission_order_number="7",
            admission_order_date="04.10.2026",
        ),
    ]  # fmt: skip
    assert [answer.status_code for answer in done] == [303] * 4, unescape(done[-1].text)[-3000:]
    return transfer


def test_there_and_back_with_everything_that_is_known(sides: dict[str, Side], learner: int) -> None:
    clerk, clerk2 = sides["clerk"], sides["clerk2"]
    there, back = ("clerk", "head", "clerk2", "head2"), ("clerk2", "head2", "clerk", "head")
    handed_over(sides, there, learner, clerk.school(2), "05.10.2026")
    assert clerk.client.get(f"{LIST}{learner}").status_code == 404
    card = unescape(clerk2.client.get(f"{LIST}{learner}").text)
    for known in (f"{SURNAME} Яна", "Ель", "Ольга", "01.09.2024", "05.10.2026", "приказ № 50"):
        assert known in card, known
    assert clerk2.one(CLASS, learner) == "None"
    assert clerk2.one(EVENTS, learner) == "ENROLLED TRANSFER_OUT TRANSFER_IN"
    left = (
        "select string_agg(left_on || leave_kind, ' ') from student_enrolment where student_id=%s"
    )
    assert clerk2.one(left, learner) == "2026-10-0401"
    assert SURNAME in unescape(clerk.client.get(f"{SPELLS}?q={SURNAME}").text), "its own spell"
    handed_over(sides, back, learner, clerk.school(), "12.10.2026")
    assert clerk2.client.get(f"{LIST}{learner}").status_code == 404
    home = unescape(clerk.client.get(f"{LIST}{learner}").text)
    for known in ("Ель", "Ольга", "01.09.2024", "05.10.2026", "12.10.2026"):
        assert known in home, known
    assert clerk.one(EVENTS, learner) == (
        "ENROLLED TRANSFER_OUT TRANSFER_IN TRANSFER_OUT TRANSFER_IN"
    )
    whose = (
        "select string_agg(distinct g.organisation_id || ' ' || l.organisation_id, ', ')"
        " from guardian g join student_guardian l on l.guardian_id = g.id where l.student_id = %s"
    )
    assert clerk.one(whose, learner) == f"{clerk.school()} {clerk.school()}"
    listed = unescape(clerk.client.get("/enrolment/education-event/?sort=-event_date").text)
    assert listed.count("перевод из ОО региона") >= 2


def test_each_step_is_of_its_school_and_nothing_is_skipped(
    sides: dict[str, Side], learner: int
) -> None:
    clerk, clerk2, head2 = sides["clerk"], sides["clerk2"], sides["head2"]
    itself = clerk.fill(
        f"{TRANSFERS}add?parent={learner}", to_organisation_id=clerk.school(), reason="-"
    )
    assert "уже в этой организации" in unescape(itself.text)
    transfer = begun(clerk, learner, clerk.school(2))
    twice = clerk.fill(
        f"{TRANSFERS}add?parent={learner}", to_organisation_id=clerk.school(2), reason="-"
    )
    assert "уже оформляется" in unescape(twice.text)
    for side, names in (
        (clerk, ("confirm", "release", "enrol")),
        (clerk2, ("send", "confirm", "release", "enrol", "cancel")),
        (head2, ("send", "release", "enrol", "cancel")),
    ):
        for name in names:
            asked = side.client.get(f"{TRANSFERS}{transfer}/step/{name}").status_code
            assert asked == 403, (side.login, name)
    assert clerk2.client.get(f"{LIST}{learner}").status_code == 404, "not theirs yet"
    assert clerk2.client.get(f"{TRANSFERS}{transfer}/edit").status_code == 403
    assert sides["department"].client.get(f"{TRANSFERS}{transfer}").status_code == 403


def test_what_the_orders_lack_is_said_and_nothing_is_handed_over(
    sides: dict[str, Side], learner: int
) -> None:
    clerk, clerk2, head2 = sides["clerk"], sides["clerk2"], sides["head2"]
    transfer = begun(clerk, learner, clerk.school(2))
    step(clerk, transfer, "send")
    step(clerk2, transfer, "confirm")
    elsewhere = clerk.fill(f"{TRANSFERS}{transfer}/edit", to_organisation_id=clerk.school(3))
    assert "Перевод уже отправлен" in unescape(elsewhere.text)
    bare = step(sides["head"], transfer, "release")
    assert bare.status_code == 422
    assert "Заполните это поле" in unescape(bare.text)
    step(sides["head"], transfer, "release", leave_order_number="50",
         leave_order_date="03.10.2026")  # fmt: skip
    for typed, said in (
        ({"admitted_on": "01.09.2024"}, "Зачислить раньше"),
        ({"target_class_id": clerk.one(ROOM, "ПРОБА")}, "Выберите"),
    ):
        filled = {
            "admitted_on": "05.10.2026", "admission_order_number": "7",
            "admission_order_date": "04.10.2026", **typed,
        }  # fmt: skip
        refused = step(head2, transfer, "enrol", **filled)
        assert refused.status_code == 422
        assert said in unescape(refused.text)
    assert clerk.client.get(f"{LIST}{learner}").status_code == 200, "nothing was handed over"
    assert step(clerk, transfer, "cancel").status_code == 303
    late = clerk.fill(f"{TRANSFERS}{transfer}/edit", reason="Передумали")
    assert late.status_code == 422


def test_a_transfer_killed_in_the_middle_hands_nothing_over_and_is_taken_again(
    portal: Portal, sides: dict[str, Side], learner: int
) -> None:
    clerk, head2 = sides["clerk"], sides["head2"]
    transfer = begun(clerk, learner, clerk.school(2))
    step(clerk, transfer, "send")
    step(sides["clerk2"], transfer, "confirm")
    step(sides["head"], transfer, "release", leave_order_number="50", leave_order_date="03.10.2026")
    typed = {
        "admitted_on": "05.10.2026", "admission_order_number": "7",
        "admission_order_date": "04.10.2026",
    }  # fmt: skip
    with Meanwhile(portal) as others:
        others.hold("select from student_guardian where student_id = %s for update", learner)
        sent = others.start(lambda: step(head2, transfer, "enrol", **typed))
        others.wait_for(1)
        others.kill_waiting()
        assert sent.result().status_code == 503
    assert clerk.client.get(f"{LIST}{learner}").status_code == 200, "nothing was handed over"
    assert clerk.one(EVENTS, learner) == "ENROLLED"
    assert step(head2, transfer, "enrol", **typed).status_code == 303
    assert clerk.client.get(f"{LIST}{learner}").status_code == 404
    assert head2.one(EVENTS, learner) == "ENROLLED TRANSFER_OUT TRANSFER_IN"


def scanned(side: Side, record: str, parent: int, name: str, **typed: str) -> str:
    """A row with a scan; gives the address of the file."""
    where = f"/enrolment/{record}/add?parent={parent}"
    data = {**form_of(side.client, where), **typed}
    answer = post(side.client, where, data, docs.PDF + record.encode(), field=name)
    assert answer.status_code == 303, unescape(answer.text)[-3000:]
    return f"/enrolment/{record}/{went(answer)}/file/{name}"


def opened(side: Side, where: str) -> tuple[int, bytes]:
    with side.client.get(where) as answer:
        return answer.status_code, answer.data


def test_scans_go_along_with_the_learner_and_come_back(
    sides: dict[str, Side], learner: int
) -> None:
    """Of the learner, of a list of theirs, of the mother: one school opens them at a time."""
    clerk, clerk2 = sides["clerk"], sides["clerk2"]
    mother = int(clerk.one("select guardian_id from student_guardian where student_id=%s", learner))
    scans = [
        scanned(clerk, "student-identity-document", learner, "scan_file_id", **PAPER),
        scanned(clerk, "student-achievement", learner, "file_id", event_name="Олимпиада"),
        scanned(clerk, "guardian-identity-document", mother, "scan_file_id", **PAPER),
    ]
    gone = scanned(clerk, "student-achievement", learner, "file_id", event_name="Ошибка")
    row = gone.partition("/file/")[0]
    assert clerk.fill(f"{row}/edit", **{"file_id.remove": "1"}).status_code == 303
    there, back = ("clerk", "head", "clerk2", "head2"), ("clerk2", "head2", "clerk", "head")
    for ways, to, day in ((there, 2, "05.10.2026"), (back, 1, "12.10.2026")):
        handed_over(sides, ways, learner, clerk.school(to), day)
        new, old = (clerk2, clerk) if to == 2 else (clerk, clerk2)
        for where in scans:
            record = where.split("/")[2].encode()
            assert opened(new, where) == (200, docs.PDF + record), where
            assert opened(old, where)[0] == 404, where
            assert old.client.get(where.partition("/file/")[0]).status_code == 404, where
        assert opened(new, gone)[0] == 404
        held = "select organisation_id from file where row_id = %s and file.detached_at is not null"
        assert new.one(held, int(row.rpartition("/")[2])) == str(clerk.school()), "left behind"
