"""Requests: documents, days of effect that lie ahead, lines overtaken by another change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0020_registry_mixed"
down_revision = "0019_house_feed"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
CHECK = "ck_edit_request_line_state"
BEFORE = "line_state in ('pending', 'approved', 'rejected', 'conflict')"
AFTER = "line_state in ('pending', 'approved', 'rejected', 'conflict', 'scheduled', 'stale')"
WRITABLE = "organisation_id = any (nullif(current_setting('app.writable', true), '')::bigint[])"
FINAL = "'approved', 'partially_approved', 'rejected', 'withdrawn'"


def upgrade() -> None:
    op.drop_constraint(op.f(CHECK), "edit_request_line", type_="check")
    op.create_check_constraint(op.f(CHECK), "edit_request_line", AFTER)
    op.add_column("edit_request", sa.Column("decided_as", sa.BigInteger()))
    op.create_index(
        "ix_edit_request_effective",
        "edit_request",
        ["effective_on"],
        postgresql_where=sa.text("decided_as is not null and state = 'under_review'"),
    )
    op.create_table(
        "edit_request_file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["edit_request.id"],
            name=op.f("fk_edit_request_file_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_edit_request_file_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_request_file")),
    )
    op.create_index("ix_edit_request_file_request_id", "edit_request_file", ["request_id"])
    op.create_index(
        op.f("ix_edit_request_file_file_id"), "edit_request_file", ["file_id"], unique=True
    )
    op.attach_files(
        table="edit_request_file",
        column="file_id",
        shared=False,
        group="open",
        organisation="organisation_id",
    )
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.execute(statement)


def _rights(prefix: str) -> Iterator[str]:
    table, org = "edit_request_file", f"{prefix}org"
    region, system = f"{prefix}region", f"{prefix}system"
    own = (
        "exists (select from edit_request r where r.id = request_id"
        " and r.organisation_id = edit_request_file.organisation_id and "
    )
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy {table}_owner on {table} to {prefix}owner using (true) with check (true)"
    yield f"create policy {table}_system on {table} to {system} using (true) with check (true)"
    yield f"grant select on {table} to {org}, {region}, {system}"
    yield f"create policy {table}_read_org on {table} for select to {org} using ({WRITABLE})"
    # A request that was not sent yet is not seen by the office, nor is what lies with it.
    yield (
        f"create policy {table}_read_region on {table} for select to {region}"
        " using (exists (select from edit_request r where r.id = request_id))"
    )
    yield f"grant insert (request_id, organisation_id, file_id), delete on {table} to {org}"
    yield (
        f"create policy {table}_add on {table} for insert to {org}"
        f" with check ({WRITABLE} and {own} r.state not in ({FINAL})))"
    )
    yield (
        f"create policy {table}_remove on {table} for delete to {org}"
        f" using ({WRITABLE} and {own} r.state = 'draft'))"
    )
    yield f"grant update (due_on, decided_as) on edit_request to {region}"
    yield f"grant update (base) on edit_request_line to {region}"
    # On the day of effect, where nobody may act for whoever decided, the lines wait for a decision.
    yield f"grant update (due_on, decided_as, decided_by) on edit_request to {system}"
    yield f"grant update (line_state) on edit_request_line to {system}"
    yield f"grant insert on edit_request_event to {system}"


def downgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    op.execute(f"revoke insert on edit_request_event from {prefix}system")
    op.execute(f"revoke update (line_state) on edit_request_line from {prefix}system")
    op.execute(
        f"revoke update (due_on, decided_as, decided_by) on edit_request from {prefix}system"
    )
    op.execute(f"revoke update (due_on, decided_as) on edit_request from {prefix}region")
    op.execute(f"revoke update (base) on edit_request_line from {prefix}region")
    for event in ("insert", "update", "delete"):
        op.execute(f"drop trigger edit_request_file_file_id_{event} on edit_request_file")
    op.drop_table("edit_request_file")
    op.drop_index("ix_edit_request_effective", table_name="edit_request")
    op.drop_column("edit_request", "decided_as")
    op.drop_constraint(op.f(CHECK), "edit_request_line", type_="check")
    op.create_check_constraint(op.f(CHECK), "edit_request_line", BEFORE)
