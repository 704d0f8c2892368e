"""Files of other systems that were loaded: what each was, what its check said, what came of it."""

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
    String,
    UniqueConstraint,
)
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

    A table (``kind`` "table") is of a ``record``, and of the ``organisation_id`` in whose capacity
    it was sent; ``columns`` say which of them fills what: ``map`` from place to code, ``clear``.
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
            postgresql_where=sql("state <> 'applied' and kind <> 'table'"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    record: Mapped[str] = mapped_column(String(60), server_default=sql("''"))
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT")
    )
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


class TableColumns(Table):
    """What columns of tables of a record meant the last time, by their headers.

    One row for an organisation and one for those who are of none.
    """

    __tablename__ = "table_columns"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint(
            "organisation_id",
            "record",
            name="uq_table_columns_organisation_id_record",
            postgresql_nulls_not_distinct=True,
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT")
    )
    record: Mapped[str] = mapped_column(String(60))
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
    changed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
