"""«Сведения актуальны»: what an organisation has confirmed, by item, day and person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0023_registry_confirmed"
down_revision = "0022_house_notices"
branch_labels = None
depends_on = None

ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
WRITABLE = "organisation_id = any (nullif(current_setting('app.writable', true), '')::bigint[])"
ME = "user_id = nullif(current_setting('app.user_id', true), '')::int"


def upgrade() -> None:
    op.create_table(
        "item_confirmation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.String(4), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_item_confirmation_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["ab_user.id"],
            name=op.f("fk_item_confirmation_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_confirmation")),
        sa.UniqueConstraint(
            "organisation_id", "item_code", "confirmed_on", name="uq_item_confirmation_day"
        ),
    )
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.execute(statement)


def _rights(prefix: str) -> Iterator[str]:
    """Read like the history, added by the organisation's own people, never changed."""
    table, org, region = "item_confirmation", f"{prefix}org", f"{prefix}region"
    yield f"alter table {table} enable row level security"
    yield f"alter table {table} force row level security"
    yield f"create policy {table}_owner on {table} to {prefix}owner using (true) with check (true)"
    yield f"grant select on {table} to {org}, {region}"
    yield f"grant insert (organisation_id, item_code, confirmed_on, user_id) on {table} to {org}"
    yield f"create policy {table}_read_region on {table} for select to {region} using (true)"
    yield f"create policy {table}_read_org on {table} for select to {org} using ({ORGS})"
    yield (
        f"create policy {table}_add_org on {table} for insert to {org}"
        f" with check ({WRITABLE} and {ME})"
    )


def downgrade() -> None:
    op.drop_table("item_confirmation")
