"""Requests that ask for the end of a row: one at a time, and nothing else about the row then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_registry_ends"
down_revision = "0026_registry_policies"
branch_labels = None
depends_on = None

TABLE = "edit_request_line"
OP, FIELD = "ck_edit_request_line_op", "ck_edit_request_line_field"
BY_FIELD = "ix_edit_request_line_field"
# Two requests that are sent at one moment do not see each other: the second waits for the first.
ALONE = """
create function portal_request_line_alone() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.target_table, new.target_id));
    if exists (
        select from edit_request_line other
        where other.target_table = new.target_table and other.target_id = new.target_id
            and other.open and other.id <> new.id and other.op <> 'I'
            and (other.op = 'D') <> (new.op = 'D')
    ) then
        raise exception 'another request asks for the end of this row, or for a change of it'
            using errcode = 'unique_violation';
    end if;
    return new;
end $$
"""


def upgrade() -> None:
    op.drop_constraint(op.f(OP), TABLE, type_="check")
    op.create_check_constraint(op.f(OP), TABLE, "op in ('U', 'I', 'D')")
    op.drop_constraint(op.f(FIELD), TABLE, type_="check")
    op.create_check_constraint(op.f(FIELD), TABLE, "(op = 'U') = (field is not null)")
    _by_field("target_table", "field", "op", "request_id")
    op.create_index(
        "uq_edit_request_line_end",
        TABLE,
        ["target_table", "target_id"],
        unique=True,
        postgresql_where=sa.text("open and op = 'D'"),
    )
    op.get_bind().exec_driver_sql(ALONE.replace("%", "%%"))
    op.execute(
        f"create trigger edit_request_line_alone before insert or update of open on {TABLE}"
        " for each row when (new.open and new.op <> 'I')"
        " execute function portal_request_line_alone()"
    )


def _by_field(*columns: str) -> None:
    op.drop_index(BY_FIELD, TABLE)
    op.create_index(BY_FIELD, TABLE, list(columns), postgresql_where=sa.text("open"))


def downgrade() -> None:
    op.execute(f"drop trigger edit_request_line_alone on {TABLE}")
    op.execute("drop function portal_request_line_alone()")
    op.drop_index("uq_edit_request_line_end", TABLE)
    _by_field("target_table", "field", "request_id")
    op.execute(f"delete from {TABLE} where op = 'D'")
    op.drop_constraint(op.f(FIELD), TABLE, type_="check")
    op.create_check_constraint(op.f(FIELD), TABLE, "(op = 'I') = (field is null)")
    op.drop_constraint(op.f(OP), TABLE, type_="check")
    op.create_check_constraint(op.f(OP), TABLE, "op in ('U', 'I')")
