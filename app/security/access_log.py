"""Lines of the access log, each through the one append-only function of the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

LONGEST_TARGET = 200
_WRITE = text(
    "select portal_access(:action, :target, cast(:detail as jsonb), cast(:address as inet),"
    " :user_id, :capacity, :table_name, :row_id, :organisation_id, :learner_id, :purpose)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What was done and by whom; of what was read: where it stands and whom it is about."""

    action: str
    user_id: int | None = None
    address: str | None = None
    target: str | None = None
    capacity: str | None = None
    table_name: str | None = None
    row_id: int | None = None
    organisation_id: int | None = None
    learner_id: int | None = None
    purpose: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def write(connection: Connection, line: Line) -> None:
    """Append the line. Whoever signs in for the portal may, whatever scope it acts in."""
    values = {name: getattr(line, name) for name in Line.__slots__}
    values["target"] = "".join(c for c in line.target or "" if c.isprintable())[:LONGEST_TARGET]
    values["detail"] = json.dumps(line.detail, ensure_ascii=False) if line.detail else None
    connection.execute(_WRITE, values)
