"""The feed of changes: the log by its transactions, and which line of time it is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0019_house_feed"
down_revision = "0018_registry_queue"
branch_labels = None
depends_on = None

# A restored log may name transactions which its new server has not reached yet. They are moved
# before all of it, in their order; places that were given out before end with their line of time.
RENEW = """
create function portal_renew_feed() returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    newest constant bigint := (select max(transaction) from activity);
begin
    if newest >= txid_current() then
        update activity set transaction = transaction - newest - 1;
        update feed set lost_transaction = lost_transaction - newest - 1
            where lost_transaction is not null;
    end if;
    update feed set line = gen_random_uuid();
end $$
"""
# Whoever reads on from before a deleted line of the log would miss it and not know.
PRUNED = """
create function portal_log_pruned() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update feed set lost_transaction = d.transaction, lost_id = d.id
    from (select transaction, id from old_rows order by transaction desc, id desc limit 1) d
    where lost_transaction is null
        or (lost_transaction, lost_id) < (d.transaction, d.id);
    return null;
end $$
"""


def upgrade() -> None:
    prefix = current_app.config["DB_ROLE_PREFIX"]
    op.create_index("ix_activity_feed", "activity", ["transaction", "id"])
    op.create_table(
        "feed",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("line", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("lost_transaction", sa.BigInteger()),
        sa.Column("lost_id", sa.BigInteger()),
        sa.CheckConstraint("one", name=op.f("ck_feed_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_feed")),
    )
    readers = f"{prefix}region, {prefix}org, {prefix}system"
    for statement in (
        "insert into feed default values",
        "alter table feed enable row level security",
        "alter table feed force row level security",
        f"create policy feed_owner on feed to {prefix}owner using (true) with check (true)",
        f"grant select on feed to {readers}",
        f"create policy feed_read on feed for select to {readers} using (true)",
        RENEW,
        "revoke execute on function portal_renew_feed from public",
        PRUNED,
        (
            "create trigger activity_pruned after delete on activity referencing old table as"
            " old_rows for each statement execute function portal_log_pruned()"
        ),
        # The log of an archive that is older than this step may be ahead of its new server.
        "select portal_renew_feed()",
    ):
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop trigger activity_pruned on activity")
    op.execute("drop function portal_log_pruned()")
    op.execute("drop function portal_renew_feed()")
    op.drop_table("feed")
    op.drop_index("ix_activity_feed", "activity")
