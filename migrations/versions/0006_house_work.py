"""Jobs with progress, batches of changes, and the batch on every line of the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

revision = "0006_house_work"
down_revision = "0005_house_look"
branch_labels = None
depends_on = None

SCOPED = ("region", "org", "teacher", "person", "case")
MINE = "user_id = (nullif(current_setting('app.user_id', true), '')::bigint)"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"

# {column} and {value} add the batch; without them it is the function of 0002.
LOG = """
create or replace function portal_log() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    technical constant text[] := array['version', 'created_at', 'created_by', 'updated_at',
        'updated_by', 'deleted_by', 'search', 'uid'];
begin
    if tg_op = 'INSERT' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, after, user_id, capacity, via, transaction{column})
        select tg_table_name, (r.j ->> 'id')::bigint, (r.j ->> 'version')::int,
               (r.j ->> tg_argv[0])::bigint, tg_argv[1],
               'insert', jsonb_strip_nulls(r.j - technical),
               portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current(){value}
        from (select to_jsonb(n) as j from new_rows n) r;
    elsif tg_op = 'UPDATE' then
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, after, user_id, capacity, via, transaction{column})
        select tg_table_name, r.id, r.version, (r.new ->> tg_argv[0])::bigint, tg_argv[1],
               case when r.old -> 'deleted_at' = 'null' and r.new -> 'deleted_at' <> 'null'
                    then 'trash'
                    when r.old -> 'deleted_at' <> 'null' and r.new -> 'deleted_at' = 'null'
                    then 'revive'
                    else 'update' end,
               d.before, d.after, portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current(){value}
        from (select n.id, n.version, to_jsonb(o) - technical as old, to_jsonb(n) - technical as new
              from old_rows o join new_rows n using (id) offset 0) r,
             lateral (select jsonb_object_agg(k.key, r.old -> k.key) as before,
                             jsonb_object_agg(k.key, k.value) as after
                      from jsonb_each(r.new) k
                      where k.value is distinct from r.old -> k.key) d
        where d.after is not null;
    else
        insert into activity (table_name, row_id, row_version, organisation_id, access_group,
                              verb, before, user_id, capacity, via, transaction{column})
        select tg_table_name, (r.j ->> 'id')::bigint, (r.j ->> 'version')::int,
               (r.j ->> tg_argv[0])::bigint, tg_argv[1],
               'delete', jsonb_strip_nulls(r.j - technical),
               portal_user(), nullif(current_setting('app.capacity', true), ''),
               nullif(current_setting('app.via', true), ''), txid_current(){value}
        from (select to_jsonb(o) as j from old_rows o) r;
    end if;
    return null;
end $$
"""
BATCH = "nullif(current_setting('app.batch', true), '')::bigint"
FUNCTIONS = (
    """
create function portal_enqueue(kind text, title text, title_values jsonb, params jsonb,
                               assignment bigint, organisation bigint, language text, lock text)
    returns bigint language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare job bigint;
begin
    insert into background_job (kind, title, title_values, params, user_id, assignment_id,
                                organisation_id, language)
    values ($1, $2, $3, $4, portal_user(), $5, $6, $7) returning id into job;
    perform procrastinate_defer_jobs_v1(array[row('default', 'work', 0, $8, null,
        jsonb_build_object('job', job), null)::procrastinate_job_to_defer_v1]);
    return job;
end $$
""",
    # Who asked may stop it, and the operator; one that has not begun ends at once.
    """
create function portal_stop_job(job bigint) returns text language sql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    update background_job set stop_asked = true,
        state = case state when 'queued' then 'cancelled' else state end,
        finished_at = case state when 'queued' then now() end
    where id = $1 and state in ('queued', 'running')
      and (user_id = portal_user() or current_setting('app.capacity', true) = 'operator')
    returning state
$$
""",
    # The end of a job is written by the transaction of its work: both stand or neither does.
    """
create function portal_finish_job(job bigint, message text, message_values jsonb, result jsonb,
                                  file_hash text, file_name text, file_type text)
    returns boolean language sql security definer
    set search_path = pg_catalog, public, pg_temp as $$
    update background_job set state = 'done', message = $2, message_values = $3, result = $4,
        file_hash = $5, file_name = $6, file_type = $7, finished_at = now()
    where id = $1 and state = 'running' and user_id = portal_user()
    returning true
$$
""",
)
NAMES = (
    "portal_enqueue(text, text, jsonb, jsonb, bigint, bigint, text, text)",
    "portal_stop_job(bigint)",
    "portal_finish_job(bigint, text, jsonb, jsonb, text, text, text)",
)


def upgrade() -> None:
    _tables()
    prefix = current_app.config["DB_ROLE_PREFIX"]
    _run(_log(", batch_id", f", {BATCH}"))
    for function in FUNCTIONS:
        _run(function)
    for statement in _rights(prefix):
        _run(statement)


def downgrade() -> None:
    for name in NAMES:
        _run(f"drop function {name}")
    _run(_log("", ""))
    op.drop_index("ix_activity_batch", table_name="activity")
    op.drop_column("activity", "batch_id")
    op.drop_table("change_batch")
    op.drop_table("background_job")


def _log(column: str, value: str) -> str:
    return LOG.replace("{column}", column).replace("{value}", value)


def _rights(prefix: str):  # noqa: ANN202 - statements, one by one
    scoped = ", ".join(f"{prefix}{role}" for role in SCOPED)
    for name in NAMES:
        yield f"revoke execute on function {name} from public"
        yield f"grant execute on function {name} to {scoped}"
    for table in ("background_job", "change_batch"):
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        yield (
            f"create policy {table}_system on {table} to {prefix}system"
            " using (true) with check (true)"
        )
        yield f"grant select on {table} to {scoped}"
        yield f"create policy {table}_read_mine on {table} for select to {scoped} using ({MINE})"
        yield (
            f"create policy {table}_read_operator on {table} for select to {prefix}region"
            f" using ({OPERATOR})"
        )
        yield (
            f"create policy {table}_read_org on {table} for select to {prefix}org using ({ORGS})"
        )
    yield f"grant select, update on background_job to {prefix}system"
    yield f"grant select, insert on change_batch to {prefix}system"
    writers = f"{prefix}region, {prefix}org"
    yield f"grant insert on change_batch to {writers}"
    yield (
        f"create policy change_batch_add on change_batch for insert to {writers}"
        f" with check ({MINE})"
    )


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement.replace("%", "%%"))


def _tables() -> None:
    now = sa.text("now()")
    empty = sa.text("'{}'::jsonb")
    op.create_table(
        "background_job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("title_values", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("params", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger()),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("language", sa.String(2), server_default=sa.text("'ru'"), nullable=False),
        sa.Column("state", sa.String(10), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("message", sa.String(1000)),
        sa.Column("message_values", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("result", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("file_hash", sa.String(64)),
        sa.Column("file_name", sa.String(200)),
        sa.Column("file_type", sa.String(100)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_background_job_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
    )
    op.create_index("ix_background_job_user", "background_job", ["user_id", "id"])
    op.create_index("ix_background_job_state", "background_job", ["state", "id"])
    op.create_table(
        "change_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("title_values", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("capacity", sa.String(40)),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("undoes", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_change_batch_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["change_batch.id"], name=op.f("fk_change_batch_undoes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_batch")),
    )
    op.create_index("ix_change_batch_user", "change_batch", ["user_id", "id"])
    op.create_index("ix_change_batch_organisation", "change_batch", ["organisation_id", "id"])
    op.create_index(
        "uq_change_batch_undoes",
        "change_batch",
        ["undoes"],
        unique=True,
        postgresql_where=sa.text("undoes is not null"),
    )
    op.add_column("activity", sa.Column("batch_id", sa.BigInteger()))
    op.create_index(
        "ix_activity_batch",
        "activity",
        ["batch_id", "id"],
        postgresql_where=sa.text("batch_id is not null"),
    )
