"""Saved views of lists, and what a list begins with for a person; under row security."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0008_house_lists"
down_revision = "0007_access_programs"
branch_labels = None
depends_on = None

SCOPED = ("region", "org", "teacher", "person", "case")
TABLES = ("saved_view", "list_choice")
MINE = "user_id = nullif(current_setting('app.user_id', true), '')::int"
CAPACITY = "nullif(current_setting('app.capacity', true), '')"
# Who shares: the operator with everybody, the operator and the department with a role.
SHARES = {
    "own": "shared = 'own'",
    "role": f"shared = 'role' and {CAPACITY} in ('operator', 'department')",
    "all": f"shared = 'all' and {CAPACITY} = 'operator'",
}


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(63), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(4000), nullable=False),
        sa.Column("shared", sa.String(4), server_default=sa.text("'own'"), nullable=False),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("shared in ('own', 'role', 'all')", name="ck_saved_view_shared"),
        sa.CheckConstraint("(shared = 'role') = (role is not null)", name="ck_saved_view_role"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name="fk_saved_view_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("user_id", "record", "name", name="uq_saved_view_user_id_record_name"),
    )
    op.create_index("ix_saved_view_record", "saved_view", ["record", "shared"])
    op.create_table(
        "list_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(63), nullable=False),
        sa.Column("columns", sa.String(2000), server_default=sa.text("''"), nullable=False),
        sa.Column("view_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name="fk_list_choice_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name="fk_list_choice_view_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("user_id", "record", name="pk_list_choice"),
    )
    op.create_index("ix_list_choice_view_id", "list_choice", ["view_id"])
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.execute(statement)


def _rights(prefix: str) -> Iterator[str]:
    scoped = ", ".join(f"{prefix}{role}" for role in SCOPED)
    for table in TABLES:
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        yield f"grant select, insert, update, delete on {table} to {scoped}"
        yield f"create policy {table}_mine on {table} for select to {scoped} using ({MINE})"
        yield f"create policy {table}_remove on {table} for delete to {scoped} using ({MINE})"
    yield (
        f"create policy saved_view_of_role on saved_view for select to {scoped}"
        f" using (shared = 'role' and role = {CAPACITY})"
    )
    yield (
        f"create policy saved_view_of_all on saved_view for select to {scoped}"
        f" using (shared = 'all' and {CAPACITY} is not null)"
    )
    for whom, shares in SHARES.items():
        yield (
            f"create policy saved_view_add_{whom} on saved_view for insert to {scoped}"
            f" with check ({MINE} and {shares})"
        )
        yield (
            f"create policy saved_view_change_{whom} on saved_view for update to {scoped}"
            f" using ({MINE}) with check ({MINE} and {shares})"
        )
    yield f"create policy list_choice_add on list_choice for insert to {scoped} with check ({MINE})"
    yield (
        f"create policy list_choice_change on list_choice for update to {scoped}"
        f" using ({MINE}) with check ({MINE})"
    )


def downgrade() -> None:
    op.drop_table("list_choice")
    op.drop_table("saved_view")
