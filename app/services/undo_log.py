"""What a batch did to each row altogether, from the trigger log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from app.kernel.catalogue import field_map
from app.models.access import Activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.kernel.record import Record

LOG = cast("Table", Activity.__table__)


@dataclass(frozen=True, slots=True)
class Net:
    """What a batch did to one row altogether."""

    row_id: int
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def goes(self) -> bool:
        """Whether the batch took the row out of the trash, so that it goes there again."""
        return bool(self.before.get("deleted_at")) and not self.after.get("deleted_at")


def changes(session: Session, number: int, name: str) -> Iterator[Net]:
    """What the batch changed in rows that were there before it, each row once."""
    made = LOG.alias()
    new = select(made.c.row_id).where(
        made.c.batch_id == number, made.c.table_name == name, made.c.verb == "insert"
    )
    statement = (
        select(LOG.c.row_id, LOG.c.before, LOG.c.after)
        .where(LOG.c.batch_id == number, LOG.c.table_name == name, LOG.c.row_id.not_in(new))
        .order_by(LOG.c.row_id, LOG.c.id)
    )
    net: Net | None = None
    for row_id, before, after in session.execute(statement).all():
        if net is None or net.row_id != row_id:
            if net is not None:
                yield net
            net = Net(row_id, dict(before or {}), dict(after or {}))
        else:
            net.before.update({n: v for n, v in (before or {}).items() if n not in net.before})
            net.after.update(after or {})
    if net is not None:
        yield net


def columns_of(record: type[Record], net: Net) -> tuple[str, ...]:
    """The columns to put back: those that differ and can be written."""
    table = cast("Table", record.__table__)
    kept = {name for name, declared in field_map(record).items() if declared.kept}
    return tuple(
        sorted(
            name
            for name, value in net.after.items()
            if name in table.c
            and name not in kept
            and table.c[name].computed is None
            and net.before.get(name) != value
        )
    )
