"""Parents of a learner who goes to another school: whole, and nobody is there twice."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from tests.scenarios.test_transfers import LIST, SURNAME, handed_over, learner, named, sides
from tests.scenarios.test_way_of_a_learner import went

if TYPE_CHECKING:
    from tests.scenarios.requesting import Side

__all__ = ["learner", "sides"]  # fixtures
NUMBER = "112-233-445 95"
PAPER = {
    "doc_type_code": "21", "series": "6611", "number": "123456", "issued_by": "ОВД Ельни",
}  # fmt: skip
SEALED = (
    "select count(g.snils_print) || ' ' || count(d.number_print) from guardian g"
    " join guardian_identity_document d on d.guardian_id = g.id where g.id = %s"
)


def test_a_mother_whose_other_child_stays_is_known_at_both_schools(
    sides: dict[str, Side], learner: int
) -> None:
    clerk = sides["clerk"]
    sister = int(went(clerk.fill(f"{LIST}add", **named("Ева"))))
    mother = clerk.one("select guardian_id from student_guardian where student_id = %s", learner)
    add = f"/enrolment/student-guardian/add?parent={sister}"
    went(clerk.fill(add, guardian_id=mother, relation_code="01"))
    went(clerk.fill(f"/enrolment/guardian/{mother}/edit", snils=NUMBER))
    went(clerk.fill(f"/enrolment/guardian-identity-document/add?parent={mother}", **PAPER))
    ways = ("clerk", "head", "clerk2", "head2")
    handed_over(sides, ways, learner, clerk.school(2), "05.10.2026")
    people = (
        "select count(distinct g.id) || ' ' || count(distinct g.person_uid) from guardian g"
        " where g.last_name = %s and g.deleted_at is null"
    )
    assert clerk.one(people, SURNAME) == "2 1"
    for side, child in ((clerk, sister), (sides["clerk2"], learner)):
        assert "Ольга" in unescape(side.client.get(f"{LIST}{child}").text)
        own = side.one("select guardian_id from student_guardian where student_id = %s", child)
        assert side.one(SEALED, own) == "1 1", "numbers that this row can be found by"
        form = unescape(side.client.get(f"/enrolment/guardian/{own}/edit").text)
        assert NUMBER in form
        paper = side.one("select id from guardian_identity_document where guardian_id = %s", own)
        form = unescape(side.client.get(f"/enrolment/guardian-identity-document/{paper}/edit").text)
        assert PAPER["number"] in form
        assert PAPER["issued_by"] in form


def test_a_mother_known_at_the_other_school_is_not_there_twice(
    sides: dict[str, Side], learner: int
) -> None:
    clerk, clerk2 = sides["clerk"], sides["clerk2"]
    mother = clerk.one("select guardian_id from student_guardian where student_id = %s", learner)
    went(clerk.fill(f"/enrolment/guardian/{mother}/edit", snils=NUMBER))
    known = went(
        clerk2.fill("/enrolment/guardian/add", last_name=SURNAME, first_name="Ольга", snils=NUMBER)
    )
    ways = ("clerk", "head", "clerk2", "head2")
    handed_over(sides, ways, learner, clerk.school(2), "05.10.2026")
    linked = "select guardian_id from student_guardian where student_id = %s"
    assert str(clerk.one(linked, learner)) == str(known)
    assert clerk.one("select deleted_at is not null from guardian where id = %s", mother) in (
        "True",
        True,
    )
