"""Lists as people keep them: saved views, and the columns and the view a person begins with."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table

NOW = text("now()")


class SavedView(Table):
    """A list under a name (сохранённое представление): its address; own, of a role, or of all."""

    __tablename__ = "saved_view"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("user_id", "record", "name"),
        CheckConstraint("shared in ('own', 'role', 'all')", name="shared"),
        CheckConstraint("(shared = 'role') = (role is not null)", name="role"),
        Index("ix_saved_view_record", "record", "shared"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    record: Mapped[str] = mapped_column(String(63))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(4000))
    shared: Mapped[str] = mapped_column(String(4), server_default=text("'own'"))
    role: Mapped[str | None] = mapped_column(String(40))
    updated_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class ListChoice(Table):
    """What one list begins with for one person: columns in their order, and a saved view."""

    __tablename__ = "list_choice"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True
    )
    record: Mapped[str] = mapped_column(String(63), primary_key=True)
    columns: Mapped[str] = mapped_column(String(2000), server_default=text("''"))
    view_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("saved_view.id", ondelete="SET NULL"), index=True
    )
