"""Who may act and how they are signed in: capacities, sessions, throttle, logs of what was done."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table

NOW = text("now()")


class RoleAssignment(Table):
    """A capacity (должностная роль): role and add-ons over a scope for a time (domain.md 2.1)."""

    __tablename__ = "role_assignment"
    __table_args__: ClassVar[Any] = (
        Index("ix_role_assignment_user", "user_id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(40))
    add_ons: Mapped[list[str]] = mapped_column(ARRAY(String(40)), server_default=text("'{}'"))
    organisation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    municipality_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("municipality.id"))
    valid_from: Mapped[dt.date | None] = mapped_column(Date)
    valid_to: Mapped[dt.date | None] = mapped_column(Date)
    basis: Mapped[str | None] = mapped_column(String(300))


class UserSession(Table):
    """A server-side session: the cookie holds a random token, the row its SHA-256.

    ``waiting``: the password was right, the second step has not been taken; such a session opens
    nothing. ``seed``: sealed, of a second step that is being set up in this session.
    """

    __tablename__ = "user_session"
    __table_args__: ClassVar[Any] = (
        Index("ix_user_session_user", "user_id"),
        {"extend_existing": False},
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("role_assignment.id", ondelete="CASCADE")
    )
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    seen_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), index=True)
    address: Mapped[str | None] = mapped_column(INET)
    waiting: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    seed: Mapped[str | None] = mapped_column(Text)


class SecondStep(Table):
    """The second step of signing in (TOTP, RFC 6238): its sealed seed and what was used of it.

    ``codes`` are the recovery codes that are left, as hashes: each is 80 random bits.
    """

    __tablename__ = "second_step"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    seed: Mapped[str] = mapped_column(Text)
    last_used: Mapped[int] = mapped_column(BigInteger)
    codes: Mapped[list[str]] = mapped_column(ARRAY(String(64)))
    set_up_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class UserPreference(Table):
    """How an account wants the pages to look; no row, no wish."""

    __tablename__ = "user_preference"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("theme in ('system', 'light', 'dark')", name="theme"),
        CheckConstraint("density in ('usual', 'comfortable', 'compact')", name="density"),
        {"extend_existing": False},
    )

    user_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    theme: Mapped[str] = mapped_column(String(12))
    density: Mapped[str] = mapped_column(String(12))


class LoginThrottle(Table):
    """Failed sign-ins per account, per address and per both, under keyed hashes (security.md 5)."""

    __tablename__ = "login_throttle"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    failed_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    locked_until: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    succeeded_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class Stamp(Table):
    """One row, bumped whenever rights or classifiers change, so that what is kept is dropped."""

    __tablename__ = "stamp"
    __table_args__: ClassVar[Any] = ({"extend_existing": False},)

    one: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=text("true"))
    value: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


class Activity(Table):
    """The trigger log: one row per written row, with the changed columns before and after.

    ``request_id`` and the days tell of a change that came from a request: when it was asked for,
    decided and is in effect from; of any other they are absent, as ``at`` says it all.
    """

    __tablename__ = "activity"
    __table_args__: ClassVar[Any] = (
        Index("ix_activity_row", "table_name", "row_id", "id"),
        Index("ix_activity_organisation", "organisation_id", "id"),
        Index("ix_activity_feed", "transaction", "id"),
        Index("ix_activity_batch", "batch_id", "id", postgresql_where=text("batch_id is not null")),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int] = mapped_column(BigInteger)
    row_version: Mapped[int | None] = mapped_column(Integer)
    organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    access_group: Mapped[str] = mapped_column(String(20))
    verb: Mapped[str] = mapped_column(String(6))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    capacity: Mapped[str | None] = mapped_column(String(40))
    via: Mapped[str | None] = mapped_column(String(20))
    transaction: Mapped[int] = mapped_column(BigInteger)
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    proposed_on: Mapped[dt.date | None] = mapped_column(Date)
    decided_on: Mapped[dt.date | None] = mapped_column(Date)
    effective_on: Mapped[dt.date | None] = mapped_column(Date)


class AccessLog(Table):
    """Sign-ins, denials, readings, exports and reveals; written through one append-only function.

    Of what was read: ``table_name`` and ``row_id``, the organisation it belongs to, the learner it
    is about; ``detail`` says fields, number of rows and the way; ``purpose`` is in the words of
    whoever had a masked value shown.
    """

    __tablename__ = "access_log"
    __table_args__: ClassVar[Any] = (
        Index("ix_access_log_user", "user_id", "id"),
        Index("ix_access_log_organisation", "organisation_id", "id"),
        Index("ix_access_log_learner", "learner_id", "id"),
        Index("ix_access_log_action", "action", "id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    action: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    capacity: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(INET)
    target: Mapped[str | None] = mapped_column(String(200))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    table_name: Mapped[str | None] = mapped_column(String(63))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    organisation_id: Mapped[int | None] = mapped_column(BigInteger)
    learner_id: Mapped[int | None] = mapped_column(BigInteger)
    purpose: Mapped[str | None] = mapped_column(String(300))
