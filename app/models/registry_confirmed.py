"""«Сведения актуальны»: items of Appendix 3 that an organisation has looked through and kept."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table


class ItemConfirmation(Table):
    """One confirmation (domain.md 2.5, ``confirmed_at``): who said of which item that it is right.

    Only added to; the second one of a day changes nothing.
    """

    __tablename__ = "item_confirmation"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint(
            "organisation_id", "item_code", "confirmed_on", name="uq_item_confirmation_day"
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organisation.id", ondelete="CASCADE")
    )
    item_code: Mapped[str] = mapped_column(String(4))
    confirmed_on: Mapped[dt.date] = mapped_column(Date)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    user_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="SET NULL")
    )
