"""Who may take a batch back: whoever could have written it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import func, select

from app.kernel.catalogue import field_map, record_named
from app.kernel.errors import Refused
from app.kernel.rights import is_typed, may_add, may_remove, may_type, reaches
from app.models.access import Activity
from app.models.work import ChangeBatch
from app.services import batches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record

TABLE = "import.table"  # the kind of batches that tables of people are loaded as
PASTE = "paste"  # and of those that rows of a sheet are pasted as
MOVEMENT = "movement"  # and of those that an order on learners has written
LOG = cast("Table", Activity.__table__)


def refuse(
    session: Session, batch: ChangeBatch, actor: Actor, rows: Mapping[str, Mapping[str, int]]
) -> None:
    """Raise ``Refused`` for what the actor may not write; ``rows``: table, verb, number."""
    if _of_an_order(session, batch):
        raise Refused("Исполнение приказа отменяют на его странице, для каждого класса целиком.")
    if not rows:
        raise Refused("В этом пакете нет изменений, которые вам можно отменить.")
    if _beyond(session, batch.id, actor):
        raise Refused("Отменить может только тот, кому доступны все строки этого пакета.")
    for name, verbs in rows.items():
        if not is_typed(record_named(name)):  # it follows from the others by itself
            continue
        moved = set(verbs) & {"insert", "trash", "revive"} - _own(batch, record_named(name), actor)
        if moved and not may_remove(record_named(name), actor):
            raise Refused("Отменить может только тот, кому разрешено удалять такие записи.")
        changed = "update" in verbs
        if changed and _touched(session, batch.id, name) - _allowed(record_named(name), actor):
            raise Refused("Отменить может только тот, кому разрешено менять эти поля.")


def may_undo(session: Session, batch: ChangeBatch, actor: Actor) -> bool:
    """Whether the actor could take the batch back, as far as rights go."""
    rows: dict[str, dict[str, int]] = {}
    for table, verb, count in batches.counts(session, batch.id):
        rows.setdefault(table, {})[verb] = count
    try:
        refuse(session, batch, actor, rows)
    except Refused:
        return False
    return True


def _of_an_order(session: Session, batch: ChangeBatch) -> bool:
    """Whether an order has written the batch, or taken it back: the order must hear of it."""
    before = session.get(ChangeBatch, batch.undoes) if batch.undoes else None
    return MOVEMENT in {batch.kind, before.kind if before else ""}


def _own(batch: ChangeBatch, record: type[Record], actor: Actor) -> frozenset[str]:
    """What whoever loaded a table takes back without the right to remove rows: what it added."""
    mine = (
        batch.kind in {TABLE, PASTE}
        and batch.user_id is not None
        and batch.user_id == actor.user_id
    )
    return frozenset({"insert"} if mine and may_add(record, actor) else ())


def _beyond(session: Session, number: int, actor: Actor) -> bool:
    """Whether the batch wrote rows outside the write scope, which an undo could only leave."""
    if actor.reaches(None):
        return False
    wrote = select(LOG.c.table_name, LOG.c.organisation_id).where(LOG.c.batch_id == number)
    return not all(
        reaches(record_named(name), actor, organisation)
        for name, organisation in session.execute(wrote.distinct())
    )


def _touched(session: Session, number: int, name: str) -> set[str]:
    """Attributes a person could have typed and the batch changed."""
    keys = func.jsonb_object_keys(LOG.c.after).label("name")
    found = session.scalars(
        select(keys)
        .where(LOG.c.batch_id == number, LOG.c.table_name == name, LOG.c.verb == "update")
        .distinct()
    )
    fields = field_map(record_named(name))
    return {n for n in found if n in fields and fields[n].typed}


def _allowed(record: type[Record], actor: Actor) -> frozenset[str]:
    fields = field_map(record).items()
    return frozenset(n for n, f in fields if may_type(record, f, actor))
