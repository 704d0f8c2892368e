"""Orders that move learners, with a line for each of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_enrolment_orders"
down_revision = "0034_house_resealing"
branch_labels = None
depends_on = None


SEARCH = "set search_path = pg_catalog, public, pg_temp"
# A draft gets a line for everybody in the class; an executed order stays as it was signed.
STATEMENTS = (
    f"""
create function portal_order_begin() returns trigger language plpgsql {SEARCH} as $$
begin
    new.state := 'D';
    new.batch_id := null;
    return new;
end $$
""",
    """
create trigger enrolment_order_begin before insert on enrolment_order
for each row execute function portal_order_begin()
""",
    f"""
create function portal_order_signed() returns trigger language plpgsql {SEARCH} as $$
begin
    if (old.kind, old.number, old.order_date, old.effective_on, old.school_class_id, old.leave_kind,
        old.destination_org_id, old.destination_text, old.signed_by, old.deleted_at, old.batch_id)
       is distinct from
       (new.kind, new.number, new.order_date, new.effective_on, new.school_class_id, new.leave_kind,
        new.destination_org_id, new.destination_text, new.signed_by, new.deleted_at, new.batch_id)
    then
        raise exception 'signed' using errcode = 'check_violation',
            constraint = 'ck_enrolment_order_signed';
    end if;
    return new;
end $$
""",
    """
create trigger enrolment_order_signed before update on enrolment_order
for each row when (old.state = 'E' and new.state = 'E') execute function portal_order_signed()
""",
    f"""
create function portal_order_line() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    if (select state from enrolment_order where id = new.order_id) = 'E' then
        raise exception 'signed' using errcode = 'check_violation',
            constraint = 'ck_enrolment_order_signed';
    end if;
    if tg_op = 'INSERT' or new.enrolment_id <> old.enrolment_id then
        select e.student_id, e.student_name, m.class_name
        into new.student_id, new.student_name, new.class_name
        from student_enrolment e left join class_membership m
            on m.enrolment_id = e.id and m.deleted_at is null and m.to_date is null
        where e.id = new.enrolment_id order by m.from_date limit 1;
    end if;
    return new;
end $$
""",
    """
create trigger enrolment_order_line_fill before insert or update on enrolment_order_line
for each row execute function portal_order_line()
""",
    f"""
create function portal_order_lines() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    insert into enrolment_order_line (uid, organisation_id, order_id, enrolment_id, decision_code)
    select gen_random_uuid(), new.organisation_id, new.id, m.enrolment_id,
        case when c.grade = 9 then 'GR9' when c.grade >= 11 then 'GR11' else 'PR' end
    from class_membership m
    join school_class c on c.id = m.school_class_id
    join student_enrolment e on e.id = m.enrolment_id
    where m.organisation_id = new.organisation_id and m.deleted_at is null and m.to_date is null
        and m.from_date < new.effective_on and e.left_on is null and e.deleted_at is null
        and (new.school_class_id is null or c.id = new.school_class_id)
        and (new.kind = 'PR' or c.grade = 9 or c.grade >= 11)
    order by c.name_key, e.student_name;
    return null;
end $$
""",
    """
create trigger enrolment_order_lines after insert on enrolment_order
for each row when (new.kind in ('PR', 'GR') and new.deleted_at is null)
execute function portal_order_lines()
""",
)
FUNCTIONS = (
    "portal_order_begin()", "portal_order_signed()", "portal_order_line()", "portal_order_lines()",
)  # fmt: skip


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "enrolment_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=1), nullable=True),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("school_class_id", sa.BigInteger(), nullable=True),
        sa.Column("signed_by", sa.String(length=200), nullable=True),
        sa.Column("leave_kind", sa.String(length=2), nullable=True),
        sa.Column("destination_org_id", sa.BigInteger(), nullable=True),
        sa.Column("destination_text", sa.String(length=300), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
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
            ["destination_org_id"],
            ["organisation.id"],
            name=op.f("fk_enrolment_order_destination_org_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_enrolment_order_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["school_class_id", "organisation_id"],
            ["school_class.id", "school_class.organisation_id"],
            name="fk_enrolment_order_school_class_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_order")),
        sa.UniqueConstraint("id", "organisation_id", name="uq_enrolment_order_id_organisation_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_enrolment_order_uid")),
    )
    op.create_index(
        op.f("ix_enrolment_order_destination_org_id"),
        "enrolment_order",
        ["destination_org_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_order_order_date_order",
        "enrolment_order",
        [sa.literal_column("coalesce(order_date, '9999-12-31'::date)"), "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_enrolment_order_organisation_id"),
        "enrolment_order",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_order_school_class_id"),
        "enrolment_order",
        ["school_class_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_order_trash",
        "enrolment_order",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "enrolment_order_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("enrolment_id", sa.BigInteger(), nullable=False),
        sa.Column("student_id", sa.BigInteger(), nullable=False),
        sa.Column("student_name", sa.String(length=302), nullable=True),
        sa.Column("class_name", sa.String(length=13), nullable=True),
        sa.Column("decision_code", sa.String(length=4), nullable=True),
        sa.Column("target_class_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
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
            ["enrolment_id", "organisation_id"],
            ["student_enrolment.id", "student_enrolment.organisation_id"],
            name="fk_enrolment_order_line_enrolment_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_id", "organisation_id"],
            ["enrolment_order.id", "enrolment_order.organisation_id"],
            name="fk_enrolment_order_line_order_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_enrolment_order_line_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["student.id"],
            name=op.f("fk_enrolment_order_line_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["target_class_id", "organisation_id"],
            ["school_class.id", "school_class.organisation_id"],
            name="fk_enrolment_order_line_target_class_id",
            onupdate="CASCADE",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_order_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_enrolment_order_line_uid")),
    )
    op.create_index(
        op.f("ix_enrolment_order_line_enrolment_id"),
        "enrolment_order_line",
        ["enrolment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_order_line_order_id"), "enrolment_order_line", ["order_id"], unique=False
    )
    op.create_index(
        op.f("ix_enrolment_order_line_organisation_id"),
        "enrolment_order_line",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_order_line_student_id"),
        "enrolment_order_line",
        ["student_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_enrolment_order_line_target_class_id"),
        "enrolment_order_line",
        ["target_class_id"],
        unique=False,
    )
    op.create_index(
        "ix_enrolment_order_line_trash",
        "enrolment_order_line",
        ["deleted_at", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index(
        "uq_enrolment_order_line_once",
        "enrolment_order_line",
        ["order_id", "enrolment_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.guard_record(
        table="enrolment_order",
        reading="own",
        writing="own",
        group="open",
        direct=(
            "kind",
            "state",
            "number",
            "order_date",
            "effective_on",
            "school_class_id",
            "signed_by",
            "leave_kind",
            "destination_org_id",
            "destination_text",
            "batch_id",
            "deleted_at",
        ),
        parent="",
        owner="",
        organisation="organisation_id",
        reserved="",
        learner="",
        holder="",
    )
    op.guard_record(
        table="enrolment_order_line",
        reading="learner",
        writing="own",
        group="open",
        direct=(
            "enrolment_id",
            "student_name",
            "class_name",
            "decision_code",
            "target_class_id",
            "note",
            "deleted_at",
        ),
        parent="enrolment_order",
        owner="order_id",
        organisation="organisation_id",
        reserved="",
        learner="student_id",
        holder="",
    )
    for statement in STATEMENTS:
        run(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_enrolment_order_line_once",
        table_name="enrolment_order_line",
        postgresql_where=sa.text("deleted_at is null"),
    )
    op.drop_index(
        "ix_enrolment_order_line_trash",
        table_name="enrolment_order_line",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(
        op.f("ix_enrolment_order_line_target_class_id"), table_name="enrolment_order_line"
    )
    op.drop_index(op.f("ix_enrolment_order_line_student_id"), table_name="enrolment_order_line")
    op.drop_index(
        op.f("ix_enrolment_order_line_organisation_id"), table_name="enrolment_order_line"
    )
    op.drop_index(op.f("ix_enrolment_order_line_order_id"), table_name="enrolment_order_line")
    op.drop_index(op.f("ix_enrolment_order_line_enrolment_id"), table_name="enrolment_order_line")
    op.drop_table("enrolment_order_line")
    op.drop_index(
        "ix_enrolment_order_trash",
        table_name="enrolment_order",
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_enrolment_order_school_class_id"), table_name="enrolment_order")
    op.drop_index(op.f("ix_enrolment_order_organisation_id"), table_name="enrolment_order")
    op.drop_index(
        "ix_enrolment_order_order_date_order",
        table_name="enrolment_order",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(op.f("ix_enrolment_order_destination_org_id"), table_name="enrolment_order")
    op.drop_table("enrolment_order")
    for function in FUNCTIONS:
        run(f"drop function {function}")
