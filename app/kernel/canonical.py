"""Values in canonical JSON: what two people mean alike is stored alike (domain.md 3.5.3)."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kernel.record import Record

READERS: dict[type[Any], Callable[[Any], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: bool,
    Decimal: Decimal,
    UUID: UUID,
    dt.date: dt.date.fromisoformat,
    dt.datetime: dt.datetime.fromisoformat,
    dt.time: dt.time.fromisoformat,
}


def canonical(value: Any) -> Any:
    """Texts stripped and in NFC, dates ISO, decimals as texts without idle zeros, empty is None."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def restored(record: type[Record], name: str, kept: Any) -> Any:
    """The value of an attribute again."""
    if kept is None:
        return None
    return READERS[record.__table__.c[name].type.python_type](kept)
