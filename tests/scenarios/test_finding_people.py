"""People are found by parts of a name, a day of birth and a СНИЛС: by whoever sees these."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from app.kernel.catalogue import record_named
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope
from app.services import browse, people, reach
from tests.faults.test_plans import indexes, kinds, nodes, plans, scans
from tests.scenarios.requesting import Side
from tests.security.raw import DENIED, acting, count
from tests.working import person, session_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.conftest import Portal

LIST = "/enrolment/student/"
SHOWN = "112-233-445 95"
NAME = "Искомый-Дальний Пётр Алексеевич"
TYPED = {
    "last_name": "Искомый-Дальний", "first_name": "Пётр", "middle_name": "Алексеевич",
    "birth_date": "12.03.2015", "sex": "1", "snils": SHOWN,
}  # fmt: skip
MANY = 4_000
ALL = ("snils", "birth_date")


@pytest.fixture(scope="module")
def sides(portal: Portal) -> dict[str, Side]:
    logins = ("operator", "department", "municipal", "clerk", "clerk2")
    return {login: Side(portal, login) for login in logins}


@pytest.fixture(scope="module")
def pyotr(sides: dict[str, Side]) -> int:
    answer = sides["clerk"].fill(f"{LIST}add", **TYPED)
    assert answer.status_code == 303, unescape(answer.text)[-2000:]
    return int(answer.location.rpartition("/")[2])


def listed(side: Side, typed: str) -> str:
    return unescape(side.client.get(LIST, query_string={"q": typed}).text)


def named(side: Side, typed: str) -> list[dict[str, str]]:
    """What the palette finds of people."""
    groups = side.client.get("/find", query_string={"q": typed}).json["groups"]
    return [item for group in groups for item in group["items"] if item["href"].startswith(LIST)]


@pytest.mark.parametrize(
    "typed",
    ["петр искомый", "алексеевич ДАЛЬНИЙ", "12.03.2015 искомый", "петр 12.03.15",
     "2015-03-12 искомый", "112 233 445 95", "11223344595", "искомый 112-233-445-95",
     "12.03.2015 пётр 112-233-44595"],
)  # fmt: skip
def test_in_any_order_and_form(sides: dict[str, Side], pyotr: int, typed: str) -> None:
    for login in ("clerk", "operator"):
        assert f"{LIST}{pyotr}" in listed(sides[login], typed), login
        first, *_all = named(sides[login], typed)
        assert first["label"] == NAME
        assert first["href"] == f"{LIST}{pyotr}"
        assert first["hint"].startswith("12.03.2015 · ")
    options = sides["clerk"].client.get(f"{LIST}options", query_string={"q": typed}).json
    assert [item["label"] for item in options["items"]] == [NAME]
    rows = sides["clerk"].client.get("/api/v1/student/", query_string={"q": typed}).json
    assert [row["id"] for row in rows["items"]] == [pyotr]


@pytest.mark.parametrize(
    "typed", ["искомый 13.03.2015", "иной 12.03.2015", "искомый 112-233-445 96", "31.02.2015"]
)
def test_all_that_is_typed_must_be_so(sides: dict[str, Side], pyotr: int, typed: str) -> None:
    assert f"{LIST}{pyotr}" not in listed(sides["clerk"], typed)
    assert named(sides["clerk"], typed) == []


def test_the_hint_says_what_one_may_type(sides: dict[str, Side]) -> None:
    assert "дата рождения или СНИЛС" in listed(sides["clerk"], "")
    assert "дата рождения или СНИЛС" not in listed(sides["department"], "")


@pytest.mark.parametrize("login", ["department", "municipal"])
def test_a_mask_is_not_asked(sides: dict[str, Side], pyotr: int, login: str) -> None:
    """The right and a wrong value answer alike: by the words beside them, or by nothing."""
    side, own = sides[login], f"{LIST}{pyotr}"
    for value, wrong in (("12.03.2015", "13.03.2015"), (SHOWN, "087-654-303 00")):
        for asked in (value, wrong):
            text = listed(side, asked)
            assert own not in text
            assert "не целиком" in text
            assert named(side, asked) == []
            assert own in listed(side, f"искомый {asked}")
            api = side.client.get("/api/v1/student/", query_string={"q": asked})
            assert api.status_code == 400, api.text
        options = [
            side.client.get(f"{LIST}options", query_string={"q": f"{words}{asked}"}).json
            for words in ("", "искомый ")
            for asked in (value, wrong)
        ]
        assert options[0]["items"] == options[1]["items"] == []
        assert options[2] == options[3]
    (found, _every) = named(side, "искомый петр")
    assert "2015" not in found["hint"]


def test_the_other_school_finds_nobody(sides: dict[str, Side], pyotr: int) -> None:
    for typed in ("искомый", "12.03.2015", SHOWN):
        assert f"{LIST}{pyotr}" not in listed(sides["clerk2"], typed)
        assert not [p for p in named(sides["clerk2"], typed) if p["label"] == NAME]


@pytest.fixture(scope="module")
def crowd(portal: Portal) -> Portal:
    """Thousands of learners; those of one surname stand last in the list."""
    with portal.cluster.connect(portal.database) as base:
        base.execute("alter table student disable trigger user")
        base.execute("alter table student enable trigger student_words_added")
        base.execute(
            "insert into student (uid, last_name, first_name, birth_date, organisation_id)"
            " select gen_random_uuid(), case when n %% 2 = 0 then 'Яяковлев' else 'Авдеев' end,"
            "  'Тихон' || n, date '2010-01-01' + n %% 2000, o.id"
            " from generate_series(1, %s) n, (select id from organisation where source_id ="
            " 'school-3') o",
            (2 * MANY,),
        )
        base.execute("alter table student enable trigger user")
        base.execute("vacuum analyze student")
        base.execute("vacuum analyze student_word")
    return portal


def region(session: Session) -> Session:
    groups = frozenset({"open", "personal", "document", "contact"})
    bind_scope(session, Scope(DatabaseRole.REGION, groups=groups))
    return session


@pytest.fixture
def everything(crowd: Portal) -> Iterator[Session]:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with crowd.app.app_context():
        yield region(db.session())
        db.session.remove()


def query(**asked: Any) -> browse.Query:
    return browse.Query(record_named("student"), order="caption", exact=ALL, **asked)


def test_many_who_stand_last_are_found_without_reading_all(everything: Session) -> None:
    asked = query(search="яяковлев")
    number = browse.count(everything, asked)
    assert (number.number, number.few) == (browse.CAP, False)
    page = browse.browse(everything, asked, ())
    names = [row.words for row in page.rows]
    assert names == sorted(names)
    assert len(names) == asked.size
    sent = plans(everything, lambda: browse.browse(everything, asked, ()))
    assert "ix_student_caption_order" in indexes(sent)
    assert all(n["Plan Rows"] <= 2 * reach.AHEAD for n in nodes(sent[1]) if "Index Name" in n)
    following = browse.browse(everything, query(search="яяковлев", place=page.last), ())
    assert following.rows[0].words > names[-1]
    back = browse.browse(
        everything, query(search="яяковлев", place=following.first, backwards=True), ()
    )
    assert [row.words for row in back.rows] == names
    last = browse.browse(everything, query(search="авдеев", descending=True), ())
    assert [row.words for row in last.rows] == sorted((r.words for r in last.rows), reverse=True)


@pytest.mark.parametrize(
    ("typed", "index"),
    [("яяковлев тихон12", "ix_student_word_"), ("03.02.2011", "ix_student_person"),
     (SHOWN, "uq_student_snils")],
)  # fmt: skip
def test_every_search_has_its_index(everything: Session, typed: str, index: str) -> None:
    asked = query(search=typed)
    sent = plans(everything, lambda: browse.browse(everything, asked, (), few=True))
    sent += plans(everything, lambda: browse.count(everything, asked))
    assert [name for name in indexes(sent) if name.startswith(index)]
    assert not [n for plan in sent for n in nodes(plan) if scans(n)]


@pytest.mark.parametrize(
    ("typed", "index"),
    [("яяковлев тихон12", "ix_student_word_organisation"), ("03.02.2011", "ix_student_person"),
     (SHOWN, "uq_student_snils")],
)  # fmt: skip
def test_a_school_searches_by_an_index_too(crowd: Portal, typed: str, index: str) -> None:
    """An index of beginnings of words serves any policy, as no index of texts does."""
    actor, record = person(crowd, "clerk"), record_named("student")
    with session_of(crowd, actor) as session:
        sent = plans(session, lambda: people.find(session, record, typed, actor, 6))
    assert index in indexes(sent)
    assert "Seq Scan" not in kinds(sent)


def words(portal: Portal, ident: int) -> list[tuple[str, int]]:
    with portal.cluster.connect(portal.database) as base:
        rows = base.execute(
            "select word, organisation_id from student_word where row_id = %s order by word",
            (ident,),
        )
        return [(row[0], row[1]) for row in rows.fetchall()]


def test_words_go_along_with_the_row(portal: Portal, sides: dict[str, Side], pyotr: int) -> None:
    """A new name, the trash and the way out of it, another school: found where the row is seen."""
    clerk, school = sides["clerk"], words(portal, pyotr)[0][1]
    assert [word for word, _ in words(portal, pyotr)] == [
        "алексеевич", "дальний", "искомый", "петр",
    ]  # fmt: skip
    clerk.write("update student set last_name = 'Ненайденов' where id = %s", pyotr)
    try:
        assert f"{LIST}{pyotr}" in listed(clerk, "ненайд пётр")
        assert f"{LIST}{pyotr}" not in listed(clerk, "искомый")
        clerk.write("update student set deleted_at = now() where id = %s", pyotr)
        assert words(portal, pyotr) == []
        clerk.write("update student set deleted_at = null where id = %s", pyotr)
        other = int(clerk.one("select id from organisation where source_id = 'school-2'"))
        clerk.write("update student set organisation_id = %s where id = %s", other, pyotr)
        assert {where for _, where in words(portal, pyotr)} == {other}
        assert f"{LIST}{pyotr}" in listed(sides["clerk2"], "ненайденов")
        assert f"{LIST}{pyotr}" not in listed(clerk, "ненайденов")
    finally:
        clerk.write(
            "update student set last_name = 'Искомый-Дальний', deleted_at = null,"
            " organisation_id = %s where id = %s",
            school,
            pyotr,
        )


def test_words_are_read_like_the_row(portal: Portal, pyotr: int) -> None:
    """Past the whole application, each role of the database sees the words of rows it reads."""
    school = words(portal, pyotr)[0][1]
    seen = {
        (DatabaseRole.REGION, ()): True,
        (DatabaseRole.ORG, (("orgs", f"{{{school}}}"),)): True,
        (DatabaseRole.ORG, (("orgs", "{0}"),)): False,
        (DatabaseRole.TEACHER, (("students", f"{{{pyotr}}}"),)): True,
        (DatabaseRole.TEACHER, (("orgs", f"{{{school}}}"),)): False,
        (DatabaseRole.PERSON, (("students", "{0}"),)): False,
        (DatabaseRole.CASE, (("orgs", f"{{{school}}}"), ("students", f"{{{pyotr}}}"))): False,
    }
    for (role, settings), whether in seen.items():
        with acting(portal, role, **dict(settings)) as connection:
            assert bool(count(connection, "student_word", f"row_id = {pyotr}")) is whether, role
            assert bool(count(connection, "student", f"id = {pyotr}")) is whether, role
            with pytest.raises(DENIED), connection.transaction():
                connection.execute("delete from student_word")
