"""What each account prefers: theme and height of rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0005_house_look"
down_revision = "0004_house_operations"
branch_labels = None
depends_on = None

RIGHTS = (
    "grant select, insert, update on user_preference to {p}auth",
    "alter table user_preference enable row level security",
    "alter table user_preference force row level security",
    (
        "create policy user_preference_owner on user_preference to {p}owner"
        " using (true) with check (true)"
    ),
    # Read before the person is known, written only by the person.
    "create policy user_preference_read_auth on user_preference for select to {p}auth using (true)",
    (
        "create policy user_preference_add_auth on user_preference for insert to {p}auth"
        " with check (user_id = portal_user())"
    ),
    (
        "create policy user_preference_change_auth on user_preference for update to {p}auth"
        " using (user_id = portal_user()) with check (user_id = portal_user())"
    ),
)


def upgrade() -> None:
    op.create_table(
        "user_preference",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("theme", sa.String(length=12), nullable=False),
        sa.Column("density", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "theme in ('system', 'light', 'dark')", name=op.f("ck_user_preference_theme")
        ),
        sa.CheckConstraint(
            "density in ('usual', 'comfortable', 'compact')",
            name=op.f("ck_user_preference_density"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_user_preference_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_preference")),
    )
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in RIGHTS:
        op.execute(statement.replace("{p}", prefix))


def downgrade() -> None:
    op.drop_table("user_preference")
