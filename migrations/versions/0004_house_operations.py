"""Failed sign-ins under keyed hashes; definer functions never look at temporary tables first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_house_operations"
down_revision = "0003_house_jobs"
branch_labels = None
depends_on = None

DEFINERS = (
    "portal_log()",
    "portal_touch()",
    "portal_access(text, text, jsonb, inet, bigint, text)",
    "portal_move_stamp()",
)


def upgrade() -> None:
    op.execute("delete from login_throttle")  # names as they were typed
    op.add_column(
        "login_throttle", sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True)
    )
    for function in DEFINERS:
        op.execute(f"alter function {function} set search_path = pg_catalog, public, pg_temp")


def downgrade() -> None:
    for function in DEFINERS:
        op.execute(f"alter function {function} set search_path = pg_catalog, public")
    op.drop_column("login_throttle", "succeeded_at")
