"""Who may take a batch back: whoever could have written it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import func, select

from app.kernel.catalogue import field_map, record_named
from app.kernel.errors import Refused
from app.kernel.rights import DELETE, write_permission
from app.models.access import Activity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.kernel.actor import Actor
    from app.kernel.record import Record
    from app.models.work import ChangeBatch

LOG = cast("Table", Activity.__table__)


def refuse(
    session: Session, batch: ChangeBatch, actor: Actor, rows: Mapping[str, Mapping[str, int]]
) -> None:
    """Raise ``Refused`` for what the actor may not write; ``rows``: table, verb, number."""
    if not rows:
        raise Refused("В этом пакете нет изменений, которые вам можно отменить.")
    for name, verbs in rows.items():
        record = record_named(name)
        if set(verbs) & {"insert", "trash", "revive"} and not actor.may(DELETE, name):
            raise Refused("Отменить может только тот, кому разрешено удалять такие записи.")
        if "update" in verbs and _touched(session, batch.id, name) - _allowed(record, actor):
            raise Refused("Отменить может только тот, кому разрешено менять эти поля.")


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
    name = record.__tablename__
    return frozenset(n for n, f in fields if actor.may(write_permission(f.policy), name))
