"""The trash of every record is read by an index: newest first, whatever the table has besides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_house_trash"
down_revision = "0013_house_log"
branch_labels = None
depends_on = None

TABLES = (
    "academic_calendar",
    "assigned_territory",
    "calendar_period",
    "classifier_item",
    "curriculum",
    "curriculum_line",
    "education_program",
    "grading_system",
    "mark_weight",
    "municipality",
    "organisation",
    "organisation_absence",
    "organisation_accreditation",
    "organisation_accreditation_decision",
    "organisation_accreditation_program",
    "organisation_accreditation_supplement",
    "organisation_address",
    "organisation_admission_info",
    "organisation_agreement",
    "organisation_bank_account",
    "organisation_document",
    "organisation_expulsion_rule",
    "organisation_founder",
    "organisation_governing_body",
    "organisation_language",
    "organisation_licence",
    "organisation_licence_annex",
    "organisation_name_history",
    "organisation_study_regime",
    "organisation_vacancy",
    "school_year",
    "subject",
    "weekly_load",
)


def upgrade() -> None:
    for table in TABLES:
        op.create_index(
            f"ix_{table}_trash",
            table,
            ["deleted_at", "id"],
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_trash", table_name=table)
