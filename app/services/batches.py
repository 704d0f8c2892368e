"""Batches: everything one act changes carries one number in the log, so that it can be undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import column, distinct, exists, func, insert, literal, select, text
from sqlalchemy import table as sa_table
from sqlalchemy.orm import aliased

from app.kernel.errors import Missing
from app.kernel.sentences import packed, unpacked
from app.models.access import Activity
from app.models.work import ChangeBatch

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.kernel.errors import Message

PAGE = 50
VERBS = ("insert", "update", "trash", "revive")
PEOPLE = sa_table("ab_user", column("id"), column("last_name"), column("first_name"))
_NUMBER = text(
    "select set_config('app.batch', :number, true), set_config('app.request', :request, true)"
)


class Origin(NamedTuple):
    """The request that changes come from: when it was asked for, decided, is in effect from."""

    request: int
    proposed: dt.date
    decided: dt.date
    effective: dt.date

    def packed(self) -> str:
        """The words of the setting that the log reads."""
        number, *days = self
        names = ("proposed", "decided", "effective")
        return json.dumps({"id": number, **dict(zip(names, map(str, days), strict=True))})


def begin(
    session: Session,
    kind: str,
    title: Message,
    *,
    organisation: int | None = None,
    undoes: int | None = None,
) -> int:
    """Let all that this transaction writes from now on belong to a new batch; gives its number.

    ``organisation`` is the one whose people see the batch beside its author, where it is only one.
    """
    capacity = func.nullif(func.current_setting("app.capacity", literal(value=True)), "")
    number = session.scalar(
        insert(ChangeBatch)
        .values(
            kind=kind,
            title=title.text,
            title_values=packed(title),
            user_id=func.portal_user(),
            capacity=capacity,
            organisation_id=organisation,
            undoes=undoes,
        )
        .returning(ChangeBatch.id)
    )
    assert number is not None  # noqa: S101 - the row has just been inserted
    go_on(session, number)
    return int(number)


def go_on(session: Session, number: int, origin: Origin | None = None) -> None:
    """Let all that this transaction writes from now on belong to a batch that was begun before.

    ``origin``: the request that it comes from, which the log names with its days.
    """
    request = "" if origin is None else origin.packed()
    session.execute(_NUMBER, {"number": str(number), "request": request})


def title_of(batch: ChangeBatch) -> Message:
    """What a batch is called."""
    return unpacked(batch.title, batch.title_values)


def find(session: Session, number: int) -> ChangeBatch:
    """One batch within the scope. Raises ``Missing``."""
    found = session.get(ChangeBatch, number)
    if found is None:
        raise Missing("Такого пакета изменений нет.")
    return found


class Whole(NamedTuple):
    """A batch, the number of the batch that undid it, who made it: an empty name is the system."""

    batch: ChangeBatch
    undone: int | None
    author: str


def whole(session: Session, number: int) -> Whole:
    """One batch within the scope with what its page says of it. Raises ``Missing``."""
    later = aliased(ChangeBatch)
    name = PEOPLE.c.last_name + " " + PEOPLE.c.first_name
    author = select(name).where(PEOPLE.c.id == ChangeBatch.user_id).scalar_subquery()
    found = session.execute(
        select(ChangeBatch, later.id, author)
        .outerjoin(later, later.undoes == ChangeBatch.id)
        .where(ChangeBatch.id == number)
    ).first()
    if found is None:
        raise Missing("Такого пакета изменений нет.")
    batch, undone, who = found
    return Whole(batch, undone, (who or "").strip())


def undone_by(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Which of the batches have been undone, and by which."""
    if not numbers:
        return {}
    rows = session.execute(
        select(ChangeBatch.undoes, ChangeBatch.id).where(ChangeBatch.undoes.in_(numbers))
    )
    return {undoes: ident for undoes, ident in rows if undoes is not None}


def recent(session: Session, before: int | None = None) -> Sequence[ChangeBatch]:
    """Batches the capacity may see, newest first: a page of them and one more."""
    statement = select(ChangeBatch)
    if before is not None:
        statement = statement.where(ChangeBatch.id < before)
    return session.scalars(statement.order_by(ChangeBatch.id.desc()).limit(PAGE + 1)).all()


def counts(session: Session, number: int) -> list[tuple[str, str, int]]:
    """How many rows a batch wrote: table, verb, number; only what the capacity may read."""
    rows = session.execute(
        select(Activity.table_name, Activity.verb, func.count(func.distinct(Activity.row_id)))
        .where(Activity.batch_id == number)
        .group_by(Activity.table_name, Activity.verb)
        .order_by(Activity.table_name, Activity.verb)
    )
    return [(table, verb, count) for table, verb, count in rows]


def lines(
    session: Session, number: int, after: int = 0, limit: int = PAGE, table: str = ""
) -> Sequence[Activity]:
    """The writes of a batch in their order, from behind a line on: a page of them and one more."""
    statement = select(Activity).where(Activity.batch_id == number, Activity.id > after)
    if table:
        statement = statement.where(Activity.table_name == table)
    return session.scalars(statement.order_by(Activity.id).limit(limit + 1)).all()


class Met(NamedTuple):
    """Rows of a table that a batch wrote, each as often as it was written in another way.

    Rows that were ``trashed`` or ``revived`` are counted as such, not as ``changed``; ``since``:
    they were written again after the batch.
    """

    added: int = 0
    changed: int = 0
    trashed: int = 0
    revived: int = 0
    since: int = 0


def forecast(session: Session, number: int) -> dict[str, Met]:
    """What an undo would meet, by table."""
    later = aliased(Activity)
    last = select(func.max(Activity.id)).where(Activity.batch_id == number).scalar_subquery()
    again = (
        exists()
        .where(
            later.table_name == Activity.table_name,
            later.row_id == Activity.row_id,
            later.id > last,
            later.batch_id.is_distinct_from(number),
        )
        .correlate(Activity)
    )
    rows = func.count(distinct(Activity.row_id))
    found = session.execute(
        select(
            Activity.table_name,
            *(rows.filter(Activity.verb == verb) for verb in VERBS),
            rows.filter(again),
        )
        .where(Activity.batch_id == number)
        .group_by(Activity.table_name)
    )
    return {table: Met(*numbers) for table, *numbers in found}
