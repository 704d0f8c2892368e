"""Transfers of learners between schools of the region."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

revision = "0038_enrolment_transfers"
down_revision = "0037_house_sheets"
branch_labels = None
depends_on = None


SEARCH = "set search_path = pg_catalog, public, pg_temp"
STATEMENTS = (
    f"""
create function portal_transfer_begin() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    new.state := 'D';
    select s.full_name, s.birth_date, c.grade
    into new.student_name, new.birth_date, new.grade
    from student s left join school_class c on c.id = s.school_class_id
    where s.id = new.student_id;
    return new;
end $$
""",
    """
create trigger transfer_request_begin before insert on transfer_request
for each row execute function portal_transfer_begin()
""",
    # A place is confirmed for one learner at one school; what has ended stays as it was.
    f"""
create function portal_transfer_kept() returns trigger language plpgsql {SEARCH} as $$
begin
    if new.to_organisation_id <> old.to_organisation_id or old.state in ('E', 'C') then
        raise exception 'under way' using errcode = 'check_violation',
            constraint = 'ck_transfer_request_sent';
    end if;
    return new;
end $$
""",
    """
create trigger transfer_request_kept before update on transfer_request
for each row when (old.state <> 'D' and (
    old.to_organisation_id <> new.to_organisation_id
    or (old.state in ('E', 'C') and (
        old.state, old.reason, old.answer, old.application_date, old.leave_order_number,
        old.leave_order_date, old.admitted_on, old.admission_order_number,
        old.admission_order_date, old.target_class_id
    ) is distinct from (
        new.state, new.reason, new.answer, new.application_date, new.leave_order_number,
        new.leave_order_date, new.admitted_on, new.admission_order_number,
        new.admission_order_date, new.target_class_id
    ))
)) execute function portal_transfer_kept()
""",
    # One learner, with everything that is said of them, from one school to the next. Parents go
    # along; those whose other children stay are entered anew, without their restricted numbers.
    f"""
create function portal_transfer(request bigint) returns void language plpgsql security definer
    {SEARCH} as $$
declare
    r transfer_request;
    spell student_enrolment;
    links student_guardian[];
    link student_guardian;
    parent guardian;
    opened bigint;
begin
    select * into r from transfer_request where id = request for update;
    if r.state <> 'R' or r.deleted_at is not null or not coalesce(r.to_organisation_id = any (
            nullif(current_setting('app.writable', true), '')::bigint[]), false) then
        raise exception 'not to be handed over' using errcode = 'insufficient_privilege';
    end if;
    if r.target_class_id is not null and not exists (
        select from school_class c join school_year y on y.id = c.school_year_id
        where c.id = r.target_class_id and c.organisation_id = r.to_organisation_id
            and c.deleted_at is null and r.admitted_on between y.start_date and y.end_date
    ) then
        raise exception 'another class' using errcode = 'check_violation',
            constraint = 'ck_transfer_request_class';
    end if;
    perform from student
    where id = r.student_id and organisation_id = r.organisation_id for update;
    if not found then
        raise exception 'gone already' using errcode = 'check_violation',
            constraint = 'ck_transfer_request_early';
    end if;
    select * into spell from student_enrolment
    where student_id = r.student_id and organisation_id = r.organisation_id and is_main
        and left_on is null and deleted_at is null for update;
    if spell.admitted_on >= r.admitted_on then
        raise exception 'too early' using errcode = 'check_violation',
            constraint = 'ck_transfer_request_early';
    end if;
    update student_enrolment set left_on = r.admitted_on - 1, leave_kind = '01',
        leave_order_number = r.leave_order_number, leave_order_date = r.leave_order_date,
        destination_org_id = r.to_organisation_id
    where id = spell.id;
    links := array(select g from student_guardian g where g.student_id = r.student_id);
    delete from student_guardian where student_id = r.student_id;
    update student set organisation_id = r.to_organisation_id, school_class_id = null,
        class_name = null
    where id = r.student_id;
    foreach link in array links loop
        if exists (select from student_guardian where guardian_id = link.guardian_id) then
            select * into parent from guardian where id = link.guardian_id;
            parent.id := nextval(pg_get_serial_sequence('guardian', 'id'));
            parent.uid := gen_random_uuid();
            parent.organisation_id := r.to_organisation_id;
            insert into guardian (id, uid, organisation_id, person_uid, last_name, first_name,
                middle_name, birth_date, workplace, job_position, phone, email)
            values (parent.id, parent.uid, parent.organisation_id, parent.person_uid,
                parent.last_name, parent.first_name, parent.middle_name, parent.birth_date,
                parent.workplace, parent.job_position, parent.phone, parent.email);
            link.guardian_id := parent.id;
        else
            update guardian set organisation_id = r.to_organisation_id
            where id = link.guardian_id;
        end if;
        link.organisation_id := r.to_organisation_id;
        insert into student_guardian (id, uid, organisation_id, student_id, guardian_id,
            relation_code,
            is_legal_representative, rights_document, lives_together,
            contact_priority, valid_from, valid_to, deleted_at, deleted_by)
        values (link.id, link.uid, link.organisation_id, link.student_id, link.guardian_id,
            link.relation_code, link.is_legal_representative,
            link.rights_document, link.lives_together, link.contact_priority,
            link.valid_from, link.valid_to, link.deleted_at, link.deleted_by);
    end loop;
    insert into student_enrolment (uid, organisation_id, student_id, admitted_on, admission_kind,
        admission_order_number, admission_order_date, study_form, is_main)
    values (gen_random_uuid(), r.to_organisation_id, r.student_id, r.admitted_on, '02',
        r.admission_order_number, r.admission_order_date, coalesce(spell.study_form, '1'), true)
    returning id into opened;
    if r.target_class_id is not null then
        insert into class_membership (uid, organisation_id, enrolment_id, school_class_id,
            from_date, order_number, order_date)
        values (gen_random_uuid(), r.to_organisation_id, opened, r.target_class_id,
            r.admitted_on, r.admission_order_number, r.admission_order_date);
    end if;
end $$
""",
    # Days come without anybody writing: who enters a class or leaves it on one of them.
    f"""
create function portal_classes_today(since date) returns bigint language sql security definer
    {SEARCH} as $$
    select portal_student_classes(array(
        select distinct student_id from class_membership
        where deleted_at is null
            and (from_date between since and (now() at time zone 'Europe/Moscow')::date
                or to_date between since - 1 and (now() at time zone 'Europe/Moscow')::date)
    ))
$$
""",
)
FUNCTIONS = (
    "portal_transfer_begin()",
    "portal_transfer_kept()",
    "portal_transfer(bigint)",
    "portal_classes_today(date)",
)


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "transfer_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("student_name", sa.String(length=302), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("grade", sa.SmallInteger(), nullable=True),
        sa.Column("state", sa.String(length=1), nullable=True),
        sa.Column("to_organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("application_date", sa.Date(), nullable=True),
        sa.Column("leave_order_number", sa.String(length=30), nullable=True),
        sa.Column("leave_order_date", sa.Date(), nullable=True),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("admission_order_number", sa.String(length=30), nullable=True),
        sa.Column("admission_order_date", sa.Date(), nullable=True),
        sa.Column("target_class_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('simple'::regconfig, portal_words(coalesce(student_name::text, '')))",
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
            name=op.f("fk_transfer_request_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.id"],
            name=op.f("fk_transfer_request_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["target_class_id"],
            ["school_class.id"],
            name=op.f("fk_transfer_request_target_class_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_transfer_request_to_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_request")),
        sa.UniqueConstraint("uid", name=op.f("uq_transfer_request_uid")),
    )
    op.create_index(
        "ix_transfer_request_caption_order",
        "transfer_request",
        [sa.literal_column('(portal_key(coalesce(student_name)) COLLATE "C")'), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_transfer_request_organisation_id"),
        "transfer_request",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_transfer_request_search",
        "transfer_request",
        ["search"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        op.f("ix_transfer_request_student_id"), "transfer_request", ["student_id"], unique=False
    )
    op.create_index(
        op.f("ix_transfer_request_target_class_id"),
        "transfer_request",
        ["target_class_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transfer_request_to_organisation_id"),
        "transfer_request",
        ["to_organisation_id"],
        unique=False,
    )
    op.create_index(
        "ix_transfer_request_trash",
        "transfer_request",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_transfer_request_open",
        "transfer_request",
        ["student_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null and state not in ('E', 'C')"),
    )
    op.guard_record(
        table="transfer_request",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "student_name",
            "birth_date",
            "grade",
            "state",
            "to_organisation_id",
            "reason",
            "answer",
            "application_date",
            "leave_order_number",
            "leave_order_date",
            "admitted_on",
            "admission_order_number",
            "admission_order_date",
            "target_class_id",
            "deleted_at",
        ),
        parent="student",
        owner="student_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="to_organisation_id",
        holder_writes=True,
    )
    for statement in STATEMENTS:
        run(statement)
    prefix = current_app.config["DB_ROLE_PREFIX"]
    run("revoke execute on function portal_transfer(bigint) from public")
    run(f"grant execute on function portal_transfer(bigint) to {prefix}org")
    run("revoke execute on function portal_classes_today(date) from public")
    run(f"grant execute on function portal_classes_today(date) to {prefix}system")


def downgrade() -> None:
    op.drop_index(
        "uq_transfer_request_open",
        table_name="transfer_request",
        postgresql_where=sa.text("deleted_at is null and state not in ('E', 'C')"),
    )
    op.drop_index(
        "ix_transfer_request_trash",
        table_name="transfer_request",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_transfer_request_to_organisation_id"), table_name="transfer_request")
    op.drop_index(op.f("ix_transfer_request_target_class_id"), table_name="transfer_request")
    op.drop_index(op.f("ix_transfer_request_student_id"), table_name="transfer_request")
    op.drop_index(
        "ix_transfer_request_search", table_name="transfer_request", postgresql_using="gin"
    )
    op.drop_index(op.f("ix_transfer_request_organisation_id"), table_name="transfer_request")
    op.drop_index(
        "ix_transfer_request_caption_order",
        table_name="transfer_request",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("transfer_request")
    for function in FUNCTIONS:
        run(f"drop function {function}")
