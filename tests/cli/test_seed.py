"""A made-up region: the same people each time, valid and sealed, and the database as it was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from psycopg.rows import dict_row

from app.cli.database import prepare_database
from app.cli.seed import seed
from app.kernel.calendar import school_year_of
from app.kernel.clock import today
from app.kernel.documents import is_document
from app.kernel.identifiers import is_inn, is_ogrn, is_snils
from app.kernel.sealing import cipher
from app.models.enrolment import Student
from app.models.enrolment_documents import StudentIdentityDocument
from app.services.seeding import loading
from app.services.seeding.loading import TABLES, WORDS
from app.services.seeding.plan import schools
from app.services.seeding.pupils import Crowd
from tests.cli.examining import examined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from tests.conftest import Portal

PUPILS = 300
MADE = "from {table} t join organisation o on o.id = t.organisation_id and o.source = 'seed'"
DELETED = (
    "delete from {table} where organisation_id in"
    " (select id from organisation where source = 'seed')"
)
WRITTEN = ("education_event", "student_completed_program")
KEYS = """
select (select array_agg(pg_get_indexdef(x.indexrelid)
                         order by pg_get_indexdef(x.indexrelid)) from pg_index x
        where x.indrelid = any (%(tables)s::regclass[])) as indexes,
       (select array_agg(conrelid::regclass || conname || pg_get_constraintdef(oid) || convalidated
                         order by conrelid, conname)
        from pg_constraint where conrelid = any (%(tables)s::regclass[])) as keys,
       (select array_agg(tgrelid::regclass || tgname || tgenabled::text order by tgrelid, tgname)
        from pg_trigger where tgrelid = any (%(tables)s::regclass[]) and not tgisinternal)
        as triggers,
       (select array_agg(relname || relrowsecurity || relforcerowsecurity order by relname)
        from pg_class where oid = any (%(tables)s::regclass[])) as security,
       (select array_agg(tgrelid::regclass || tgfoid::regproc::text || tgenabled::text
                         order by tgrelid, tgfoid, tgenabled)
        from pg_trigger where tgrelid = any (%(tables)s::regclass[]) and tgisinternal)
        as keepers,
       (select array_agg(policy::text order by polrelid, polname) from pg_policy policy
        where polrelid = any (%(tables)s::regclass[])) as policies,
       (select array_agg(coalesce(c.conname, x.relname) || d.description order by 1)
        from pg_description d
        left join pg_constraint c on d.classoid = 'pg_constraint'::regclass and c.oid = d.objoid
            and c.conrelid = any (%(tables)s::regclass[])
        left join pg_class x on d.classoid = 'pg_class'::regclass and x.oid = d.objoid
            and exists (select from pg_index i where i.indexrelid = x.oid
                        and i.indrelid = any (%(tables)s::regclass[]))
        where c.oid is not null or x.oid is not null) as comments,
       (select array_agg(conname || pg_get_constraintdef(oid) order by conrelid, conname)
        from pg_constraint where confrelid = any (%(tables)s::regclass[])) as pointing,
       (select count(*) from activity) as log
"""
CLEARED = ("id", "created_at", "updated_at", "snils", "series", "number")
CONTENT = """
select coalesce(jsonb_agg(to_jsonb(t) - %(not_here)s::text[] - (
    select coalesce(array_agg(attname::text), '{{}}') from pg_attribute
    where attrelid = {text}::regclass and attnum > 0 and attname like '%%\\_id'
) order by t.uid), '[]') as rows
from {table} t join organisation o on o.id = {owner} and o.source = 'seed'
"""
# What follows from spells and classes: present class, events, programmes; without keys and stamps.
FOLLOWS = (
    "select id, school_class_id, class_name from student order by id",
    """
    select student_id, organisation_id, holder_id, event_date, event_kind, description,
        source_table, source_id
    from education_event where deleted_at is null order by 1, 4, 5, 7, 8
    """,
    """
    select student_id, organisation_id, program_name, level_code, program_id, provider_id,
        is_adapted, adapted_program_variant, started_on, finished_on, result_code
    from student_completed_program order by 1, started_on
    """,
)


@pytest.fixture(scope="module")
def before(portal: Portal) -> Iterator[dict[str, Any]]:
    """The database before the region is made; it is made, and stays for the tests of the file."""
    config = portal.app.config
    prepare_database(  # rights on the database itself are not copied from a template
        config["ADMIN_DATABASE_URI"], config["SQLALCHEMY_DATABASE_URI"], config["DB_ROLE_PREFIX"]
    )
    with portal.cluster.connect(portal.database) as base:
        found = _keys(base)
        done = portal.app.test_cli_runner().invoke(seed, ["--pupils", str(PUPILS)])
        assert done.exit_code == 0, done.output
        assert "Готово" in done.output
        yield found


@pytest.fixture
def base(portal: Portal, before: dict[str, Any]) -> Iterator[Connection[dict[str, Any]]]:
    with portal.cluster.connect(portal.database) as connection:
        connection.row_factory = dict_row
        yield connection


def _keys(base: Any) -> dict[str, Any]:
    with base.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(KEYS, {"tables": [*TABLES, *WORDS]}).fetchone()


def _made(base: Any, table: str) -> list[dict[str, Any]]:
    return _run(base, "select t.* " + MADE + " order by t.id", table).fetchall()


def test_keys_triggers_and_row_security_are_as_they_were_and_the_log_is_silent(
    portal: Portal, before: dict[str, Any], base: Any
) -> None:
    assert _keys(base) == before
    assert examined(portal)["политики и права таблиц"]["state"] == "ok"
    stamps = {
        (row["version"], row["created_by"], row["deleted_at"]) for row in _made(base, "student")
    }
    assert stamps == {(1, None, None)}
    last = base.execute("select max(id) as id from student").fetchone()
    free = base.execute("select nextval('student_id_seq') as id").fetchone()
    assert free["id"] > last["id"]


def test_everybody_is_in_a_class_of_25_at_most_and_of_the_age_of_the_class(base: Any) -> None:
    pupils = _made(base, "student")
    assert len(pupils) == PUPILS
    rooms = Counter(pupil["school_class_id"] for pupil in pupils)
    assert max(rooms.values()) <= 25
    grades = {room["id"]: room["grade"] for room in _made(base, "school_class")}
    assert {grades[room] for room in rooms} == set(range(1, 12))
    began = school_year_of(today()).start
    ages = {
        (began - pupil["birth_date"]).days / 365.25 - grades[pupil["school_class_id"]]
        for pupil in pupils
    }
    assert min(ages) > 5.3
    assert max(ages) < 7.7
    words = base.execute("select row_id from student_word group by row_id having count(*) > 1")
    assert {pupil["id"] for pupil in pupils} <= {row["row_id"] for row in words}
    lacking = sum(pupil["snils"] is None for pupil in pupils)
    assert 5 < lacking < 60
    assert 1.1 < len(_made(base, "student_guardian")) / PUPILS < 1.5


def test_numbers_are_valid_and_stand_nowhere_in_clear_text(base: Any) -> None:
    for row in _made(base, "student"):
        if row["snils"]:
            number = cipher().unseal(Student.sealed["snils"], row["snils"])
            assert is_snils(number)
            assert number.uid == row["uid"]
            assert row["snils_print"] == cipher().fingerprint(Student.sealed["snils"], number)
            assert number not in str(row)
    kinds = StudentIdentityDocument.sealed
    for row in _made(base, "student_identity_document"):
        series, number = (cipher().unseal(kinds[name], row[name]) for name in ("series", "number"))
        assert is_document(row["doc_type_code"], series, number, row["issuer_code"] or "")
        assert row["number_print"] == cipher().fingerprint(kinds["number"], number)
    for row in base.execute("select inn, ogrn from organisation where source = 'seed'"):
        assert is_inn(row["inn"])
        assert is_ogrn(row["ogrn"])


def test_the_same_number_makes_the_same_people_and_another_makes_others() -> None:
    def people(number: int) -> list[Any]:
        made = schools(PUPILS, (0, 0), number, 2026)
        lines = [line for school in made for line in Crowd(school).everybody()[0]]
        return [(*line[:18], line[19], *line[20:23], line[24], *line[26:]) for line in lines]

    assert people(7) == people(7)
    assert people(7) != people(8)
    assert people(7)[0][0] == 1


def test_the_triggers_would_have_written_the_same(base: Any) -> None:
    def follows() -> list[Any]:
        return [base.execute(query).fetchall() for query in FOLLOWS]

    with base.transaction(force_rollback=True):
        loaded = follows()
        for table in ("student_enrolment", "class_membership"):
            _run(base, "create temp table {kept} as select t.* " + MADE, table)
        for table in (*WRITTEN, "class_membership", "student_enrolment"):
            _run(base, DELETED, table)
        base.execute(
            "update student set school_class_id = null, class_name = null"
            " where id in (select student_id from kept_class_membership)"
        )
        assert follows() != loaded
        _write_again(base, "student_enrolment", "true")
        _write_again(base, "class_membership", "to_date is not null")
        _write_again(base, "class_membership", "to_date is null")
        written = follows()
    for one, other in zip(loaded, written, strict=True):
        assert one == other
    assert {event["event_kind"] for event in loaded[1]} >= {"TRANSFER_IN", "TRANSFER_OUT"}


def _write_again(base: Any, table: str, which: str) -> None:
    """Through the triggers, as the portal writes; by one statement, as an import does."""
    found = base.execute(
        "select attname as name from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and attgenerated = ''",
        (table,),
    ).fetchall()
    columns = sql.SQL(", ").join(sql.Identifier(row["name"]) for row in found)
    query = "insert into {table} ({columns}) select {columns} from {kept} where {which} order by id"
    _run(base, query, table, columns=columns, which=sql.SQL(which))


def _run(base: Any, query: str, table: str, **parts: sql.Composable) -> Any:
    named = {"table": sql.Identifier(table), "kept": sql.Identifier(f"kept_{table}")}
    return base.execute(sql.SQL(query).format(**named, **parts))


def test_it_refuses_beside_real_organisations_and_on_a_portal_at_work(
    portal: Portal, base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = portal.app.test_cli_runner().invoke
    assert "добавлять нечего" in run(seed, ["--pupils", "200"]).output
    base.execute("insert into organisation (uid, full_name) values (gen_random_uuid(), 'Школа')")
    refused = run(seed, ["--pupils", "310"])
    assert refused.exit_code == 1
    assert "--beside-real-data" in refused.output
    for name, value in {"HOSTS": ["portal.example.ru"], "DEMO_ON_EMBEDDED": False}.items():
        monkeypatch.setitem(portal.app.config, name, value)
    assert "рабочий портал" in run(seed, ["--pupils", "310"]).output
    assert len(_made(base, "student")) == PUPILS


def test_what_fails_at_the_end_leaves_the_database_as_it_was(portal: Portal, base: Any) -> None:
    taken = "РО-2026-С00003"  # what the first school of those to come would have
    base.execute(
        "insert into organisation (uid, full_name, source, registry_number)"
        " values (gen_random_uuid(), 'Школа', 'demo', %s)",
        (taken,),
    )
    found = _keys(base)
    refused = portal.app.test_cli_runner().invoke(
        seed, ["--pupils", str(PUPILS + 1000), "--beside-real-data"]
    )
    assert refused.exit_code == 1
    assert "Индексы и связи" in refused.output
    assert "база осталась как была" in refused.output
    assert taken not in refused.output
    assert _keys(base) == found
    assert len(_made(base, "student")) == PUPILS
    base.execute("delete from organisation where registry_number = %s", (taken,))


def test_more_are_added_beside_those_there_and_all_come_again_as_they_were(
    portal: Portal, base: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(pupils: int) -> dict[str, list[dict[str, Any]]]:
        command = ["--pupils", str(pupils), "--beside-real-data"]
        done = portal.app.test_cli_runner().invoke(seed, command)
        assert done.exit_code == 0, done.output
        return {table: _content(base, table) for table in TABLES}

    found, first = _keys(base), {table: _content(base, table) for table in TABLES}
    with monkeypatch.context() as patched:
        for name in ("ALONE", "AT_ONCE", "TOGETHER"):  # processes make and send schools singly
            patched.setattr(loading, name, 1)
        more = made(PUPILS + 60)
    assert len(more["student"]) == PUPILS + 60
    for table in TABLES:
        assert first[table] == [row for row in more[table] if row in first[table]], table
        assert len(more[table]) > len(first[table]), table
    with base.transaction():
        base.execute("set local session_replication_role = replica")
        for table in reversed(TABLES[1:]):
            _run(base, DELETED, table)
        base.execute("delete from organisation where source = 'seed'")
    assert made(PUPILS) == first
    assert made(PUPILS + 60) == more
    assert {**_keys(base), "log": 0} == {**found, "log": 0}


def _content(base: Any, table: str) -> list[dict[str, Any]]:
    """Rows without keys, stamps and sealed texts, which no two runs have in common."""
    query = sql.SQL(CONTENT).format(
        table=sql.Identifier(table), text=sql.Literal(table),
        owner=sql.SQL("t.id" if table == "organisation" else "t.organisation_id"),
    )  # fmt: skip
    return base.execute(query, {"not_here": list(CLEARED)}).fetchone()["rows"]
