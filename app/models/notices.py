"""Notices to people about requests, and the letters they are told by."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Text,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table
from app.models.access import NOW

MAILS = ("now", "day", "none")  # at once, once a day, never
USUAL_MAIL = "day"
WAITING, SENDING, SENT, FAILED, UNSURE, KEPT = (
    *("waiting", "sending", "sent", "failed", "unsure", "kept"),
)
LETTER_STATES = (WAITING, SENDING, SENT, FAILED, UNSURE, KEPT)


class Notice(Table):
    """What a person is told of an event of a request; made by a trigger, together with the event.

    ``mailed_at``: when it went into a letter, or when it was found that none is to be written.
    """

    __tablename__ = "notice"
    __table_args__: ClassVar[Any] = (
        Index("ix_notice_user_id", "user_id", "id"),
        Index("ix_notice_unread", "user_id", "request_id", postgresql_where=sql("read_at is null")),
        Index("ix_notice_unmailed", "user_id", "id", postgresql_where=sql("mailed_at is null")),
        Index("ix_notice_event_id", "event_id"),
        Index("ix_notice_request_id", "request_id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edit_request_event.id", ondelete="CASCADE")
    )
    request_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edit_request.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    read_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    mailed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class NoticeSetting(Table):
    """When an account wants letters, and in which language; no row, no wish."""

    __tablename__ = "notice_setting"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("mail in ('now', 'day', 'none')", name="mail"),
        {"extend_existing": False},
    )

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    mail: Mapped[str] = mapped_column(String(4), server_default=sql("'day'"))
    language: Mapped[str] = mapped_column(String(2), server_default=sql("'ru'"))


class Letter(Table):
    """A letter (письмо) to one address: what it says and what became of it.

    States: waiting for its turn; being sent; sent; failed for good; unsure: the connection ended
    after the text was handed over and before the server answered; kept: the portal sends none.
    """

    __tablename__ = "letter"
    __table_args__: ClassVar[Any] = (
        CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'failed', 'unsure', 'kept')", name="state"
        ),
        Index(
            "ix_letter_due",
            "next_at",
            "id",
            postgresql_where=sql("state in ('waiting', 'sending')"),
        ),
        Index("ix_letter_user_id", "user_id"),
        Index("ix_letter_created_at", "created_at"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, server_default=sql("gen_random_uuid()"))
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    next_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    begun_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    handed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    error: Mapped[str | None] = mapped_column(String(500))
