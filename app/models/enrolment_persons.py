"""What every row of a person says: a value, or that there is none (domain.md 2.2)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.catalogue import field_map
from app.kernel.errors import Invalid, Message
from app.kernel.record import new_uid
from app.models.registry import LIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL_NAME = "last_name || ' ' || first_name || coalesce(' ' || middle_name, '')"
SAID_BOTH = Message("Значение введено, а отмечено, что его нет. Оставьте что-то одно.")


def named_index(table: str) -> Index:
    """The index that finds people by day of birth, and by their names however these are written."""
    names = "portal_person(last_name, first_name, middle_name)"
    return Index(f"ix_{table}_person", "birth_date", text(names), postgresql_where=LIVE)


@cache
def _absences(record: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((f.name, f.absent) for f in field_map(record).values() if f.absent)


class Person:
    """What every person's row is asked about: a value, or that there is none, never both.

    Persons have no table of their own: each row names the human by ``person_uid`` (domain.md 2.2).
    """

    person_uid: Mapped[UUID] = mapped_column(
        Uuid, default=new_uid, server_default=text("gen_random_uuid()"), index=True, sort_order=89
    )

    def absences(self) -> Iterator[tuple[str, str]]:
        """Yield attributes with those that say they are absent."""
        yield from _absences(type(self))  # type: ignore[arg-type] # classes can be hashed

    def contradictions(self) -> Iterator[Invalid]:
        """Yield values that are there and said to be absent."""
        for name, absent in self.absences():
            if getattr(self, name) is not None and getattr(self, absent):
                yield Invalid(SAID_BOTH, field=absent)

    def worked_out(self) -> dict[str, Any]:
        """The full name, as it stands in lists."""
        row: Any = self
        parts = (row.last_name, row.first_name, row.middle_name)
        return {"full_name": " ".join(part for part in parts if part)}

    def settle(self) -> None:
        """What is typed is not absent."""
        for name, absent in self.absences():
            if getattr(self, name) is not None and getattr(self, absent) is None:
                setattr(self, absent, False)
