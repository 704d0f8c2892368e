"""Faults 6, 10, 11, 12, 13, 19 of Flask-AppBuilder: forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.sides import DONE, Side, mended, words_of
from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@mended
def test_a_form_holds_no_other_organisations(side: Side) -> None:
    """6: a relation puts the whole table into every form."""
    text = side.page(side.client(), side.path("edit", side.organisation("school-1")))
    assert "с. Глинка" not in text
    assert "пгт Шумячи" not in text


@mended
def test_what_was_typed_stays_when_the_database_refuses(side: Side) -> None:
    """10: the form is gone after any refusal of the database."""
    client = side.client()
    taken = side.sql("select registry_number from organisation where source_id = 'school-2'")[0][0]
    answer = side.save(
        client, side.organisation("school-1"), registry_number=taken, head_name="Набранов Набор"
    )
    assert answer.status_code == 422
    assert "Набранов Набор" in answer.text
    assert form_with(answer.text, "email")["registry_number"] == taken
    assert "уже есть" in words_of(answer.text)


@mended
def test_a_new_row_the_database_refuses_stays_in_its_form(side: Side) -> None:
    """10: adding a row shows the statement of the database instead of the form."""
    client = side.client()
    taken = side.sql("select registry_number from organisation where source_id = 'school-2'")[0][0]
    path = side.path("add")
    values = {**side.form(client, path), "full_name": "Новая школа", "registry_number": taken}
    answer = client.post(path, data=values, follow_redirects=True)
    assert "uq_organisation" not in answer.text
    assert "INSERT INTO" not in answer.text
    assert answer.status_code == 422
    assert form_with(answer.text, "email")["full_name"] == "Новая школа"


@mended
def test_nobody_overwrites_what_another_saved_meanwhile(side: Side) -> None:
    """11: the second save wins without a word."""
    first, second = side.client(), side.client()
    ident = side.organisation("school-3")
    path = side.path("edit", ident)
    forms = {client: side.form(client, path) for client in (first, second)}
    for client, head in ((first, "Первая Анна"), (second, "Вторая Вера")):
        answer = client.post(path, data={**forms[client], "head_name": head})
    stored = side.sql("select head_name from organisation where id = %s", ident)[0][0]
    assert stored == "Первая Анна"
    assert answer.status_code == 409
    assert "Первая Анна" in answer.text
    assert "Вторая Вера" in answer.text


@mended
def test_saving_a_parent_leaves_its_children(side: Side) -> None:
    """12: a form without the list of children takes all of them away."""
    client = side.client()
    town = side.sql("select municipality_id from organisation where source_id = 'school-1'")[0][0]
    count = "select count(*) from organisation where municipality_id = %s"
    before = side.sql(count, town)
    path = side.path("municipality edit", town)
    values = side.form(client, path, "oktmo")
    answer = client.post(path, data={**values, "kind": "городской округ"})
    if answer.status_code not in DONE:
        raise RuntimeError("the municipality was not saved")
    assert side.sql(count, town) == before


@mended
def test_what_a_form_does_not_send_stays(side: Side) -> None:
    """12: an attribute that is not among those sent becomes empty."""
    client = side.client()
    ident = side.organisation("school-4")
    before = side.sql("select phone, inn from organisation where id = %s", ident)
    path = side.path("edit", ident)
    kept = ("csrf_token", "version", "full_name", "registry_number")
    values = {k: v for k, v in side.form(client, path).items() if k in kept}
    answer = client.post(path, data={**values, "head_name": "Иной Илья"})
    if answer.status_code not in DONE:
        raise RuntimeError("the organisation was not saved")
    assert side.sql("select phone, inn from organisation where id = %s", ident) == before


@mended
def test_blanks_are_no_value(side: Side) -> None:
    """12: blanks are stored as text, and two of them collide where values are unique."""
    client = side.client()
    for school in ("school-6", "school-7"):
        answer = side.save(client, side.organisation(school), registry_number="   ")
        assert answer.status_code in DONE
    for school in ("school-6", "school-7"):
        ident = side.organisation(school)
        stored = side.sql("select registry_number from organisation where id = %s", ident)
        assert stored == [(None,)]


@mended
def test_a_new_row_starts_without_a_parent_nobody_chose(side: Side) -> None:
    """13: the first row of the table is chosen where a relation is required."""
    client = side.client()
    path = side.path("licence add", "").rpartition("?")[0]
    answer = client.get(path)
    if answer.status_code == 200:
        assert not form_with(answer.text, "licence_number").get("organisation")


@mended
def test_an_address_puts_nothing_into_a_foreign_school(side: Side) -> None:
    """13: a parameter of the address sets what the form does not even show."""
    client = _clerk(side)
    foreign = side.organisation("school-2")
    count = "select count(*) from organisation_licence where organisation_id = %s"
    before = side.sql(count, foreign)
    path = side.path("licence add", foreign)
    answer = client.get(path)
    if answer.status_code == 200:
        values = form_with(answer.text, "licence_number")
        client.post(path, data={**values, "licence_number": "Л035-01253-67/00990001"})
    assert side.sql(count, foreign) == before


@mended
def test_days_are_typed_and_read_as_people_write_them(side: Side) -> None:
    """19: 31.12.2019 is refused, and days are shown the other way round."""
    client = side.client()
    ident = side.organisation("school-8")
    answer = side.save(client, ident, opened_on="01.09.1975")
    assert answer.status_code in DONE
    assert "01.09.1975" in words_of(side.page(client, side.path("show", ident)))


@mended
def test_what_is_empty_is_not_called_none(side: Side) -> None:
    """19: an empty value is shown as None."""
    text = side.page(side.client(), side.path("show", side.organisation("school-5")))
    assert "None" not in words_of(text)


@mended
def test_a_page_says_its_language(side: Side) -> None:
    """19: a page does not say that it is Russian."""
    assert '<html lang="ru"' in side.page(side.client(), side.path("list"))


@mended
def test_titles_are_russian(side: Side) -> None:
    """19: titles are made of English words and names of classes."""
    words = words_of(side.page(side.client(), side.path("list")))
    assert "List Plain" not in words
    assert "Организации" in words


def _clerk(side: Side) -> FlaskClient:
    """One who works for school-1; on the other side there are only administrators."""
    return side.client("clerk") if side.mended else side.client()
