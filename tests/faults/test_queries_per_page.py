"""How often each page asks the database: exact numbers, eight at most (decisions 25).

Two of them are the same for every page: who asks, before the scope is known; the third one tells
the database the scope, where anything else is asked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.faults.sides import DONE, Side, portal_side
from tests.html_form import form_with
from tests.imports.page import HOME, Page
from tests.imports.register_file import certificate, document
from tests.scenarios.requesting import Side as Asker
from tests.scenarios.requesting import number_of

if TYPE_CHECKING:
    from tests.conftest import Portal

MOST = 8
LIST = "/registry/organisation/"
LICENCES = "/registry/organisation-licence/"
ADDRESSES = "/registry/organisation-address/"
PROGRAMS = "/registry/organisation-accreditation-program/"
PAGES: dict[str, tuple[str, int | None, int | None]] = {
    "home": ("/", 2, 4),  # a school's people see their own school there
    "list": (LIST, 7, 7),
    "list found": (f"{LIST}?q=школа", 7, 7),
    "list of another order": (f"{LIST}?sort=-inn&size=100", 7, 7),
    "list filtered by a relation": (f"{LIST}?municipality_id__in=1", 7, 7),
    "list of conditions": (
        f"{LIST}?where=any(inn:starts:67,all(phone:empty:0,municipality_id:out:1|2))",
        7,
        7,
    ),
    "list of chosen columns": (f"{LIST}?cols=inn,kpp,municipality_id,email", 7, 7),
    "list of a list": (LICENCES, 7, 7),
    "record": (f"{LIST}{{school}}", 7, 7),
    "record of a list": (f"{LICENCES}{{licence}}", 7, 7),
    "form": (f"{LIST}{{school}}/edit", 7, 7),  # one asks for drafts, one for open requests
    "new form in a list": (f"{LICENCES}add?parent={{school}}", 5, None),
    "no drafts": ("/drafts/", 4, 4),
    "picker": (f"{LIST}options?q=школа", 4, 4),
    "found by Ctrl+K": ("/find?q=школа", 6, 6),  # organisations, learners and parents
    "places of Ctrl+K": ("/find", 2, 2),
    "history": (f"{LIST}{{school}}/history", 6, 6),
    "history with lists": (f"{LIST}{{school}}/history?lists=1", 6, 6),
    "history by filters": (f"{LIST}{{school}}/history?lists=1&field=phone&who=1&via=form", 6, 6),
    "history by days of decision": (
        f"{LIST}{{school}}/history?lists=1&date=decided&from=01.01.2020&to=31.12.2199",
        6,
        6,
    ),
    "history of a row four deep": (f"{PROGRAMS}{{program}}/history?lists=1", 7, 7),
    "history of a row of a list": (f"{LICENCES}{{licence}}/history", 7, 7),
    "jobs": ("/jobs/", 4, 4),
    "batches": ("/batches/", 4, 4),
    "subscriptions": ("/webhooks/", 4, None),  # of the operator alone
    "rules of fields": ("/policies/", 4, None),  # of the offices alone
    "rules of one record": ("/policies/organisation?organisation={school}", 7, None),
    "trash": (f"{LIST}trash", 4, None),  # of the operator alone
    "requests": ("/requests/", 5, 5),
    "requests by filters": (
        "/requests/?state=under_review&whose=mine&late=1&q=школа&field=organisation.short_name",
        5,
        5,
    ),
    "decided requests": ("/requests/?state=rejected", 4, 4),
    "no notices": ("/notices/", 5, 5),
    "letters": ("/letters/", 4, None),  # of the operator alone
    "form of a request": (f"{LIST}{{school}}/request", None, 4),  # of the school alone
    "classifiers": ("/reference/classifier-item/", 6, 6),
}


@pytest.fixture(scope="module")
def portal_alone(portal: Portal) -> Side:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database

    with portal.app.app_context():
        engine = db.engine
    return portal_side(portal, engine, os.environ["PORTAL_DEMO_PASSWORD"])


def _address(side: Side, path: str) -> str:
    school = side.organisation("school-1")
    first = "select min(id) from {} where organisation_id = %s"
    licence, program = (
        side.sql(first.format(f"organisation_{name}"), school)[0][0]
        for name in ("licence", "accreditation_program")
    )
    return path.format(school=school, licence=licence, program=program)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("login", ["operator", "clerk"])
def test_a_page_asks_the_database_exactly_so_often(
    portal_alone: Side, login: str, name: str
) -> None:
    path, region, school = PAGES[name]
    expected = region if login == "operator" else school
    if expected is None:
        assert portal_alone.client(login).get(_address(portal_alone, path)).status_code == 403
        return
    path = _address(portal_alone, path)
    client = portal_alone.client(login)
    portal_alone.page(client, path)
    with portal_alone.statements() as sent:
        portal_alone.page(client, path)
    assert len(sent) <= MOST
    assert len(sent) == expected, sent


def test_pages_of_imports_ask_eight_times_at_most(portal_alone: Side, portal: Portal) -> None:
    page = Page(portal, portal.client_as("operator"))
    page.check(document(certificate()).getvalue())
    page.act("apply")
    page.act("undo")
    for path in (HOME, f"{HOME}{page.number}", f"{HOME}{page.number}?part=new"):
        page.client.get(path)
        with portal_alone.statements() as sent:
            assert page.client.get(path).status_code == 200
        assert len(sent) <= MOST, (path, sent)


def test_the_page_of_a_request_asks_eight_times_at_most(portal_alone: Side, portal: Portal) -> None:
    clerk, operator = Asker(portal, "clerk"), Asker(portal, "operator")
    founder = clerk.one(
        "select id from organisation_founder where organisation_id = %s limit 1", clerk.school()
    )
    where = f"/registry/organisation-founder/{founder}"
    authority = clerk.one("select id from organisation where source_id = 'authority-2'")
    wanted = {"reason": "Приказ", "founder_name": "Другое имя", "authority_id": authority}
    number = number_of(clerk.fill(f"{where}/request", **wanted))
    Asker(portal, "head").step(number, "submit")
    operator.step(number, "take")
    rename = (
        "update organisation_founder set founder_name = 'Третье имя' where id = %s returning id"
    )
    assert portal_alone.sql(rename, int(founder))
    operator.client.get(f"/requests/{number}")
    with portal_alone.statements() as sent:
        page = operator.page(number)
    assert "Третье имя" in page
    assert len(sent) <= MOST, sent
    counts = []
    for others in (False, True):
        if others:
            portal_alone.sql(OTHERS, number)
        operator.client.get(AT_ONCE)
        with portal_alone.statements() as sent:
            rows = operator.client.get(AT_ONCE).text.count('name="pick"')
        counts.append((rows, len(sent)))
    assert counts[0][0] < counts[1][0]
    assert counts[0][1] == counts[1][1] <= MOST


AT_ONCE = "/requests/at-once?field=organisation_founder.authority_id"
OTHERS = (  # the same asked about the founders of other schools
    "with made as (insert into edit_request (organisation_id, author_id, state, reason,"
    " target_table, target_id, due_on, submitted_at) select f.organisation_id, r.author_id,"
    " 'submitted', r.reason, r.target_table, f.id, r.due_on, r.submitted_at"
    " from organisation_founder f, edit_request r where r.id = %s and f.id <> r.target_id"
    " returning id, organisation_id, target_id)"
    " insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
    " field, base, wanted, open) select made.id, made.organisation_id, 'U',"
    " 'organisation_founder', made.target_id, 'authority_id', null, to_jsonb(f.authority_id), true"
    " from made join organisation_founder f on f.id = made.target_id"
)


def test_a_page_of_many_notices_asks_six_times(portal_alone: Side, portal: Portal) -> None:
    school = portal_alone.organisation("school-1")
    request = portal_alone.sql(
        "insert into edit_request (organisation_id, author_id, state, reason, target_table,"
        " submitted_at) select %s, id, 'under_review', 'Приказ', 'organisation', now()"
        " from ab_user where username = 'clerk' returning id",
        school,
    )
    client = portal.client_as("clerk")
    for number in (1, 60):
        portal_alone.sql(
            "insert into edit_request_event (request_id, organisation_id, action, to_state)"
            " select %s, %s, 'stale', 'under_review' from generate_series(1, %s)",
            *(request[0][0], school, number),
        )
        client.get("/notices/")
        with portal_alone.statements() as sent:
            assert client.get("/notices/").status_code == 200
        assert len(sent) == 6, sent
    portal_alone.sql("delete from edit_request")


CHANGE = {"scope": "filter", "change-granted_by": "1", "to-granted_by": "Министерство", "query": ""}
# Two ticked rows, then all that the filter finds, which the form counts first.
MANY = {
    "form": ("bulk", {}, (2, 4)),
    "preview of new values": ("bulk", {"step": "preview"}, (6, 6)),
    "preview of the trash": ("bulk-trash", {"step": "preview"}, (7, 7)),
}


@pytest.mark.parametrize("name", MANY)
def test_acts_on_many_rows_do_not_ask_row_by_row(
    portal_alone: Side, portal: Portal, name: str
) -> None:
    path, more, numbers = MANY[name]
    client = portal.client_as("operator")
    token = form_with(client.get(f"{LIST}add").text, "full_name")["csrf_token"]
    ids = portal_alone.sql("select id from organisation_licence order by id limit 2")
    few = {"scope": "selected", "ids": ",".join(str(ident) for (ident,) in ids)}
    for chosen, number in zip((few, {}), numbers, strict=True):
        data = {**CHANGE, **more, **chosen, "csrf_token": token}
        assert client.post(f"{LICENCES}{path}", data=data).status_code == 200
        with portal_alone.statements() as sent:
            assert client.post(f"{LICENCES}{path}", data=data).status_code == 200
        assert len(sent) == number, sent


def test_the_pages_of_a_batch_and_of_the_trash_do_not_ask_row_by_row(
    portal_alone: Side, portal: Portal
) -> None:
    client = portal.client_as("operator")
    token = form_with(client.get(f"{LIST}add").text, "full_name")["csrf_token"]
    rows = portal_alone.sql("select id from organisation_address order by id desc limit 20")
    counts = []
    for number in (1, 19):
        ids = [str(rows.pop()[0]) for _ in range(number)]
        data = {"scope": "selected", "ids": ",".join(ids), "query": "", "csrf_token": token}
        page = client.post(f"{ADDRESSES}bulk-trash", data={**data, "step": "preview"}).text
        sent_on = {**form_with(page, "seen"), "step": "apply"}
        done = client.post(f"{ADDRESSES}bulk-trash", data=sent_on)
        assert done.status_code == 303, done.text
        for path in (done.location, f"{ADDRESSES}trash"):
            client.get(path)
            with portal_alone.statements() as sent:
                assert client.get(path).status_code == 200
            assert len(sent) <= MOST, (path, sent)
            counts.append(len(sent))
    assert counts[:2] == counts[2:]


def test_a_new_form_asks_who_asks_and_for_drafts(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    portal_alone.page(client, f"{LIST}add")
    with portal_alone.statements() as sent:
        portal_alone.page(client, f"{LIST}add")
    assert len(sent) == 4, sent


def test_the_drafts_of_many_records_are_named_in_one_statement(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    school = portal_alone.organisation("school-1")
    portal_alone.sql(
        "insert into form_draft (user_id, key, record, row_id, typed)"
        " select u.id, record || n, record, %s, '{}' from ab_user u, generate_series(1, 8) n,"
        " unnest(array['organisation', 'municipality', 'organisation_licence', 'subject']) record"
        " where username = 'operator'",
        school,
    )
    with portal_alone.statements() as sent:
        assert client.get("/drafts/").status_code == 200
    assert len(sent) == 5, sent
    portal_alone.sql("delete from form_draft")


def test_saving_asks_the_database_eight_times_at_most(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    path = _address(portal_alone, f"{LIST}{{school}}/edit")
    values = portal_alone.form(client, path)
    with portal_alone.statements() as sent:
        answer = client.post(path, data={**values, "head_name": "Новикова Нина"})
    assert answer.status_code in DONE
    assert len(sent) == 8, sent


def test_the_number_does_not_depend_on_how_much_belongs_to_a_record(portal_alone: Side) -> None:
    client = portal_alone.client("operator")
    school = portal_alone.organisation("school-2")
    counts = []
    for _ in range(2):
        client.get(f"{LIST}{school}")
        with portal_alone.statements() as sent:
            client.get(f"{LIST}{school}")
        counts.append(len(sent))
        portal_alone.sql(
            "insert into organisation_licence (uid, organisation_id, licence_number)"
            " select gen_random_uuid(), %s, 'Л035-01253-67/' || lpad(n::text, 8, '0')"
            " from generate_series(1, 60) n",
            school,
        )
    assert counts[0] == counts[1]
