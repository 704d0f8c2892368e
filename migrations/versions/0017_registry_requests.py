"""Requests to change the register: tables, row security, and the steps the database admits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0017_registry_requests"
down_revision = "0016_house_drafts"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
EMPTY = sa.text("'{}'::jsonb")
STATES = (
    "'draft', 'submitted', 'under_review', 'needs_info', 'approved', 'partially_approved',"
    " 'rejected', 'withdrawn'"
)
LINE_STATES = "'pending', 'approved', 'rejected', 'conflict'"
ME = "nullif(current_setting('app.user_id', true), '')::bigint"
WRITABLE = "organisation_id = any (nullif(current_setting('app.writable', true), '')::bigint[])"
WRITES = "current_setting('app.write', true) = 'on'"
# A request goes on only by these steps, whoever writes: those of the organisation's own people,
# who decide nothing, and those of the region's office.
STEP = """
create function portal_request_step() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    own constant text[] := array['draft submitted', 'needs_info under_review', 'draft withdrawn',
        'submitted withdrawn', 'needs_info withdrawn'];
    office constant text[] := array['submitted under_review', 'under_review needs_info',
        'under_review approved', 'under_review partially_approved', 'under_review rejected'];
    step constant text := old.state || ' ' || new.state;
    capacity constant text := current_setting('app.capacity', true);
begin
    if current_user = '{org}' and step <> 'draft submitted'
        and (new.due_on, new.submitted_at) is distinct from (old.due_on, old.submitted_at)
    then
        raise exception 'the term begins when a request is sent' using errcode = 'check_violation';
    end if;
    if step = 'draft submitted' and capacity not in ('head', 'municipal') then
        raise exception 'a request is sent by whoever signs it' using errcode = 'check_violation';
    end if;
    if old.state <> new.state and not (
        step = any (own) and current_user <> '{region}'
        or step = any (office) and current_user <> '{org}'
    ) then
        raise exception 'no such step of a request: %', step using errcode = 'check_violation';
    end if;
    new.version := old.version + 1;
    return new;
end $$
"""


def upgrade() -> None:
    _tables()
    _indexes()
    prefix = current_app.config["DB_ROLE_PREFIX"]
    step = STEP.replace("{region}", f"{prefix}region").replace("{org}", f"{prefix}org")
    op.get_bind().exec_driver_sql(step.replace("%", "%%"))
    for statement in _rights(prefix):
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "edit_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Integer()),
        sa.Column("state", sa.String(20), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("effective_on", sa.Date()),
        sa.Column("target_table", sa.String(63), nullable=False),
        sa.Column("target_id", sa.BigInteger()),
        sa.Column("due_on", sa.Date()),
        sa.Column("assignee_id", sa.Integer()),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("batch_id", sa.BigInteger()),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(f"state in ({STATES})", name=op.f("ck_edit_request_state")),
        sa.CheckConstraint("decided_by <> author_id", name=op.f("ck_edit_request_own")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_edit_request_organisation_id"),
            ondelete="RESTRICT",
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["ab_user.id"], name=op.f(f"fk_edit_request_{name}"), ondelete="SET NULL"
            )
            for name in ("author_id", "assignee_id", "decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["change_batch.id"], name=op.f("fk_edit_request_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_request")),
    )
    op.create_table(
        "edit_request_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("op", sa.String(1), nullable=False),
        sa.Column("target_table", sa.String(63), nullable=False),
        sa.Column("target_id", sa.BigInteger()),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("field", sa.String(63)),
        sa.Column("base", postgresql.JSONB(none_as_null=True)),
        sa.Column("base_version", sa.Integer()),
        sa.Column("wanted", postgresql.JSONB(none_as_null=True)),
        sa.Column("open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("line_state", sa.String(10), server_default=sa.text("'pending'"), nullable=False),
        sa.Column("comment", sa.String(2000)),
        sa.CheckConstraint("op in ('U', 'I')", name=op.f("ck_edit_request_line_op")),
        sa.CheckConstraint(
            f"line_state in ({LINE_STATES})", name=op.f("ck_edit_request_line_state")
        ),
        sa.CheckConstraint("(op = 'I') = (field is null)", name=op.f("ck_edit_request_line_field")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["edit_request.id"],
            name=op.f("fk_edit_request_line_request_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_request_line")),
    )
    op.create_table(
        "edit_request_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("capacity", sa.String(40)),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("from_state", sa.String(20)),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("comment", sa.String(2000)),
        sa.Column("details", postgresql.JSONB(), server_default=EMPTY, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["edit_request.id"],
            name=op.f("fk_edit_request_event_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_edit_request_event_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edit_request_event")),
    )


def _indexes() -> None:
    op.create_index("ix_edit_request_organisation", "edit_request", ["organisation_id", "id"])
    op.create_index("ix_edit_request_queue", "edit_request", ["state", "due_on", "id"])
    op.create_index("ix_edit_request_line_request_id", "edit_request_line", ["request_id"])
    op.create_index("ix_edit_request_event_request_id", "edit_request_event", ["request_id", "id"])
    op.create_index(
        "uq_edit_request_line_open",
        "edit_request_line",
        ["target_table", "target_id", "field"],
        unique=True,
        postgresql_where=sa.text("open and op = 'U'"),
    )


def _rights(prefix: str) -> Iterator[str]:
    org, region, system = f"{prefix}org", f"{prefix}region", f"{prefix}system"
    for table in ("edit_request", "edit_request_line", "edit_request_event"):
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        yield f"create policy {table}_system on {table} to {system} using (true) with check (true)"
        yield f"grant select on {table} to {org}, {region}, {system}"
        yield f"create policy {table}_read_org on {table} for select to {org} using ({WRITABLE})"
        sent = "submitted_at is not null" if table == "edit_request" else "true"
        yield f"create policy {table}_read_region on {table} for select to {region} using ({sent})"
    yield (
        "create trigger edit_request_step before update on edit_request"
        " for each row execute function portal_request_step()"
    )
    yield from _rights_of_requests(org, region)
    yield from _rights_of_lines(org, region)


def _rights_of_requests(org: str, region: str) -> Iterator[str]:
    yield f"grant insert, update (state, submitted_at, due_on) on edit_request to {org}"
    yield (
        f"create policy edit_request_add on edit_request for insert to {org} with check"
        f" ({WRITABLE} and author_id = {ME} and state = 'draft' and decided_by is null)"
    )
    yield (
        f"create policy edit_request_change_org on edit_request for update to {org}"
        f" using ({WRITABLE}) with check ({WRITABLE})"
    )
    yield (
        "grant update (state, assignee_id, decided_by, decided_at, batch_id) on edit_request"
        f" to {region}"
    )
    yield (
        f"create policy edit_request_change_region on edit_request for update to {region}"
        f" using ({WRITES} and author_id is distinct from {ME}) with check ({WRITES})"
    )
    for role, mine in ((org, WRITABLE), (region, WRITES)):
        name = role.rpartition("_")[2]
        yield f"grant insert on edit_request_event to {role}"
        yield (
            f"create policy edit_request_event_add_{name} on edit_request_event for insert"
            f" to {role} with check ({mine} and user_id = {ME} and exists (select from edit_request"
            " r where r.id = request_id"
            " and r.organisation_id = edit_request_event.organisation_id))"
        )


def _rights_of_lines(org: str, region: str) -> Iterator[str]:
    draft = (
        "exists (select from edit_request r where r.id = request_id and r.state = 'draft'"
        f" and r.author_id = {ME} and r.organisation_id = edit_request_line.organisation_id)"
    )
    yield f"grant insert, update (open) on edit_request_line to {org}"
    yield (
        f"create policy edit_request_line_add on edit_request_line for insert to {org}"
        f" with check ({WRITABLE} and line_state = 'pending' and not open and {draft})"
    )
    yield (
        f"create policy edit_request_line_change_org on edit_request_line for update to {org}"
        f" using ({WRITABLE} and exists (select from edit_request r where r.id = request_id and"
        f" r.state in ('draft', 'submitted', 'needs_info'))) with check ({WRITABLE})"
    )
    yield f"grant update (line_state, comment, open, target_id) on edit_request_line to {region}"
    yield (
        f"create policy edit_request_line_change_region on edit_request_line for update to {region}"
        f" using ({WRITES} and exists (select from edit_request r where r.id = request_id and"
        f" r.author_id is distinct from {ME})) with check ({WRITES})"
    )


def downgrade() -> None:
    op.drop_table("edit_request_event")
    op.drop_table("edit_request_line")
    op.drop_table("edit_request")
    op.execute("drop function portal_request_step()")
