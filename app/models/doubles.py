"""People who may be entered twice, and what the operator decided of them (domain.md 2.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Uuid,
    column,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table
from app.models.access import NOW


class DuplicateCandidate(Table):
    """Two rows of people with one name and day of birth; the database itself finds them.

    ``organisation_id``: of both rows, where it is one; nobody else of a school reads the pair.
    """

    __tablename__ = "duplicate_candidate"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("state in ('open', 'same', 'different')", name="state"),
        CheckConstraint("first_uid < second_uid", name="order"),
        Index("uq_duplicate_candidate_pair", "first_uid", "second_uid", unique=True),
        Index("ix_duplicate_candidate_second_uid", "second_uid"),
        Index("ix_duplicate_candidate_state", "state", "id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    first_table: Mapped[str] = mapped_column(String(20))
    first_id: Mapped[int] = mapped_column(BigInteger)
    first_uid: Mapped[UUID] = mapped_column(Uuid)
    second_table: Mapped[str] = mapped_column(String(20))
    second_id: Mapped[int] = mapped_column(BigInteger)
    second_uid: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    state: Mapped[str] = mapped_column(String(10), server_default=text("'open'"))
    found_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class DuplicateDecision(Table):
    """That two rows are one human or two, or that such a decision is taken back; never rewritten.

    ``decision`` is ``same``, ``different`` or ``back``; nobody decided what the database joined by
    a document. ``kept`` and ``emptied``: rows of one school of which one took over the lists.
    """

    __tablename__ = "duplicate_decision"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("decision in ('same', 'different', 'back')", name="decision"),
        Index(
            "uq_duplicate_decision_undoes",
            "undoes",
            unique=True,
            postgresql_where=text("undoes is not null"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("duplicate_candidate.id", ondelete="RESTRICT"), index=True
    )
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(2000))
    decided_by: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
    decided_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("change_batch.id"))
    kept_table: Mapped[str | None] = mapped_column(String(20))
    kept: Mapped[int | None] = mapped_column(BigInteger)
    emptied: Mapped[int | None] = mapped_column(BigInteger)
    filled: Mapped[list[str]] = mapped_column(ARRAY(String(63)), server_default=text("'{}'"))
    undoes: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("duplicate_decision.id"))


class DuplicateMove(Table):
    """A row that a decision wrote: another person's from then on, of another list, or trashed."""

    __tablename__ = "duplicate_move"
    __table_args__: ClassVar[Any] = {"extend_existing": False}

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("duplicate_decision.id", ondelete="RESTRICT"), index=True
    )
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int] = mapped_column(BigInteger)
    column_name: Mapped[str | None] = mapped_column(String(63))  # of the list that it moved with
    person_before: Mapped[UUID | None] = mapped_column(Uuid)
    person_after: Mapped[UUID | None] = mapped_column(Uuid)
    trashed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


# All rows of people, learners and parents alike, within the scope of whoever reads.
person_row = table(
    "person_row",
    column("kind", String),
    column("id", BigInteger),
    column("uid", Uuid),
    column("person_uid", Uuid),
    column("organisation_id", BigInteger),
    column("full_name", String),
    column("birth_date", Date),
    column("name_key", String),
    column("snils_print", String),
    column("deleted_at", DateTime(timezone=True)),
)
