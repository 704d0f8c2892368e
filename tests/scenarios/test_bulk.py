"""Many rows at once: previewed, confirmed, undone; whose rows and which fields, two windows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from app.kernel.bank import is_account
from app.kernel.errors import Cancelled, Message, Refused
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.models.registry_bank import OrganisationBankAccount
from app.services import batches
from app.services.browse import Query
from app.services.bulk import How
from app.services.bulk_edit import edit
from app.services.undoing import undo
from tests.working import do_jobs, person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.conftest import Portal

LIST = "/registry/organisation/"
ADDRESSES = "/registry/organisation-address/"
PHONE = "+74812777777"
HOW = How(Message("Правка"))


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(LIST).text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **data})


def hidden(page: str) -> dict[str, str]:
    """What the preview carries to the confirmation."""
    form = page[page.index('class="confirm"') :]
    found = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return {name: value.replace("&amp;", "&") for name, value in found.items()}


def figures(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([\d\u202f]+)</dd>", page))


def change(client: FlaskClient, **chosen: str) -> Any:
    """The preview of one telephone for the chosen rows."""
    typed = {"change-phone": "1", "to-phone": "+7 4812 77-77-77", "step": "preview"}
    return post(client, f"{LIST}bulk", **typed, **chosen)


def confirm(client: FlaskClient, page: str, path: str = f"{LIST}bulk", **more: str) -> Any:
    return client.post(path, data={**hidden(page), "step": "apply", **more})


def phones(session: Session) -> dict[int, str | None]:
    rows = session.execute(select(Organisation.id, Organisation.phone))
    return {row.id: row.phone for row in rows}


def many(session: Session, number: int) -> None:
    """Organisations beside the demo ones, each with a telephone of its own."""
    session.execute(
        text(
            "insert into organisation (uid, full_name, phone) select gen_random_uuid(),"
            " 'Пробная ' || n, '+7481' || lpad(n::text, 7, '0') from generate_series(1, :n) n"
        ),
        {"n": number},
    )
    session.commit()


def test_a_filter_is_previewed_confirmed_and_undone(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    operator = person(fresh_portal, "operator")
    with session_of(fresh_portal, operator) as session:
        before = phones(session)
    answer = change(client, scope="filter", query="q=гимназия")
    assert answer.status_code == 200
    said = figures(answer.text)
    count = int(said["Изменится"])
    assert 1 < count < 60
    assert "+7 4812 77-77-77" in answer.text
    with session_of(fresh_portal, operator) as session:
        assert phones(session) == before, "the preview wrote"
    done = confirm(client, answer.text)
    assert done.status_code == 303
    number = int(done.location.rsplit("/", 1)[1])
    with session_of(fresh_portal, operator) as session:
        after = phones(session)
        assert sum(phone == PHONE for phone in after.values()) == count
        assert batches.counts(session, number) == [("organisation", "update", count)]
        undo(session, number, operator)
        session.commit()
        assert phones(session) == before


def test_the_second_click_changes_nothing_and_says_so(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    page = change(client, scope="filter", query="q=гимназия").text
    assert confirm(client, page).status_code == 303
    again = confirm(client, page)
    assert again.status_code == 409
    assert "стало другое число" in again.text
    assert "Менять нечего" in again.text


def test_rows_that_came_meanwhile_are_shown_first(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    page = change(client, scope="filter", query="q=гимназия").text
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        session.add(Organisation(full_name="Гимназия новая"))
        session.commit()
    stale = confirm(client, page)
    assert stale.status_code == 409
    assert int(figures(stale.text)["Изменится"]) == int(figures(page)["Изменится"]) + 1
    assert confirm(client, stale.text).status_code == 303


def test_rows_of_others_are_left_and_counted(fresh_portal: Portal) -> None:
    clerk = person(fresh_portal, "clerk")
    client = fresh_portal.client_as("clerk")
    page = change(client, scope="filter", query="").text
    assert figures(page)["Изменится"] == "1"
    assert "Это меняет другая организация или оператор." in page
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        before = phones(session)
    assert confirm(client, page).status_code == 303
    with session_of(fresh_portal, clerk) as session:
        after = phones(session)
    assert clerk.capacity
    assert {i for i in after if after[i] != before[i]} == {clerk.capacity.organisation_id}


def test_fields_without_the_right_are_refused(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("clerk")
    sent = {"scope": "filter", "query": "", "step": "preview"}
    answer = post(client, f"{LIST}bulk", **sent, **{"change-inn": "1", "to-inn": "6717002451"})
    assert answer.status_code == 422
    assert "вам менять нельзя: ИНН" in answer.text
    clerk = person(fresh_portal, "clerk")
    with session_of(fresh_portal, clerk) as session, pytest.raises(Refused):
        edit(session, Query(Organisation), {"inn": "6717002451"}, clerk, HOW)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"change-phone": "1", "to-phone": "12"}, "телефон"),
        ({"change-phone": "1"}, "Введите новое значение или отметьте «очистить»."),
        ({"to-phone": "+7 4812 77-77-77"}, "Отметьте «изменить»"),
        ({"change-phone": "1", "to-phone": "1", "clear-phone": "1"}, "оставьте что-то одно"),
        ({}, "хотя бы у одного поля"),
    ],
)
def test_what_is_not_clear_is_asked_and_stays_typed(
    portal: Portal, typed: dict[str, str], sentence: str
) -> None:
    client = portal.client_as("operator")
    sent = {"scope": "selected", "ids": "1,2", "query": "q=а", "to-email": "a@b.ru"}
    answer = post(client, f"{LIST}bulk", step="preview", **{**sent, "change-email": "1", **typed})
    if not typed:
        answer = post(client, f"{LIST}bulk", step="preview", scope="selected", ids="1,2")
    assert answer.status_code == 422
    assert sentence in answer.text
    if typed:
        assert 'value="a@b.ru"' in answer.text
        assert 'name="ids" value="1,2"' in answer.text


def test_clearing_is_explicit(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    sent = {"scope": "filter", "query": "q=гимназия", "step": "preview"}
    page = post(client, f"{LIST}bulk", **sent, **{"change-phone": "1", "clear-phone": "1"}).text
    assert confirm(client, page).status_code == 303
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        assert None in phones(session).values()


def test_rows_with_an_error_stop_all_unless_they_are_skipped(fresh_portal: Portal) -> None:
    """A BIK that does not fit the key of an account is an error of that row alone."""
    client = fresh_portal.client_as("operator")
    base = "/registry/organisation-bank-account/"
    operator = person(fresh_portal, "operator")
    with session_of(fresh_portal, operator) as session:
        before = {a.id: a.bik for a in session.scalars(select(OrganisationBankAccount))}
        assert before
        organisation = session.scalars(select(OrganisationBankAccount)).first().organisation_id
        numbers = (f"40702810{key}00000000005" for key in range(10))
        number = next(number for number in numbers if is_account("044525225", number))
        fit = OrganisationBankAccount(organisation_id=organisation, account_number=number)
        session.add(fit)
        session.commit()
        free_id = fit.id
    sent = {"scope": "filter", "query": "", "change-bik": "1", "to-bik": "044525225"}
    page = post(client, f"{base}bulk", step="preview", **sent).text
    wrong = int(figures(page)["С ошибками"])
    assert wrong >= 1
    assert "Пропустить строки с ошибками" in page
    assert confirm(client, page, f"{base}bulk").status_code == 409
    assert confirm(client, page, f"{base}bulk", skip="1").status_code == 303
    with session_of(fresh_portal, operator) as session:
        after = {a.id: a.bik for a in session.scalars(select(OrganisationBankAccount))}
    assert after[free_id] == "044525225"
    assert sum(after[i] == before[i] for i in before) >= wrong


def test_a_record_with_words_of_its_own_writes_them_anew(fresh_portal: Portal) -> None:
    operator = person(fresh_portal, "operator")
    with session_of(fresh_portal, operator) as session:
        number = edit(
            session, Query(OrganisationAddress), {"postal_index": "214000"}, operator, HOW
        ).batch
        session.commit()
        rows = session.scalars(select(OrganisationAddress)).all()
        assert rows
        assert all(row.postal_index == "214000" for row in rows)
        assert any("214000" in (row.full_text or "") for row in rows)
        undo(session, number, operator)
        session.commit()


def test_a_long_edit_is_a_job_and_three_thousand_come_back_exactly(fresh_portal: Portal) -> None:
    operator = person(fresh_portal, "operator")
    client = fresh_portal.client_as("operator")
    with session_of(fresh_portal, operator) as session:
        many(session, 3000)
        before = phones(session)
    page = change(client, scope="filter", query="q=пробная").text
    assert figures(page)["Изменится"].replace("\u202f", "") == "3000"
    done = confirm(client, page)
    assert done.status_code == 303
    assert done.location.startswith("/jobs/")
    do_jobs(fresh_portal)
    job = client.get(done.location).text
    assert "Готово" in job
    found = re.search(r'href="/batches/(\d+)"', job)
    assert found
    with session_of(fresh_portal, operator) as session:
        assert sum(phone == PHONE for phone in phones(session).values()) == 3000
        undo(session, int(found[1]), operator)
        session.commit()
        assert phones(session) == before


def test_a_job_that_is_stopped_leaves_nothing(fresh_portal: Portal) -> None:
    operator = person(fresh_portal, "operator")

    def stop(done: int, _total: int | None) -> None:
        if done >= 2000:
            raise Cancelled("Остановлено.")

    with session_of(fresh_portal, operator) as session:
        many(session, 3000)
        before = phones(session)
        with pytest.raises(Cancelled):
            edit(
                session,
                Query(Organisation, search="пробная"),
                {"phone": PHONE},
                operator,
                How(Message("Правка"), progress=stop),
            )
        session.rollback()
        assert phones(session) == before
        assert not batches.recent(session)


def test_an_expired_login_does_not_lose_the_form(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(LIST).text)
    assert token
    with fresh_portal.cluster.connect(fresh_portal.database) as connection:
        connection.execute("delete from user_session")
    typed = {"change-phone": "1", "to-phone": "+7 4812 77-77-77", "step": "preview"}
    sent = {"csrf_token": token[1], "scope": "selected", "ids": "1,2", "query": "", **typed}
    answer = client.post(f"{LIST}bulk", data=sent)
    assert answer.status_code == 401
    for name, value in sent.items():
        assert name == "csrf_token" or (name in answer.text and value in answer.text)
