"""What an undo must leave standing: no live row under one in the trash, none pointing to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import column, exists, func, or_, select
from sqlalchemy import table as narrow

from app.kernel.catalogue import field_map, record_named, records
from app.kernel.kinds import FILE
from app.kernel.rights import typable
from app.services.bulk import among

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, FromClause, Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record


def points_to_itself(record: type[Record]) -> bool:
    """Whether rows of the record point to others of the same, as branches do to their head."""
    return any(f.kind.target == record.__tablename__ for f in field_map(record).values())


def held(record: type[Record]) -> Iterator[ColumnElement[bool]]:
    """Conditions that a live row of some record points to the row."""
    table = cast("Table", record.__table__)
    for other in records():
        for name, declared in field_map(other).items():
            if declared.kind.target == record.__tablename__:
                twin = _twin(other, name)
                yield exists().where(twin.c[name] == table.c.id, twin.c.deleted_at.is_(None))


def _twin(record: type[Record], name: str) -> FromClause:
    """The table once more, with the columns that are asked: an alias of it makes all it has."""
    return narrow(record.__tablename__, column(name), column("deleted_at")).alias()


def stands(
    record: type[Record], new: FromClause, columns: Sequence[str], *, whole: bool
) -> Iterator[ColumnElement[bool]]:
    """Conditions that what the row will point to is alive.

    ``new`` has the values to come as ``b_`` and the name of the column; ``whole``: what the row
    points to already counts as well, for it comes out of the trash.
    """
    table = cast("Table", record.__table__)
    for name, declared in field_map(record).items():
        if not declared.kind.target or declared.kind is FILE:
            continue
        if name in columns or whole:
            value = new.c[f"b_{name}"] if name in columns else table.c[name]
            twin = _twin(record_named(declared.kind.target), "id")
            alive = exists().where(twin.c.id == value, twin.c.deleted_at.is_(None))
            yield or_(value.is_(None), alive)


def hold(session: Session, table: Table, *chosen: ColumnElement[bool]) -> None:
    """Wait for those who are writing the rows or adding to them, and keep others out till the end.

    Nothing is sent back: there may be hundreds of thousands of rows.
    """
    rows = select(table.c.id).where(*chosen).order_by(table.c.id).with_for_update().subquery()
    session.execute(select(func.count()).select_from(rows))


def hold_parents(session: Session, record: type[Record], ids: Sequence[int], actor: Actor) -> None:
    """Keep what the rows belong to out of the trash, where the actor may."""
    about = record.about
    if not about.parent:
        return
    parent = record_named(about.parent)
    if typable(parent, actor):  # a lock asks for the right to write
        table = cast("Table", record.__table__)
        owners = select(table.c[about.owner]).where(among(table.c.id, ids))
        above = cast("Table", parent.__table__)
        hold(session, above, above.c.id.in_(owners))
