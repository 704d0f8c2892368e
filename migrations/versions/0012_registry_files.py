"""Attached files: what is known of each, who reads it, how it is tied to its row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0012_registry_files"
down_revision = "0011_registry_imports"
branch_labels = None
depends_on = None

KEPT_BY_SCHOOLS = (
    "organisation_agreement",
    "organisation_document",
    "curriculum",
    "academic_calendar",
    "education_program",
)
TABLES = ("organisation_accreditation", "organisation_licence", *KEPT_BY_SCHOOLS)
# A file is taken only by whoever staged it, and only once: afterwards it is that row's for good.
ATTACH = """
create function portal_attach() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    before_id bigint;
    after_id bigint;
    holder bigint;
    held record;
begin
    if tg_op <> 'INSERT' then
        before_id := (to_jsonb(old) ->> tg_argv[0])::bigint;
    end if;
    if tg_op <> 'DELETE' then
        after_id := (to_jsonb(new) ->> tg_argv[0])::bigint;
        holder := (to_jsonb(new) ->> tg_argv[1])::bigint;
    end if;
    if before_id is distinct from after_id then
        update file set detached_at = now() where id = before_id;
    end if;
    if after_id is null then
        return null;
    end if;
    select f.* into held from file f where f.id = after_id for update;
    if held.deleted_at is not null
        or (held.attached_at is null and held.staged_by is distinct from portal_user())
        or (held.attached_at is not null and (held.table_name, held.row_id, held.field)
            is distinct from (tg_table_name::text, new.id, tg_argv[0]))
    then
        raise foreign_key_violation using message = 'the file is not to be had';
    end if;
    update file set table_name = tg_table_name, row_id = new.id, field = tg_argv[0],
        organisation_id = holder, shared = tg_argv[2]::boolean, access_group = tg_argv[3],
        attached_at = coalesce(attached_at, now()), staged_by = null, detached_at = null
    where id = after_id;
    return null;
end $$
"""
GROUPS = "access_group = any ('{open}' || nullif(current_setting('app.groups', true), '')::text[])"
ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
MINE = "staged_by = portal_user()"
WRITTEN = "uid, sha256, size, media_type, name"
BOUND = ("org", "teacher", "person", "case")
RIGHTS = (
    "alter table file enable row level security",
    "alter table file force row level security",
    "create policy file_owner on file to {p}owner using (true) with check (true)",
    "grant select, delete, update (deleted_at) on file to {p}system",
    "grant insert (" + WRITTEN + ") on file to {p}system",
    "create policy file_system on file to {p}system using (true) with check (true)",
    "create policy file_read_region on file for select to {p}region using (" + GROUPS + ")",
    *(
        statement
        for role in ("region", *BOUND)
        for statement in (
            "grant select, insert (" + WRITTEN + ") on file to {p}" + role,
            f"create policy file_mine_{role} on file for select to {{p}}{role} using ({MINE})",
            f"create policy file_add_{role} on file for insert to {{p}}{role} with check ({MINE})",
        )
    ),
    *(
        f"create policy file_{name}_{role} on file for select to {{p}}{role}"
        f" using ({rows} and {GROUPS})"
        for role in BOUND
        for name, rows in (("shared", "shared"), ("own", ORGS))
    ),
)


def run(statement: str) -> None:
    """Send one statement as it stands."""
    whole = statement.replace("{p}", current_app.config["DB_ROLE_PREFIX"])
    op.get_bind().exec_driver_sql(whole.replace("%", "%%"))


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("portal_user()"), nullable=True
        ),
        sa.Column(
            "staged_by", sa.BigInteger(), server_default=sa.text("portal_user()"), nullable=True
        ),
        sa.Column("table_name", sa.String(length=63), nullable=True),
        sa.Column("row_id", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.String(length=63), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("access_group", sa.String(length=20), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nulls(attached_at, table_name, access_group) in (0, 3)", name=op.f("ck_file_held")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_filled")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_file_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("uid", name=op.f("uq_file_uid")),
    )
    op.create_index(
        "ix_file_detached",
        "file",
        ["detached_at"],
        unique=False,
        postgresql_where=sa.text("detached_at is not null"),
    )
    op.create_index(op.f("ix_file_organisation_id"), "file", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_file_sha256"), "file", ["sha256"], unique=False)
    op.create_index(
        "ix_file_staged",
        "file",
        ["staged_by"],
        unique=False,
        postgresql_where=sa.text("attached_at is null"),
    )
    for statement in (ATTACH, *RIGHTS):
        run(statement)
    for table in TABLES:
        op.add_column(table, sa.Column("file_id", sa.BigInteger(), nullable=True))
        op.create_index(op.f(f"ix_{table}_file_id"), table, ["file_id"])
        op.create_foreign_key(
            op.f(f"fk_{table}_file_id"), table, "file", ["file_id"], ["id"], ondelete="RESTRICT"
        )
        op.attach_files(
            table=table,
            column="file_id",
            shared=True,
            group="open",
            organisation="organisation_id",
        )
    for table in KEPT_BY_SCHOOLS:
        op.allow_direct(table, ("file_id",))


def downgrade() -> None:
    for table in TABLES:
        for event in ("insert", "update", "delete"):
            run(f"drop trigger {table}_file_id_{event} on {table}")
        op.drop_constraint(op.f(f"fk_{table}_file_id"), table, type_="foreignkey")
        op.drop_index(op.f(f"ix_{table}_file_id"), table_name=table)
        op.drop_column(table, "file_id")
    op.drop_index(
        "ix_file_staged", table_name="file", postgresql_where=sa.text("attached_at is null")
    )
    op.drop_index(op.f("ix_file_sha256"), table_name="file")
    op.drop_index(op.f("ix_file_organisation_id"), table_name="file")
    op.drop_index(
        "ix_file_detached", table_name="file", postgresql_where=sa.text("detached_at is not null")
    )
    op.drop_table("file")
    run("drop function portal_attach()")
