"""The one clock: UTC instants for storage, the region's own day for dates."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

REGION_TIME = ZoneInfo("Europe/Moscow")  # Smolensk region, UTC+3 (domain.md 0)


def now() -> dt.datetime:
    """The present instant, in UTC, aware."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The present day where the portal's users live."""
    return now().astimezone(REGION_TIME).date()


def local(instant: dt.datetime) -> dt.datetime:
    """An aware instant in the region's time."""
    return instant.astimezone(REGION_TIME)
