"""Learners: persons, documents, addresses, family, achievements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_enrolment_learners"
down_revision = "0027_registry_ends"
branch_labels = None
depends_on = None

# A name that was entered today was a slip of the pen; of several changes of a day one is kept, and
# a name that comes back on the day it went has never gone.
NAMED = """
create function portal_student_named() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    today constant date := (now() at time zone 'Europe/Moscow')::date;
    earlier student_name_history;
begin
    if (old.created_at at time zone 'Europe/Moscow')::date = today then
        return null;
    end if;
    select * into earlier from student_name_history
    where student_id = new.id and deleted_at is null and changed_on = today
    order by id limit 1;
    if earlier.id is null then
        insert into student_name_history (uid, organisation_id, student_id, last_name, first_name,
                                          middle_name, changed_on)
        values (gen_random_uuid(), new.organisation_id, new.id, old.last_name, old.first_name,
                old.middle_name, today);
    else
        update student_name_history set deleted_at = now()
        where id = earlier.id and last_name = new.last_name and first_name = new.first_name
              and middle_name is not distinct from new.middle_name;
    end if;
    return null;
end $$
"""
NAMING = """
create trigger student_named after update of last_name, first_name, middle_name on student
for each row when ((old.last_name, old.first_name, old.middle_name)
                   is distinct from (new.last_name, new.first_name, new.middle_name))
execute function portal_student_named()
"""

# Equal СНИЛС, the same human: learners and parents of all schools (domain.md 2.2, rule 1). Whose
# number was a mistake is somebody of their own again.
SAME = """
create function portal_same_person() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    known uuid;
begin
    select person_uid into known from (
        select person_uid, uid from student where snils_print = new.snils_print
        union all select person_uid, uid from guardian where snils_print = new.snils_print
    ) found where found.uid <> new.uid limit 1;
    if known is not null then
        new.person_uid := known;
    elsif tg_op = 'UPDATE' and exists (
        select from (
            select uid from student where person_uid = new.person_uid
            union all select uid from guardian where person_uid = new.person_uid
        ) same where same.uid <> new.uid) then
        new.person_uid := gen_random_uuid();
    end if;
    return new;
end $$
"""
PERSONS = ("student", "guardian")


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "guardian",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column(
            "full_name",
            sa.String(length=302),
            sa.Computed(
                "last_name || ' ' || first_name || coalesce(' ' || middle_name, '')", persisted=True
            ),
            nullable=True,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("workplace", sa.String(length=300), nullable=True),
        sa.Column("job_position", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("snils", sa.Text(), nullable=True),
        sa.Column("snils_print", sa.String(length=64), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(last_name::text, '') || ' ' || coalesce(first_name::text, '') || ' ' || coalesce(middle_name::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "person_uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
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
            "split_part(snils, ':', 2) = uid::text", name=op.f("ck_guardian_snils_row")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_guardian_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_guardian_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_guardian_uid")),
    )
    op.create_index(
        "ix_guardian_caption_order",
        "guardian",
        [sa.literal_column('(portal_key(coalesce(full_name)) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_guardian_last_name_order",
        "guardian",
        [sa.literal_column('(portal_key(last_name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_guardian_organisation_id"), "guardian", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_guardian_person_uid"), "guardian", ["person_uid"], unique=False)
    op.create_index(
        "ix_guardian_search", "guardian", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_guardian_snils_print"), "guardian", ["snils_print"], unique=False)
    op.create_index(
        "ix_guardian_trash",
        "guardian",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_guardian_snils",
        "guardian",
        ["organisation_id", "snils_print"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "student",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column("no_middle_name", sa.Boolean(), nullable=True),
        sa.Column(
            "full_name",
            sa.String(length=302),
            sa.Computed(
                "last_name || ' ' || first_name || coalesce(' ' || middle_name, '')", persisted=True
            ),
            nullable=True,
        ),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("citizenship_kind", sa.String(length=1), nullable=True),
        sa.Column("citizenship_country", sa.String(length=3), nullable=True),
        sa.Column("second_citizenship_country", sa.String(length=3), nullable=True),
        sa.Column(
            "ru_language_test_required",
            sa.Boolean(),
            sa.Computed("citizenship_kind in ('3', '4')", persisted=True),
            nullable=True,
        ),
        sa.Column("native_language_code", sa.String(length=3), nullable=True),
        sa.Column("studied_native_language_code", sa.String(length=3), nullable=True),
        sa.Column("instruction_language_code", sa.String(length=3), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("no_phone", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("no_email", sa.Boolean(), nullable=True),
        sa.Column("snils", sa.Text(), nullable=True),
        sa.Column("snils_print", sa.String(length=64), nullable=True),
        sa.Column("no_snils", sa.Boolean(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(last_name::text, '') || ' ' || coalesce(first_name::text, '') || ' ' || coalesce(middle_name::text, '')))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "person_uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
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
            "split_part(snils, ':', 2) = uid::text", name=op.f("ck_student_snils_row")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_student_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_student_uid")),
    )
    op.create_index(
        "ix_student_birth_date_order",
        "student",
        [sa.literal_column("coalesce(birth_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_student_caption_order",
        "student",
        [sa.literal_column('(portal_key(coalesce(full_name)) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_student_last_name_order",
        "student",
        [sa.literal_column('(portal_key(last_name) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_student_organisation_id"), "student", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_student_person_uid"), "student", ["person_uid"], unique=False)
    op.create_index(
        "ix_student_search", "student", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(op.f("ix_student_snils_print"), "student", ["snils_print"], unique=False)
    op.create_index(
        "ix_student_trash",
        "student",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_snils",
        "student",
        ["snils_print"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.create_table(
        "guardian_identity_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("guardian_id", sa.BigInteger(), nullable=False),
        sa.Column("doc_type_code", sa.String(length=2), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("series_print", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_print", sa.String(length=64), nullable=True),
        sa.Column("issued_by", sa.String(length=300), nullable=True),
        sa.Column("issuer_code", sa.String(length=7), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.String(length=300), nullable=True),
        sa.Column("birth_record_number", sa.String(length=30), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=True),
        sa.Column("scan_file_id", sa.BigInteger(), nullable=True),
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
            "split_part(number, ':', 2) = uid::text",
            name=op.f("ck_guardian_identity_document_number_row"),
        ),
        sa.CheckConstraint(
            "split_part(series, ':', 2) = uid::text",
            name=op.f("ck_guardian_identity_document_series_row"),
        ),
        sa.CheckConstraint(
            "issue_date <= valid_until", name=op.f("ck_guardian_identity_document_valid_until")
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id", "organisation_id"],
            ["guardian.id", "guardian.organisation_id"],
            name="fk_guardian_identity_document_guardian_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_guardian_identity_document_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["scan_file_id"],
            ["file.id"],
            name=op.f("fk_guardian_identity_document_scan_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_identity_document")),
        sa.UniqueConstraint("uid", name=op.f("uq_guardian_identity_document_uid")),
    )
    op.create_index(
        op.f("ix_guardian_identity_document_guardian_id"),
        "guardian_identity_document",
        ["guardian_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guardian_identity_document_number_print"),
        "guardian_identity_document",
        ["number_print"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guardian_identity_document_organisation_id"),
        "guardian_identity_document",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guardian_identity_document_scan_file_id"),
        "guardian_identity_document",
        ["scan_file_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guardian_identity_document_series_print"),
        "guardian_identity_document",
        ["series_print"],
        unique=False,
    )
    op.create_index(
        "ix_guardian_identity_document_trash",
        "guardian_identity_document",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_guardian_identity_document_current",
        "guardian_identity_document",
        ["guardian_id", "doc_type_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and is_current"),
    )
    op.create_table(
        "student_achievement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("achievement_kind", sa.String(length=2), nullable=True),
        sa.Column("event_name", sa.String(length=300), nullable=False),
        sa.Column("level_code", sa.String(length=1), nullable=True),
        sa.Column("subject_code", sa.String(length=10), nullable=True),
        sa.Column("stage_code", sa.String(length=1), nullable=True),
        sa.Column("result_code", sa.String(length=1), nullable=True),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        sa.Column("event_date", sa.Date(), nullable=True),
        sa.Column("document_number", sa.String(length=100), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=1), nullable=True),
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
            ["file_id"],
            ["file.id"],
            name=op.f("fk_student_achievement_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_achievement_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_achievement_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_achievement")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_achievement_uid")),
    )
    op.create_index(
        "ix_student_achievement_event_date_order",
        "student_achievement",
        [sa.literal_column("coalesce(event_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_student_achievement_file_id"), "student_achievement", ["file_id"], unique=False
    )
    op.create_index(
        op.f("ix_student_achievement_organisation_id"),
        "student_achievement",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_achievement_student_id"),
        "student_achievement",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_achievement_trash",
        "student_achievement",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_additional_education",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("program_name", sa.String(length=300), nullable=False),
        sa.Column("direction_code", sa.String(length=1), nullable=True),
        sa.Column("level_code", sa.String(length=1), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_text", sa.String(length=300), nullable=True),
        sa.Column("funding_code", sa.String(length=1), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("hours_total", sa.SmallInteger(), nullable=True),
        sa.Column("result_text", sa.String(length=500), nullable=True),
        sa.Column("document_number", sa.String(length=100), nullable=True),
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
            "from_date <= to_date", name=op.f("ck_student_additional_education_to_date")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_additional_education_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_student_additional_education_provider_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_additional_education_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_additional_education")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_additional_education_uid")),
    )
    op.create_index(
        op.f("ix_student_additional_education_organisation_id"),
        "student_additional_education",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_additional_education_provider_id"),
        "student_additional_education",
        ["provider_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_additional_education_student_id"),
        "student_additional_education",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_additional_education_trash",
        "student_additional_education",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_address",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
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
        sa.Column("fias_guid", sa.Uuid(), nullable=True),
        sa.Column("registration_document", sa.String(length=200), nullable=True),
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
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_student_address_valid_to")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_student_address_municipality_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_address_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_address_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_address")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_address_uid")),
    )
    op.create_index(
        op.f("ix_student_address_municipality_id"),
        "student_address",
        ["municipality_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_address_organisation_id"),
        "student_address",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_address_student_id"), "student_address", ["student_id"], unique=False
    )
    op.create_index(
        "ix_student_address_trash",
        "student_address",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_address_current",
        "student_address",
        ["student_id", "address_kind"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.create_table(
        "student_disability",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("disability_code", sa.String(length=2), nullable=False),
        sa.Column("certificate_number", sa.String(length=30), nullable=True),
        sa.Column("certificate_date", sa.Date(), nullable=True),
        sa.Column("established_from", sa.Date(), nullable=True),
        sa.Column("established_to", sa.Date(), nullable=True),
        sa.Column("indefinite", sa.Boolean(), nullable=True),
        sa.Column("ipra_number", sa.String(length=50), nullable=True),
        sa.Column("ipra_date", sa.Date(), nullable=True),
        sa.Column("assistive_needs", sa.Text(), nullable=True),
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
            "established_from <= established_to", name=op.f("ck_student_disability_established_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_disability_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_disability_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_disability")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_disability_uid")),
    )
    op.create_index(
        op.f("ix_student_disability_organisation_id"),
        "student_disability",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_disability_student_id"), "student_disability", ["student_id"], unique=False
    )
    op.create_index(
        "ix_student_disability_trash",
        "student_disability",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_education_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("doc_kind", sa.String(length=2), nullable=False),
        sa.Column("level_code", sa.String(length=2), nullable=True),
        sa.Column("series_number", sa.String(length=20), nullable=True),
        sa.Column("registration_number", sa.String(length=30), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("issuer_id", sa.BigInteger(), nullable=True),
        sa.Column("issuer_text", sa.String(length=300), nullable=True),
        sa.Column("with_honours", sa.Boolean(), nullable=True),
        sa.Column("medal_code", sa.String(length=1), nullable=True),
        sa.Column("average_mark", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("frdo_status", sa.String(length=1), nullable=True),
        sa.Column("is_duplicate", sa.Boolean(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
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
            ["issuer_id"],
            ["organisation.id"],
            name=op.f("fk_student_education_document_issuer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_education_document_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id", "organisation_id"],
            ["student_education_document.id", "student_education_document.organisation_id"],
            name="fk_student_education_document_replaces_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_education_document_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_education_document")),
        sa.UniqueConstraint(
            "id", "organisation_id", name="uq_student_education_document_id_organisation_id"
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_student_education_document_uid")),
    )
    op.create_index(
        op.f("ix_student_education_document_issuer_id"),
        "student_education_document",
        ["issuer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_education_document_organisation_id"),
        "student_education_document",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_education_document_replaces_id"),
        "student_education_document",
        ["replaces_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_education_document_student_id"),
        "student_education_document",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_education_document_trash",
        "student_education_document",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_education_document_number",
        "student_education_document",
        ["doc_kind", "series_number"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and not coalesce(is_duplicate, false)"),
    )
    op.create_table(
        "student_extracurricular",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("course_name", sa.String(length=200), nullable=False),
        sa.Column("direction_code", sa.String(length=2), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("hours_per_week", sa.Numeric(precision=3, scale=1), nullable=True),
        sa.Column("school_year_id", sa.BigInteger(), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("result_text", sa.String(length=500), nullable=True),
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
        sa.CheckConstraint("from_date <= to_date", name=op.f("ck_student_extracurricular_to_date")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_extracurricular_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_student_extracurricular_provider_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_year_id"],
            ["school_year.id"],
            name=op.f("fk_student_extracurricular_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_extracurricular_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_extracurricular")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_extracurricular_uid")),
    )
    op.create_index(
        op.f("ix_student_extracurricular_organisation_id"),
        "student_extracurricular",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_extracurricular_provider_id"),
        "student_extracurricular",
        ["provider_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_extracurricular_school_year_id"),
        "student_extracurricular",
        ["school_year_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_extracurricular_student_id"),
        "student_extracurricular",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_extracurricular_trash",
        "student_extracurricular",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_family_status",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("completeness_code", sa.String(length=2), nullable=False),
        sa.Column("large_family", sa.Boolean(), nullable=True),
        sa.Column("low_income", sa.Boolean(), nullable=True),
        sa.Column("children_count", sa.SmallInteger(), nullable=True),
        sa.Column("guardianship_kind", sa.String(length=2), nullable=True),
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
            "valid_from <= valid_to", name=op.f("ck_student_family_status_valid_to")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_family_status_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_family_status_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_family_status")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_family_status_uid")),
    )
    op.create_index(
        op.f("ix_student_family_status_organisation_id"),
        "student_family_status",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_family_status_student_id"),
        "student_family_status",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_family_status_trash",
        "student_family_status",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_family_status_current",
        "student_family_status",
        ["student_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.create_table(
        "student_food_benefit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("category_code", sa.String(length=10), nullable=False),
        sa.Column("meal_kind", sa.String(length=1), nullable=True),
        sa.Column("form", sa.String(length=1), nullable=True),
        sa.Column("basis_doc_name", sa.String(length=200), nullable=True),
        sa.Column("basis_doc_number", sa.String(length=50), nullable=True),
        sa.Column("basis_doc_date", sa.Date(), nullable=True),
        sa.Column("order_number", sa.String(length=30), nullable=True),
        sa.Column("order_date", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("terminated_reason", sa.String(length=200), nullable=True),
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
            (sa.text("int8range(student_id, student_id, '[]')"), "&&"),
            (sa.text("int8range(hashtext(category_code), hashtext(category_code), '[]')"), "&&"),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("deleted_at is null"),
            using="gist",
            name="student_food_benefit_once",
        ),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_student_food_benefit_valid_to")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_food_benefit_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_food_benefit_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_food_benefit")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_food_benefit_uid")),
    )
    op.create_index(
        op.f("ix_student_food_benefit_organisation_id"),
        "student_food_benefit",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_food_benefit_student_id"),
        "student_food_benefit",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_food_benefit_trash",
        "student_food_benefit",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_guardian",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("guardian_id", sa.BigInteger(), nullable=False),
        sa.Column("relation_code", sa.String(length=2), nullable=False),
        sa.Column("is_legal_representative", sa.Boolean(), nullable=True),
        sa.Column("rights_document", sa.String(length=300), nullable=True),
        sa.Column("lives_together", sa.Boolean(), nullable=True),
        sa.Column("contact_priority", sa.SmallInteger(), nullable=True),
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
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_student_guardian_valid_to")),
        sa.ForeignKeyConstraint(
            ["guardian_id", "organisation_id"],
            ["guardian.id", "guardian.organisation_id"],
            name="fk_student_guardian_guardian_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_guardian_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_guardian_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_guardian")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_guardian_uid")),
    )
    op.create_index(
        "ix_student_guardian_contact_priority_order",
        "student_guardian",
        [sa.literal_column("coalesce(contact_priority, -1)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_student_guardian_guardian_id"), "student_guardian", ["guardian_id"], unique=False
    )
    op.create_index(
        op.f("ix_student_guardian_organisation_id"),
        "student_guardian",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_guardian_student_id"), "student_guardian", ["student_id"], unique=False
    )
    op.create_index(
        "ix_student_guardian_trash",
        "student_guardian",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_guardian_current",
        "student_guardian",
        ["student_id", "guardian_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.create_table(
        "student_hobby",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("hobby_kind", sa.String(length=2), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
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
        sa.CheckConstraint("from_date <= to_date", name=op.f("ck_student_hobby_to_date")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_hobby_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_hobby_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_hobby")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_hobby_uid")),
    )
    op.create_index(
        op.f("ix_student_hobby_organisation_id"), "student_hobby", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_student_hobby_student_id"), "student_hobby", ["student_id"], unique=False
    )
    op.create_index(
        "ix_student_hobby_trash",
        "student_hobby",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_identity_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("doc_type_code", sa.String(length=2), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("series_print", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_print", sa.String(length=64), nullable=True),
        sa.Column("issued_by", sa.String(length=300), nullable=True),
        sa.Column("issuer_code", sa.String(length=7), nullable=True),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.String(length=300), nullable=True),
        sa.Column("birth_record_number", sa.String(length=30), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=True),
        sa.Column("scan_file_id", sa.BigInteger(), nullable=True),
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
            "split_part(number, ':', 2) = uid::text",
            name=op.f("ck_student_identity_document_number_row"),
        ),
        sa.CheckConstraint(
            "split_part(series, ':', 2) = uid::text",
            name=op.f("ck_student_identity_document_series_row"),
        ),
        sa.CheckConstraint(
            "issue_date <= valid_until", name=op.f("ck_student_identity_document_valid_until")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_identity_document_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["scan_file_id"],
            ["file.id"],
            name=op.f("fk_student_identity_document_scan_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_identity_document_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_identity_document")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_identity_document_uid")),
    )
    op.create_index(
        op.f("ix_student_identity_document_number_print"),
        "student_identity_document",
        ["number_print"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_identity_document_organisation_id"),
        "student_identity_document",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_identity_document_scan_file_id"),
        "student_identity_document",
        ["scan_file_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_identity_document_series_print"),
        "student_identity_document",
        ["series_print"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_identity_document_student_id"),
        "student_identity_document",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_identity_document_trash",
        "student_identity_document",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_student_identity_document_current",
        "student_identity_document",
        ["student_id", "doc_type_code"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and is_current"),
    )
    op.create_table(
        "student_name_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("middle_name", sa.String(length=100), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
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
            name=op.f("fk_student_name_history_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_name_history_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_name_history")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_name_history_uid")),
    )
    op.create_index(
        op.f("ix_student_name_history_organisation_id"),
        "student_name_history",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_name_history_student_id"),
        "student_name_history",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_name_history_trash",
        "student_name_history",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_ovz",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("has_ovz", sa.Boolean(), nullable=False),
        sa.Column("pmpk_number", sa.String(length=50), nullable=True),
        sa.Column("pmpk_date", sa.Date(), nullable=True),
        sa.Column("pmpk_valid_to", sa.Date(), nullable=True),
        sa.Column("needs_adapted_program", sa.Boolean(), nullable=True),
        sa.Column("adapted_program_variant", sa.String(length=5), nullable=True),
        sa.Column("special_conditions", sa.Text(), nullable=True),
        sa.Column("parent_consent_date", sa.Date(), nullable=True),
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
        sa.CheckConstraint("pmpk_date <= pmpk_valid_to", name=op.f("ck_student_ovz_pmpk_valid_to")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_ovz_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_ovz_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_ovz")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_ovz_uid")),
    )
    op.create_index(
        op.f("ix_student_ovz_organisation_id"), "student_ovz", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_student_ovz_student_id"), "student_ovz", ["student_id"], unique=False)
    op.create_index(
        "ix_student_ovz_trash",
        "student_ovz",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "student_education_document_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("education_document_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_name", sa.String(length=150), nullable=False),
        sa.Column("mark", sa.String(length=15), nullable=False),
        sa.Column("sort_order", sa.SmallInteger(), nullable=False),
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
            ["education_document_id", "organisation_id"],
            ["student_education_document.id", "student_education_document.organisation_id"],
            name="fk_student_education_document_mark_education_document_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_student_education_document_mark_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id", "organisation_id"],
            ["student.id", "student.organisation_id"],
            name="fk_student_education_document_mark_student_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_education_document_mark")),
        sa.UniqueConstraint("uid", name=op.f("uq_student_education_document_mark_uid")),
    )
    op.create_index(
        op.f("ix_student_education_document_mark_education_document_id"),
        "student_education_document_mark",
        ["education_document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_student_education_document_mark_organisation_id"),
        "student_education_document_mark",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_education_document_mark_sort_order_order",
        "student_education_document_mark",
        ["sort_order", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_student_education_document_mark_student_id"),
        "student_education_document_mark",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        "ix_student_education_document_mark_trash",
        "student_education_document_mark",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.guard_record(
        table="guardian",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "last_name",
            "first_name",
            "middle_name",
            "birth_date",
            "workplace",
            "job_position",
            "phone",
            "email",
            "snils",
            "snils_print",
            "deleted_at",
        ),
        parent="",
        owner="",
        organisation="organisation_id",
        reserved="",
        learner="",
    )
    op.guard_record(
        table="student",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "last_name",
            "first_name",
            "middle_name",
            "no_middle_name",
            "birth_date",
            "sex",
            "citizenship_kind",
            "citizenship_country",
            "second_citizenship_country",
            "native_language_code",
            "studied_native_language_code",
            "instruction_language_code",
            "phone",
            "no_phone",
            "email",
            "no_email",
            "snils",
            "no_snils",
            "snils_print",
            "deleted_at",
        ),
        parent="",
        owner="",
        organisation="organisation_id",
        reserved="",
        learner="id",
    )
    op.guard_record(
        table="guardian_identity_document",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "doc_type_code",
            "series",
            "number",
            "issued_by",
            "issuer_code",
            "issue_date",
            "valid_until",
            "birth_place",
            "birth_record_number",
            "is_current",
            "scan_file_id",
            "series_print",
            "number_print",
            "deleted_at",
        ),
        parent="guardian",
        owner="guardian_id",
        organisation="organisation_id",
        reserved="",
        learner="",
    )
    op.attach_files(
        table="guardian_identity_document",
        column="scan_file_id",
        shared=False,
        group="document",
        organisation="organisation_id",
    )
    op.guard_record(
        table="student_achievement",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "achievement_kind",
            "event_name",
            "level_code",
            "subject_code",
            "stage_code",
            "result_code",
            "place",
            "event_date",
            "document_number",
            "file_id",
            "source",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.attach_files(
        table="student_achievement",
        column="file_id",
        shared=False,
        group="open",
        organisation="organisation_id",
    )
    op.guard_record(
        table="student_additional_education",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "program_name",
            "direction_code",
            "level_code",
            "provider_id",
            "organisation_text",
            "funding_code",
            "from_date",
            "to_date",
            "hours_total",
            "result_text",
            "document_number",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_address",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "address_kind",
            "full_text",
            "postal_index",
            "region_code",
            "municipality_id",
            "locality",
            "street",
            "house",
            "building",
            "flat",
            "fias_guid",
            "registration_document",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_disability",
        reading="learner",
        writing="own",
        group="health",
        direct=(
            "disability_code",
            "certificate_number",
            "certificate_date",
            "established_from",
            "established_to",
            "indefinite",
            "ipra_number",
            "ipra_date",
            "assistive_needs",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_education_document",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "doc_kind",
            "level_code",
            "series_number",
            "registration_number",
            "issue_date",
            "issuer_id",
            "issuer_text",
            "with_honours",
            "medal_code",
            "average_mark",
            "frdo_status",
            "is_duplicate",
            "replaces_id",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_extracurricular",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "course_name",
            "direction_code",
            "provider_id",
            "hours_per_week",
            "school_year_id",
            "from_date",
            "to_date",
            "result_text",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_family_status",
        reading="learner",
        writing="own",
        group="social",
        direct=(
            "completeness_code",
            "large_family",
            "low_income",
            "children_count",
            "guardianship_kind",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_food_benefit",
        reading="learner",
        writing="own",
        group="health",
        direct=(
            "category_code",
            "meal_kind",
            "form",
            "basis_doc_name",
            "basis_doc_number",
            "basis_doc_date",
            "order_number",
            "order_date",
            "valid_from",
            "valid_to",
            "terminated_reason",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_guardian",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "guardian_id",
            "relation_code",
            "is_legal_representative",
            "rights_document",
            "lives_together",
            "contact_priority",
            "valid_from",
            "valid_to",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_hobby",
        reading="learner",
        writing="own",
        group="open",
        direct=("hobby_kind", "description", "from_date", "to_date", "deleted_at"),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_identity_document",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "doc_type_code",
            "series",
            "number",
            "issued_by",
            "issuer_code",
            "issue_date",
            "valid_until",
            "birth_place",
            "birth_record_number",
            "is_current",
            "scan_file_id",
            "series_print",
            "number_print",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.attach_files(
        table="student_identity_document",
        column="scan_file_id",
        shared=False,
        group="document",
        organisation="organisation_id",
    )
    op.guard_record(
        table="student_name_history",
        reading="learner",
        writing="own",
        group="open",
        direct=("last_name", "first_name", "middle_name", "changed_on", "basis", "deleted_at"),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_ovz",
        reading="learner",
        writing="own",
        group="health",
        direct=(
            "has_ovz",
            "pmpk_number",
            "pmpk_date",
            "pmpk_valid_to",
            "needs_adapted_program",
            "adapted_program_variant",
            "special_conditions",
            "parent_consent_date",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    op.guard_record(
        table="student_education_document_mark",
        reading="learner",
        writing="own",
        group="open",
        direct=("subject_name", "mark", "sort_order", "deleted_at"),
        parent="student_education_document",
        owner="education_document_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
    )
    run(NAMED)
    run(NAMING)
    run(SAME)
    for table in PERSONS:
        run(
            f"create trigger {table}_same_person before insert or update of snils_print on {table}"
            " for each row execute function portal_same_person()"
        )


def downgrade() -> None:
    op.drop_index(
        "ix_student_education_document_mark_trash",
        table_name="student_education_document_mark",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_education_document_mark_student_id"),
        table_name="student_education_document_mark",
    )
    op.drop_index(
        "ix_student_education_document_mark_sort_order_order",
        table_name="student_education_document_mark",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        op.f("ix_student_education_document_mark_organisation_id"),
        table_name="student_education_document_mark",
    )
    op.drop_index(
        op.f("ix_student_education_document_mark_education_document_id"),
        table_name="student_education_document_mark",
    )
    op.drop_table("student_education_document_mark")
    op.drop_index(
        "ix_student_ovz_trash",
        table_name="student_ovz",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_ovz_student_id"), table_name="student_ovz")
    op.drop_index(op.f("ix_student_ovz_organisation_id"), table_name="student_ovz")
    op.drop_table("student_ovz")
    op.drop_index(
        "ix_student_name_history_trash",
        table_name="student_name_history",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_name_history_student_id"), table_name="student_name_history")
    op.drop_index(
        op.f("ix_student_name_history_organisation_id"), table_name="student_name_history"
    )
    op.drop_table("student_name_history")
    op.drop_index(
        "uq_student_identity_document_current",
        table_name="student_identity_document",
        postgresql_where=sa.text("deleted_at is null and is_current"),
    )
    op.drop_index(
        "ix_student_identity_document_trash",
        table_name="student_identity_document",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_identity_document_student_id"), table_name="student_identity_document"
    )
    op.drop_index(
        op.f("ix_student_identity_document_series_print"), table_name="student_identity_document"
    )
    op.drop_index(
        op.f("ix_student_identity_document_scan_file_id"), table_name="student_identity_document"
    )
    op.drop_index(
        op.f("ix_student_identity_document_organisation_id"), table_name="student_identity_document"
    )
    op.drop_index(
        op.f("ix_student_identity_document_number_print"), table_name="student_identity_document"
    )
    op.drop_table("student_identity_document")
    op.drop_index(
        "ix_student_hobby_trash",
        table_name="student_hobby",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_hobby_student_id"), table_name="student_hobby")
    op.drop_index(op.f("ix_student_hobby_organisation_id"), table_name="student_hobby")
    op.drop_table("student_hobby")
    op.drop_index(
        "uq_student_guardian_current",
        table_name="student_guardian",
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.drop_index(
        "ix_student_guardian_trash",
        table_name="student_guardian",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_guardian_student_id"), table_name="student_guardian")
    op.drop_index(op.f("ix_student_guardian_organisation_id"), table_name="student_guardian")
    op.drop_index(op.f("ix_student_guardian_guardian_id"), table_name="student_guardian")
    op.drop_index(
        "ix_student_guardian_contact_priority_order",
        table_name="student_guardian",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("student_guardian")
    op.drop_index(
        "ix_student_food_benefit_trash",
        table_name="student_food_benefit",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_food_benefit_student_id"), table_name="student_food_benefit")
    op.drop_index(
        op.f("ix_student_food_benefit_organisation_id"), table_name="student_food_benefit"
    )
    op.drop_table("student_food_benefit")
    op.drop_index(
        "uq_student_family_status_current",
        table_name="student_family_status",
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.drop_index(
        "ix_student_family_status_trash",
        table_name="student_family_status",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_family_status_student_id"), table_name="student_family_status")
    op.drop_index(
        op.f("ix_student_family_status_organisation_id"), table_name="student_family_status"
    )
    op.drop_table("student_family_status")
    op.drop_index(
        "ix_student_extracurricular_trash",
        table_name="student_extracurricular",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_extracurricular_student_id"), table_name="student_extracurricular"
    )
    op.drop_index(
        op.f("ix_student_extracurricular_school_year_id"), table_name="student_extracurricular"
    )
    op.drop_index(
        op.f("ix_student_extracurricular_provider_id"), table_name="student_extracurricular"
    )
    op.drop_index(
        op.f("ix_student_extracurricular_organisation_id"), table_name="student_extracurricular"
    )
    op.drop_table("student_extracurricular")
    op.drop_index(
        "uq_student_education_document_number",
        table_name="student_education_document",
        postgresql_where=sa.text("deleted_at is null and not coalesce(is_duplicate, false)"),
    )
    op.drop_index(
        "ix_student_education_document_trash",
        table_name="student_education_document",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_education_document_student_id"), table_name="student_education_document"
    )
    op.drop_index(
        op.f("ix_student_education_document_replaces_id"), table_name="student_education_document"
    )
    op.drop_index(
        op.f("ix_student_education_document_organisation_id"),
        table_name="student_education_document",
    )
    op.drop_index(
        op.f("ix_student_education_document_issuer_id"), table_name="student_education_document"
    )
    op.drop_table("student_education_document")
    op.drop_index(
        "ix_student_disability_trash",
        table_name="student_disability",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_disability_student_id"), table_name="student_disability")
    op.drop_index(op.f("ix_student_disability_organisation_id"), table_name="student_disability")
    op.drop_table("student_disability")
    op.drop_index(
        "uq_student_address_current",
        table_name="student_address",
        postgresql_where=sa.text("deleted_at is null and valid_to is null"),
    )
    op.drop_index(
        "ix_student_address_trash",
        table_name="student_address",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_address_student_id"), table_name="student_address")
    op.drop_index(op.f("ix_student_address_organisation_id"), table_name="student_address")
    op.drop_index(op.f("ix_student_address_municipality_id"), table_name="student_address")
    op.drop_table("student_address")
    op.drop_index(
        "ix_student_additional_education_trash",
        table_name="student_additional_education",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_student_additional_education_student_id"),
        table_name="student_additional_education",
    )
    op.drop_index(
        op.f("ix_student_additional_education_provider_id"),
        table_name="student_additional_education",
    )
    op.drop_index(
        op.f("ix_student_additional_education_organisation_id"),
        table_name="student_additional_education",
    )
    op.drop_table("student_additional_education")
    op.drop_index(
        "ix_student_achievement_trash",
        table_name="student_achievement",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_student_achievement_student_id"), table_name="student_achievement")
    op.drop_index(op.f("ix_student_achievement_organisation_id"), table_name="student_achievement")
    op.drop_index(op.f("ix_student_achievement_file_id"), table_name="student_achievement")
    op.drop_index(
        "ix_student_achievement_event_date_order",
        table_name="student_achievement",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("student_achievement")
    op.drop_index(
        "uq_guardian_identity_document_current",
        table_name="guardian_identity_document",
        postgresql_where=sa.text("deleted_at is null and is_current"),
    )
    op.drop_index(
        "ix_guardian_identity_document_trash",
        table_name="guardian_identity_document",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_guardian_identity_document_series_print"), table_name="guardian_identity_document"
    )
    op.drop_index(
        op.f("ix_guardian_identity_document_scan_file_id"), table_name="guardian_identity_document"
    )
    op.drop_index(
        op.f("ix_guardian_identity_document_organisation_id"),
        table_name="guardian_identity_document",
    )
    op.drop_index(
        op.f("ix_guardian_identity_document_number_print"), table_name="guardian_identity_document"
    )
    op.drop_index(
        op.f("ix_guardian_identity_document_guardian_id"), table_name="guardian_identity_document"
    )
    op.drop_table("guardian_identity_document")
    op.drop_index(
        "uq_student_snils", table_name="student", postgresql_where=sa.text("deleted_at is null")
    )
    op.drop_index(
        "ix_student_trash", table_name="student", postgresql_where=sa.text("deleted_at IS NOT NULL")
    )
    op.drop_index(op.f("ix_student_snils_print"), table_name="student")
    op.drop_index("ix_student_search", table_name="student", postgresql_using="gin")
    op.drop_index(op.f("ix_student_person_uid"), table_name="student")
    op.drop_index(op.f("ix_student_organisation_id"), table_name="student")
    op.drop_index(
        "ix_student_last_name_order",
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_student_caption_order",
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_student_birth_date_order",
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("student")
    op.drop_index(
        "uq_guardian_snils", table_name="guardian", postgresql_where=sa.text("deleted_at is null")
    )
    op.drop_index(
        "ix_guardian_trash",
        table_name="guardian",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_guardian_snils_print"), table_name="guardian")
    op.drop_index("ix_guardian_search", table_name="guardian", postgresql_using="gin")
    op.drop_index(op.f("ix_guardian_person_uid"), table_name="guardian")
    op.drop_index(op.f("ix_guardian_organisation_id"), table_name="guardian")
    op.drop_index(
        "ix_guardian_last_name_order",
        table_name="guardian",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_guardian_caption_order",
        table_name="guardian",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("guardian")
    run("drop function portal_student_named()")
    run("drop function portal_same_person()")
