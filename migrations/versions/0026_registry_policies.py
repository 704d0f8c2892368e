"""Who changes which field, as the operator sets it; the database keeps it for organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0026_registry_policies"
down_revision = "0025_house_dates"
branch_labels = None
depends_on = None

ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
MAY_WRITE = "current_setting('app.write', true) = 'on'"
MYSELF = "nullif(current_setting('app.user_id', true), '')::integer"
TABLES = (
    "organisation",
    "organisation_absence",
    "organisation_agreement",
    "organisation_governing_body",
    "organisation_address",
    "organisation_admission_info",
    "organisation_bank_account",
    "academic_calendar",
    "calendar_period",
    "curriculum",
    "curriculum_line",
    "organisation_document",
    "organisation_licence",
    "organisation_accreditation",
    "organisation_founder",
    "organisation_licence_annex",
    "grading_system",
    "mark_weight",
    "organisation_vacancy",
    "education_program",
    "organisation_language",
    "organisation_study_regime",
    "organisation_expulsion_rule",
    "organisation_accreditation_supplement",
    "organisation_accreditation_program",
    "organisation_accreditation_decision",
)
# A rule of the own organisation wins over one for all. Whose a row is may be computed, so the row
# is looked at once it is written.
KEEP = """
create function portal_keep_policy() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    before constant jsonb := case tg_op when 'INSERT' then '{}'::jsonb else to_jsonb(old) end;
    after constant jsonb := to_jsonb(new);
    owner constant bigint := (after ->> 'organisation_id')::bigint;
    kept text;
begin
    select p.field into kept from field_policy p
        where p.entity = tg_table_name and p.ended_at is null and p.policy <> 'direct'
        and (p.organisation_id = owner or p.organisation_id is null and not exists (
            select from field_policy own where own.entity = p.entity and own.field = p.field
            and own.organisation_id = owner and own.ended_at is null))
        and case p.field
            when '*' then tg_op = 'INSERT'
                or after -> 'deleted_at' is distinct from before -> 'deleted_at'
            else nullif(after -> p.field, 'null') is distinct from nullif(before -> p.field, 'null')
        end
        limit 1;
    if kept is not null then
        raise insufficient_privilege
            using message = format('%s.%s: the operator has set another way', tg_table_name, kept);
    end if;
    return null;
end $$
"""


def upgrade() -> None:
    op.create_table(
        "field_policy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("entity", sa.String(63), nullable=False),
        sa.Column("field", sa.String(63), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("policy", sa.String(10)),
        sa.Column("reviewer", sa.String(20)),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("set_by", sa.Integer()),
        sa.Column(
            "set_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_by", sa.Integer()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_reason", sa.String(2000)),
        _check("policy", "policy in ('direct', 'request', 'operator')"),
        _check("reviewer", "reviewer in ('operator', 'department')"),
        _check("says", "num_nonnulls(policy, reviewer) > 0"),
        _check("everywhere", "reviewer is null or organisation_id is null"),
        *_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_policy")),
    )
    op.create_index(
        "uq_field_policy_standing",
        "field_policy",
        ["entity", "field", sa.text("coalesce(organisation_id, 0)")],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(op.f("ix_field_policy_organisation_id"), "field_policy", ["organisation_id"])
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in _rights(prefix):
        op.execute(statement)
    op.execute(KEEP)
    for table in TABLES:
        op.keep_policy(table)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_field_policy_{name}"))


def _keys() -> Iterator[sa.ForeignKeyConstraint]:
    for column, target, after in (
        ("organisation_id", "organisation.id", "RESTRICT"),
        ("set_by", "ab_user.id", "SET NULL"),
        ("ended_by", "ab_user.id", "SET NULL"),
    ):
        name = op.f(f"fk_field_policy_{column}")
        yield sa.ForeignKeyConstraint([column], [target], name=name, ondelete=after)


def _rights(prefix: str) -> Iterator[str]:
    """The operator sets rules in the own name; organisations read those that speak to them."""
    table, region = "field_policy", f"{prefix}region"
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy {table}_owner on {table} to {prefix}owner using (true) with check (true)"
    for role, name, rows in (
        ("auth", "auth", "true"),
        ("system", "system", "true"),
        ("region", "region", "true"),
        ("org", "org", ORGS),
        ("org", "org_general", "organisation_id is null"),
    ):
        reader = f"{prefix}{role}"
        yield f"grant select on {table} to {reader}"
        yield f"create policy {table}_read_{name} on {table} for select to {reader} using ({rows})"
    given = "entity, field, organisation_id, policy, reviewer, reason, set_by"
    yield f"grant insert ({given}) on {table} to {region}"
    yield f"grant update (ended_by, ended_at, ended_reason) on {table} to {region}"
    yield (
        f"create policy {table}_add on {table} for insert to {region}"
        f" with check ({OPERATOR} and {MAY_WRITE} and set_by = {MYSELF})"
    )
    yield (
        f"create policy {table}_end on {table} for update to {region}"
        f" using ({OPERATOR} and {MAY_WRITE} and ended_at is null)"
        f" with check (ended_at is not null and ended_by = {MYSELF})"
    )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop trigger {table}_keep_policy on {table}")
    op.execute("drop function portal_keep_policy()")
    op.drop_table("field_policy")
