"""What the trigger log says of single writes: whose they were, fields before and after."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import array

from app.kernel.catalogue import record_named
from app.kernel.sealing import cipher
from app.models.access import Activity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.fields import Field
    from app.kernel.record import Record


class Logged(Protocol):
    """A line of the log, as far as its values go."""

    @property
    def before(self) -> dict[str, Any] | None:
        """Values of the changed columns before the write."""

    @property
    def after(self) -> dict[str, Any] | None:
        """Values of the changed columns after it."""


def user_names(session: Session, ids: set[int | None]) -> dict[int, str]:
    """Surnames and names of accounts, in one statement."""
    wanted = [ident for ident in ids if ident is not None]
    if not wanted:
        return {}
    names = text(
        "select id, last_name || ' ' || first_name from ab_user where id in :ids"
    ).bindparams(bindparam("ids", expanding=True))
    return {row[0]: row[1].strip() for row in session.execute(names, {"ids": wanted})}


def last_writer(session: Session, row: Record, since: int, names: set[str]) -> Activity | None:
    """The newest write of any of the attributes after a version, for the words of a conflict."""
    return session.scalars(
        select(Activity)
        .where(
            Activity.table_name == row.__tablename__,
            Activity.row_id == row.id,
            Activity.row_version > since,
            Activity.after.has_any(array(sorted(names))),
        )
        .order_by(Activity.id.desc())
        .limit(1)
    ).one_or_none()


def field_values(entry: Logged) -> list[tuple[str, Any, Any]]:
    """Changed attributes of a write: name, before, after, as they lie in the log."""
    before, after = entry.before or {}, entry.after or {}
    return [(name, before.get(name), after.get(name)) for name in {**before, **after}]


def understood(f: Field, stored: Any) -> Any:
    """A value of the log as the record holds it. Raises ``Invalid`` for one that fits no more."""
    if f.kind.target:
        return stored
    if f.kind.sealed and isinstance(stored, str):
        return cipher().unseal(f.kind.name, stored)
    if isinstance(stored, str) and f.kind.python is not str:
        return f.kind.parse(stored)
    if isinstance(stored, (int, float)) and f.kind.python is Decimal:
        return Decimal(str(stored))
    return stored


def ancestors(session: Session, row: Record) -> Sequence[Record]:
    """What the row belongs to, up to the top, in one statement.

    As long as they are held, the session gives each without asking again.
    """
    about, statement = row.about, None
    above = None
    while about.parent:
        record = record_named(about.parent)
        if statement is None:
            statement = select(record).where(record.id == getattr(row, about.owner))
        else:
            statement = statement.add_columns(record)
            statement = statement.where(record.id == getattr(above, about.owner))
        about, above = record.about, record
    found = session.execute(statement).first() if statement is not None else None
    return tuple(found) if found else ()
