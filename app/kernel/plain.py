"""Stored values in forms that no language changes, for programs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from app.kernel.kinds import Kind


def plain(kind: Kind, value: Any) -> Any:
    """A stored value as the API shows it, as ``services.plain_rows`` has it from the database."""
    if isinstance(value, dt.datetime):
        return instant(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if kind.widget == "choices" and isinstance(value, str):
        return value.split(";")
    return value


def instant(value: dt.datetime) -> str:
    """An instant in UTC, to the microsecond."""
    return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
