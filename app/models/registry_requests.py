"""Requests to change what an organisation may not change itself (decree п. 5.5, domain.md 3.5)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.record import Table
from app.kernel.rights import REQUESTS
from app.kernel.workflow import State, Step, Workflow
from app.models.access import NOW
from app.models.work import NOTHING

AUTHOR, SIGNER, SCHOOL, OFFICE = "author", "signer", "school", "office"
REQUEST_FLOW = Workflow(
    REQUESTS,
    (
        State("draft", "Черновик", "off"),
        State("submitted", "Отправлен", "warn"),
        State("under_review", "Рассматривается", "warn"),
        State("needs_info", "Ждёт пояснений", "warn"),
        State("approved", "Принят", "ok", final=True),
        State("partially_approved", "Принят частично", "ok", final=True),
        State("rejected", "Отклонён", "bad", final=True),
        State("withdrawn", "Отозван", "off", final=True),
    ),
    (
        Step("submit", "Отправить", SIGNER, ("draft",), ("submitted",), tone="primary"),
        Step("take", "Взять в работу", OFFICE, ("submitted",), ("under_review",), tone="primary"),
        Step("ask", "Запросить пояснения", OFFICE, ("under_review",), ("needs_info",), speaks=True),
        Step(
            *("answer", "Ответить", SCHOOL, ("needs_info",), ("under_review",)),
            speaks=True,
            tone="primary",
        ),
        Step(
            *("decide", "Решить", OFFICE, ("under_review",)),
            ("approved", "partially_approved", "rejected"),
            tone="primary",
        ),
        Step(
            *("recall", "Отозвать", AUTHOR, ("draft", "submitted", "needs_info"), ("withdrawn",)),
            tone="danger",
        ),
    ),
    {
        AUTHOR: "автор",
        SIGNER: "руководитель",
        SCHOOL: "организация",
        OFFICE: "оператор",
    },
)
WORKFLOWS = (REQUEST_FLOW,)
STATES = ", ".join(f"'{state.code}'" for state in REQUEST_FLOW.states)
FINAL = frozenset(state.code for state in REQUEST_FLOW.states if state.final)
# Not one of ``FINAL``, in the words of the index of the queue.
UNDECIDED = "state not in ('approved', 'partially_approved', 'rejected', 'withdrawn')"


class EditRequest(Table):
    """A request for changes (запрос на изменение) of one row, or for a new row of a list.

    ``decided_as``: the capacity of whoever approved what takes effect on a later day; it is written
    in that capacity when the day has come.
    """

    __tablename__ = REQUESTS
    __table_args__: ClassVar[Any] = (
        CheckConstraint(f"state in ({STATES})", name="state"),
        CheckConstraint("decided_by <> author_id", name="own"),
        Index("ix_edit_request_organisation", "organisation_id", "id"),
        Index("ix_edit_request_queue", "state", "due_on", "id"),
        Index(
            "ix_edit_request_turn",
            sql("coalesce(due_on, '9999-12-31'::date)"),
            "id",
            postgresql_where=sql(UNDECIDED),
        ),
        Index(
            "ix_edit_request_effective",
            "effective_on",
            postgresql_where=sql("decided_as is not null and state = 'under_review'"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organisation.id", ondelete="RESTRICT")
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), server_default=sql("'draft'"))
    reason: Mapped[str] = mapped_column(String(2000))
    effective_on: Mapped[dt.date | None] = mapped_column(Date)
    target_table: Mapped[str] = mapped_column(String(63))
    target_id: Mapped[int | None] = mapped_column(BigInteger)  # absent for a new row
    due_on: Mapped[dt.date | None] = mapped_column(Date)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_as: Mapped[int | None] = mapped_column(BigInteger)
    batch_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("change_batch.id"))
    version: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class EditRequestLine(Table):
    """One asked change: a field of a row (``U``), a whole new row (``I``), the end of one (``D``).

    ``base`` is what stood when the form was opened, in canonical form (of a row that is to end all
    its values); ``wanted`` what is asked.
    ``open``: nothing is written yet; of a field of a row there is one open line at a time, and one
    that asks for the end of a row keeps out all others about it (a trigger sees to that).
    ``scheduled``: approved at ``scheduled_at``, and written on the day of effect; ``stale``:
    somebody changed the field directly, which settled it.
    """

    __tablename__ = "edit_request_line"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("op in ('U', 'I', 'D')", name="op"),
        CheckConstraint(
            "line_state in ('pending', 'approved', 'rejected', 'conflict', 'scheduled', 'stale')",
            name="state",
        ),
        CheckConstraint("(op = 'U') = (field is not null)", name="field"),
        Index("ix_edit_request_line_request_id", "request_id"),
        Index(
            "ix_edit_request_line_field",
            "target_table",
            "field",
            "op",
            "request_id",
            postgresql_where=sql("open"),
        ),
        Index(
            "uq_edit_request_line_open",
            "target_table",
            "target_id",
            "field",
            unique=True,
            postgresql_where=sql("open and op = 'U'"),
        ),
        Index(
            "uq_edit_request_line_end",
            "target_table",
            "target_id",
            unique=True,
            postgresql_where=sql("open and op = 'D'"),
        ),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edit_request.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[int] = mapped_column(BigInteger)
    op: Mapped[str] = mapped_column(String(1))
    target_table: Mapped[str] = mapped_column(String(63))
    target_id: Mapped[int | None] = mapped_column(BigInteger)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    field: Mapped[str | None] = mapped_column(String(63))
    base: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    base_version: Mapped[int | None] = mapped_column(Integer)
    wanted: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    open: Mapped[bool] = mapped_column(server_default=sql("false"))
    line_state: Mapped[str] = mapped_column(String(10), server_default=sql("'pending'"))
    scheduled_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    comment: Mapped[str | None] = mapped_column(String(2000))


class EditRequestFile(Table):
    """A document that speaks for a request (подтверждение), read by whoever reads the request."""

    __tablename__ = "edit_request_file"
    __table_args__: ClassVar[Any] = (
        Index("ix_edit_request_file_request_id", "request_id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edit_request.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("file.id", ondelete="RESTRICT"), index=True, unique=True
    )
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class EditRequestEvent(Table):
    """What happened to a request: a step or a word, in the order of time; never changed."""

    __tablename__ = "edit_request_event"
    __table_args__: ClassVar[Any] = (
        Index("ix_edit_request_event_request_id", "request_id", "id"),
        {"extend_existing": False},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("edit_request.id", ondelete="CASCADE")
    )
    organisation_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    capacity: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str | None] = mapped_column(String(2000))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NOTHING)
