"""Files of other systems that were loaded: what each was, what its check said, what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, String
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table
from app.models.access import NOW
from app.models.work import NOTHING


class DataImport(Table):
    """An uploaded file (загрузка).

    ``state`` holds only what stands: received, checked, applied. Whether it is being checked or
    written now, or was stopped, the job ``job_id`` knows; whether it was undone, its batch. So no
    process that is killed can leave half a state behind.
    """

    __tablename__ = "data_import"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("state in ('uploaded', 'checked', 'applied')", name="state"),
        Index("ix_data_import_kind", "kind", "id"),
        Index(
            "uq_data_import_open",
            "kind",
            "file_hash",
            unique=True,
            postgresql_where=sql("state <> 'applied'"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), server_default=sql("'uploaded'"))
    file_hash: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    file_size: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("change_batch.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    checked_answers: Mapped[str | None] = mapped_column(String(64))
    check_counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    check_file: Mapped[str | None] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    report_file: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    checked_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    applied_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
