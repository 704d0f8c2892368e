"""Row security, stamps, versions and the log of writes."""

from __future__ import annotations

from alembic import op
from flask import current_app

from app.kernel.record import Reading, Writing
from app.security.policies import protect, track

revision = "0002_house_rights"
down_revision = "0001_house_tables"
branch_labels = None
depends_on = None

FUNCTIONS = (
    """
create function portal_user() returns bigint language sql stable
    as $$ select nullif(current_setting('app.user_id', true), '')::bigint $$
""",
    """
create function portal_stamp() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        new.version := 1;
        new.created_at := now();
        new.created_by := portal_user();
        new.updated_at := now();
        new.updated_by := portal_user();
    else
        new.version := old.version + 1;
        new.created_at := old.created_at;
        new.created_by := old.created_by;
        new.updated_at := now();
        new.updated_by := portal_user();
        if new.deleted_at is distinct from old.deleted_at then
            new.deleted_by := case when new.deleted_at is null then null else portal_user() end;
        end if;
    end if;
    return new;
end $$
""",
    # Only what changed is kept. Rows of an UPDATE are paired by id, which no statement changes;
    # OFFSET 0 keeps the planner from turning the row to JSON again for every column.
    """
create function portal_log() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    technical constant text[] := array['version', 'created_at', 'created_by', 'updated_at',
        'updated_by', 'deleted_by', 'search', 'uid'];
begin
    if tg_op = 'INSERT' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, after, user_id, capacity, via, transaction)
        select tg_table_name, (r.j ->> 'id')::bigint, (r.j ->> 'version')::int,
               (r.j ->> tg_argv[0])::bigint, tg_argv[1],
               'insert', jsonb_strip_nulls(r.j - technical),
               portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current()
        from (select to_jsonb(n) as j from new_rows n) r;
    elsif tg_op = 'UPDATE' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, after, user_id, capacity, via, transaction)
        select tg_table_name, r.id, r.version, (r.new ->> tg_argv[0])::bigint, tg_argv[1],
               case when r.old -> 'deleted_at' = 'null' and r.new -> 'deleted_at' <> 'null'
                    then 'trash'
                    when r.old -> 'deleted_at' <> 'null' and r.new -> 'deleted_at' = 'null'
                    then 'revive'
                    else 'update' end,
               d.before, d.after, portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current()
        from (select n.id, n.version, to_jsonb(o) - technical as old, to_jsonb(n) - technical as new
              from old_rows o join new_rows n using (id) offset 0) r,
             lateral (select jsonb_object_agg(k.key, r.old -> k.key) as before,
                             jsonb_object_agg(k.key, k.value) as after
                      from jsonb_each(r.new) k
                      where k.value is distinct from r.old -> k.key) d
        where d.after is not null;
    else
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, user_id, capacity, via, transaction)
        select tg_table_name, (r.j ->> 'id')::bigint, (r.j ->> 'version')::int,
               (r.j ->> tg_argv[0])::bigint, tg_argv[1],
               'delete', jsonb_strip_nulls(r.j - technical),
               portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current()
        from (select to_jsonb(o) as j from old_rows o) r;
    end if;
    return null;
end $$
""",
    """
create function portal_touch() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    -- Once in a transaction is enough: a card touched or made in this one has its new version.
    execute format('update %I p set updated_at = now() where p.id in (select %I from new_rows)'
                   ' and p.updated_at <> now()', tg_argv[0], tg_argv[1]);
    return null;
end $$
""",
    """
create function portal_access(action text, target text, detail jsonb, address inet, user_id bigint,
                              capacity text) returns void
    language sql security definer set search_path = pg_catalog, public as $$
    insert into access_log (action, target, detail, address, user_id, capacity)
    values ($1, $2, $3, $4, $5, $6)
$$
""",
    """
create function portal_move_stamp() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    update stamp set value = value + 1;
    return null;
end $$
""",
)

REFERENCES = ("classifier_item", "municipality", "school_year")
DIRECT = ("display_name", "phone", "phone_ext", "phone_extra", "fax", "email", "site_url")
# table, parent, attribute that points to it
LISTS = (
    ("organisation_address", "organisation", "organisation_id"),
    ("organisation_licence", "organisation", "organisation_id"),
    ("organisation_accreditation", "organisation", "organisation_id"),
    ("organisation_accreditation_supplement", "organisation_accreditation", "accreditation_id"),
    (
        "organisation_accreditation_program",
        "organisation_accreditation_supplement",
        "supplement_id",
    ),
    ("organisation_accreditation_decision", "organisation_accreditation", "accreditation_id"),
)
SCOPED = ("region", "org", "teacher", "person", "case", "system")
ACCOUNTS = (
    "grant select, update (password, last_login, login_count) on ab_user to {p}auth",
    "grant select (id, first_name, last_name) on ab_user to {scoped}",
    (
        "grant select on ab_role, ab_permission, ab_view_menu, ab_permission_view,"
        " ab_permission_view_role, role_assignment, stamp to {p}auth"
    ),
    "grant select, insert, update, delete on user_session, login_throttle to {p}auth",
    "grant select, insert, update on classifier_seed to {p}system",
    "grant select, delete on user_session, login_throttle to {p}system",
    (
        "grant select (id, municipality_id, display_name, short_name, full_name, deleted_at)"
        " on organisation to {p}auth"
    ),
    "create policy organisation_read_auth on organisation for select to {p}auth using (true)",
    "grant select (id, name) on municipality to {p}auth",
    "create policy municipality_read_auth on municipality for select to {p}auth using (true)",
    "revoke execute on function portal_access from public",
    "grant execute on function portal_access to {p}auth, {p}system",
    "insert into stamp (one, value) values (true, 1)",
    (
        "create trigger classifier_item_stamp_moves after insert or update or delete on"
        " classifier_item for each statement execute function portal_move_stamp()"
    ),
)
LOG = (
    "alter table activity enable row level security",
    "alter table activity force row level security",
    "create policy activity_owner on activity to {p}owner using (true) with check (true)",
    "grant select on activity to {p}region, {p}org, {p}system",
    (
        "create policy activity_read_region on activity for select to {p}region using (access_group"
        " = any ('{open}' || nullif(current_setting('app.groups', true), '')::text[]))"
    ),
    "create policy activity_read_system on activity for select to {p}system using (true)",
    (
        "create policy activity_read_org on activity for select to {p}org using (organisation_id ="
        " any (nullif(current_setting('app.orgs', true), '')::bigint[]) and access_group"
        " = any ('{open}' || nullif(current_setting('app.groups', true), '')::text[]))"
    ),
    "alter table access_log enable row level security",
    "alter table access_log force row level security",
    "create policy access_log_owner on access_log to {p}owner using (true) with check (true)",
)

# Policies and grants of the scoped roles go together with the tables they were given on.
UNGUARD = """
do $$
declare found record;
begin
    for found in select policyname, tablename from pg_policies where schemaname = 'public' loop
        execute format('drop policy %I on %I', found.policyname, found.tablename);
    end loop;
    for found in select distinct table_name, grantee from information_schema.role_table_grants
            where table_schema = 'public' and grantee like '{p}%' and grantee <> '{p}owner'
            union select distinct table_name, grantee from information_schema.role_column_grants
            where table_schema = 'public' and grantee like '{p}%' and grantee <> '{p}owner' loop
        execute format('revoke all on %I from %I', found.table_name, found.grantee);
    end loop;
end $$
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def upgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    scoped = ", ".join(f"{prefix}{role}" for role in SCOPED)
    for function in FUNCTIONS:
        run(function)
    for statement in _records(prefix):
        run(statement)
    for statement in (*ACCOUNTS, *LOG):
        run(statement.replace("{p}", prefix).replace("{scoped}", scoped))


def _records(prefix: str):  # noqa: ANN202 - statements, one by one
    everybody = {"reading": Reading.EVERYBODY, "writing": Writing.NOBODY}
    for table in REFERENCES:
        yield from protect(table, prefix, **everybody)
        yield from track(table, organisation="none")
    yield from protect("organisation", prefix, **everybody, direct_columns=DIRECT)
    yield from track("organisation")
    for table, parent, owner in LISTS:
        yield from protect(table, prefix, **everybody)
        yield from track(table, parent, owner)
    account = "organisation_bank_account"
    yield from protect(account, prefix, reading=Reading.OWN, writing=Writing.NOBODY, group="bank")
    yield from track(account, "organisation", "organisation_id", group="bank")


def downgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    lists = (row[0] for row in LISTS)
    for table in (
        *REFERENCES,
        "organisation",
        *lists,
        "organisation_bank_account",
        "activity",
        "access_log",
    ):
        run(f"alter table {table} no force row level security")
        run(f"alter table {table} disable row level security")
    run(UNGUARD.replace("{p}", prefix))
    run("delete from stamp")
    for name in ("move_stamp", "access", "touch", "log", "stamp", "user"):
        run(f"drop function portal_{name} cascade")
