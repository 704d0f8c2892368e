"""The access log says whose row was read and what for, and is read by those it is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0029_access_readings"
down_revision = "0028_enrolment_learners"
branch_labels = None
depends_on = None

TABLE = "access_log"
COLUMNS = {
    "table_name": sa.String(63),
    "row_id": sa.BigInteger(),
    "organisation_id": sa.BigInteger(),
    "learner_id": sa.BigInteger(),
    "purpose": sa.String(300),
}
INDEXES = {"organisation": "organisation_id", "learner": "learner_id"}
FORMER = """
create function portal_access(action text, target text, detail jsonb, address inet, user_id bigint,
                              capacity text) returns void
    language sql security definer set search_path = pg_catalog, public as $$
    insert into access_log (action, target, detail, address, user_id, capacity)
    values ($1, $2, $3, $4, $5, $6)
$$
"""
PRESENT = """
create function portal_access(action text, target text, detail jsonb, address inet, user_id bigint,
                              capacity text, table_name text default null,
                              row_id bigint default null, organisation_id bigint default null,
                              learner_id bigint default null, purpose text default null)
    returns void language sql security definer set search_path = pg_catalog, public as $$
    insert into access_log (action, target, detail, address, user_id, capacity, table_name, row_id,
                            organisation_id, learner_id, purpose)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
$$
"""
GRANTS = (
    "revoke execute on function portal_access from public",
    "grant execute on function portal_access to {p}auth, {p}system",
)
# Whoever may become the role of the door signs in for the portal, under whatever name.
LOGINS = """
do $$
declare login name;
begin
    for login in select m.member::regrole::text from pg_auth_members m
            join pg_roles r on r.oid = m.member
            where m.roleid = '{p}auth'::regrole and r.rolcanlogin and not r.rolsuper loop
        execute format('grant execute on function portal_access to %s', login);
    end loop;
end $$
"""
SEEN = (
    "id, at, action, user_id, capacity, target, detail, table_name, row_id, organisation_id,"
    " learner_id, purpose"
)
IN_GROUP = "'log' = any (nullif(current_setting('app.groups', true), '')::text[])"
READING = (
    f"grant select ({SEEN}) on access_log to {{p}}region, {{p}}org",
    (
        f"create policy access_log_read_region on access_log for select to {{p}}region"
        f" using ({IN_GROUP})"
    ),
    (
        f"create policy access_log_read_org on access_log for select to {{p}}org"
        " using (organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
        f" and {IN_GROUP})"
    ),
)


def run(statement: str) -> None:
    """Send one statement as it stands, with the names of the installation's roles."""
    whole = statement.replace("{p}", current_app.config["DB_ROLE_PREFIX"])
    op.get_bind().exec_driver_sql(whole.replace("%", "%%"))


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column(TABLE, sa.Column(name, kind, nullable=True))
    for name, column in INDEXES.items():
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [column, "id"])
    run("drop function portal_access")
    for statement in (PRESENT, *GRANTS, LOGINS, *READING):
        run(statement)


def downgrade() -> None:
    for role in ("region", "org"):
        run(f"drop policy access_log_read_{role} on access_log")
        run(f"revoke select ({SEEN}) on access_log from {{p}}{role}")
    run("drop function portal_access")
    for statement in (FORMER, *GRANTS):
        run(statement)
    for name in INDEXES:
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    for name in reversed(COLUMNS):
        op.drop_column(TABLE, name)
