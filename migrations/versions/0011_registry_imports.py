"""Files that were loaded: seen by whoever uploaded them and by the operator."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

revision = "0011_registry_imports"
down_revision = "0010_registry_rules"
branch_labels = None
depends_on = None

MINE = "user_id = (nullif(current_setting('app.user_id', true), '')::bigint)"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
WRITES = "current_setting('app.write', true) = 'on'"
RIGHTS = (
    "alter table data_import enable row level security",
    "alter table data_import force row level security",
    "create policy data_import_owner on data_import to {p}owner using (true) with check (true)",
    "create policy data_import_system on data_import to {p}system using (true) with check (true)",
    "grant select, insert, update on data_import to {p}region, {p}system",
    (
        "create policy data_import_read_mine on data_import for select to {p}region"
        f" using ({MINE} and {WRITES})"
    ),
    (
        "create policy data_import_read_operator on data_import for select to {p}region"
        f" using ({OPERATOR} and {WRITES})"
    ),
    (
        "create policy data_import_add on data_import for insert to {p}region"
        f" with check ({MINE} and {WRITES})"
    ),
    (
        "create policy data_import_change_mine on data_import for update to {p}region"
        f" using ({MINE} and {WRITES}) with check ({MINE} and {WRITES})"
    ),
    (
        "create policy data_import_change_operator on data_import for update to {p}region"
        f" using ({OPERATOR} and {WRITES}) with check ({OPERATOR} and {WRITES})"
    ),
)


def upgrade() -> None:
    now = sa.text("now()")
    empty = sa.text("'{}'::jsonb")
    op.create_table(
        "data_import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), server_default=sa.text("'uploaded'"), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("job_id", sa.BigInteger()),
        sa.Column("batch_id", sa.BigInteger()),
        sa.Column("answers", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("checked_answers", sa.String(64)),
        sa.Column("check_counts", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("check_file", sa.String(64)),
        sa.Column("counts", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("report_file", sa.String(64)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state in ('uploaded', 'checked', 'applied')", name=op.f("ck_data_import_state")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_data_import_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["change_batch.id"], name=op.f("fk_data_import_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_import")),
    )
    op.create_index("ix_data_import_kind", "data_import", ["kind", "id"])
    op.create_index(
        "uq_data_import_open",
        "data_import",
        ["kind", "file_hash"],
        unique=True,
        postgresql_where=sa.text("state <> 'applied'"),
    )
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in RIGHTS:
        op.execute(statement.replace("{p}", prefix))


def downgrade() -> None:
    op.drop_table("data_import")
