"""A value of the past comes back through the form of its row, for those who may type it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.models.registry import Organisation
from app.services import keep
from tests.histories import LIST, back_of, entries, save, school, words
from tests.html_form import form_with
from tests.working import person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal


@pytest.fixture
def operator(portal: Portal) -> FlaskClient:
    return portal.client_as("operator")


def test_a_value_comes_back_through_the_form_and_nothing_is_written_before(
    portal: Portal,
) -> None:
    clerk, where = portal.client_as("clerk"), f"{LIST}{school(portal)}"
    save(clerk, where, email="before@example.com")
    save(clerk, where, email="after@example.com")
    back = back_of(clerk.get(f"{where}/history").text, "Электронная почта")
    form = clerk.get(back).text
    assert "Значение поля возвращено" in form
    values = form_with(form, "email")
    assert values["email"] == "before@example.com"
    assert "after@example.com" in clerk.get(where).text
    assert clerk.post(f"{where}/edit", data=values).status_code == 303
    assert "before@example.com" in clerk.get(where).text
    newest = words(entries(clerk.get(f"{where}/history").text)[0])
    assert "after@example.com before@example.com" in newest


def test_a_value_that_somebody_changes_meanwhile_is_a_conflict(portal: Portal) -> None:
    clerk, where = portal.client_as("clerk"), f"{LIST}{school(portal)}"
    save(clerk, where, email="one@example.com")
    save(clerk, where, email="two@example.com")
    values = form_with(
        clerk.get(back_of(clerk.get(f"{where}/history").text, "Электронная почта")).text, "email"
    )
    save(portal.client_as("operator"), where, email="three@example.com")
    answer = clerk.post(f"{where}/edit", data=values)
    assert answer.status_code == 409
    assert "one@example.com" in answer.text
    assert "three@example.com" in answer.text


def test_who_may_not_type_the_field_is_offered_no_way_back(
    portal: Portal, operator: FlaskClient
) -> None:
    where = f"{LIST}{school(portal)}"
    save(operator, where, oo1_code="670001")
    save(operator, where, oo1_code="670002")
    back = back_of(operator.get(f"{where}/history").text, "Код в форме ОО-1")
    clerk = portal.client_as("clerk")
    page = clerk.get(f"{where}/history").text
    assert back not in page
    assert clerk.get(back).status_code == 403
    assert portal.client_as("clerk2").get(back).status_code == 403
    assert operator.get(back.replace("oo1_code", "deleted_at")).status_code == 404
    assert operator.get(back.replace("oo1_code", "phone")).status_code == 404
    other = back.replace(where, f"{LIST}{school(portal, 'school-2')}")
    assert operator.get(other).status_code == 404


def test_a_code_that_has_ended_is_not_offered_and_says_why(fresh_portal: Portal) -> None:
    operator = fresh_portal.client_as("operator")
    where = f"{LIST}{school(fresh_portal)}"
    save(operator, where, org_kind="GYM")
    save(operator, where, org_kind="LYC")
    back = back_of(operator.get(f"{where}/history").text, "Вид организации")
    with fresh_portal.cluster.connect(fresh_portal.database) as connection:
        connection.execute(
            "update classifier_item set valid_to = current_date - 1"
            " where classifier = 'ORG_KIND' and code = 'GYM'"
        )
        connection.commit()
    page = operator.get(f"{where}/history").text
    assert back not in page
    assert 'title="Это значение больше не действует. Выберите другое."' in page
    answer = operator.get(back)
    assert answer.status_code == 303
    assert "больше не действует" in operator.get(answer.location).text


def test_a_row_of_the_trash_leads_there(fresh_portal: Portal) -> None:
    who = person(fresh_portal, "operator")
    with session_of(fresh_portal, who) as session:
        row = keep.add(session, Organisation, {"full_name": "Школа упразднённая"}, who)
        session.commit()
        keep.trash(session, Organisation, row.id, 1, who)
        session.commit()
        ident = row.id
    page = fresh_portal.client_as("operator").get(f"{LIST}{ident}/history")
    assert page.status_code == 200
    assert "Запись в корзине" in page.text
    assert f'href="{LIST}trash?q=' in page.text
    assert fresh_portal.client_as("clerk").get(f"{LIST}{ident}/history").status_code == 404
