"""What the database keeps of the register by itself: former names, weekly load, first language."""

from __future__ import annotations

from alembic import op

revision = "0010_registry_rules"
down_revision = "0009_registry_items"
branch_labels = None
depends_on = None

TODAY = "(now() at time zone 'Europe/Moscow')::date"
SAFE = "set search_path = pg_catalog, public, pg_temp"

FUNCTIONS = (
    # Names the organisation no longer has, the last one first.
    f"""
create function portal_former_names(organisation bigint, present text, gone text, undone bigint)
    returns text language sql stable {SAFE} as $$
    select string_agg(former.name, '; ' order by former.until desc, former.name)
    from (select named.name, max(named.until) as until
          from (select full_name as name, coalesce(valid_to, '-infinity'::date) as until
                from organisation_name_history
                where organisation_id = $1 and deleted_at is null and id is distinct from $4
                union all select $3, 'infinity'::date where $3 is not null) named
          where named.name is distinct from $2 group by named.name) former
$$
""",
    # A name that lived for less than a day was a slip of the pen: it is not kept, and a name that
    # comes back on the day it went has never gone.
    f"""
create function portal_name_before() returns trigger language plpgsql security definer
    {SAFE} as $$
declare
    last organisation_name_history;
begin
    select * into last from organisation_name_history
    where organisation_id = new.id and deleted_at is null and valid_to is not null
    order by valid_to desc, id desc limit 1;
    if last.valid_to >= {TODAY} - 1 then
        new.former_names := portal_former_names(new.id, new.full_name, null,
            case when last.full_name = new.full_name
                      and last.short_name is not distinct from new.short_name then last.id end);
    else
        new.former_names := portal_former_names(new.id, new.full_name, old.full_name, null);
    end if;
    return new;
end $$
""",
    f"""
create function portal_name_after() returns trigger language plpgsql security definer
    {SAFE} as $$
declare
    last organisation_name_history;
    since date;
    yesterday constant date := {TODAY} - 1;
begin
    select * into last from organisation_name_history
    where organisation_id = new.id and deleted_at is null and valid_to is not null
    order by valid_to desc, id desc limit 1;
    if last.valid_to >= yesterday then
        update organisation_name_history set deleted_at = now()
        where id = last.id and full_name = new.full_name
              and short_name is not distinct from new.short_name;
        return null;
    end if;
    since := coalesce(last.valid_to + 1, new.opened_on);
    insert into organisation_name_history (uid, organisation_id, full_name, short_name, valid_from,
                                           valid_to)
    values (gen_random_uuid(), new.id, old.full_name, old.short_name,
            case when since <= yesterday then since end, yesterday);
    return null;
end $$
""",
    # A history mended by hand; what the triggers above write is told to the organisation by them.
    f"""
create function portal_names_mended() returns trigger language plpgsql security definer
    {SAFE} as $$
begin
    if pg_trigger_depth() = 1 then
        update organisation o
        set former_names = portal_former_names(o.id, o.full_name, null, null)
        where o.id in (select organisation_id from new_rows)
          and o.former_names is distinct from portal_former_names(o.id, o.full_name, null, null);
    end if;
    return null;
end $$
""",
    f"""
create function portal_first_language() returns trigger language plpgsql security definer
    {SAFE} as $$
begin
    -- An import says what its file says and nothing more.
    if current_setting('app.via', true) is distinct from 'import' then
        insert into organisation_language (uid, organisation_id, language_code, valid_from)
        select gen_random_uuid(), new.id, 'rus', new.opened_on
        where not exists (select from organisation_language where organisation_id = new.id);
    end if;
    return null;
end $$
""",
    # Approved plans only: a draft may be wrong for a while. The row of the plan, which every
    # change of a line touches first, makes those who write at once wait for one another.
    f"""
create function portal_check_load(plans bigint[]) returns void language plpgsql {SAFE} as $$
begin
    perform from curriculum c
    join curriculum_line l on l.curriculum_id = c.id and l.deleted_at is null
         and l.part_code in ('O', 'F')
    join weekly_load w on w.grade = l.grade and w.week_days = c.week_days and w.deleted_at is null
    where c.id = any (plans) and c.state = 'A' and c.deleted_at is null
    group by c.id, l.grade, w.hours having sum(l.hours_week) > w.hours;
    if found then
        raise exception 'weekly load' using errcode = 'check_violation',
            constraint = 'ck_curriculum_load';
    end if;
end $$
""",
    f"""
create function portal_plan_load() returns trigger language plpgsql security definer {SAFE} as $$
begin
    perform portal_check_load(array[new.id]);
    return null;
end $$
""",
    f"""
create function portal_line_load() returns trigger language plpgsql security definer {SAFE} as $$
begin
    perform portal_check_load(array(select distinct curriculum_id from new_rows));
    return null;
end $$
""",
)

RENAMED = (
    "when (old.full_name is distinct from new.full_name"
    " or old.short_name is distinct from new.short_name)"
)
TRIGGERS = (
    (
        "create trigger organisation_name_before before update of full_name, short_name"
        f" on organisation for each row {RENAMED} execute function portal_name_before()"
    ),
    (
        "create trigger organisation_name_after after update of full_name, short_name"
        f" on organisation for each row {RENAMED} execute function portal_name_after()"
    ),
    (
        "create trigger organisation_name_history_mended_insert after insert"
        " on organisation_name_history referencing new table as new_rows"
        " for each statement execute function portal_names_mended()"
    ),
    (
        "create trigger organisation_name_history_mended_update after update"
        " on organisation_name_history referencing new table as new_rows"
        " for each statement execute function portal_names_mended()"
    ),
    (
        "create trigger organisation_first_language after insert or update of org_type"
        " on organisation for each row when (new.org_type <> 'AUT')"
        " execute function portal_first_language()"
    ),
    (
        "create trigger curriculum_weigh after insert or update of state, week_days, deleted_at"
        " on curriculum for each row when (new.state = 'A')"
        " execute function portal_plan_load()"
    ),
    # Their names come after those of the touching triggers, so that they run after them.
    (
        "create trigger curriculum_line_weigh_insert after insert on curriculum_line"
        " referencing new table as new_rows for each statement execute function portal_line_load()"
    ),
    (
        "create trigger curriculum_line_weigh_update after update on curriculum_line"
        " referencing new table as new_rows for each statement execute function portal_line_load()"
    ),
)
ON_OTHERS = (
    "drop trigger organisation_name_before on organisation",
    "drop trigger organisation_name_after on organisation",
    "drop trigger organisation_first_language on organisation",
    "drop trigger organisation_name_history_mended_insert on organisation_name_history",
    "drop trigger organisation_name_history_mended_update on organisation_name_history",
    "drop trigger curriculum_weigh on curriculum",
    "drop trigger curriculum_line_weigh_insert on curriculum_line",
    "drop trigger curriculum_line_weigh_update on curriculum_line",
)
NAMES = (
    "portal_names_mended()",
    "portal_name_after()",
    "portal_name_before()",
    "portal_former_names(bigint, text, text, bigint)",
    "portal_first_language()",
    "portal_line_load()",
    "portal_plan_load()",
    "portal_check_load(bigint[])",
)


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def upgrade() -> None:
    for statement in (*FUNCTIONS, *TRIGGERS):
        run(statement)
    # A beginning after the end was a slip: the end is kept, the history tells what stood there.
    for table in ("organisation_address", "organisation_bank_account"):
        run(f"update {table} set valid_from = null where valid_from > valid_to")
        op.create_check_constraint(op.f(f"ck_{table}_valid_to"), table, "valid_from <= valid_to")


def downgrade() -> None:
    for table in ("organisation_address", "organisation_bank_account"):
        op.drop_constraint(op.f(f"ck_{table}_valid_to"), table, type_="check")
    for statement in ON_OTHERS:
        run(statement)
    for name in NAMES:
        run(f"drop function {name}")
