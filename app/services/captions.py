"""Words for rows that others point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, literal, select, union_all

from app.kernel.catalogue import caption_of, record_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


def captions(session: Session, name: str, ids: set[int]) -> dict[int, str]:
    """Words for related rows of one record."""
    return captions_of(session, {name: ids}).get(name, {})


def captions_of(
    session: Session, wanted: Mapping[str, set[int]], *, alive: bool = False
) -> dict[str, dict[int, str]]:
    """Words for related rows of several records in one statement.

    Trashed rows keep their words unless only those ``alive`` are asked for.
    """
    parts = []
    for name in sorted(name for name, ids in wanted.items() if ids):
        record = record_named(name)
        ident = record.__table__.c.id
        words = cast(caption_of(record), Text)
        part = select(literal(name), ident, words).where(ident.in_(wanted[name]))
        gone = record.__table__.c.deleted_at
        parts.append(part.where(gone.is_(None)) if alive else part)
    found: dict[str, dict[int, str]] = {name: {} for name in wanted}
    if parts:
        rows = session.execute(union_all(*parts) if len(parts) > 1 else parts[0])
        for name, ident, words in rows:
            found[name][ident] = words or f"№\u00a0{ident}"
    return found
