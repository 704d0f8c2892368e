"""The second step of signing in: sealed seeds, recovery codes, sessions that wait for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0032_access_second_step"
down_revision = "0031_enrolment_spells"
branch_labels = None
depends_on = None

RIGHTS = (
    "grant select, insert, update, delete on second_step to {p}auth",
    "alter table second_step enable row level security",
    "alter table second_step force row level security",
    "create policy second_step_owner on second_step to {p}owner using (true) with check (true)",
    # Asked before the person is known, like passwords and sessions.
    "create policy second_step_auth on second_step to {p}auth using (true) with check (true)",
)


def upgrade() -> None:
    op.add_column(
        "user_session",
        sa.Column("waiting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("user_session", sa.Column("seed", sa.Text(), nullable=True))
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("last_used", sa.BigInteger(), nullable=False),
        sa.Column("codes", sa.ARRAY(sa.String(length=64)), nullable=False),
        sa.Column(
            "set_up_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_second_step_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in RIGHTS:
        op.execute(statement.replace("{p}", prefix))


def downgrade() -> None:
    op.drop_table("second_step")
    op.drop_column("user_session", "seed")
    op.drop_column("user_session", "waiting")
