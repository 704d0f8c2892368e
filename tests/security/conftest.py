"""What the tests of security share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from tests.conftest import Portal


@pytest.fixture
def base(portal: Portal) -> Iterator[psycopg.Connection]:
    """The superuser, at a door without any memory of failures."""
    with portal.cluster.connect(portal.database) as connection:
        connection.execute("delete from login_throttle")
        yield connection
        connection.execute("delete from login_throttle")
