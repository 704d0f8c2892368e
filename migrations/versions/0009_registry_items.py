"""Records of all items of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_registry_items"
down_revision = "0008_house_lists"
branch_labels = None
depends_on = None


# Of several rows that said to be the main one the first goes on to be it.
ONE_MAIN_ADDRESS = """
update organisation_address a set is_main = false
where a.is_main and a.address_kind = 'F' and a.valid_to is null and a.deleted_at is null
  and exists (select from organisation_address b
              where b.organisation_id = a.organisation_id and b.is_main and b.address_kind = 'F'
                and b.valid_to is null and b.deleted_at is null and b.id < a.id)
"""
ONE_MAIN_ACCOUNT = """
update organisation_bank_account a set is_main = false
where a.is_main and a.valid_to is null and a.deleted_at is null
  and exists (select from organisation_bank_account b
              where b.organisation_id = a.organisation_id and b.is_main
                and b.valid_to is null and b.deleted_at is null and b.id < a.id)
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    run(ONE_MAIN_ADDRESS)
    run(ONE_MAIN_ACCOUNT)
    op.create_unique_constraint(
        "uq_organisation_address_id_organisation_id",
        "organisation_address",
        ["id", "organisation_id"],
    )
    op.create_unique_constraint(
        "uq_organisation_licence_id_organisation_id",
        "organisation_licence",
        ["id", "organisation_id"],
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=True),
        sa.Column("is_graded", sa.Boolean(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '') || ' ' || coalesce(code::text, '') || ' ' || coalesce(area::text, '')))",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("uid", name=op.f("uq_subject_uid")),
    )
    op.create_index(
        "ix_subject_name_order",
        "subject",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_subject_search", "subject", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "uq_subject_code",
        "subject",
        ["code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "weekly_load",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("week_days", sa.SmallInteger(), nullable=False),
        sa.Column("hours", sa.SmallInteger(), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_load")),
        sa.UniqueConstraint("uid", name=op.f("uq_weekly_load_uid")),
    )
    op.create_index(
        "ix_weekly_load_grade_order",
        "weekly_load",
        ["grade", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_weekly_load_grade",
        "weekly_load",
        ["grade", "week_days"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "academic_calendar",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("school_year_id", sa.BigInteger(), nullable=True),
        sa.Column("period_system", sa.String(length=1), nullable=True),
        sa.Column("applies_grades", sa.String(length=50), nullable=True),
        sa.Column("weeks_count", sa.SmallInteger(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '')))",
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
        sa.CheckConstraint("start_date <= end_date", name=op.f("ck_academic_calendar_end_date")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_academic_calendar_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_academic_calendar_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_academic_calendar")),
        sa.UniqueConstraint(
            "id", "organisation_id", name="uq_academic_calendar_id_organisation_id"
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_academic_calendar_uid")),
    )
    op.create_index(
        "ix_academic_calendar_name_order",
        "academic_calendar",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_academic_calendar_organisation_id"),
        "academic_calendar",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_academic_calendar_school_year_id"),
        "academic_calendar",
        ["school_year_id"],
        unique=False,
    )
    op.create_index(
        "ix_academic_calendar_search",
        "academic_calendar",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "assigned_territory",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("locality", sa.String(length=150), nullable=False),
        sa.Column("street", sa.String(length=150), nullable=True),
        sa.Column("house_rule", sa.String(length=300), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(locality::text, '') || ' ' || coalesce(street::text, '')))",
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
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_assigned_territory_valid_to")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_assigned_territory_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assigned_territory")),
        sa.UniqueConstraint("uid", name=op.f("uq_assigned_territory_uid")),
    )
    op.create_index(
        "ix_assigned_territory_locality_order",
        "assigned_territory",
        [sa.literal_column('(portal_key(locality) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_assigned_territory_organisation_id"),
        "assigned_territory",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_assigned_territory_search",
        "assigned_territory",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "education_program",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=True),
        sa.Column("program_code", sa.String(length=8), nullable=True),
        sa.Column("is_adapted", sa.Boolean(), nullable=True),
        sa.Column("adapted_variant", sa.String(length=5), nullable=True),
        sa.Column("profile_code", sa.String(length=10), nullable=True),
        sa.Column("duration_months", sa.SmallInteger(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("valid_from_year_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_to_year_id", sa.BigInteger(), nullable=True),
        sa.Column("study_forms", sa.String(length=10), nullable=True),
        sa.Column("language_code", sa.String(length=3), nullable=True),
        sa.Column("uses_distance", sa.Boolean(), nullable=True),
        sa.Column("is_network", sa.Boolean(), nullable=True),
        sa.Column("is_accredited", sa.Boolean(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '') || ' ' || coalesce(program_code::text, '')))",
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
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_education_program_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["valid_from_year_id"],
            ["school_year.id"],
            name=op.f("fk_education_program_valid_from_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["valid_to_year_id"],
            ["school_year.id"],
            name=op.f("fk_education_program_valid_to_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_program")),
        sa.UniqueConstraint(
            "id", "organisation_id", name="uq_education_program_id_organisation_id"
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_education_program_uid")),
    )
    op.create_index(
        "ix_education_program_name_order",
        "education_program",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_education_program_organisation_id"),
        "education_program",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_education_program_search",
        "education_program",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_education_program_valid_from_year_id"),
        "education_program",
        ["valid_from_year_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_education_program_valid_to_year_id"),
        "education_program",
        ["valid_to_year_id"],
        unique=False,
    )
    op.create_table(
        "organisation_absence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("item_code", sa.String(length=4), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_absence_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_absence")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_absence_uid")),
    )
    op.create_index(
        op.f("ix_organisation_absence_organisation_id"),
        "organisation_absence",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_absence_item",
        "organisation_absence",
        ["organisation_id", "item_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "organisation_agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("agreement_kind", sa.String(length=2), nullable=True),
        sa.Column("partner_name", sa.String(length=500), nullable=True),
        sa.Column("partner_org_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("auto_prolonged", sa.Boolean(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(number::text, '') || ' ' || coalesce(partner_name::text, '') || ' ' || coalesce(subject::text, '')))",
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
        sa.CheckConstraint(
            "signed_on <= valid_to", name=op.f("ck_organisation_agreement_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_agreement_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["partner_org_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_agreement_partner_org_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_agreement")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_agreement_uid")),
    )
    op.create_index(
        "ix_organisation_agreement_number_order",
        "organisation_agreement",
        [sa.literal_column('(portal_key(number) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_agreement_organisation_id"),
        "organisation_agreement",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_agreement_partner_org_id"),
        "organisation_agreement",
        ["partner_org_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_agreement_search",
        "organisation_agreement",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "ix_organisation_agreement_signed_on_order",
        "organisation_agreement",
        [sa.literal_column("coalesce(signed_on, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "organisation_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("doc_kind", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("number", sa.String(length=50), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=True),
        sa.Column("published_url", sa.String(length=500), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(title::text, '') || ' ' || coalesce(number::text, '')))",
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
        sa.CheckConstraint(
            "adopted_on <= valid_from", name=op.f("ck_organisation_document_valid_from")
        ),
        sa.CheckConstraint("replaces_id <> id", name=op.f("ck_organisation_document_replaces")),
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_document_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_document_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_organisation_document_replaces_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_document")),
        sa.UniqueConstraint(
            "id", "organisation_id", name="uq_organisation_document_id_organisation_id"
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_document_uid")),
    )
    op.create_index(
        "ix_organisation_document_adopted_on_order",
        "organisation_document",
        [sa.literal_column("coalesce(adopted_on, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_document_organisation_id"),
        "organisation_document",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_document_replaces_id"),
        "organisation_document",
        ["replaces_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_document_search",
        "organisation_document",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "ix_organisation_document_title_order",
        "organisation_document",
        [sa.literal_column('(portal_key(title) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "organisation_founder",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("founder_kind", sa.String(length=1), nullable=True),
        sa.Column("authority_id", sa.BigInteger(), nullable=True),
        sa.Column("founder_name", sa.String(length=500), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=True),
        sa.Column("ogrn", sa.String(length=15), nullable=True),
        sa.Column("head_name", sa.String(length=200), nullable=True),
        sa.Column("address_text", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("share_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(founder_name::text, '') || ' ' || coalesce(inn::text, '')))",
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
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_organisation_founder_valid_to")),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_founder_authority_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_founder_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_founder")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_founder_uid")),
    )
    op.create_index(
        op.f("ix_organisation_founder_authority_id"),
        "organisation_founder",
        ["authority_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_founder_founder_name_order",
        "organisation_founder",
        [sa.literal_column('(portal_key(founder_name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_founder_organisation_id"),
        "organisation_founder",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_founder_search",
        "organisation_founder",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "organisation_language",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("language_code", sa.String(length=3), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
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
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_language_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_language_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_language")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_language_uid")),
    )
    op.create_index(
        op.f("ix_organisation_language_organisation_id"),
        "organisation_language",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_language",
        "organisation_language",
        ["organisation_id", sa.literal_column("coalesce(level_code, '')"), "language_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.create_table(
        "organisation_name_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.String(length=1000), nullable=False),
        sa.Column("short_name", sa.String(length=255), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
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
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_name_history_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_name_history_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name_history")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_name_history_uid")),
    )
    op.create_index(
        op.f("ix_organisation_name_history_organisation_id"),
        "organisation_name_history",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "organisation_study_regime",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=False),
        sa.Column("duration_years", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column("week_days", sa.SmallInteger(), nullable=True),
        sa.Column("shifts", sa.SmallInteger(), nullable=True),
        sa.Column("lesson_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("day_start", sa.Time(), nullable=True),
        sa.Column("day_end", sa.Time(), nullable=True),
        sa.Column("break_minutes", sa.String(length=50), nullable=True),
        sa.Column("bell_schedule", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
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
        sa.CheckConstraint("day_end <= '19:00'", name=op.f("ck_organisation_study_regime_latest")),
        sa.CheckConstraint(
            "day_start >= '08:00'", name=op.f("ck_organisation_study_regime_earliest")
        ),
        sa.CheckConstraint(
            "day_start <= day_end", name=op.f("ck_organisation_study_regime_day_end")
        ),
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_study_regime_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_study_regime_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_study_regime")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_study_regime_uid")),
    )
    op.create_index(
        "ix_organisation_study_regime_level_code_order",
        "organisation_study_regime",
        [sa.literal_column('(portal_key(level_code) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_study_regime_organisation_id"),
        "organisation_study_regime",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "calendar_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_calendar_id", sa.BigInteger(), nullable=False),
        sa.Column("period_kind", sa.String(length=1), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
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
        postgresql.ExcludeConstraint(
            (sa.text("int8range(academic_calendar_id, academic_calendar_id, '[]')"), "&&"),
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            where=sa.text("deleted_at is null and period_kind = 'V'"),
            using="gist",
            name="ex_calendar_period_vacation",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(academic_calendar_id, academic_calendar_id, '[]')"), "&&"),
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            where=sa.text("deleted_at is null and period_kind in ('Q', 'T', 'H', 'M')"),
            using="gist",
            name="ex_calendar_period_study",
        ),
        sa.CheckConstraint(
            "period_kind <> 'V' or end_date - start_date >= 6",
            name=op.f("ck_calendar_period_vacation"),
        ),
        sa.CheckConstraint("start_date <= end_date", name=op.f("ck_calendar_period_end_date")),
        sa.ForeignKeyConstraint(
            ["academic_calendar_id", "organisation_id"],
            ["academic_calendar.id", "academic_calendar.organisation_id"],
            name="fk_calendar_period_academic_calendar_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_calendar_period_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_period")),
        sa.UniqueConstraint("uid", name=op.f("uq_calendar_period_uid")),
    )
    op.create_index(
        op.f("ix_calendar_period_academic_calendar_id"),
        "calendar_period",
        ["academic_calendar_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_calendar_period_organisation_id"),
        "calendar_period",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_calendar_period_start_date_order",
        "calendar_period",
        [sa.literal_column("coalesce(start_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_calendar_period_ordinal",
        "calendar_period",
        ["academic_calendar_id", "period_kind", "ordinal"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "curriculum",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=True),
        sa.Column("school_year_id", sa.BigInteger(), nullable=True),
        sa.Column("week_days", sa.SmallInteger(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approval_document_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=1), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '')))",
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
        sa.ForeignKeyConstraint(
            ["approval_document_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_curriculum_approval_document_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_curriculum_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "organisation_id"],
            ["education_program.id", "education_program.organisation_id"],
            name="fk_curriculum_program_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_curriculum_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_curriculum_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_curriculum_uid")),
    )
    op.create_index(
        op.f("ix_curriculum_approval_document_id"),
        "curriculum",
        ["approval_document_id"],
        unique=False,
    )
    op.create_index(
        "ix_curriculum_name_order",
        "curriculum",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_curriculum_organisation_id"), "curriculum", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_curriculum_program_id"), "curriculum", ["program_id"], unique=False)
    op.create_index(
        op.f("ix_curriculum_school_year_id"), "curriculum", ["school_year_id"], unique=False
    )
    op.create_index(
        "ix_curriculum_search", "curriculum", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "grading_system",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scale_code", sa.String(length=2), nullable=True),
        sa.Column("applies_grades", sa.String(length=50), nullable=True),
        sa.Column("average_kind", sa.String(length=1), nullable=True),
        sa.Column("rounding_threshold", sa.Numeric(precision=3, scale=2), nullable=True),
        sa.Column("min_marks_period", sa.SmallInteger(), nullable=True),
        sa.Column("absence_limit_percent", sa.SmallInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
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
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_grading_system_valid_to")),
        sa.ForeignKeyConstraint(
            ["document_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_grading_system_document_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_grading_system_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_system")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_grading_system_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_grading_system_uid")),
    )
    op.create_index(
        op.f("ix_grading_system_document_id"), "grading_system", ["document_id"], unique=False
    )
    op.create_index(
        "ix_grading_system_name_order",
        "grading_system",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_grading_system_organisation_id"),
        "grading_system",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "organisation_admission_info",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("planned_classes", sa.SmallInteger(), nullable=True),
        sa.Column("planned_places", sa.SmallInteger(), nullable=True),
        sa.Column("enrolled_count", sa.SmallInteger(), nullable=True),
        sa.Column("territory_act_number", sa.String(length=50), nullable=True),
        sa.Column("territory_act_date", sa.Date(), nullable=True),
        sa.Column("rules_document_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_text", sa.String(length=300), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("window1_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window1_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window2_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window2_to", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint(
            "window1_from <= window1_to", name=op.f("ck_organisation_admission_info_window1_to")
        ),
        sa.CheckConstraint(
            "window1_to <= window2_from", name=op.f("ck_organisation_admission_info_window2_from")
        ),
        sa.CheckConstraint(
            "window2_from <= window2_to", name=op.f("ck_organisation_admission_info_window2_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_admission_info_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rules_document_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_organisation_admission_info_rules_document_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_organisation_admission_info_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_admission_info")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_admission_info_uid")),
    )
    op.create_index(
        "ix_organisation_admission_info_grade_order",
        "organisation_admission_info",
        ["grade", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_admission_info_organisation_id"),
        "organisation_admission_info",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_admission_info_rules_document_id"),
        "organisation_admission_info",
        ["rules_document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_admission_info_school_year_id"),
        "organisation_admission_info",
        ["school_year_id"],
        unique=False,
    )
    op.create_index(
        "uq_organisation_admission_info_grade",
        "organisation_admission_info",
        ["organisation_id", "school_year_id", "grade"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "organisation_expulsion_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
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
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_expulsion_rule_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_organisation_expulsion_rule_document_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_expulsion_rule_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_expulsion_rule")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_expulsion_rule_uid")),
    )
    op.create_index(
        op.f("ix_organisation_expulsion_rule_document_id"),
        "organisation_expulsion_rule",
        ["document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_expulsion_rule_organisation_id"),
        "organisation_expulsion_rule",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "organisation_governing_body",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("body_kind", sa.String(length=2), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("head_name", sa.String(length=200), nullable=True),
        sa.Column("head_position", sa.String(length=200), nullable=True),
        sa.Column("regulation_document_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(name::text, '') || ' ' || coalesce(head_name::text, '')))",
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
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_organisation_governing_body_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_governing_body_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["regulation_document_id", "organisation_id"],
            ["organisation_document.id", "organisation_document.organisation_id"],
            name="fk_organisation_governing_body_regulation_document_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_governing_body")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_governing_body_uid")),
    )
    op.create_index(
        "ix_organisation_governing_body_name_order",
        "organisation_governing_body",
        [sa.literal_column('(portal_key(name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_governing_body_organisation_id"),
        "organisation_governing_body",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_governing_body_regulation_document_id"),
        "organisation_governing_body",
        ["regulation_document_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_governing_body_search",
        "organisation_governing_body",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "organisation_licence_annex",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("licence_id", sa.BigInteger(), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("program_code", sa.String(length=8), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["address_id", "organisation_id"],
            ["organisation_address.id", "organisation_address.organisation_id"],
            name="fk_organisation_licence_annex_address_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["licence_id", "organisation_id"],
            ["organisation_licence.id", "organisation_licence.organisation_id"],
            name="fk_organisation_licence_annex_licence_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_licence_annex_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_licence_annex")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_licence_annex_uid")),
    )
    op.create_index(
        op.f("ix_organisation_licence_annex_address_id"),
        "organisation_licence_annex",
        ["address_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_licence_annex_licence_id"),
        "organisation_licence_annex",
        ["licence_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_licence_annex_organisation_id"),
        "organisation_licence_annex",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "organisation_vacancy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False),
        sa.Column("program_id", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("funding_code", sa.String(length=1), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=True),
        sa.Column("occupied", sa.SmallInteger(), nullable=True),
        sa.Column("reserved", sa.SmallInteger(), nullable=True),
        sa.Column(
            "vacant",
            sa.SmallInteger(),
            sa.Computed(
                "case when capacity is null then null else greatest(capacity - coalesce(occupied, 0) - coalesce(reserved, 0), 0) end",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_vacancy_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "organisation_id"],
            ["education_program.id", "education_program.organisation_id"],
            name="fk_organisation_vacancy_program_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_organisation_vacancy_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_vacancy")),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_vacancy_uid")),
    )
    op.create_index(
        "ix_organisation_vacancy_grade_order",
        "organisation_vacancy",
        ["grade", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_organisation_vacancy_organisation_id"),
        "organisation_vacancy",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_vacancy_program_id"),
        "organisation_vacancy",
        ["program_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organisation_vacancy_school_year_id"),
        "organisation_vacancy",
        ["school_year_id"],
        unique=False,
    )
    op.create_index(
        "ix_organisation_vacancy_vacant_order",
        "organisation_vacancy",
        [sa.literal_column("coalesce(vacant, -1)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_organisation_vacancy_places",
        "organisation_vacancy",
        [
            "organisation_id",
            "school_year_id",
            sa.literal_column("coalesce(program_id, 0)"),
            "funding_code",
            "grade",
        ],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "curriculum_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("curriculum_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("part_code", sa.String(length=1), nullable=False),
        sa.Column("hours_week", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("hours_year", sa.SmallInteger(), nullable=True),
        sa.Column("attestation_form", sa.String(length=100), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["curriculum_id", "organisation_id"],
            ["curriculum.id", "curriculum.organisation_id"],
            name="fk_curriculum_line_curriculum_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_curriculum_line_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_curriculum_line_subject_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_curriculum_line_uid")),
    )
    op.create_index(
        op.f("ix_curriculum_line_curriculum_id"), "curriculum_line", ["curriculum_id"], unique=False
    )
    op.create_index(
        "ix_curriculum_line_grade_order",
        "curriculum_line",
        ["grade", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_curriculum_line_organisation_id"),
        "curriculum_line",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_curriculum_line_subject_id"), "curriculum_line", ["subject_id"], unique=False
    )
    op.create_index(
        "uq_curriculum_line_subject",
        "curriculum_line",
        ["curriculum_id", "part_code", "grade", "subject_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "mark_weight",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("grading_system_id", sa.BigInteger(), nullable=False),
        sa.Column("work_kind", sa.String(length=8), nullable=False),
        sa.Column("weight", sa.Numeric(precision=3, scale=1), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["grading_system_id", "organisation_id"],
            ["grading_system.id", "grading_system.organisation_id"],
            name="fk_mark_weight_grading_system_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_mark_weight_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_weight")),
        sa.UniqueConstraint("uid", name=op.f("uq_mark_weight_uid")),
    )
    op.create_index(
        op.f("ix_mark_weight_grading_system_id"), "mark_weight", ["grading_system_id"], unique=False
    )
    op.create_index(
        op.f("ix_mark_weight_organisation_id"), "mark_weight", ["organisation_id"], unique=False
    )
    op.create_index(
        "ix_mark_weight_work_kind_order",
        "mark_weight",
        [sa.literal_column('(portal_key(work_kind) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_mark_weight_work_kind",
        "mark_weight",
        ["grading_system_id", "work_kind"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_index(
        "uq_organisation_address_main",
        "organisation_address",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text(
            "deleted_at is null and address_kind = 'F' and valid_to is null and is_main"
        ),
    )
    op.create_index(
        "uq_organisation_bank_account_main",
        "organisation_bank_account",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and valid_to is null and is_main"),
    )
    op.guard_record(
        table="subject",
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
        table="weekly_load",
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
        table="academic_calendar",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "name",
            "school_year_id",
            "period_system",
            "applies_grades",
            "weeks_count",
            "start_date",
            "end_date",
            "approved_on",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="assigned_territory",
        reading="everybody",
        writing="overseen",
        group="open",
        direct=("locality", "street", "house_rule", "valid_from", "valid_to", "deleted_at"),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="education_program",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "name",
            "level_code",
            "program_code",
            "is_adapted",
            "adapted_variant",
            "profile_code",
            "duration_months",
            "approved_on",
            "valid_from_year_id",
            "valid_to_year_id",
            "study_forms",
            "language_code",
            "uses_distance",
            "is_network",
            "is_accredited",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_absence",
        reading="everybody",
        writing="own",
        group="open",
        direct=("item_code", "declared_on", "basis", "deleted_at"),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_agreement",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "number",
            "signed_on",
            "agreement_kind",
            "partner_name",
            "partner_org_id",
            "subject",
            "valid_to",
            "auto_prolonged",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_document",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "doc_kind",
            "title",
            "number",
            "adopted_on",
            "valid_from",
            "valid_to",
            "replaces_id",
            "is_published",
            "published_url",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="doc_kind = '01'",
    )
    op.guard_record(
        table="organisation_founder",
        reading="everybody",
        writing="nobody",
        group="open",
        direct=(),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_language",
        reading="everybody",
        writing="own",
        group="open",
        direct=("language_code", "level_code", "valid_from", "valid_to", "deleted_at"),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_name_history",
        reading="everybody",
        writing="nobody",
        group="open",
        direct=(),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_study_regime",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "level_code",
            "duration_years",
            "week_days",
            "shifts",
            "lesson_minutes",
            "day_start",
            "day_end",
            "break_minutes",
            "bell_schedule",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="calendar_period",
        reading="everybody",
        writing="own",
        group="open",
        direct=("period_kind", "ordinal", "start_date", "end_date", "deleted_at"),
        parent="academic_calendar",
        owner="academic_calendar_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="curriculum",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "name",
            "program_id",
            "school_year_id",
            "week_days",
            "approved_on",
            "approval_document_id",
            "state",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="grading_system",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "name",
            "scale_code",
            "applies_grades",
            "average_kind",
            "rounding_threshold",
            "min_marks_period",
            "absence_limit_percent",
            "document_id",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_admission_info",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "school_year_id",
            "grade",
            "planned_classes",
            "planned_places",
            "territory_act_number",
            "territory_act_date",
            "rules_document_id",
            "contact_text",
            "published_on",
            "window1_from",
            "window1_to",
            "window2_from",
            "window2_to",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_expulsion_rule",
        reading="everybody",
        writing="own",
        group="open",
        direct=("document_id", "summary", "valid_from", "valid_to", "deleted_at"),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_governing_body",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "body_kind",
            "name",
            "head_name",
            "head_position",
            "regulation_document_id",
            "phone",
            "email",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_licence_annex",
        reading="everybody",
        writing="nobody",
        group="open",
        direct=(),
        parent="organisation_licence",
        owner="licence_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="organisation_vacancy",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "school_year_id",
            "program_id",
            "grade",
            "funding_code",
            "capacity",
            "occupied",
            "reserved",
            "as_of",
            "deleted_at",
        ),
        parent="organisation",
        owner="organisation_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="curriculum_line",
        reading="everybody",
        writing="own",
        group="open",
        direct=(
            "subject_id",
            "grade",
            "part_code",
            "hours_week",
            "hours_year",
            "attestation_form",
            "deleted_at",
        ),
        parent="curriculum",
        owner="curriculum_id",
        organisation="organisation_id",
        reserved="",
    )
    op.guard_record(
        table="mark_weight",
        reading="everybody",
        writing="own",
        group="open",
        direct=("work_kind", "weight", "deleted_at"),
        parent="grading_system",
        owner="grading_system_id",
        organisation="organisation_id",
        reserved="",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_organisation_bank_account_main",
        table_name="organisation_bank_account",
        postgresql_where=sa.text("deleted_at is null and valid_to is null and is_main"),
    )
    op.drop_index(
        "uq_organisation_address_main",
        table_name="organisation_address",
        postgresql_where=sa.text(
            "deleted_at is null and address_kind = 'F' and valid_to is null and is_main"
        ),
    )
    op.drop_index(
        "uq_mark_weight_work_kind",
        table_name="mark_weight",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_mark_weight_work_kind_order",
        table_name="mark_weight",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_mark_weight_organisation_id"), table_name="mark_weight")
    op.drop_index(op.f("ix_mark_weight_grading_system_id"), table_name="mark_weight")
    op.drop_table("mark_weight")
    op.drop_index(
        "uq_curriculum_line_subject",
        table_name="curriculum_line",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(op.f("ix_curriculum_line_subject_id"), table_name="curriculum_line")
    op.drop_index(op.f("ix_curriculum_line_organisation_id"), table_name="curriculum_line")
    op.drop_index(
        "ix_curriculum_line_grade_order",
        table_name="curriculum_line",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_curriculum_line_curriculum_id"), table_name="curriculum_line")
    op.drop_table("curriculum_line")
    op.drop_index(
        "uq_organisation_vacancy_places",
        table_name="organisation_vacancy",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_organisation_vacancy_vacant_order",
        table_name="organisation_vacancy",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_organisation_vacancy_school_year_id"), table_name="organisation_vacancy")
    op.drop_index(op.f("ix_organisation_vacancy_program_id"), table_name="organisation_vacancy")
    op.drop_index(
        op.f("ix_organisation_vacancy_organisation_id"), table_name="organisation_vacancy"
    )
    op.drop_index(
        "ix_organisation_vacancy_grade_order",
        table_name="organisation_vacancy",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_vacancy")
    op.drop_index(
        op.f("ix_organisation_licence_annex_organisation_id"),
        table_name="organisation_licence_annex",
    )
    op.drop_index(
        op.f("ix_organisation_licence_annex_licence_id"), table_name="organisation_licence_annex"
    )
    op.drop_index(
        op.f("ix_organisation_licence_annex_address_id"), table_name="organisation_licence_annex"
    )
    op.drop_table("organisation_licence_annex")
    op.drop_index(
        "ix_organisation_governing_body_search",
        table_name="organisation_governing_body",
        postgresql_using="gin",
    )
    op.drop_index(
        op.f("ix_organisation_governing_body_regulation_document_id"),
        table_name="organisation_governing_body",
    )
    op.drop_index(
        op.f("ix_organisation_governing_body_organisation_id"),
        table_name="organisation_governing_body",
    )
    op.drop_index(
        "ix_organisation_governing_body_name_order",
        table_name="organisation_governing_body",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_governing_body")
    op.drop_index(
        op.f("ix_organisation_expulsion_rule_organisation_id"),
        table_name="organisation_expulsion_rule",
    )
    op.drop_index(
        op.f("ix_organisation_expulsion_rule_document_id"), table_name="organisation_expulsion_rule"
    )
    op.drop_table("organisation_expulsion_rule")
    op.drop_index(
        "uq_organisation_admission_info_grade",
        table_name="organisation_admission_info",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_admission_info_school_year_id"),
        table_name="organisation_admission_info",
    )
    op.drop_index(
        op.f("ix_organisation_admission_info_rules_document_id"),
        table_name="organisation_admission_info",
    )
    op.drop_index(
        op.f("ix_organisation_admission_info_organisation_id"),
        table_name="organisation_admission_info",
    )
    op.drop_index(
        "ix_organisation_admission_info_grade_order",
        table_name="organisation_admission_info",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_admission_info")
    op.drop_index(op.f("ix_grading_system_organisation_id"), table_name="grading_system")
    op.drop_index(
        "ix_grading_system_name_order",
        table_name="grading_system",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_grading_system_document_id"), table_name="grading_system")
    op.drop_table("grading_system")
    op.drop_index("ix_curriculum_search", table_name="curriculum", postgresql_using="gin")
    op.drop_index(op.f("ix_curriculum_school_year_id"), table_name="curriculum")
    op.drop_index(op.f("ix_curriculum_program_id"), table_name="curriculum")
    op.drop_index(op.f("ix_curriculum_organisation_id"), table_name="curriculum")
    op.drop_index(
        "ix_curriculum_name_order",
        table_name="curriculum",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_curriculum_approval_document_id"), table_name="curriculum")
    op.drop_table("curriculum")
    op.drop_index(
        "uq_calendar_period_ordinal",
        table_name="calendar_period",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_calendar_period_start_date_order",
        table_name="calendar_period",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_calendar_period_organisation_id"), table_name="calendar_period")
    op.drop_index(op.f("ix_calendar_period_academic_calendar_id"), table_name="calendar_period")
    op.drop_table("calendar_period")
    op.drop_index(
        op.f("ix_organisation_study_regime_organisation_id"), table_name="organisation_study_regime"
    )
    op.drop_index(
        "ix_organisation_study_regime_level_code_order",
        table_name="organisation_study_regime",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_study_regime")
    op.drop_index(
        op.f("ix_organisation_name_history_organisation_id"), table_name="organisation_name_history"
    )
    op.drop_table("organisation_name_history")
    op.drop_index(
        "uq_organisation_language",
        table_name="organisation_language",
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.drop_index(
        op.f("ix_organisation_language_organisation_id"), table_name="organisation_language"
    )
    op.drop_table("organisation_language")
    op.drop_index(
        "ix_organisation_founder_search", table_name="organisation_founder", postgresql_using="gin"
    )
    op.drop_index(
        op.f("ix_organisation_founder_organisation_id"), table_name="organisation_founder"
    )
    op.drop_index(
        "ix_organisation_founder_founder_name_order",
        table_name="organisation_founder",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_organisation_founder_authority_id"), table_name="organisation_founder")
    op.drop_table("organisation_founder")
    op.drop_index(
        "ix_organisation_document_title_order",
        table_name="organisation_document",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_organisation_document_search",
        table_name="organisation_document",
        postgresql_using="gin",
    )
    op.drop_index(op.f("ix_organisation_document_replaces_id"), table_name="organisation_document")
    op.drop_index(
        op.f("ix_organisation_document_organisation_id"), table_name="organisation_document"
    )
    op.drop_index(
        "ix_organisation_document_adopted_on_order",
        table_name="organisation_document",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_document")
    op.drop_index(
        "ix_organisation_agreement_signed_on_order",
        table_name="organisation_agreement",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_organisation_agreement_search",
        table_name="organisation_agreement",
        postgresql_using="gin",
    )
    op.drop_index(
        op.f("ix_organisation_agreement_partner_org_id"), table_name="organisation_agreement"
    )
    op.drop_index(
        op.f("ix_organisation_agreement_organisation_id"), table_name="organisation_agreement"
    )
    op.drop_index(
        "ix_organisation_agreement_number_order",
        table_name="organisation_agreement",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("organisation_agreement")
    op.drop_index(
        "uq_organisation_absence_item",
        table_name="organisation_absence",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        op.f("ix_organisation_absence_organisation_id"), table_name="organisation_absence"
    )
    op.drop_table("organisation_absence")
    op.drop_index(op.f("ix_education_program_valid_to_year_id"), table_name="education_program")
    op.drop_index(op.f("ix_education_program_valid_from_year_id"), table_name="education_program")
    op.drop_index(
        "ix_education_program_search", table_name="education_program", postgresql_using="gin"
    )
    op.drop_index(op.f("ix_education_program_organisation_id"), table_name="education_program")
    op.drop_index(
        "ix_education_program_name_order",
        table_name="education_program",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("education_program")
    op.drop_index(
        "ix_assigned_territory_search", table_name="assigned_territory", postgresql_using="gin"
    )
    op.drop_index(op.f("ix_assigned_territory_organisation_id"), table_name="assigned_territory")
    op.drop_index(
        "ix_assigned_territory_locality_order",
        table_name="assigned_territory",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("assigned_territory")
    op.drop_index(
        "ix_academic_calendar_search", table_name="academic_calendar", postgresql_using="gin"
    )
    op.drop_index(op.f("ix_academic_calendar_school_year_id"), table_name="academic_calendar")
    op.drop_index(op.f("ix_academic_calendar_organisation_id"), table_name="academic_calendar")
    op.drop_index(
        "ix_academic_calendar_name_order",
        table_name="academic_calendar",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("academic_calendar")
    op.drop_index(
        "uq_weekly_load_grade",
        table_name="weekly_load",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_weekly_load_grade_order",
        table_name="weekly_load",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("weekly_load")
    op.drop_index(
        "uq_subject_code", table_name="subject", postgresql_where=sa.text("deleted_at is null")
    )
    op.drop_index("ix_subject_search", table_name="subject", postgresql_using="gin")
    op.drop_index(
        "ix_subject_name_order",
        table_name="subject",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("subject")
    op.drop_constraint(
        "uq_organisation_licence_id_organisation_id", "organisation_licence", type_="unique"
    )
    op.drop_constraint(
        "uq_organisation_address_id_organisation_id", "organisation_address", type_="unique"
    )
