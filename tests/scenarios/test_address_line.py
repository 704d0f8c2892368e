"""The address in one line follows its parts; a line that came without parts stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.html_form import form_with

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

ADDRESSES = "/registry/organisation-address"


def save(client: FlaskClient, address: str, **values: str) -> str:
    """Send the form at the address with these values; gives the page it leads to."""
    form = form_with(client.get(address).text, "postal_index")
    answer = client.post(address, data={**form, **values})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_the_line_goes_with_the_last_of_its_parts(portal: Portal) -> None:
    client = portal.client_as("operator")
    parts = {"locality": "г. Ельня", "street": "ул. Пионерская", "house": "7"}
    card = save(client, f"{ADDRESSES}/add?parent=1", address_kind="F", **parts)
    assert "ул. Пионерская, д. 7" in client.get(card).text
    save(client, f"{card}/edit", locality="", street="", house="", postal_index="")
    assert "Пионерская" not in client.get(card).text


def test_a_line_without_parts_stands(portal: Portal) -> None:
    client = portal.client_as("operator")
    card = save(client, f"{ADDRESSES}/add?parent=1", address_kind="F", house="1")
    with portal.cluster.connect(portal.database) as connection:
        connection.execute(
            "update organisation_address set house = null, full_text = 'Одной строкой'"
            " where id = %s",
            (card.rsplit("/", 1)[1],),
        )
    save(client, f"{card}/edit", valid_from="01.09.2026")
    assert "Одной строкой" in client.get(card).text
