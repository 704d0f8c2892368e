"""The number above a list is that of the rows which the person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Portal


def test_a_school_is_not_told_how_many_rows_the_region_has(portal: Portal) -> None:
    with portal.cluster.connect(portal.database) as connection:
        for table in ("organisation", "organisation_bank_account"):
            connection.execute("update pg_class set reltuples = 90000 where relname = %s", (table,))
    client = portal.client_as("clerk")
    assert "≈ 90\u202f000" in client.get("/registry/organisation/").text
    accounts = client.get("/registry/organisation-bank-account/").text
    assert "≈" not in accounts
    assert "Записей:" in accounts
