"""Accounts of programs that use the API; their capacity is a role assignment like a person's."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table


class ServiceAccount(Table):
    """A program (служебная учётная запись): its client id and the argon2id hash of its secret.

    The row of ``ab_user`` behind it holds the capacity and stands in the history; it has no
    password that anybody knows.
    """

    __tablename__ = "service_account"
    __table_args__: ClassVar[Any] = (
        Index(
            "uq_service_account_name",
            "name",
            unique=True,
            postgresql_where=text("revoked_at is null"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    client_id: Mapped[str] = mapped_column(String(40), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), unique=True
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
