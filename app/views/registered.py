"""All views in the order of registration: pages beside the catalogue, its pages, the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import app.services.movements
import app.services.transfers  # noqa: F401 - and those of transfers
from app.kernel.catalogue import records
from app.views.base.records import view_of
from app.views.base.rest.changes import ChangesApi
from app.views.base.rest.page import ApiPage, DescriptionApi
from app.views.base.rest.records import api_of
from app.views.base.rest.tokens import TokenApi
from app.views.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Iterator


def views() -> Iterator[type[object]]:
    """Every view that the portal registers."""
    yield from PAGES
    yield from map(view_of, records())
    yield from (ApiPage, TokenApi, DescriptionApi, ChangesApi)
    yield from map(api_of, records())
