"""The end of a row that is asked for: whether it has come, what moved since it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.canonical import canonical
from app.kernel.catalogue import ending_of, field_map, record_named
from app.kernel.clock import today

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from app.kernel.record import Record
    from app.models.registry_requests import EditRequest, EditRequestLine

END = "D"  # the kind of line that asks for it


def picture(row: Record, names: Iterable[str]) -> dict[str, Any]:
    """The values of a row in canonical form."""
    return {name: canonical(getattr(row, name)) for name in names}


def written_by(line: EditRequestLine) -> str:
    """The field that a line writes, that of the end where it asks for it; empty for whole rows."""
    if line.op == END:
        return ending_of(record_named(line.target_table))
    return line.field or ""


def moved_since(line: EditRequestLine, row: Record) -> set[str]:
    """Attributes whose value is no more the one that stood when the end was asked for."""
    known = field_map(type(row))
    return {n for n, v in line.base.items() if n in known and canonical(getattr(row, n)) != v}


def has_ended(row: Record, day: dt.date) -> bool:
    """Whether the row is out of force by the day already, or in the trash."""
    name = ending_of(type(row))
    until = getattr(row, name) if name else None
    return row.deleted_at is not None or (until is not None and until <= day)


def day_of(request: EditRequest) -> dt.date:
    """The day on which what is asked for takes effect; where none is named, that of deciding."""
    return request.effective_on or today()
