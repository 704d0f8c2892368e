"""What a clerk typed stands: an import tells of another value and does not write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.imports.loading import counts, part
from tests.imports.register_file import certificate, school

if TYPE_CHECKING:
    from tests.imports.loading import Loading

FIRST, SECOND = "8 4812 20-00-00", "8 4812 30-00-00"
PHONE = "select phone from organisation where source = 'rosobrnadzor'"


def type_in(load: Loading, phone: str) -> None:
    """The operator changes the phone on the form of the organisation."""
    (number,) = load.column("select id from organisation where source = 'rosobrnadzor'")
    address = f"/registry/organisation/{number}/edit"
    client = load.portal.client_as("operator")
    page = client.get(address).text
    inputs = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    kept = {name: value for name, value in inputs.items() if name in {"csrf_token", "version"}}
    answer = client.post(address, data={**kept, "full_name": "Школа № 1", "phone": phone})
    assert answer.status_code in {302, 303}, answer.text[:2000]


def test_a_phone_typed_on_the_form_is_left_and_told_with_both_values(load: Loading) -> None:
    load(certificate(school(Phone=FIRST)))
    type_in(load, "+7 4812 99-99-99")
    told = load(certificate(school(Phone=SECOND)))
    assert load.column(PHONE) == ["+74812999999"]
    left = part(told, "Оставлено, изменено вручную")
    assert "в портале «+74812999999», в реестре «+74812300000»" in left


def test_what_nobody_typed_is_still_brought_up_to_date(load: Loading) -> None:
    load(certificate(school(Phone=FIRST)))
    told = load(certificate(school(Phone=SECOND)))
    assert load.column(PHONE) == ["+74812300000"]
    assert part(told, "Оставлено, изменено вручную") == ""


def test_a_phone_emptied_by_hand_stays_empty(load: Loading) -> None:
    load(certificate(school(Phone=FIRST)))
    type_in(load, "")
    told = load(certificate(school(Phone=FIRST)))
    assert load.column(PHONE) == [None]
    assert "в портале «», в реестре" in part(told, "Оставлено, изменено вручную")


def test_fields_that_the_operator_keeps_come_from_the_register(load: Loading) -> None:
    load(certificate(school(ShortName="Школа")))
    load.rows(
        "update organisation set short_name = 'Ш' where source_id = %s returning 1", school()["Id"]
    )
    load(certificate(school(ShortName="Школа")))
    query = "select short_name from organisation where source = 'rosobrnadzor'"
    assert load.column(query) == ["Школа"]


def test_contacts_of_a_school_typed_in_before_it_was_recognised_are_left(load: Loading) -> None:
    load.add_by_hand("Школа", inn="6730010475", kpp="673001001", phone="+74812111111")
    told = load(certificate(school(Phone=FIRST, Email="a@b.ru")))
    query = "select full_name, phone, email from organisation where source = 'rosobrnadzor'"
    assert load.rows(query) == [("Школа № 1", "+74812111111", "a@b.ru")]
    assert "в портале «+74812111111»" in part(told, "Оставлено, изменено вручную")
    before = load.everything()
    assert counts(load(certificate(school(Phone=FIRST, Email="a@b.ru"))))["Организации"][:3] == (
        0,
        0,
        1,
    )
    assert load.everything() == before


def test_what_an_undo_put_back_is_as_typed_as_it_was_before(load: Loading) -> None:
    load(certificate(school(Phone=FIRST)))
    type_in(load, "+7 4812 99-99-99")
    undo = (
        "with told as materialized (select set_config('app.via', %s, true))"
        " update organisation set phone = %s from told where source = 'rosobrnadzor' returning 1"
    )
    load.rows(undo, "import", "+74812200000")
    load.rows(undo, "undo", "+74812999999")
    load(certificate(school(Phone=SECOND)))
    assert load.column(PHONE) == ["+74812999999"]
    load.rows(undo, "undo", "+74812200000")
    load(certificate(school(Phone=SECOND)))
    assert load.column(PHONE) == ["+74812300000"]
