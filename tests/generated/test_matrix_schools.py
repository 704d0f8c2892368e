"""The matrix over the pages, as the people of a school meet them (see ``cells``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.generated.cells import build_pages, try_all
from tests.generated.turns import SCHOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Portal
    from tests.generated.world import World


@pytest.fixture(scope="module")
def world(portal: Portal) -> Iterator[World]:
    yield from build_pages(portal)


@pytest.mark.parametrize("login", SCHOOLS)
def test_pages_of(login: str, world: World) -> None:
    try_all(login, world)
