"""Which values are personal and how closely they are kept (domain.md 2.7: P2 and P3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.catalogue import field_map

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kernel.actor import Actor
    from app.kernel.fields import Field
    from app.kernel.record import Record

# Access groups. Whoever reads a value of a special one is written down, each time.
SPECIAL = frozenset({"document", "health", "social"})
PERSONAL = SPECIAL | {"personal", "contact"}


def groups_of(record: type[Record]) -> frozenset[str]:
    """The access groups that occur in rows of the record."""
    return frozenset({record.about.group, *(f.group for f in field_map(record).values())})


def watched(record: type[Record]) -> bool:
    """Whether opening a row of the record is written down, whatever its reader is shown of it."""
    return bool(groups_of(record) & SPECIAL)


def read_in(
    record: type[Record], fields: Iterable[Field], actor: Actor, groups: frozenset[str]
) -> tuple[str, ...]:
    """Names of those of the fields that show the actor whole values of the groups.

    A record that belongs to a group as a whole tells by its very rows.
    """
    told = record.about.group in groups
    return tuple(f.name for f in fields if (told or f.group in groups) and actor.sees(f.group))
