"""Persons whom rows entered at one moment, or joined late, have left apart are found at night."""

from __future__ import annotations

from alembic import op
from flask import current_app

revision = "0042_enrolment_double_sweep"
down_revision = "0041_enrolment_finding"
branch_labels = None
depends_on = None

# One uid for a number, whoever brought it first; what the operator has called different stays so.
SWEEP = """
create function portal_sweep_doubles(since timestamptz) returns bigint language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    before bigint := (select count(*) from duplicate_candidate);
    joined bigint := 0;
    former uuid[];
    latter uuid[];
    written bigint;
    pupils constant bigint[] := array(select id from student
        where updated_at >= since and deleted_at is null and birth_date is not null);
    parents constant bigint[] := array(select id from guardian
        where updated_at >= since and deleted_at is null and birth_date is not null);
begin
    select array_agg(t.person_uid), array_agg(t.known) into former, latter
    from (
        select distinct on (r.person_uid) r.person_uid, k.person_uid as known
        from person_row r
        join lateral (
            select o.uid, o.person_uid from person_row o
            where o.snils_print = r.snils_print and o.deleted_at is null
            order by o.uid limit 1
        ) k on k.person_uid <> r.person_uid
        where r.deleted_at is null and r.snils_print in (
            select snils_print from student where updated_at >= since
            union select snils_print from guardian where updated_at >= since
        ) and not exists (
            select from duplicate_candidate c where c.state = 'different'
                and c.first_uid = least(r.uid, k.uid) and c.second_uid = greatest(r.uid, k.uid)
        )
        order by r.person_uid, k.uid
    ) t;
    update student s set person_uid = m.known
    from unnest(former, latter) m (person, known) where s.person_uid = m.person;
    get diagnostics written = row_count;
    joined := joined + written;
    update guardian g set person_uid = m.known
    from unnest(former, latter) m (person, known) where g.person_uid = m.person;
    get diagnostics written = row_count;
    joined := joined + written;
    perform portal_join_by_paper('student', pupils), portal_join_by_paper('guardian', parents);
    perform portal_note_doubles('student', pupils), portal_note_doubles('guardian', parents);
    return joined + (select count(*) from duplicate_candidate) - before;
end $$
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    run(SWEEP)
    run("revoke execute on function portal_sweep_doubles(timestamptz) from public")
    run(f"grant execute on function portal_sweep_doubles(timestamptz) to {prefix}system")


def downgrade() -> None:
    run("drop function portal_sweep_doubles(timestamptz)")
