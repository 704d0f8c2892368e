"""What a batch changed, row by row and cell by cell, from the trigger log into a paged file."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select

from app.kernel.catalogue import field_map, record_named
from app.models.access import Activity
from app.services.captions import captions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.kernel.paged import PagedWriter

LOG = cast("Table", Activity.__table__)
TOGETHER = 500  # rows whose words are asked for at once
NEW, CHANGED = "new", "changed"


def list_name(state: str, table: str) -> str:
    """The list of rows of a record that are new or changed."""
    return f"{state}.{table}"


def tell_differences(
    session: Session,
    batch: int,
    writer: PagedWriter,
    progress: Callable[[int, int | None], None],
) -> tuple[int, dict[str, int]]:
    """Write a line for each row the batch added or changed, with words for what it points to.

    Gives the number of writes, and how many cells are told as new and as changed.

    The words are asked for here and now: rows that a check adds are gone after it.
    """
    total = session.scalar(select(func.count()).where(LOG.c.batch_id == batch)) or 0
    rows = _net(session, batch)
    done = 0
    cells = {NEW: 0, CHANGED: 0}
    while some := list(islice(rows, TOGETHER)):
        words = captions_of(session, _named(some))
        for row in some:
            done += row.pop("lines")
            table = row.pop("table")
            row["title"] = words[table].get(row["id"], "")
            row["words"] = _words_of(table, row["values"], words)
            cells[row["state"]] += len(row["values"])
            writer.add(list_name(row.pop("state"), table), row)
        progress(done, total)
    return total, cells


def _net(session: Session, batch: int) -> Iterator[dict[str, Any]]:
    """Each row once, with what it was before the batch and what it is after it."""
    statement = (
        select(LOG.c.table_name, LOG.c.row_id, LOG.c.verb, LOG.c.before, LOG.c.after)
        .where(LOG.c.batch_id == batch)
        .order_by(LOG.c.table_name, LOG.c.row_id, LOG.c.id)
    )
    found = session.execute(
        statement, execution_options={"yield_per": 1000, "stream_results": True}
    )
    row: dict[str, Any] | None = None
    for table, ident, verb, before, after in found:
        if row is None or (row["table"], row["id"]) != (table, ident):
            if row is not None and _tidied(row):
                yield row
            state = NEW if verb == "insert" else CHANGED
            row = {"table": table, "id": ident, "state": state, "lines": 0, "values": {}}
        row["lines"] += 1
        for name, value in (after or {}).items():
            was = row["values"].get(name, [(before or {}).get(name)])[0]
            row["values"][name] = [was, value]
    if row is not None and _tidied(row):
        yield row


def _tidied(row: dict[str, Any]) -> bool:
    """Keep what people know as fields; tells whether anything is left to show."""
    fields = field_map(record_named(row["table"]))
    row["values"] = {
        name: pair
        for name, pair in row["values"].items()
        if name in fields and (pair[0] != pair[1])
    }
    return bool(row["values"]) or row["state"] == NEW


def _named(rows: list[dict[str, Any]]) -> dict[str, set[int]]:
    """The rows themselves and all they point to, by record."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row["table"], set()).add(row["id"])
        for _name, target, value in _pointers(row["table"], row["values"]):
            wanted.setdefault(target, set()).add(value)
    return wanted


def _pointers(table: str, values: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    fields = field_map(record_named(table))
    for name, pair in values.items():
        target = fields[name].kind.target
        if target:
            yield from ((name, target, value) for value in pair if value is not None)


def _words_of(
    table: str, values: dict[str, Any], words: dict[str, dict[int, str]]
) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for _name, target, value in _pointers(table, values):
        found.setdefault(target, {})[value] = words[target].get(value, "")
    return found
