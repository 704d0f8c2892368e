"""Drafts of forms and the keys of forms already sent; a person sees the own ones alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0016_house_drafts"
down_revision = "0015_house_ends"
branch_labels = None
depends_on = None

SCOPED = ("region", "org", "teacher", "person", "case")
MINE = "user_id = nullif(current_setting('app.user_id', true), '')::int"
# What scoped roles may do with the own rows. A key that was used stays used.
GRANTS = {
    "form_draft": ("select", "insert", "update", "delete"),
    "form_sent": ("select", "insert"),
}
# The sweeping sees whose and how old, never what was typed.
SWEPT = {"form_draft": "user_id, key, saved_at", "form_sent": "user_id, key, sent_at"}


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("record", sa.String(63), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        _moment("saved_at"),
        sa.CheckConstraint("octet_length(typed) <= 400000", name="ck_form_draft_size"),
        sa.CheckConstraint("row_id is null or parent_id is null", name="ck_form_draft_place"),
        _person("form_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_form_draft"),
        sa.UniqueConstraint("user_id", "key", name="uq_form_draft_user_id_key"),
    )
    op.create_index("ix_form_draft_saved_at", "form_draft", ["saved_at"])
    op.create_table(
        "form_sent",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        _moment("sent_at"),
        _person("form_sent"),
        sa.PrimaryKeyConstraint("user_id", "key", "digest", name="pk_form_sent"),
    )
    op.create_index("ix_form_sent_sent_at", "form_sent", ["sent_at"])
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.execute(statement)


def _moment(name: str) -> sa.Column[object]:
    zoned = sa.DateTime(timezone=True)
    return sa.Column(name, zoned, server_default=sa.text("now()"), nullable=False)


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["ab_user.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def _rights(prefix: str) -> Iterator[str]:
    scoped = ", ".join(f"{prefix}{role}" for role in SCOPED)
    conditions = {
        "select": f"using ({MINE})",
        "insert": f"with check ({MINE})",
        "update": f"using ({MINE}) with check ({MINE})",
        "delete": f"using ({MINE})",
    }
    for table, acts in GRANTS.items():
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        yield f"grant {', '.join(acts)} on {table} to {scoped}"
        for act in acts:
            yield (
                f"create policy {table}_{act}_mine on {table} for {act} to {scoped}"
                f" {conditions[act]}"
            )
        yield f"grant select ({SWEPT[table]}), delete on {table} to {prefix}system"
        for act in ("select", "delete"):
            yield (
                f"create policy {table}_{act}_sweep on {table} for {act}"
                f" to {prefix}system using (true)"
            )


def downgrade() -> None:
    op.drop_table("form_sent")
    op.drop_table("form_draft")
