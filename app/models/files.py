"""Attached files: what is known of each; the content lies in the store of ``kernel/blobs``."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table, new_uid

ME = text("portal_user()")


class File(Table):
    """A file (decisions 6): staged by a person, then attached to one field of one row, for good.

    The database keeps the rules: a person sees files staged by the own account and those of rows
    that may be read, as ``shared``, ``organisation_id`` and ``access_group`` repeat of the row's
    record. Triggers of the rows write everything from ``table_name`` on (``portal_attach``); a file
    that was replaced is ``detached_at``, one whose content was given up ``deleted_at``.
    """

    __tablename__ = "file"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("size > 0", name="filled"),
        CheckConstraint("num_nulls(attached_at, table_name, access_group) in (0, 3)", name="held"),
        Index("ix_file_staged", "staged_by", postgresql_where=text("attached_at is null")),
        Index("ix_file_detached", "detached_at", postgresql_where=text("detached_at is not null")),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, default=new_uid, unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    created_by: Mapped[int | None] = mapped_column(BigInteger, server_default=ME)
    staged_by: Mapped[int | None] = mapped_column(BigInteger, server_default=ME)
    table_name: Mapped[str | None] = mapped_column(String(63))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    field: Mapped[str | None] = mapped_column(String(63))
    organisation_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("organisation.id"), index=True
    )
    shared: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    access_group: Mapped[str | None] = mapped_column(String(20))
    attached_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    detached_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
