"""The log says which request a change came from and its days: asked for, decided, in effect.

A request may be decided in several goes, on several days; what lies ahead keeps its own moment.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0025_house_dates"
down_revision = "0024_reference_terms"
branch_labels = None
depends_on = None

BEFORE = "0013_house_log"
DATES = ("proposed_on", "decided_on", "effective_on")

# As it was, with what the setting app.request says of the request that is written.
LOG = """
create or replace function portal_log() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    technical constant text[] := array['version', 'created_at', 'created_by', 'updated_at',
        'updated_by', 'deleted_by', 'search', 'uid'];
    writer constant bigint := portal_user();
    acting_as constant text := nullif(current_setting('app.capacity', true), '');
    by_way_of constant text := nullif(current_setting('app.via', true), '');
    batch constant bigint := nullif(current_setting('app.batch', true), '')::bigint;
    asked constant jsonb := nullif(current_setting('app.request', true), '')::jsonb;
    request constant bigint := (asked ->> 'id')::bigint;
    proposed constant date := (asked ->> 'proposed')::date;
    decided constant date := (asked ->> 'decided')::date;
    effective constant date := (asked ->> 'effective')::date;
begin
    if tg_op = 'INSERT' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, after, user_id, capacity, via, transaction, batch_id,
                              request_id, proposed_on, decided_on, effective_on)
        select tg_table_name, r.id, r.version, (r.whole ->> tg_argv[0])::bigint, tg_argv[1],
               'insert', jsonb_strip_nulls(r.whole - technical),
               writer, acting_as, by_way_of, txid_current(), batch,
               request, proposed, decided, effective
        from (select n.id, n.version, to_jsonb(n) as whole from new_rows n offset 0) r;
    elsif tg_op = 'UPDATE' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, after, user_id, capacity, via, transaction, batch_id,
                              request_id, proposed_on, decided_on, effective_on)
        select tg_table_name, r.id, r.version, (r.new ->> tg_argv[0])::bigint, tg_argv[1],
               case when r.old -> 'deleted_at' = 'null' and r.new -> 'deleted_at' <> 'null'
                    then 'trash'
                    when r.old -> 'deleted_at' <> 'null' and r.new -> 'deleted_at' = 'null'
                    then 'revive'
                    else 'update' end,
               d.before, d.after, writer, acting_as, by_way_of, txid_current(), batch,
               request, proposed, decided, effective
        from (select n.id, n.version, to_jsonb(o) - technical as old, to_jsonb(n) - technical as new
              from old_rows o join new_rows n using (id) offset 0) r,
             lateral (select jsonb_object_agg(k.key, r.old -> k.key) as before,
                             jsonb_object_agg(k.key, k.value) as after
                      from jsonb_each(r.new) k
                      where k.value is distinct from r.old -> k.key) d
        where d.after is not null;
    else
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, user_id, capacity, via, transaction, batch_id,
                              request_id, proposed_on, decided_on, effective_on)
        select tg_table_name, r.id, r.version, (r.whole ->> tg_argv[0])::bigint, tg_argv[1],
               'delete', jsonb_strip_nulls(r.whole - technical),
               writer, acting_as, by_way_of, txid_current(), batch,
               request, proposed, decided, effective
        from (select o.id, o.version, to_jsonb(o) as whole from old_rows o offset 0) r;
    end if;
    return null;
end $$
"""
# Direct changes keep none of it: their days are the day they were written on. Of a request that
# was approved for a later day the event before the write tells when; the transaction of the write
# has the same moment as the event it makes.
LINES = """
update activity a set
    request_id = r.id,
    proposed_on = (r.submitted_at at time zone 'Europe/Moscow')::date,
    decided_on = (coalesce((
        select case e.action when 'scheduled' then e.at end from edit_request_event e
        where e.request_id = r.id and e.at < a.at
            and e.action in ('scheduled', 'unwritten', 'conflict', 'decide')
        order by e.id desc limit 1), a.at) at time zone 'Europe/Moscow')::date,
    effective_on = coalesce(r.effective_on, (a.at at time zone 'Europe/Moscow')::date)
from change_batch b
join edit_request r on r.batch_id = b.id or b.title_values ->> 'number' = r.id::text
where b.kind = 'request' and a.batch_id = b.id and a.via = 'request'
"""
SCHEDULED = """
update edit_request_line l set scheduled_at = (
    select max(e.at) from edit_request_event e
    where e.request_id = l.request_id and e.action in ('scheduled', 'decide'))
where l.line_state = 'scheduled'
"""


def upgrade() -> None:
    op.add_column("activity", sa.Column("request_id", sa.BigInteger()))
    for name in DATES:
        op.add_column("activity", sa.Column(name, sa.Date()))
    op.add_column(
        "edit_request_line", sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True)
    )
    prefix = current_app.config["DB_ROLE_PREFIX"]
    op.execute(f"grant update (scheduled_at) on edit_request_line to {prefix}region")
    op.execute(LINES)
    op.execute(SCHEDULED)
    op.get_bind().exec_driver_sql(LOG.replace("%", "%%"))


def downgrade() -> None:
    environment = op.get_context().environment_context
    before = environment.script.get_revision(BEFORE).module
    op.get_bind().exec_driver_sql(before.LOG.replace("%", "%%"))
    op.drop_column("edit_request_line", "scheduled_at")
    for name in (*reversed(DATES), "request_id"):
        op.drop_column("activity", name)
