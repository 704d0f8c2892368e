"""Tables of the house and the functions that fold names for search and order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_house_tables"
down_revision = None
branch_labels = None
depends_on = None

PUNCTUATION = "«»\"'.,:;!?()[]{}<>/\\|-–—_+=*&^%$#@№`~"

# Immutable, so that they may be indexed; plain SQL, so that the planner inlines them.
FUNCTIONS = (
    """
create function portal_key(value text) returns text
    language sql immutable parallel safe
    return btrim(translate(lower(coalesce(value, '')), 'ё«»"''', 'е'))
""",
    f"""
create function portal_words(value text) returns text
    language sql immutable parallel safe
    return translate(lower(coalesce(value, '')), 'ё{PUNCTUATION.replace("'", "''")}',
                     'е{" " * len(PUNCTUATION)}')
""",
)


def upgrade() -> None:
    for function in FUNCTIONS:
        op.get_bind().exec_driver_sql(function.replace("%", "%%"))
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_group_name")),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_permission_name")),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_register_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_register_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_register_user_username")),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_role")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_role_name")),
    )
    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_changed_by_fk")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_created_by_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_user_username")),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_view_menu")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_view_menu_name")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("capacity", sa.String(length=40), nullable=True),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("target", sa.String(length=200), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_index("ix_access_log_user", "access_log", ["user_id", "id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("access_group", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=6), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("capacity", sa.String(length=40), nullable=True),
        sa.Column("via", sa.String(length=20), nullable=True),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_organisation", "activity", ["organisation_id", "id"], unique=False)
    op.create_index("ix_activity_row", "activity", ["table_name", "row_id", "id"], unique=False)
    op.create_table(
        "classifier_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("classifier", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_ru", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=True),
        sa.Column("name_short", sa.String(length=100), nullable=True),
        sa.Column("sort", sa.Integer(), nullable=True),
        sa.Column("parent_code", sa.String(length=20), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("extra", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(classifier::text, '') || ' ' || coalesce(code::text, '') || ' ' || coalesce(name_ru::text, '') || ' ' || coalesce(name_en::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifier_item")),
        sa.UniqueConstraint("uid", name=op.f("uq_classifier_item_uid")),
    )
    op.create_index(
        "ix_classifier_item_classifier_order",
        "classifier_item",
        [sa.literal_column('(portal_key(classifier) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_classifier_item_name_ru_order",
        "classifier_item",
        [sa.literal_column('(portal_key(name_ru) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_classifier_item_search",
        "classifier_item",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "uq_classifier_item_code",
        "classifier_item",
        ["classifier", "code", sa.literal_column("coalesce(valid_from, date '-infinity')")],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "classifier_seed",
        sa.Column("classifier", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("classifier", name=op.f("pk_classifier_seed")),
    )
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("oktmo", sa.String(length=11), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '') || ' ' || coalesce(oktmo::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["municipality.id"],
            name=op.f("fk_municipality_successor_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("uid", name=op.f("uq_municipality_uid")),
    )
    op.create_index(
        "ix_municipality_name_order",
        "municipality",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_municipality_search", "municipality", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_municipality_successor_id"), "municipality", ["successor_id"], unique=False
    )
    op.create_index(
        "uq_municipality_oktmo",
        "municipality",
        ["oktmo"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "school_year",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=7), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(code::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("uid", name=op.f("uq_school_year_uid")),
    )
    op.create_index(
        "ix_school_year_code_order",
        "school_year",
        [sa.literal_column('(portal_key(code) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_school_year_search", "school_year", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_school_year_code",
        "school_year",
        ["code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "stamp",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("value", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_stamp")),
    )
    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_api_key_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_api_key")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_ab_api_key_lookup_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ab_api_key_uuid")),
    )
    op.create_index("idx_api_key_lookup_hash", "ab_api_key", ["lookup_hash"], unique=True)
    op.create_index("idx_api_key_prefix", "ab_api_key", ["key_prefix"], unique=False)
    op.create_index("idx_api_key_user_id", "ab_api_key", ["user_id"], unique=False)
    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["ab_group.id"],
            name=op.f("fk_ab_group_role_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_group_role_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group_role")),
        sa.UniqueConstraint("group_id", "role_id", name=op.f("uq_ab_group_role_group_id_role_id")),
    )
    op.create_index("idx_group_id", "ab_group_role", ["group_id"], unique=False)
    op.create_index("idx_group_role_id", "ab_group_role", ["role_id"], unique=False)
    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permission_id"],
            ["ab_permission.id"],
            name=op.f("fk_ab_permission_view_permission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["view_menu_id"], ["ab_view_menu.id"], name=op.f("fk_ab_permission_view_view_menu_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view")),
        sa.UniqueConstraint(
            "permission_id",
            "view_menu_id",
            name=op.f("uq_ab_permission_view_permission_id_view_menu_id"),
        ),
    )
    op.create_index("idx_permission_id", "ab_permission_view", ["permission_id"], unique=False)
    op.create_index("idx_view_menu_id", "ab_permission_view", ["view_menu_id"], unique=False)
    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["ab_group.id"],
            name=op.f("fk_ab_user_group_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_group_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_group")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_ab_user_group_user_id_group_id")),
    )
    op.create_index("idx_user_group_id", "ab_user_group", ["group_id"], unique=False)
    op.create_index("idx_user_id", "ab_user_group", ["user_id"], unique=False)
    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_user_role_role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_role_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_role")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_ab_user_role_user_id_role_id")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(length=1000), nullable=False),
        sa.Column("short_name", sa.String(length=255), nullable=True),
        sa.Column("display_name", sa.String(length=120), nullable=True),
        sa.Column("former_names", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("phone_ext", sa.String(length=6), nullable=True),
        sa.Column("phone_extra", sa.String(length=200), nullable=True),
        sa.Column("fax", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("site_url", sa.String(length=300), nullable=True),
        sa.Column("head_name", sa.String(length=200), nullable=True),
        sa.Column("head_position", sa.String(length=200), nullable=True),
        sa.Column("org_type", sa.String(length=3), nullable=True),
        sa.Column("org_kind", sa.String(length=4), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("region_code", sa.String(length=2), nullable=True),
        sa.Column("settlement_kind", sa.String(length=1), nullable=True),
        sa.Column("founder_level", sa.String(length=1), nullable=True),
        sa.Column("authority_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("inn", sa.String(length=12), nullable=True),
        sa.Column("kpp", sa.String(length=9), nullable=True),
        sa.Column("ogrn", sa.String(length=15), nullable=True),
        sa.Column("okpo", sa.String(length=14), nullable=True),
        sa.Column("oktmo", sa.String(length=11), nullable=True),
        sa.Column("okved_main", sa.String(length=8), nullable=True),
        sa.Column("okopf", sa.String(length=5), nullable=True),
        sa.Column("okfs", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(length=1), nullable=True),
        sa.Column("registry_number", sa.String(length=30), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column("frdo_code", sa.String(length=20), nullable=True),
        sa.Column("gia_code", sa.String(length=6), nullable=True),
        sa.Column("oo1_code", sa.String(length=20), nullable=True),
        sa.Column(
            "organisation_id", sa.BigInteger(), sa.Computed("id", persisted=True), nullable=False
        ),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(full_name::text, '') || ' ' || coalesce(short_name::text, '') || ' ' || coalesce(display_name::text, '') || ' ' || coalesce(inn::text, '') || ' ' || coalesce(ogrn::text, '') || ' ' || coalesce(registry_number::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_authority_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_organisation_municipality_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_successor_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_uid")),
    )
    op.create_index(
        op.f("ix_organisation_authority_id"), "organisation", ["authority_id"], unique=False
    )
    op.create_index(
        "ix_organisation_caption_order",
        "organisation",
        [
            sa.literal_column(
                '(portal_key(coalesce(display_name, short_name, full_name)) COLLATE "C")'
            ),
            "id",
        ],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_organisation_inn_kpp", "organisation", ["inn", "kpp"], unique=False)
    op.create_index(
        "ix_organisation_inn_order",
        "organisation",
        [sa.literal_column('(portal_key(inn) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_municipality_id"), "organisation", ["municipality_id"], unique=False
    )
    op.create_index("ix_organisation_ogrn", "organisation", ["ogrn"], unique=False)
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_index(
        "ix_organisation_search", "organisation", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_organisation_successor_id"), "organisation", ["successor_id"], unique=False
    )
    op.create_index(
        "uq_organisation_registry_number",
        "organisation",
        ["registry_number"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_index(
        "uq_organisation_source",
        "organisation",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_view_id"],
            ["ab_permission_view.id"],
            name=op.f("fk_ab_permission_view_role_permission_view_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["ab_role.id"],
            name=op.f("fk_ab_permission_view_role_role_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view_role")),
        sa.UniqueConstraint(
            "permission_view_id",
            "role_id",
            name=op.f("uq_ab_permission_view_role_permission_view_id_role_id"),
        ),
    )
    op.create_index(
        "idx_permission_view_id", "ab_permission_view_role", ["permission_view_id"], unique=False
    )
    op.create_index("idx_role_id", "ab_permission_view_role", ["role_id"], unique=False)
    op.create_table(
        "organisation_accreditation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("registry_number", sa.String(length=30), nullable=False),
        sa.Column("issued_by", sa.String(length=300), nullable=True),
        sa.Column("decision_number", sa.String(length=50), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("status_code", sa.String(length=1), nullable=True),
        sa.Column("status_text", sa.String(length=2), nullable=True),
        sa.Column("kind_text", sa.String(length=200), nullable=True),
        sa.Column("is_federal", sa.Boolean(), nullable=True),
        sa.Column("region_code", sa.String(length=2), nullable=True),
        sa.Column("blank_series", sa.String(length=30), nullable=True),
        sa.Column("blank_number", sa.String(length=30), nullable=True),
        sa.Column("holder_full_name", sa.String(length=1000), nullable=True),
        sa.Column("holder_short_name", sa.String(length=500), nullable=True),
        sa.Column("holder_address", sa.String(length=500), nullable=True),
        sa.Column("holder_inn", sa.String(length=12), nullable=True),
        sa.Column("holder_kpp", sa.String(length=9), nullable=True),
        sa.Column("holder_ogrn", sa.String(length=15), nullable=True),
        sa.Column("entrepreneur_name", sa.String(length=300), nullable=True),
        sa.Column("entrepreneur_address", sa.String(length=500), nullable=True),
        sa.Column("entrepreneur_inn", sa.String(length=12), nullable=True),
        sa.Column("entrepreneur_ogrnip", sa.String(length=15), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(registry_number::text, '') || ' ' || coalesce(holder_full_name::text, '') || ' ' || coalesce(holder_inn::text, '') || ' ' || coalesce(issued_by::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_accreditation_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_accreditation")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_accreditation_uid")),
    )
    op.create_index(
        "ix_organisation_accreditation_decision_date_order",
        "organisation_accreditation",
        [sa.literal_column("coalesce(decision_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_accreditation_organisation_id"),
        "organisation_accreditation",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_accreditation_registry_number_order",
        "organisation_accreditation",
        [sa.literal_column('(portal_key(registry_number) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_organisation_accreditation_search",
        "organisation_accreditation",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "uq_organisation_accreditation_source",
        "organisation_accreditation",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "organisation_address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("address_kind", sa.String(length=1), nullable=False),
        sa.Column("full_text", sa.String(length=500), nullable=True),
        sa.Column("postal_index", sa.String(length=6), nullable=True),
        sa.Column("region_code", sa.String(length=2), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("locality", sa.String(length=150), nullable=True),
        sa.Column("street", sa.String(length=150), nullable=True),
        sa.Column("house", sa.String(length=20), nullable=True),
        sa.Column("building", sa.String(length=20), nullable=True),
        sa.Column("flat", sa.String(length=20), nullable=True),
        sa.Column("building_name", sa.String(length=150), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=True),
        sa.Column("capacity", sa.SmallInteger(), nullable=True),
        sa.Column("fias_guid", sa.Uuid(), nullable=True),
        sa.Column("geo_lat", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("geo_lon", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(full_text::text, '') || ' ' || coalesce(locality::text, '') || ' ' || coalesce(street::text, '') || ' ' || coalesce(postal_index::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_organisation_address_municipality_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_address_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_address")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_address_uid")),
    )
    op.create_index(
        "ix_organisation_address_full_text_order",
        "organisation_address",
        [sa.literal_column('(portal_key(full_text) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_address_municipality_id"),
        "organisation_address",
        ["municipality_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_address_organisation_id"),
        "organisation_address",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_address_search",
        "organisation_address",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "uq_organisation_address_legal",
        "organisation_address",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and address_kind = 'L' and valid_to is null"),
    )
    op.create_table(
        "organisation_bank_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("account_kind", sa.String(length=1), nullable=True),
        sa.Column("bik", sa.String(length=9), nullable=True),
        sa.Column("bank_name", sa.String(length=300), nullable=True),
        sa.Column("correspondent_account", sa.String(length=20), nullable=True),
        sa.Column("account_number", sa.String(length=20), nullable=False),
        sa.Column("personal_account", sa.String(length=20), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_bank_account_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_bank_account")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_bank_account_uid")),
    )
    op.create_index(
        "ix_organisation_bank_account_account_number_order",
        "organisation_bank_account",
        [sa.literal_column('(portal_key(account_number) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_bank_account_organisation_id"),
        "organisation_bank_account",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_bank_account_number",
        "organisation_bank_account",
        ["organisation_id", "bik", "account_number"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "organisation_licence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("licence_number", sa.String(length=30), nullable=False),
        sa.Column("blank_series_number", sa.String(length=20), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.String(length=300), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("status_code", sa.String(length=1), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(licence_number::text, '') || ' ' || coalesce(granted_by::text, '')))",
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
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_licence_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_licence")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_licence_uid")),
    )
    op.create_index(
        "ix_organisation_licence_granted_on_order",
        "organisation_licence",
        [sa.literal_column("coalesce(granted_on, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_organisation_licence_licence_number_order",
        "organisation_licence",
        [sa.literal_column('(portal_key(licence_number) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_licence_organisation_id"),
        "organisation_licence",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_licence_search",
        "organisation_licence",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "add_ons",
            sa.ARRAY(sa.String(length=40)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_role_assignment_municipality_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_role_assignment_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_role_assignment_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    op.create_index("ix_role_assignment_user", "role_assignment", ["user_id"], unique=False)
    op.create_table(
        "organisation_accreditation_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("accreditation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind_text", sa.String(length=200), nullable=True),
        sa.Column("decision_text", sa.String(length=300), nullable=True),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["organisation_accreditation.id"],
            name=op.f("fk_organisation_accreditation_decision_accreditation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_accreditation_decision_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_accreditation_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_accreditation_decision_uid")),
    )
    op.create_index(
        op.f("ix_organisation_accreditation_decision_accreditation_id"),
        "organisation_accreditation_decision",
        ["accreditation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_accreditation_decision_organisation_id"),
        "organisation_accreditation_decision",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_accreditation_decision_source",
        "organisation_accreditation_decision",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "organisation_accreditation_supplement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("accreditation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("status_text", sa.String(length=2), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("is_for_branch", sa.Boolean(), nullable=True),
        sa.Column("blank_series", sa.String(length=30), nullable=True),
        sa.Column("blank_number", sa.String(length=30), nullable=True),
        sa.Column("holder_full_name", sa.String(length=1000), nullable=True),
        sa.Column("holder_short_name", sa.String(length=500), nullable=True),
        sa.Column("holder_address", sa.String(length=500), nullable=True),
        sa.Column("holder_kpp", sa.String(length=9), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["organisation_accreditation.id"],
            name=op.f("fk_organisation_accreditation_supplement_accreditation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_accreditation_supplement_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_accreditation_supplement")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_accreditation_supplement_uid")),
    )
    op.create_index(
        op.f("ix_organisation_accreditation_supplement_accreditation_id"),
        "organisation_accreditation_supplement",
        ["accreditation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_accreditation_supplement_organisation_id"),
        "organisation_accreditation_supplement",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_accreditation_supplement_source",
        "organisation_accreditation_supplement",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["role_assignment.id"],
            name=op.f("fk_user_session_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(
        op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False
    )
    op.create_index("ix_user_session_user", "user_session", ["user_id"], unique=False)
    op.create_table(
        "organisation_accreditation_program",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("accreditation_id", sa.BigInteger(), nullable=False),
        sa.Column("supplement_id", sa.BigInteger(), nullable=True),
        sa.Column("level_code", sa.String(length=2), nullable=True),
        sa.Column("level_text", sa.String(length=200), nullable=True),
        sa.Column("program_name", sa.String(length=1000), nullable=True),
        sa.Column("program_code", sa.String(length=8), nullable=True),
        sa.Column("program_group_code", sa.String(length=8), nullable=True),
        sa.Column("program_group_name", sa.String(length=500), nullable=True),
        sa.Column("kind_text", sa.String(length=200), nullable=True),
        sa.Column("duration_text", sa.String(length=100), nullable=True),
        sa.Column("qualification", sa.String(length=500), nullable=True),
        sa.Column("is_accredited", sa.Boolean(), nullable=True),
        sa.Column("is_cancelled", sa.Boolean(), nullable=True),
        sa.Column("is_suspended", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("updated_by", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["organisation_accreditation.id"],
            name=op.f("fk_organisation_accreditation_program_accreditation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_accreditation_program_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["supplement_id"],
            ["organisation_accreditation_supplement.id"],
            name=op.f("fk_organisation_accreditation_program_supplement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_accreditation_program")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_accreditation_program_uid")),
    )
    op.create_index(
        op.f("ix_organisation_accreditation_program_accreditation_id"),
        "organisation_accreditation_program",
        ["accreditation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_accreditation_program_organisation_id"),
        "organisation_accreditation_program",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_accreditation_program_supplement_id"),
        "organisation_accreditation_program",
        ["supplement_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_accreditation_program_source",
        "organisation_accreditation_program",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_organisation_accreditation_program_source",
        table_name="organisation_accreditation_program",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_program_supplement_id"),
        table_name="organisation_accreditation_program",
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_program_organisation_id"),
        table_name="organisation_accreditation_program",
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_program_accreditation_id"),
        table_name="organisation_accreditation_program",
    )
    op.drop_table("organisation_accreditation_program")
    op.drop_index("ix_user_session_user", table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(
        "uq_organisation_accreditation_supplement_source",
        table_name="organisation_accreditation_supplement",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_supplement_organisation_id"),
        table_name="organisation_accreditation_supplement",
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_supplement_accreditation_id"),
        table_name="organisation_accreditation_supplement",
    )
    op.drop_table("organisation_accreditation_supplement")
    op.drop_index(
        "uq_organisation_accreditation_decision_source",
        table_name="organisation_accreditation_decision",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_decision_organisation_id"),
        table_name="organisation_accreditation_decision",
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_decision_accreditation_id"),
        table_name="organisation_accreditation_decision",
    )
    op.drop_table("organisation_accreditation_decision")
    op.drop_index("ix_role_assignment_user", table_name="role_assignment")
    op.drop_table("role_assignment")
    op.drop_index(
        "ix_organisation_licence_search", table_name="organisation_licence", postgresql_using="gin"
    )
    op.drop_index(
        op.f("ix_organisation_licence_organisation_id"), table_name="organisation_licence"
    )
    op.drop_index(
        "ix_organisation_licence_licence_number_order",
        table_name="organisation_licence",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_organisation_licence_granted_on_order",
        table_name="organisation_licence",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_licence")
    op.drop_index(
        "uq_organisation_bank_account_number",
        table_name="organisation_bank_account",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_bank_account_organisation_id"), table_name="organisation_bank_account"
    )
    op.drop_index(
        "ix_organisation_bank_account_account_number_order",
        table_name="organisation_bank_account",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_bank_account")
    op.drop_index(
        "uq_organisation_address_legal",
        table_name="organisation_address",
        postgresql_where=sa.text("deleted_at is null and address_kind = 'L' and valid_to is null"),
    )
    op.drop_index(
        "ix_organisation_address_search", table_name="organisation_address", postgresql_using="gin"
    )
    op.drop_index(
        op.f("ix_organisation_address_organisation_id"), table_name="organisation_address"
    )
    op.drop_index(
        op.f("ix_organisation_address_municipality_id"), table_name="organisation_address"
    )
    op.drop_index(
        "ix_organisation_address_full_text_order",
        table_name="organisation_address",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_address")
    op.drop_index(
        "uq_organisation_accreditation_source",
        table_name="organisation_accreditation",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_organisation_accreditation_search",
        table_name="organisation_accreditation",
        postgresql_using="gin",
    )
    op.drop_index(
        "ix_organisation_accreditation_registry_number_order",
        table_name="organisation_accreditation",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_organisation_accreditation_organisation_id"),
        table_name="organisation_accreditation",
    )
    op.drop_index(
        "ix_organisation_accreditation_decision_date_order",
        table_name="organisation_accreditation",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_accreditation")
    op.drop_index("idx_role_id", table_name="ab_permission_view_role")
    op.drop_index("idx_permission_view_id", table_name="ab_permission_view_role")
    op.drop_table("ab_permission_view_role")
    op.drop_index(
        "uq_organisation_source",
        table_name="organisation",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "uq_organisation_registry_number",
        table_name="organisation",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(op.f("ix_organisation_successor_id"), table_name="organisation")
    op.drop_index("ix_organisation_search", table_name="organisation", postgresql_using="gin")
    op.drop_index(op.f("ix_organisation_parent_id"), table_name="organisation")
    op.drop_index("ix_organisation_ogrn", table_name="organisation")
    op.drop_index(op.f("ix_organisation_municipality_id"), table_name="organisation")
    op.drop_index(
        "ix_organisation_inn_order",
        table_name="organisation",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index("ix_organisation_inn_kpp", table_name="organisation")
    op.drop_index(
        "ix_organisation_caption_order",
        table_name="organisation",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_organisation_authority_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("ab_user_role")
    op.drop_index("idx_user_id", table_name="ab_user_group")
    op.drop_index("idx_user_group_id", table_name="ab_user_group")
    op.drop_table("ab_user_group")
    op.drop_index("idx_view_menu_id", table_name="ab_permission_view")
    op.drop_index("idx_permission_id", table_name="ab_permission_view")
    op.drop_table("ab_permission_view")
    op.drop_index("idx_group_role_id", table_name="ab_group_role")
    op.drop_index("idx_group_id", table_name="ab_group_role")
    op.drop_table("ab_group_role")
    op.drop_index("idx_api_key_user_id", table_name="ab_api_key")
    op.drop_index("idx_api_key_prefix", table_name="ab_api_key")
    op.drop_index("idx_api_key_lookup_hash", table_name="ab_api_key")
    op.drop_table("ab_api_key")
    op.drop_table("stamp")
    op.drop_index(
        "uq_school_year_code",
        table_name="school_year",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index("ix_school_year_search", table_name="school_year", postgresql_using="gin")
    op.drop_index(
        "ix_school_year_code_order",
        table_name="school_year",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("school_year")
    op.drop_index(
        "uq_municipality_oktmo",
        table_name="municipality",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(op.f("ix_municipality_successor_id"), table_name="municipality")
    op.drop_index("ix_municipality_search", table_name="municipality", postgresql_using="gin")
    op.drop_index(
        "ix_municipality_name_order",
        table_name="municipality",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("municipality")
    op.drop_table("login_throttle")
    op.drop_table("classifier_seed")
    op.drop_index(
        "uq_classifier_item_code",
        table_name="classifier_item",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index("ix_classifier_item_search", table_name="classifier_item", postgresql_using="gin")
    op.drop_index(
        "ix_classifier_item_name_ru_order",
        table_name="classifier_item",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_classifier_item_classifier_order",
        table_name="classifier_item",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("classifier_item")
    op.drop_index("ix_activity_row", table_name="activity")
    op.drop_index("ix_activity_organisation", table_name="activity")
    op.drop_table("activity")
    op.drop_index("ix_access_log_user", table_name="access_log")
    op.drop_table("access_log")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_user")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
    op.get_bind().exec_driver_sql("drop function portal_words, portal_key")
