"""Tables of people: seen by whoever sent them; what their columns meant is kept for next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0037_house_sheets"
down_revision = "0036_enrolment_decisions"
branch_labels = None
depends_on = None

MINE = "user_id = (nullif(current_setting('app.user_id', true), '')::bigint)"
ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
WRITES = "current_setting('app.write', true) = 'on'"
BOUND = ("org", "teacher")  # roles of the database that are bound to organisations
TABLE = "kind = 'table'"


def _rights(prefix: str) -> Iterator[str]:
    bound = ", ".join(f"{prefix}{role}" for role in BOUND)
    region, system = f"{prefix}region", f"{prefix}system"
    yield f"grant select, insert, update on data_import to {bound}"
    for verb, act in (("select", "read"), ("update", "change")):
        check = f" with check ({MINE} and {TABLE})" if verb == "update" else ""
        yield (
            f"create policy data_import_{act}_table on data_import for {verb} to {bound}"
            f" using ({MINE} and {TABLE}){check}"
        )
        yield f"drop policy data_import_{act}_operator on data_import"
        check = f" with check ({OPERATOR} and {WRITES} and kind <> 'table')"
        yield (
            f"create policy data_import_{act}_operator on data_import for {verb} to {region}"
            f" using ({OPERATOR} and {WRITES} and kind <> 'table')"
            + (check if verb == "update" else "")
        )
    yield (
        f"create policy data_import_add_table on data_import for insert to {bound}"
        f" with check ({MINE} and {TABLE})"
    )
    yield "alter table table_columns enable row level security"
    yield "alter table table_columns force row level security"
    yield f"grant select, insert, update on table_columns to {bound}, {region}, {system}"
    for role in ("owner", "system"):
        yield (
            f"create policy table_columns_{role} on table_columns to {prefix}{role}"
            " using (true) with check (true)"
        )
    for name, rule, whom in (
        ("org", ORGS, bound),
        ("region", f"organisation_id is null and {WRITES}", region),
    ):
        yield (
            f"create policy table_columns_read_{name} on table_columns for select to {whom}"
            f" using ({rule})"
        )
        yield (
            f"create policy table_columns_add_{name} on table_columns for insert to {whom}"
            f" with check ({rule})"
        )
        yield (
            f"create policy table_columns_change_{name} on table_columns for update to {whom}"
            f" using ({rule}) with check ({rule})"
        )


def upgrade() -> None:
    empty = sa.text("'{}'::jsonb")
    op.add_column(
        "data_import", sa.Column("record", sa.String(60), server_default="", nullable=False)
    )
    op.add_column(
        "data_import",
        sa.Column("columns", postgresql.JSONB(), server_default=empty, nullable=False),
    )
    op.add_column("data_import", sa.Column("organisation_id", sa.BigInteger()))
    op.create_foreign_key(
        "fk_data_import_organisation_id",
        "data_import",
        "organisation",
        ["organisation_id"],
        ["id"],
        ondelete="RESTRICT",
    )
    op.drop_index("uq_data_import_open", table_name="data_import")
    op.create_index(
        "uq_data_import_open",
        "data_import",
        ["kind", "file_hash"],
        unique=True,
        postgresql_where=sa.text("state <> 'applied' and kind <> 'table'"),
    )
    op.create_table(
        "table_columns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("record", sa.String(60), nullable=False),
        sa.Column("columns", postgresql.JSONB(), server_default=empty, nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_table_columns_organisation_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_table_columns"),
        sa.UniqueConstraint(
            "organisation_id",
            "record",
            name="uq_table_columns_organisation_id_record",
            postgresql_nulls_not_distinct=True,
        ),
    )
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    bound = ", ".join(f"{prefix}{role}" for role in BOUND)
    op.drop_table("table_columns")
    for act in ("read", "change", "add"):
        op.execute(sa.text(f"drop policy data_import_{act}_table on data_import"))
    for verb, act in (("select", "read"), ("update", "change")):
        op.execute(sa.text(f"drop policy data_import_{act}_operator on data_import"))
        check = f" with check ({OPERATOR} and {WRITES})" if verb == "update" else ""
        op.execute(
            sa.text(
                f"create policy data_import_{act}_operator on data_import for {verb}"
                f" to {prefix}region using ({OPERATOR} and {WRITES}){check}"
            )
        )
    op.execute(sa.text(f"revoke all on data_import from {bound}"))
    op.execute(sa.text("delete from data_import where kind = 'table'"))
    op.drop_index("uq_data_import_open", table_name="data_import")
    op.create_index(
        "uq_data_import_open",
        "data_import",
        ["kind", "file_hash"],
        unique=True,
        postgresql_where=sa.text("state <> 'applied'"),
    )
    op.drop_constraint("fk_data_import_organisation_id", "data_import")
    for name in ("organisation_id", "columns", "record"):
        op.drop_column("data_import", name)
