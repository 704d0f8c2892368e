"""Work in the background and what was changed in one go: jobs with progress, batches to undo."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Identity, Index, Integer, String
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table
from app.models.access import NOW

NOTHING = sql("'{}'::jsonb")


class BackgroundJob(Table):
    """A job as its asker sees it: state, progress, result; written through functions only."""

    __tablename__ = "background_job"
    __table_args__: ClassVar[Any] = (
        Index("ix_background_job_user", "user_id", "id"),
        Index("ix_background_job_state", "state", "id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    title_values: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(BigInteger)
    organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(2), server_default=sql("'ru'"))
    state: Mapped[str] = mapped_column(String(10), server_default=sql("'queued'"))
    stop_asked: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    total: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str | None] = mapped_column(String(1000))
    message_values: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    file_hash: Mapped[str | None] = mapped_column(String(64))
    file_name: Mapped[str | None] = mapped_column(String(200))
    file_type: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    started_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class ChangeBatch(Table):
    """What one act changed: an import, a bulk edit, an undo; the log names it on every line."""

    __tablename__ = "change_batch"
    __table_args__: ClassVar[Any] = (
        Index("ix_change_batch_user", "user_id", "id"),
        Index("ix_change_batch_organisation", "organisation_id", "id"),
        Index(
            "uq_change_batch_undoes",
            "undoes",
            unique=True,
            postgresql_where=sql("undoes is not null"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    title_values: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    user_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
    capacity: Mapped[str | None] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    undoes: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("change_batch.id"))
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
