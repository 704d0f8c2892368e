"""Who changes which field: what the operator has set beside the declarations (domain.md 3.5.2)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table


class FieldPolicy(Table):
    """One rule (правило изменения сведений) and how long it was in force; never rewritten.

    ``entity`` and ``field`` name a record and its attribute, ``*`` stands for adding rows and
    taking them away. Without ``organisation_id`` it speaks to all organisations; a rule of one
    organisation wins. ``reviewer``: the role that considers requests about the field. What has no
    rule in force is changed as it is declared.
    """

    __tablename__ = "field_policy"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("policy in ('direct', 'request', 'operator')", name="policy"),
        CheckConstraint("reviewer in ('operator', 'department')", name="reviewer"),
        CheckConstraint("num_nonnulls(policy, reviewer) > 0", name="says"),
        CheckConstraint("reviewer is null or organisation_id is null", name="everywhere"),
        Index(
            "uq_field_policy_standing",
            "entity",
            "field",
            text("coalesce(organisation_id, 0)"),
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity: Mapped[str] = mapped_column(String(63))
    field: Mapped[str] = mapped_column(String(63))
    organisation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    policy: Mapped[str | None] = mapped_column(String(10))
    reviewer: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(2000))
    set_by: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
    set_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    ended_by: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
    ended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    ended_reason: Mapped[str | None] = mapped_column(String(2000))
