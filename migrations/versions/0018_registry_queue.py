"""The queue of requests: who may decide, to whom a request may be handed, quick filters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0018_registry_queue"
down_revision = "0017_registry_requests"
branch_labels = None
depends_on = None

UNDECIDED = "state not in ('approved', 'partially_approved', 'rejected', 'withdrawn')"
# Accounts that hold the right to decide on a day; programs decide nothing, so they are left out.
DECIDERS = """
create function portal_deciders(day date) returns table (id integer, name text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select u.id, btrim(u.last_name || ' ' || u.first_name)
    from ab_user u
    where u.active
        and not exists (select from service_account s where s.user_id = u.id)
        and exists (
            select from role_assignment a
            join ab_role r on r.name = a.role
                or r.name = any (select a.role || '+' || duty from unnest(a.add_ons) duty)
            join ab_permission_view_role held on held.role_id = r.id
            join ab_permission_view pair on pair.id = held.permission_view_id
            join ab_permission p on p.id = pair.permission_id and p.name = 'can_decide'
            join ab_view_menu v on v.id = pair.view_menu_id and v.name = 'edit_request'
            where a.user_id = u.id
                and day between coalesce(a.valid_from, day) and coalesce(a.valid_to, day)
        )
$$
"""
# Whoever writes: a request is handed to somebody who may decide it, and not to its author.
ASSIGNEE = """
create function portal_request_assignee() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.assignee_id = new.author_id
        or not exists (select from portal_deciders(current_date) d where d.id = new.assignee_id)
    then
        raise exception 'not one who decides: %', new.assignee_id using errcode = 'check_violation';
    end if;
    return new;
end $$
"""


def upgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    run = op.get_bind().exec_driver_sql
    run(DECIDERS)
    op.execute("revoke execute on function portal_deciders(date) from public")
    op.execute(f"grant execute on function portal_deciders(date) to {prefix}region, {prefix}system")
    run(ASSIGNEE.replace("%", "%%"))
    op.execute(
        "create trigger edit_request_assignee before update on edit_request for each row"
        " when (new.assignee_id is not null and new.assignee_id is distinct from old.assignee_id)"
        " execute function portal_request_assignee()"
    )
    op.create_index(
        "ix_edit_request_turn",
        "edit_request",
        [sa.text("coalesce(due_on, '9999-12-31'::date)"), "id"],
        postgresql_where=sa.text(UNDECIDED),
    )
    op.create_index(
        "ix_edit_request_line_field",
        "edit_request_line",
        ["target_table", "field", "request_id"],
        postgresql_where=sa.text("open"),
    )


def downgrade() -> None:
    op.drop_index("ix_edit_request_line_field", "edit_request_line")
    op.drop_index("ix_edit_request_turn", "edit_request")
    op.execute("drop trigger edit_request_assignee on edit_request")
    op.execute("drop function portal_request_assignee()")
    op.execute("drop function portal_deciders(date)")
