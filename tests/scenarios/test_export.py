"""Exports end cleanly: whoever reads a file, and however far, takes no connection along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.extensions import db

if TYPE_CHECKING:
    from tests.conftest import Portal


def busy_connections(portal: Portal) -> int:
    with portal.app.app_context():
        return db.engine.pool.checkedout()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_gives_its_connection_back(portal: Portal, form: str) -> None:
    client = portal.client_as("operator")
    before = busy_connections(portal)
    for _ in range(3):
        with client.get(f"/registry/organisation/export/{form}") as answer:
            assert answer.status_code == 200
            assert len(answer.data) > 1000
    assert busy_connections(portal) == before


def test_an_export_broken_off_gives_its_connection_back(portal: Portal) -> None:
    client = portal.client_as("operator")
    before = busy_connections(portal)
    answer = client.get("/registry/organisation/export/csv", buffered=False)
    next(iter(answer.response))
    answer.close()
    assert busy_connections(portal) == before
