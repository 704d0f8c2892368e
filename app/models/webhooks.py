"""Webhooks: addresses of other systems that events of the feed are sent to."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table


class Webhook(Table):
    """One subscription (подписка): what is sent where, how far it is, how it goes.

    ``records`` is empty for all of them; ``transaction`` and ``event_id`` are the place in the feed
    after which it goes on. The secret is read by the portal itself alone. ``state``: ``active``,
    ``stopped`` by the operator, ``failed`` after too many failures in a row.
    """

    __tablename__ = "webhook"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("state in ('active', 'stopped', 'failed')", name="state"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    secret: Mapped[str] = mapped_column(String(64), deferred=True)
    records: Mapped[list[str]] = mapped_column(ARRAY(String(63)), server_default=text("'{}'"))
    state: Mapped[str] = mapped_column(String(10), server_default=text("'active'"))
    created_by: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    transaction: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(BigInteger)
    delivered: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str | None] = mapped_column(String(500))
