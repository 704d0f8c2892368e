"""Alike persons are looked for by the index, however small the table was a moment ago."""

from __future__ import annotations

from alembic import op

revision = "0043_enrolment_plans"
down_revision = "0042_enrolment_double_sweep"
branch_labels = None
depends_on = None

# What the planner knows of a table is old while 200,000 rows come into it in one transaction, and
# a session keeps the plan of a statement in a function. Where persons were joined by hashes, each
# thousand was compared with everything there is; by the index it is a thousand searches.
BY_INDEX = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")
SETTINGS = (
    ("portal_note_doubles(text, bigint[])", BY_INDEX),
    ("portal_join_by_paper(text, bigint[])", BY_INDEX),
    ("portal_same_person()", ("enable_seqscan",)),
)


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    for function, names in SETTINGS:
        for name in names:
            run(f"alter function {function} set {name} = off")


def downgrade() -> None:
    for function, names in SETTINGS:
        for name in names:
            run(f"alter function {function} reset {name}")
