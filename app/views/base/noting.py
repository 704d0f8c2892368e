"""Readings of personal data, in the access log before the answer goes out (domain.md 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from app.kernel.catalogue import field_map
from app.kernel.personal import SPECIAL, read_in, watched
from app.security.access_log import Line
from app.security.database import DatabaseRole
from app.services.seeking import exact, typed_values
from app.views.base.guard import accounts, identity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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


def note_list(
    record: type[Record],
    names: Iterable[str],
    rows: int,
    via: str = "",
    sought: Collection[str] = (),
) -> None:
    """Write down that rows were listed with whole values of a special group, and how many.

    ``sought``: attributes whose values were asked for. Whether somebody has such a value is told
    by no rows as well, so that is written down whatever was found.
    """
    if not watched(record):
        return
    actor, fields = identity(), field_map(record)
    read = _special(record, names, actor) if rows else ()
    asked = tuple(n for n in _special(record, sought, actor) if fields[n].group in SPECIAL)
    if not read and not asked:
        return
    detail: dict[str, object] = {"rows": rows}
    detail |= {"fields": read} if read else {}
    detail |= {"sought": asked} if asked else {}
    detail |= {"via": via} if via else {}
    note(
        "list" if read else "search",
        record.__tablename__,
        table_name=record.__tablename__,
        organisation_id=place_of(actor),
        detail=detail,
    )


def note_words(record: type[Record], rows: int, via: str) -> None:
    """Write down that rows were named where their very being there tells something special."""
    if record.about.group in SPECIAL:
        named = [name for name in record.about.caption if name in field_map(record)]
        note_list(record, named or [record.about.owner], rows, via)


def note_search(record: type[Record], typed: str, actor: Identity, rows: int, via: str) -> None:
    """Write down that a special value was looked for in a text that names people."""
    if watched(record):
        note_list(record, (), rows, via, typed_values(record, typed, exact(record, actor)))


def note_lines(lines: Iterable[tuple[type[Record], Iterable[str]]], target: str) -> None:
    """Write down that changes of special values were shown, whatever records they are of."""
    actor, rows = identity(), 0
    read: dict[str, set[str]] = {}
    for record, names in lines:
        found = _special(record, names, actor) if watched(record) else ()
        rows += bool(found)
        if found:
            read.setdefault(record.__tablename__, set()).update(found)
    if not read:
        return
    one = next(iter(read)) if len(read) == 1 else None
    detail: dict[str, object] = {"rows": rows, "via": "batch"}
    detail["fields"] = sorted(read[one]) if one else []
    detail |= {} if one else {"of": {name: sorted(found) for name, found in read.items()}}
    note("list", target, table_name=one, organisation_id=place_of(actor), detail=detail)


def _special(record: type[Record], names: Iterable[str], actor: Identity) -> tuple[str, ...]:
    fields = field_map(record)
    return read_in(record, [fields[n] for n in names if n in fields], actor, SPECIAL)


def place_of(actor: Identity) -> int | None:
    """The organisation whose rows alone a capacity reads; none where it reads others as well."""
    one = actor.scope.role is DatabaseRole.ORG and len(actor.scope.orgs) == 1
    return actor.scope.orgs[0] if one else None
