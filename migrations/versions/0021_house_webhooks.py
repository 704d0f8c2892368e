"""Webhooks: where events of the feed are sent, by the operator's order, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0021_house_webhooks"
down_revision = "0020_registry_mixed"
branch_labels = None
depends_on = None

BEFORE = "0019_house_feed"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
SHOWN = (
    "id, url, records, state, created_by, created_at, transaction, event_id, delivered, failures,"
    " next_at, sent_at, status, answer"
)
GIVEN = "url, secret, records, created_by, transaction, event_id"
GOES_ON = "state, transaction, event_id, failures, next_at"
SENT = f"{GOES_ON}, delivered, sent_at, status, answer"
# What is sent from goes with the log; nothing restored that was not yet sent is passed over.
RENEW = """
create or replace function portal_renew_feed() returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    newest constant bigint := (select max(transaction) from activity);
begin
    if newest >= txid_current() then
        update activity set transaction = transaction - newest - 1;
        update feed set lost_transaction = lost_transaction - newest - 1
            where lost_transaction is not null;
        update webhook set transaction = least(transaction - newest - 1, -1);
    else
        update webhook set transaction = least(transaction, txid_current() - 1);
    end if;
    update feed set line = gen_random_uuid();
end $$
"""


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column(
            "records",
            postgresql.ARRAY(sa.String(63)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("state", sa.String(10), server_default=sa.text("'active'"), nullable=False),
        sa.Column("created_by", sa.Integer()),
        _moment("created_at", server_default=sa.text("now()"), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("next_at"),
        _moment("sent_at"),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.String(500)),
        sa.CheckConstraint(
            "state in ('active', 'stopped', 'failed')", name=op.f("ck_webhook_state")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["ab_user.id"],
            name=op.f("fk_webhook_created_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("url", name=op.f("uq_webhook_url")),
    )
    for statement in _rights(current_app.config["DB_ROLE_PREFIX"]):
        op.execute(statement)
    op.execute(RENEW)


def _moment(name: str, **more: object) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), **more)


def _rights(prefix: str) -> Iterator[str]:
    """The operator orders and never reads a secret again; the portal itself sends."""
    region, system = f"{prefix}region", f"{prefix}system"
    yield "alter table webhook enable row level security"
    yield "alter table webhook force row level security"
    yield f"create policy webhook_owner on webhook to {prefix}owner using (true) with check (true)"
    yield f"grant select ({SHOWN}), insert ({GIVEN}) on webhook to {region}"
    yield f"grant update ({GOES_ON}), delete on webhook to {region}"
    yield f"create policy webhook_read on webhook for select to {region} using ({OPERATOR})"
    yield f"create policy webhook_add on webhook for insert to {region} with check ({OPERATOR})"
    yield (
        f"create policy webhook_change on webhook for update to {region}"
        f" using ({OPERATOR}) with check ({OPERATOR})"
    )
    yield f"create policy webhook_drop on webhook for delete to {region} using ({OPERATOR})"
    yield f"grant select, update ({SENT}) on webhook to {system}"
    yield f"create policy webhook_read_system on webhook for select to {system} using (true)"
    yield (
        f"create policy webhook_change_system on webhook for update to {system}"
        " using (true) with check (true)"
    )


def downgrade() -> None:
    environment = op.get_context().environment_context
    op.execute(
        environment.script.get_revision(BEFORE).module.RENEW.replace(
            "create function", "create or replace function"
        )
    )
    op.drop_table("webhook")
