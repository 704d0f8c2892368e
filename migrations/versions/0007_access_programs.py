"""Accounts of programs that use the API; read before the scope of a request is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0007_access_programs"
down_revision = "0006_house_work"
branch_labels = None
depends_on = None

GUARDS = (
    "alter table service_account enable row level security",
    "alter table service_account force row level security",
    (
        "create policy service_account_owner on service_account to {p}owner"
        " using (true) with check (true)"
    ),
    "grant select, update (used_at) on service_account to {p}auth",
    "create policy service_account_read_auth on service_account for select to {p}auth using (true)",
    (
        "create policy service_account_use_auth on service_account for update to {p}auth"
        " using (true) with check (true)"
    ),
)


def upgrade() -> None:
    op.create_table(
        "service_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_service_account_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_account")),
        sa.UniqueConstraint("client_id", name=op.f("uq_service_account_client_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_service_account_user_id")),
    )
    op.create_index(
        "uq_service_account_name",
        "service_account",
        ["name"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in GUARDS:
        op.execute(statement.replace("{p}", prefix))


def downgrade() -> None:
    op.drop_table("service_account")
