"""The end of a job is the moment it is written, not the one its work began."""

from __future__ import annotations

from alembic import op

revision = "0015_house_ends"
down_revision = "0014_house_trash"
branch_labels = None
depends_on = None

BEFORE = "0006_house_work"


def upgrade() -> None:
    _replace("clock_timestamp()")


def downgrade() -> None:
    _replace("now()")


def _replace(moment: str) -> None:
    environment = op.get_context().environment_context
    before = environment.script.get_revision(BEFORE).module
    text = next(one for one in before.FUNCTIONS if "function portal_finish_job" in one)
    changed = text.replace("create function", "create or replace function")
    changed = changed.replace("finished_at = now()", f"finished_at = {moment}")
    op.get_bind().exec_driver_sql(changed.replace("%", "%%"))
