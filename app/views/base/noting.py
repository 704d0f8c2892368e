"""Readings of personal data, in the access log before the answer goes out (domain.md 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from app.kernel.catalogue import field_map
from app.kernel.personal import SPECIAL, read_in, watched
from app.security.access_log import Line
from app.security.database import DatabaseRole
from app.views.base.guard import accounts, identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.record import Record
    from app.security.identity import Identity


def note(action: str, target: str, **said: Any) -> None:
    """Write down what the person of the request does. Raises what the database raises."""
    actor = identity()
    line = Line(
        action,
        user_id=actor.user_id,
        address=request.remote_addr,
        target=target,
        capacity=actor.scope.capacity,
        **said,
    )
    accounts().note(line)


def note_row(action: str, row: Record, target: str = "", **said: Any) -> None:
    """Write down that something of a row was read."""
    record = type(row)
    learner = getattr(row, record.about.learner) if record.about.learner else None
    note(
        action,
        target or record.__tablename__,
        table_name=record.__tablename__,
        row_id=row.id,
        organisation_id=getattr(row, "organisation_id", None),
        learner_id=learner,
        **said,
    )


def note_told(
    record: type[Record], ident: int, organisation: int | None, learner: int | None
) -> None:
    """Write down that a program was given a row, as ``note_opening`` does for people."""
    if watched(record):
        name = record.__tablename__
        whose = {"organisation_id": organisation, "learner_id": learner}
        note("api", name, table_name=name, row_id=ident, **whose)


def note_opening(action: str, row: Record) -> None:
    """Write down that a row was opened, where its record holds anything of a special group."""
    if watched(type(row)):
        note_row(action, row)


def note_list(record: type[Record], names: Iterable[str], rows: int, via: str = "") -> None:
    """Write down that rows were listed with whole values of a special group, and how many."""
    if not rows or not watched(record):
        return
    actor, fields = identity(), field_map(record)
    listed = [fields[name] for name in names if name in fields]
    if read := read_in(record, listed, actor, SPECIAL):
        detail = {"rows": rows, "fields": read, **({"via": via} if via else {})}
        note(
            "list",
            record.__tablename__,
            table_name=record.__tablename__,
            organisation_id=place_of(actor),
            detail=detail,
        )


def place_of(actor: Identity) -> int | None:
    """The organisation whose rows alone a capacity reads; none where it reads others as well."""
    one = actor.scope.role is DatabaseRole.ORG and len(actor.scope.orgs) == 1
    return actor.scope.orgs[0] if one else None
