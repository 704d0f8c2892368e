"""The feed of changes: which line of time the log is of, and what of it is no longer kept."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table


class Feed(Table):
    """One row about the log as a feed.

    ``line`` changes when the database is restored: what was read before may never have happened
    then. ``lost_transaction`` and ``lost_id`` are the last deleted line of the log.
    """

    __tablename__ = "feed"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("one", name="one"),
        {"extend_existing": False},
    )

    one: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=text("true"))
    line: Mapped[UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"))
    lost_transaction: Mapped[int | None] = mapped_column(BigInteger)
    lost_id: Mapped[int | None] = mapped_column(BigInteger)
