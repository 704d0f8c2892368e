"""The history of a row: who, when, through what and what; filters, lists, the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.kernel.errors import Message
from app.models.registry import Organisation
from app.services import batches
from tests.histories import LICENCES, LIST, entries, licence_of, rows_of, save, school, words
from tests.working import person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

GUARDED = '<option value="organisation_bank_account.account_number"'


@pytest.fixture
def operator(portal: Portal) -> FlaskClient:
    return portal.client_as("operator")


def test_an_entry_says_who_in_what_capacity_through_what_and_what(portal: Portal) -> None:
    clerk, where = portal.client_as("clerk"), f"{LIST}{school(portal)}"
    save(clerk, where, phone="+7 4812 38-11-11")
    save(clerk, where, phone="+7 4812 38-12-12")
    page = clerk.get(f"{where}/history").text
    newest = words(entries(page)[0])
    assert "Делопроизводитель / кадры ОО" in newest
    assert "форма" in newest
    assert "Телефон +7 4812 38-11-11 +7 4812 38-12-12" in newest
    assert re.search(r"<h2[^>]*>Сегодня, \d+ \w+ \d{4}</h2>", page)


def test_long_texts_are_marked_word_by_word(portal: Portal, operator: FlaskClient) -> None:
    where = f"{LIST}{school(portal, 'school-3')}"
    save(operator, where, full_name="Средняя школа имени Гагарина города Вязьмы")
    save(operator, where, full_name="Средняя школа имени Юрия Гагарина <города> Вязьмы")
    newest = entries(operator.get(f"{where}/history").text)[0]
    assert "<ins>Юрия " in newest or "<ins> Юрия" in newest
    assert "<del>" not in newest.partition("</td>")[0] or "города" not in newest.split("<del>")[1]
    assert "<города>" not in newest


def test_each_filter_leaves_what_it_says(portal: Portal, operator: FlaskClient) -> None:
    ident = school(portal, "school-4")
    where = f"{LIST}{ident}"
    save(operator, where, phone="+7 4812 38-44-44")
    save(operator, where, email="school4@example.com")
    who = person(portal, "operator").user_id
    other = person(portal, "clerk").user_id

    def asked(query: str) -> str:
        return operator.get(f"{where}/history?{query}").text

    by_field = entries(asked("field=email"))
    assert len(by_field) >= 1
    assert all("Электронная почта" in one for one in by_field)
    assert len(entries(asked(f"who={who}"))) >= 2
    assert not entries(asked(f"who={other}"))
    assert all("форма" in words(one) for one in entries(asked("via=form")))
    assert not entries(asked("via=api"))
    assert len(entries(asked("from=01.01.2020"))) >= 2
    nothing = asked("to=01.01.2020")
    assert not entries(nothing)
    assert "Ничего не найдено" in nothing
    assert "Убрать: По 01.01.2020" in nothing
    assert "Показать все изменения" in nothing
    wrong = asked("from=31.02.2026&field=secret&via=telegraph")
    assert "Такой даты нет" in wrong
    assert "Такого поля нет среди тех, что вам видны" in wrong
    assert len(entries(wrong)) >= 2


def test_together_with_the_lists_each_entry_leads_to_its_row(
    portal: Portal, operator: FlaskClient
) -> None:
    ident = school(portal, "school-5")
    licence = licence_of(portal, ident)
    save(operator, f"{LICENCES}{licence}", granted_by="Министерство образования")
    alone = operator.get(f"{LIST}{ident}/history").text
    assert "Министерство образования" not in alone
    together = operator.get(f"{LIST}{ident}/history?lists=1").text
    newest = entries(together)[0]
    assert f'href="{LICENCES}{licence}"' in newest
    assert "Министерство образования" in newest
    field = "organisation_licence.granted_by"
    found = entries(operator.get(f"{LIST}{ident}/history?lists=1&field={field}").text)
    assert found
    assert all("Министерство образования" in one for one in found[:1])


def test_lists_of_a_row_that_is_a_list_itself_are_found(fresh_portal: Portal) -> None:
    portal = fresh_portal
    with portal.cluster.connect(portal.database) as connection:
        query = "select id, accreditation_id from organisation_accreditation_supplement limit 1"
        found = connection.execute(query).fetchone()
    if found is None:
        pytest.fail("the demo has no supplement")
    client = portal.client_as("operator")
    where = f"/registry/organisation-accreditation/{found[1]}/history?lists=1"
    page = client.get(where).text
    assert f"/registry/organisation-accreditation-supplement/{found[0]}" in page


def test_a_batch_is_named_and_leads_to_its_page_for_those_who_may_open_it(portal: Portal) -> None:
    who, ident = person(portal, "operator"), school(portal, "school-6")
    with session_of(portal, who) as session:
        number = batches.begin(session, "bulk", Message("Правка многих записей"))
        row = session.scalars(select(Organisation).where(Organisation.id == ident)).one()
        row.phone = "+74812381111"
        session.commit()
    page = portal.client_as("operator").get(f"{LIST}{ident}/history?via=batch").text
    newest = entries(page)[0]
    assert f'href="/batches/{number}"' in newest
    assert "Правка многих записей" in newest
    assert "Правка многих" not in portal.client_as("municipal").get(f"{LIST}{ident}/history").text


def test_the_file_has_what_the_page_has_and_formulas_stay_text(
    portal: Portal, operator: FlaskClient
) -> None:
    where = f"{LIST}{school(portal, 'school-7')}"
    save(operator, where, full_name="=1+1 школа")
    save(operator, where, full_name="Школа имени Твардовского")
    rows = rows_of(operator.get(f"{where}/history/xlsx?field=full_name"))
    assert rows[0][:8] == [
        "Когда",
        "Предложено",
        "Решено",
        "Действует с",
        "Кто",
        "Полномочия",
        "Что сделано",
        "Через что",
    ]
    names = [row for row in rows if row[10] == "Полное наименование (по уставу)"]
    assert names[0][11:] == ["=1+1 школа", "Школа имени Твардовского"]
    about = rows_of(operator.get(f"{where}/history/xlsx?field=full_name"), 1)
    assert ["Фильтры", "Поле: Полное наименование (по уставу)"] in about
    with portal.cluster.connect(portal.database) as connection:
        logged = connection.execute(
            "select count(*) from access_log where action = 'export' and target like %s",
            ("organisation % history.xlsx",),
        ).fetchone()
    assert logged
    assert logged[0] >= 2
    assert portal.client_as("class_teacher").get(f"{where}/history/xlsx").status_code == 403


def test_bank_details_are_in_no_page_filter_or_file_of_those_without_the_group(
    fresh_portal: Portal,
) -> None:
    portal, ident = fresh_portal, school(fresh_portal)
    with portal.cluster.connect(portal.database) as connection:
        found = connection.execute(
            "select id, account_number from organisation_bank_account where organisation_id = %s",
            (ident,),
        ).fetchone()
    assert found
    seen = portal.client_as("clerk").get(f"{LIST}{ident}/history?lists=1&via=demo").text
    client = portal.client_as("municipal")
    for end in ("", "&field=organisation_bank_account.account_number"):
        page = client.get(f"{LIST}{ident}/history?lists=1{end}").text
        assert str(found[1]) not in page
        assert GUARDED not in page
    assert "Такого поля нет среди тех, что вам видны" in page
    assert GUARDED in seen


def test_pages_follow_each_other_without_a_gap(fresh_portal: Portal) -> None:
    portal, ident = fresh_portal, school(fresh_portal, "school-8")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "insert into activity (table_name, row_id, organisation_id, access_group, verb, before,"
            " after, transaction, via) select 'organisation', %s, %s, 'open', 'update',"
            " jsonb_build_object('phone_ext', n), jsonb_build_object('phone_ext', n + 1),"
            " 1, 'job' from generate_series(1, 120) n",
            (ident, ident),
        )
        connection.commit()
    client, where, found = portal.client_as("operator"), f"{LIST}{ident}/history?via=job", []
    while where:
        page = client.get(where).text
        found += [int(n) for n in re.findall(r'class="after"[^>]*>(\d+)<', page)]
        more = re.search(r'id="page-next"[^>]*href="([^"]+)"', page)
        where = more[1].replace("&amp;", "&") if more else ""
    assert found == list(range(121, 1, -1))


def test_a_filter_goes_on_where_it_stopped_looking(
    fresh_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.timeline.LOOK", 30)
    portal, ident = fresh_portal, school(fresh_portal, "school-9")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "insert into activity (table_name, row_id, organisation_id, access_group, verb, before,"
            " after, transaction, via) select 'organisation', %s, %s, 'open', 'update',"
            " jsonb_build_object(f, '1'), jsonb_build_object(f, '2'), 1, 'job'"
            " from (select n, case when n in (1, 2) then 'fax' else 'phone_ext' end as f"
            " from generate_series(1, 100) n order by n) lines",
            (ident, ident),
        )
        connection.commit()
    client, where, pages, found = (
        portal.client_as("operator"),
        f"{LIST}{ident}/history?field=fax",
        0,
        0,
    )
    while where:
        page = client.get(where).text
        found += len(entries(page))
        pages += 1
        more = re.search(r'id="page-next"[^>]*href="([^"]+)"', page)
        where = more[1].replace("&amp;", "&") if more else ""
    assert found >= 2
    assert pages >= 4


def test_a_history_without_lines_says_what_will_be_there(fresh_portal: Portal) -> None:
    portal, ident = fresh_portal, school(fresh_portal, "school-10")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "delete from activity where table_name = 'organisation' and row_id = %s", (ident,)
        )
        connection.commit()
    page = portal.client_as("operator").get(f"{LIST}{ident}/history").text
    assert "Изменений ещё не было" in page
