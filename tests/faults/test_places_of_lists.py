"""Where a page begins stands in its address: long names fit into it, forged places fail."""

from __future__ import annotations

import base64
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Portal

LONGEST_ADDRESS = 4094  # of a web server's request line
FORGED = {
    "half a surrogate pair": rb'["\ud800", 1]',
    "a mountain of brackets": b"[" * 2000,
    "a truth instead of a number": b'["a", true]',
    "another shape": b'{"a": 1}',
    "no text": b"\xff\xfe",
}


@pytest.mark.parametrize("inside", FORGED.values(), ids=FORGED)
def test_a_forged_place_is_not_understood(portal: Portal, inside: bytes) -> None:
    place = base64.urlsafe_b64encode(inside).decode().rstrip("=")
    answer = portal.client_as("operator").get(f"/registry/organisation/?after={place}")
    assert answer.status_code == 400


def test_the_longest_name_fits_into_the_address_of_the_next_page(portal: Portal) -> None:
    client = portal.client_as("operator")
    for number in range(30):
        page = client.get("/registry/organisation/add").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token
        name = f"Яя{number:02}".ljust(1000, "ю")
        data = {"full_name": name, "csrf_token": token[1]}
        assert client.post("/registry/organisation/add", data=data).status_code == 303
    page = client.get("/registry/organisation/?sort=-caption").text
    link = re.search(r'href="([^"]*[?;&]after=[^"]*)"', page)
    assert link
    address = unescape(link[1])
    assert len(address) < LONGEST_ADDRESS
    assert client.get(address).status_code == 200
