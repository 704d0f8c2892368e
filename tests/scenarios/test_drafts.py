"""What is typed into a form is kept on the server until it is saved or given up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.html_form import form_with
from tests.scenarios.opening import LICENCES, LIST, drafts_of, keep, kept, opened, school

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.conftest import Portal


@pytest.fixture
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("delete from form_draft")
        yield connection


def test_a_draft_comes_back_in_the_form_with_what_is_wrong_in_it(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk = portal.client_as("clerk")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    form = opened(clerk, path)
    answer = keep(clerk, form, phone_ext="4455", email="не адрес")
    assert answer.status_code == 200
    assert re.fullmatch(r"Черновик сохранён в \d\d:\d\d", answer.json["said"])
    [href] = drafts_of(clerk, path)
    page = clerk.get(href).text
    again = form_with(page, "form_key")
    assert again["phone_ext"] == "4455"
    assert again["email"] == "не адрес"
    assert 'id="email-error"' in page
    assert "Это ваш черновик" in page
    assert again["form_key"] == form["form_key"], "the same form goes on"
    answer = clerk.post(path, data={**again, "email": "s1@example.com"})
    assert answer.status_code == 303
    assert kept(base) == 0, "saved: the draft is gone"
    assert drafts_of(clerk, path) == []


def test_a_draft_of_a_new_row_is_kept_for_its_parent_only(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    first, second = (f"{LICENCES}add?parent={school(base, f'school-{n}')}" for n in (1, 2))
    assert keep(operator, opened(operator, first), licence_number="Л-1").status_code == 200
    assert drafts_of(operator, second) == []
    [href] = drafts_of(operator, first)
    assert form_with(operator.get(href).text, "form_key")["licence_number"] == "Л-1"
    number = href.rpartition("=")[2]
    assert operator.get(f"{second}&draft={number}").status_code == 404
    for wrong in ("x", "", "-1", "9" * 30, "999999999"):
        assert operator.get(f"{first}&draft={wrong}").status_code == 404


def test_two_windows_keep_two_drafts(portal: Portal, base: psycopg.Connection) -> None:
    operator = portal.client_as("operator")
    one, other = opened(operator, f"{LIST}add"), opened(operator, f"{LIST}add")
    keep(operator, one, full_name="Первая школа")
    keep(operator, other, full_name="Вторая школа")
    keep(operator, one, full_name="Первая школа города")
    names = [
        form_with(operator.get(href).text, "form_key")["full_name"]
        for href in drafts_of(operator, f"{LIST}add")
    ]
    assert names == ["Первая школа города", "Вторая школа"]


def test_what_was_typed_and_taken_back_leaves_no_draft(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk = portal.client_as("clerk")
    form = opened(clerk, f"{LIST}{school(base, 'school-1')}/edit")
    keep(clerk, form, phone_ext="1")
    assert kept(base) == 1
    answer = keep(clerk, form, phone_ext=form["phone_ext"])
    assert answer.json == {"id": 0, "said": ""}
    assert kept(base) == 0


def test_an_old_draft_leaves_the_choice_field_by_field(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk, head = portal.client_as("clerk"), portal.client_as("head")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    keep(clerk, opened(clerk, path), phone_ext="71", fax="+7 4812 38-00-71")
    theirs = opened(head, path)
    theirs.pop("keep")
    assert head.post(path, data={**theirs, "phone_ext": "72"}).status_code == 303
    [href] = drafts_of(clerk, path)
    page = clerk.get(href).text
    assert "Громова Елена Сергеевна" in page
    assert 'id="phone_ext-theirs"' in page
    assert 'id="fax-theirs"' not in page, "the fax was changed by nobody else"
    form = form_with(page, "form_key")
    assert form["phone_ext"] == "71"
    assert clerk.post(path, data=form).status_code == 303
    stored = base.execute(
        "select phone_ext, fax from organisation where source_id = 'school-1'"
    ).fetchone()
    assert stored == ("71", "+74812380071")


def test_a_draft_of_other_fields_than_were_saved_meanwhile_just_goes_on(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk, head = portal.client_as("clerk"), portal.client_as("head")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    keep(clerk, opened(clerk, path), fax="+7 4812 38-00-81")
    theirs = opened(head, path)
    theirs.pop("keep")
    assert head.post(path, data={**theirs, "phone_ext": "82"}).status_code == 303
    [href] = drafts_of(clerk, path)
    page = clerk.get(href).text
    assert "-theirs" not in page
    form = form_with(page, "form_key")
    assert form["phone_ext"] == "82", "what another has saved stands in the form"
    assert clerk.post(path, data=form).status_code == 303


def test_a_draft_keeps_only_fields_that_the_person_may_type_and_no_content_of_files(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk = portal.client_as("clerk")
    form = opened(clerk, f"{LIST}{school(base, 'school-1')}/edit")
    answer = keep(clerk, form, phone_ext="5", okved_main="85.14", version_="3", password="x")
    assert answer.status_code == 200
    assert base.execute("select typed from form_draft").fetchone() == ('{"phone_ext": "5"}',)


def test_nobody_sees_opens_or_deletes_the_draft_of_another(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk, head = portal.client_as("clerk"), portal.client_as("head")
    path = f"{LIST}{school(base, 'school-1')}/edit"
    keep(clerk, opened(clerk, path), phone_ext="5")
    [href] = drafts_of(clerk, path)
    assert drafts_of(head, path) == []
    assert head.get(href).status_code == 404
    assert "draft=" not in head.get("/drafts/").text
    number = href.rpartition("=")[2]
    token = opened(head, path)["csrf_token"]
    gone = head.post(f"/drafts/{number}/delete", data={"csrf_token": token})
    assert gone.status_code == 404
    assert kept(base) == 1


def test_a_draft_of_a_row_out_of_reach_answers_as_its_form_and_shows_nothing(
    portal: Portal, base: psycopg.Connection
) -> None:
    clerk = portal.client_as("clerk")
    own = school(base, "school-1")
    added = "insert into organisation_bank_account (uid, organisation_id, account_number, purpose)"
    accounts = "/registry/organisation-bank-account/"
    found = base.execute(
        f"{added} values (gen_random_uuid(), %s, '40702810000000000001', 'Секретная цель')"
        " returning id",
        (own,),
    ).fetchone()
    assert found
    path = f"{accounts}{found[0]}/edit"
    operator = portal.client_as("operator")
    keep(operator, opened(operator, path), purpose="А")
    [href] = drafts_of(operator, path)
    assert "40702810000000000001" in operator.get("/drafts/").text
    base.execute("update organisation_bank_account set deleted_at = now() where id = %s", found)
    assert operator.get(href).status_code == 404
    page = operator.get("/drafts/").text
    assert "40702810000000000001" not in page
    assert "записи больше нет, или она вам не видна" in page
    assert href.replace("&", "&amp;") not in page
    foreign = f"{LIST}{school(base, 'school-2')}/edit"
    form = {**opened(clerk, f"{LIST}{own}/edit")}
    form["keep"] = f"/drafts/keep?record=organisation&row={school(base, 'school-2')}"
    assert clerk.get(foreign).status_code == 403
    assert keep(clerk, form, phone_ext="1").status_code == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"keep": "/drafts/keep"}, 404),
        ({"keep": "/drafts/keep?record=ab_user"}, 404),
        ({"keep": "/drafts/keep?record=organisation&row=x"}, 404),
        ({"keep": "/drafts/keep?record=organisation&row=99999999999999999999"}, 404),
        ({"keep": "/drafts/keep?record=organisation_licence"}, 400),
        ({"keep": "/drafts/keep?record=organisation_licence&parent=%00"}, 400),
        ({"form_key": ""}, 400),
        ({"form_key": "x" * 9000}, 400),
        ({"form_key": "1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA"}, 400),
        ({"version": "x"}, 400),
        ({"csrf_token": ""}, 400),
    ],
)
def test_a_forged_draft_is_refused_and_nothing_is_kept(
    portal: Portal, base: psycopg.Connection, change: dict[str, str], status: int
) -> None:
    operator = portal.client_as("operator")
    form = opened(operator, f"{LIST}add")
    assert keep(operator, {**form, **change}, full_name="Школа").status_code == status
    assert kept(base) == 0


def test_too_much_text_and_strange_text_are_no_failure(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    form = opened(operator, f"{LIST}add")
    assert keep(operator, form, full_name="я" * 300_000).status_code == 422
    assert kept(base) == 0
    strange = "а\0б\u202e\U0001f3eb\ufffd'\"<script>"
    assert keep(operator, form, full_name=strange).status_code == 200
    [href] = drafts_of(operator, f"{LIST}add")
    assert operator.get(href).status_code == 200


def test_the_list_shows_fifty_and_the_oldest_gives_way(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    form = opened(operator, f"{LIST}add")
    base.execute(
        "insert into form_draft (user_id, key, record, typed, saved_at) select u.id, n::text,"
        " 'organisation', '{}', now() - n * interval '1 minute'"
        " from ab_user u, generate_series(1, 50) n where username = 'operator'"
    )
    keep(operator, form, full_name="Новая")
    page = operator.get("/drafts/").text
    assert page.count("?draft=") == 50
    assert kept(base) == 50
    assert base.execute("select 1 from form_draft where key = '50'").fetchone() is None


def test_a_draft_is_deleted_from_the_list_and_by_cancelling(
    portal: Portal, base: psycopg.Connection
) -> None:
    operator = portal.client_as("operator")
    form = opened(operator, f"{LIST}add")
    number = keep(operator, form, full_name="Школа").json["id"]
    page = operator.get("/drafts/").text
    assert "Новая организация" in page or "Организация" in page
    token = {"csrf_token": form["csrf_token"]}
    assert operator.get(f"/drafts/{number}/delete").status_code == 405
    gone = operator.post(f"/drafts/{number}/delete?next=//evil.example", data=token)
    assert (gone.status_code, gone.location) == (303, "/")
    assert kept(base) == 0
    assert "Черновиков нет" in operator.get("/drafts/").text
    number = keep(operator, form, full_name="Школа").json["id"]
    cancelled = operator.post(f"/drafts/{number}/delete?next={LIST}", data={**form, "keep": ""})
    assert (cancelled.status_code, cancelled.location) == (303, LIST)
    assert kept(base) == 0
