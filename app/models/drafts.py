"""What forms keep for a person: drafts not saved yet, and where forms already sent have led."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table

NOW = text("now()")


class FormDraft(Table):
    """A draft (черновик): the texts typed into one opened form, for the person alone.

    ``key`` is that of the opened form, so that two windows keep two drafts; ``row_id`` is the row
    being changed, ``parent_id`` the one a new row belongs to; ``version`` that of the row when the
    form was made. ``typed`` is a JSON object of attribute and text, never the content of a file.
    """

    __tablename__ = "form_draft"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("user_id", "key"),
        CheckConstraint("octet_length(typed) <= 400000", name="size"),
        CheckConstraint("row_id is null or parent_id is null", name="place"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    record: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    typed: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=NOW, index=True
    )


class FormSent(Table):
    """A form that was saved: its key, the digest of what was sent, and where the answer led."""

    __tablename__ = "form_sent"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=NOW, index=True
    )
