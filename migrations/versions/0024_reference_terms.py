"""The production calendar and legal terms; whatever changes in them moves the stamp."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024_reference_terms"
down_revision = "0023_registry_confirmed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(note::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.CheckConstraint("kind in ('W', 'S', 'H')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_day_uid")),
    )
    op.create_index(
        "ix_calendar_day_date_order",
        "calendar_day",
        [sa.literal_column("coalesce(date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_calendar_day_search", "calendar_day", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_calendar_day_trash",
        "calendar_day",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_calendar_day_date",
        "calendar_day",
        ["date"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "deadline_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("offset_n", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=2), nullable=False),
        sa.Column("base_event", sa.String(length=200), nullable=False),
        sa.Column("base_day", sa.String(length=5), nullable=True),
        sa.Column("count_saturday", sa.Boolean(), nullable=True),
        sa.Column("shift_if_nonworking", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(code::text, '')"
                " || ' ' || coalesce(name::text, '') || ' ' || coalesce(base_event::text, '')"
                " || ' ' || coalesce(source::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), server_default=sa.FetchedValue(), nullable=True),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_deadline_rule_valid_to")),
        sa.CheckConstraint("unit in ('wd', 'cd', 'yr')", name=op.f("ck_deadline_rule_unit")),
        sa.CheckConstraint(
            "code <> 'REG_EDIT' or offset_n > 0", name=op.f("ck_deadline_rule_offset_n")
        ),
        sa.CheckConstraint(
            "code <> 'REG_EDIT' or base_day is null", name=op.f("ck_deadline_rule_base_day")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_deadline_rule_uid")),
    )
    op.create_index(
        "ix_deadline_rule_code_order",
        "deadline_rule",
        [sa.literal_column('(portal_key(code) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_rule_name_order",
        "deadline_rule",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_rule_search", "deadline_rule", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_deadline_rule_trash",
        "deadline_rule",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_deadline_rule_code",
        "deadline_rule",
        ["code", sa.literal_column("coalesce(valid_from, date '-infinity')")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.guard_record(
        table="calendar_day",
        reading="everybody",
        writing="nobody",
        group="open",
        direct=(),
        parent="",
        owner="",
        organisation="none",
        reserved="",
    )
    op.guard_record(
        table="deadline_rule",
        reading="everybody",
        writing="nobody",
        group="open",
        direct=(),
        parent="",
        owner="",
        organisation="none",
        reserved="",
    )
    for table in ("calendar_day", "deadline_rule"):
        op.execute(
            f"create trigger {table}_stamp_moves after insert or update or delete on {table}"
            " for each statement execute function portal_move_stamp()"
        )


def downgrade() -> None:
    op.drop_index(
        "uq_deadline_rule_code",
        table_name="deadline_rule",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_deadline_rule_trash",
        table_name="deadline_rule",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index("ix_deadline_rule_search", table_name="deadline_rule", postgresql_using="gin")
    op.drop_index(
        "ix_deadline_rule_name_order",
        table_name="deadline_rule",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_deadline_rule_code_order",
        table_name="deadline_rule",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("deadline_rule")
    op.drop_index(
        "uq_calendar_day_date",
        table_name="calendar_day",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_calendar_day_trash",
        table_name="calendar_day",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index("ix_calendar_day_search", table_name="calendar_day", postgresql_using="gin")
    op.drop_index(
        "ix_calendar_day_date_order",
        table_name="calendar_day",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("calendar_day")
