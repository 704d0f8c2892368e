"""Saved views name no restricted values; the access log is found by what was done alone."""

from __future__ import annotations

from alembic import op

revision = "0044_access_views"
down_revision = "0043_enrolment_plans"
branch_labels = None
depends_on = None

# Numbers of documents and СНИЛС in a filter, in conditions, in the search box of people.
TELLING = """
delete from saved_view where record in ('student', 'guardian', 'student_identity_document',
                                        'guardian_identity_document')
    and (query ~ '(^|&)(snils|series|number)__(eq|ne|in|out)='
         or query ~ '[(,](snils|series|number)(:|%3A)(eq|ne|in|out)(:|%3A)'
         or query ~ ('(^|&)q=[^&]*[0-9]{3}(%20|[^0-9&])?[0-9]{3}(%20|[^0-9&])?[0-9]{3}'
                     || '(%20|[^0-9&]){0,2}[0-9]{2}'))
"""


def upgrade() -> None:
    op.create_index("ix_access_log_action", "access_log", ["action", "id"])
    op.get_bind().exec_driver_sql(TELLING.replace("%", "%%"))


def downgrade() -> None:
    op.drop_index("ix_access_log_action", table_name="access_log")
