"""A learner as a school enters one, and what others are shown of it (decree п. 5.1)."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text as sql

from app.extensions import db
from app.kernel.catalogue import records
from app.kernel.record import Reading
from app.models.enrolment import Student
from app.models.enrolment_family import Guardian
from app.security.scopes import bind_scope, system_scope
from tests.html_form import form_with
from tests.scenarios.opening import drafts_of, keep, opened
from tests.scenarios.requesting import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal

LIST = "/enrolment/student/"
SNILS, SHOWN, MASKED = "11223344595", "112-233-445 95", "112-***-*** 95"
ANNA = {
    "last_name": "Проверочная", "first_name": "Анна", "middle_name": "Сергеевна",
    "birth_date": "12.03.2014", "sex": "2", "phone": "+7 910 123-45-67", "no_phone": "",
    "snils": SHOWN, "no_snils": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "municipal", "head", "clerk", "clerk2", "subject_teacher")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture
def anna(sides: dict[str, Side]) -> Iterator[int]:
    """A learner entered through the form, with everything the form asks."""
    answer = sides["clerk"].fill(f"{LIST}add", **ANNA)
    assert answer.status_code == 303, unescape(answer.text)[-3000:]
    yield int(answer.location.rpartition("/")[2])
    sides["clerk"].write("delete from student_name_history where changed_on > current_date - 2")
    sides["clerk"].write("delete from student where last_name in ('Проверочная', 'Иная')")


def page(side: Side, where: str) -> str:
    answer = side.client.get(where)
    assert answer.status_code == 200, (where, answer.status_code)
    return unescape(answer.text)


def test_a_new_learner_belongs_to_the_school_of_whoever_enters(
    sides: dict[str, Side], anna: int
) -> None:
    clerk = sides["clerk"]
    query = "select organisation_id from student where id = %s"
    assert clerk.one(query, anna) == str(clerk.school())
    card = page(clerk, f"{LIST}{anna}")
    assert "Проверочная Анна Сергеевна" in card
    assert SHOWN in card
    assert "12.03.2014" in card


def test_the_other_school_and_teachers_of_others_meet_nothing(
    sides: dict[str, Side], anna: int
) -> None:
    for login in ("clerk2", "subject_teacher"):
        client = sides[login].client
        assert client.get(f"{LIST}{anna}").status_code == 404
        assert "Проверочная" not in client.get(f"{LIST}?q=проверочная").text
        assert "Проверочная" not in client.get(f"{LIST}options?q=проверочная").text
    for login in ("clerk2", "head"):
        export = sides[login].client.get(f"{LIST}export/csv")
        assert "Проверочная" not in export.text
    assert sides["clerk2"].client.get(f"{LIST}{anna}/history").status_code == 404


def test_department_and_authority_are_shown_masks_and_cannot_ask_behind_them(
    sides: dict[str, Side], anna: int
) -> None:
    for login in ("department", "municipal"):
        side = sides[login]
        shown = (f"{LIST}{anna}", f"{LIST}?q=проверочная", f"{LIST}{anna}/history")
        for text in (page(side, where) for where in shown):
            assert MASKED in text
            assert "+7 *** ***-**-67" in text
            assert "2014" in text
            for secret in (SHOWN, SNILS, "12.03.2014", "123-45-67", "9101234567"):
                assert secret not in text, login
        for asked in (
            f"snils__eq={SNILS}", "birth_date__from=01.01.2014", "sort=birth_date",
            "phone__eq=%2B79101234567", "where=all(snils:eq:11223344595)", "cols=no_such",
        ):  # fmt: skip
            assert side.client.get(f"{LIST}?{asked}").status_code == 400, asked


def test_health_is_for_the_school_alone(sides: dict[str, Side], anna: int) -> None:
    clerk = sides["clerk"]
    added = clerk.fill(
        f"/enrolment/student-disability/add?parent={anna}", disability_code="01",
        certificate_number="МСЭ-2025 1234567", indefinite="yes",
    )  # fmt: skip
    assert added.status_code == 303, unescape(added.text)[-2000:]
    assert "МСЭ-2025" in page(clerk, added.location)
    assert page(sides["head"], added.location)
    for login in ("operator", "department", "municipal"):
        assert sides[login].client.get(added.location).status_code in {403, 404}
        assert "Инвалидность" not in page(sides[login], f"{LIST}{anna}")
    clerk.write("delete from student_disability where certificate_number = 'МСЭ-2025 1234567'")


def test_restricted_numbers_lie_encrypted_and_are_found_all_the_same(
    sides: dict[str, Side], anna: int
) -> None:
    clerk = sides["clerk"]
    rows = clerk.one("select row_to_json(s)::text from student s where id = %s", anna)
    log = clerk.one(
        "select string_agg(a::text, '') from activity a where table_name = 'student'"
        " and row_id = %s",
        anna,
    )
    for stored in (rows, log):
        assert "Проверочная" in stored
        assert SNILS not in stored
    found = page(clerk, f"{LIST}?snils__eq={SHOWN.replace(' ', '%20')}")
    assert "Проверочная" in found
    assert "Проверочная" not in page(clerk, f"{LIST}?snils__eq=08765430300")
    assert SHOWN in page(clerk, f"{LIST}{anna}/history")
    assert SHOWN in clerk.client.get(f"{LIST}export/csv?q=проверочная").text


def test_a_sealed_number_cannot_be_moved_to_another_row(sides: dict[str, Side], anna: int) -> None:
    clerk = sides["clerk"]
    with pytest.raises(psycopg.errors.CheckViolation):
        clerk.write(
            "update student set snils = (select snils from student where id = %s),"
            " snils_print = null where id = (select min(id) from student where id <> %s)",
            anna,
            anna,
        )


def test_a_number_taken_from_another_row_is_sealed_anew(sides: dict[str, Side], anna: int) -> None:
    """As when an older value comes back from the history: its fingerprint comes with it."""
    clerk = sides["clerk"]
    with clerk.portal.app.app_context():
        session = db.session()
        bind_scope(session, system_scope("cli"))
        row, parent = session.get(Student, anna), Guardian(last_name="Иная", first_name="Ия")
        assert row is not None
        parent.organisation_id, parent.snils = row.organisation_id, row.snils
        session.add(parent)
        session.flush()
        assert parent.__dict__["snils"].uid == parent.uid
        prints = (
            "select count(*) from guardian g join student s using (snils_print) where g.id = :id"
        )
        assert session.scalar(sql(prints), {"id": parent.id}) == 1
        session.rollback()


def test_the_same_number_twice_is_refused_and_what_was_typed_stays(
    sides: dict[str, Side], anna: int
) -> None:
    answer = sides["clerk2"].fill(f"{LIST}add", **{**ANNA, "last_name": "Иная"})
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "Такая запись уже есть" in text
    assert 'value="Иная"' in text
    assert f'value="{SHOWN}"' in text


@pytest.mark.parametrize(
    ("name", "absent"),
    [("phone", "no_phone"), ("snils", "no_snils"), ("middle_name", "no_middle_name")],
)
def test_a_value_is_not_both_there_and_absent(
    sides: dict[str, Side], name: str, absent: str
) -> None:
    answer = sides["clerk"].fill(f"{LIST}add", **{**ANNA, absent: "yes"})
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "Оставьте что-то одно" in text
    assert f'value="{ANNA[name]}"' in text


def test_a_new_name_leaves_the_former_one(sides: dict[str, Side], anna: int) -> None:
    """A slip of the day leaves no trace; later the database itself keeps the former name."""
    clerk = sides["clerk"]
    where = f"{LIST}{anna}/edit"
    assert clerk.fill(where, last_name="Иная").status_code == 303
    former = "select last_name from student_name_history where student_id = %s"
    assert clerk.one(former, anna) == ""
    with clerk.portal.cluster.connect(clerk.portal.database) as base:
        base.execute("set session_replication_role = replica")  # stamps are never rewritten
        base.execute(
            "update student set created_at = now() - interval '9 days' where id = %s", (anna,)
        )
        base.commit()
    assert clerk.fill(where, last_name="Проверочная").status_code == 303
    assert clerk.one(former, anna) == "Иная"
    assert "Иная" in page(clerk, f"{LIST}{anna}")
    assert clerk.fill(where, last_name="Иная").status_code == 303
    trashed = f"{former} and deleted_at is null"
    assert clerk.one(trashed, anna) == "", "a name that came back the same day has never gone"


def test_citizenship_and_country_go_together(sides: dict[str, Side], anna: int) -> None:
    clerk = sides["clerk"]
    query = "select citizenship_country from student where id = %s"
    assert clerk.one(query, anna) == "643", "filled in for citizens of Russia"
    answer = clerk.fill(f"{LIST}{anna}/edit", citizenship_kind="3")
    assert answer.status_code == 422
    assert "не может быть гражданином России" in unescape(answer.text)
    answer = clerk.fill(f"{LIST}{anna}/edit", citizenship_kind="3", citizenship_country="112")
    assert answer.status_code == 303
    assert re.search(r"тестирование.*?Да", page(clerk, f"{LIST}{anna}"), re.DOTALL)


def test_a_birth_certificate_has_its_own_form(sides: dict[str, Side], anna: int) -> None:
    clerk = sides["clerk"]
    where = f"/enrolment/student-identity-document/add?parent={anna}"
    wrong = clerk.fill(where, doc_type_code="03", series="II-МП", number="12345")
    assert wrong.status_code == 422
    assert "не подходят к виду документа" in unescape(wrong.text)
    right = clerk.fill(where, doc_type_code="03", series="1-мп", number="123456")
    assert right.status_code == 303, unescape(right.text)[-2000:]
    assert "I-МП" in page(clerk, right.location)
    department = page(sides["department"], right.location)
    assert "** ** ***456" in department
    assert "123456" not in department
    stored = clerk.one("select row_to_json(d)::text from student_identity_document d"
                       " where student_id = %s", anna)  # fmt: skip
    assert "123456" not in stored
    clerk.write("delete from student_identity_document where student_id = %s", anna)


def test_a_draft_of_a_learner_lies_sealed_and_comes_back(sides: dict[str, Side]) -> None:
    clerk = sides["clerk"]
    form = opened(clerk.client, f"{LIST}add")
    assert keep(clerk.client, form, last_name="Черновая", snils=SHOWN).status_code == 200
    stored = clerk.one("select typed from form_draft where record = 'student'")
    assert stored
    assert "Черновая" not in stored
    assert SHOWN not in stored
    [href] = drafts_of(clerk.client, f"{LIST}add")
    assert 'value="Черновая"' in page(clerk, href)
    clerk.write("delete from form_draft where record = 'student'")


def test_other_systems_cannot_subscribe_to_learners(sides: dict[str, Side]) -> None:
    operator = sides["operator"]
    text = page(operator, "/webhooks/")
    assert 'value="organisation"' in text
    about = [r.__tablename__ for r in records() if r.about.reading is Reading.LEARNER]
    assert not [name for name in about if f'value="{name}"' in text]
    form = form_with(text, "url")
    asked = {**form, "url": "https://example.com/in", "record": "student"}
    assert operator.client.post("/webhooks/", data=asked).status_code == 404


def test_equal_numbers_are_one_human_in_whatever_school(sides: dict[str, Side]) -> None:
    """Whose number was a mistake is somebody of their own again."""
    home = "/enrolment/guardian/"
    mother = {"last_name": "Общая", "first_name": "Мария", "snils": SHOWN}
    rows = [
        int(sides[login].fill(f"{home}add", **mother).location.rpartition("/")[2])
        for login in ("clerk", "clerk2")
    ]
    query = "select count(distinct person_uid) from guardian where id in (%s, %s)"
    assert sides["clerk"].one(query, *rows) == "1"
    assert sides["clerk2"].fill(f"{home}{rows[1]}/edit", snils="087-654-303 00").status_code == 303
    assert sides["clerk"].one(query, *rows) == "2"
    assert sides["clerk2"].fill(f"{home}{rows[1]}/edit", snils=SHOWN).status_code == 303
    assert sides["clerk"].one(query, *rows) == "1"
    sides["clerk"].write("delete from guardian where last_name = 'Общая'")


def test_masked_columns_may_be_chosen_for_the_list_and_stay_masked(
    sides: dict[str, Side], anna: int
) -> None:
    department = sides["department"]
    text = page(department, f"{LIST}columns")
    assert 'value="snils"' in text
    chosen = {**form_with(text, "query"), "col": ["snils", "birth_date"], "query": "q=проверочная"}
    saved = department.client.post(f"{LIST}columns", data=chosen)
    assert saved.status_code == 303
    for where in (saved.location, f"{LIST}?q=проверочная&cols=email,snils"):
        listed = page(department, where)
        assert MASKED in listed
        assert SHOWN not in listed
    reset = {**form_with(text, "query"), "reset": "1"}
    assert department.client.post(f"{LIST}columns", data=reset).status_code == 303
