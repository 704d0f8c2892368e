"""People by the day of their birth and by their names, however these are written."""

from __future__ import annotations

from alembic import op

revision = "0030_enrolment_people"
down_revision = "0029_access_readings"
branch_labels = None
depends_on = None

# Case, ё, kinds of hyphens and spaces do not make another person (domain.md 2.2).
NAMED = r"""
create function portal_person(last_name text, first_name text, middle_name text) returns text
    language sql immutable parallel safe
    return regexp_replace(regexp_replace(translate(upper(
        btrim(last_name) || '|' || btrim(first_name) || '|' || btrim(coalesce(middle_name, ''))),
        'Ё‐‑–—’', 'Е----'''), '\s+', ' ', 'g'), ' ?- ?', '-', 'g')
"""
PERSONS = ("guardian", "student")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(NAMED)
    for table in PERSONS:
        op.get_bind().exec_driver_sql(
            f"create index ix_{table}_person on {table} (birth_date,"
            " portal_person(last_name, first_name, middle_name)) where deleted_at is null"
        )


def downgrade() -> None:
    for table in PERSONS:
        op.drop_index(f"ix_{table}_person", table_name=table)
    op.get_bind().exec_driver_sql("drop function portal_person(text, text, text)")
