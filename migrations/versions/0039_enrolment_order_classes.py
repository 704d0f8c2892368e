"""An order is executed and taken back class by class: its lines say in which batch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_enrolment_order_classes"
down_revision = "0038_enrolment_transfers"
branch_labels = None
depends_on = None


SEARCH = "set search_path = pg_catalog, public, pg_temp"
FROZEN = """
    (old.kind, old.number, old.order_date, old.effective_on, old.school_class_id, old.leave_kind,
     old.destination_org_id, old.destination_text, old.signed_by, old.deleted_at)
    is distinct from
    (new.kind, new.number, new.order_date, new.effective_on, new.school_class_id, new.leave_kind,
     new.destination_org_id, new.destination_text, new.signed_by, new.deleted_at)
"""
# The state of an order follows from its lines: nobody sets it, and no undo does.
STATEMENTS = (
    f"""
create or replace function portal_order_begin() returns trigger language plpgsql {SEARCH} as $$
begin
    new.state := 'D';
    return new;
end $$
""",
    "drop trigger enrolment_order_signed on enrolment_order",
    f"""
create or replace function portal_order_signed() returns trigger language plpgsql {SEARCH} as $$
begin
    raise exception 'signed' using errcode = 'check_violation',
        constraint = 'ck_enrolment_order_signed';
end $$
""",
    f"""
create trigger enrolment_order_signed before update on enrolment_order
for each row when (old.state in ('P', 'E') and new.state in ('P', 'E') and ({FROZEN}))
execute function portal_order_signed()
""",
    # What is executed for a class stays as it was signed, and so does who is in that class.
    f"""
create or replace function portal_order_line() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    if tg_op = 'INSERT' then
        new.batch_id := null;
    elsif new.batch_id = old.batch_id and (
        old.order_id, old.enrolment_id, old.decision_code, old.target_class_id, old.note,
        old.deleted_at
    ) is distinct from (
        new.order_id, new.enrolment_id, new.decision_code, new.target_class_id, new.note,
        new.deleted_at
    ) then
        raise exception 'signed' using errcode = 'check_violation',
            constraint = 'ck_enrolment_order_signed';
    end if;
    if tg_op = 'INSERT' or new.enrolment_id <> old.enrolment_id then
        select e.student_id, e.student_name, m.class_name, m.school_class_id
        into new.student_id, new.student_name, new.class_name, new.from_class_id
        from student_enrolment e left join class_membership m
            on m.enrolment_id = e.id and m.deleted_at is null and m.to_date is null
            and m.organisation_id = e.organisation_id
        where e.id = new.enrolment_id order by m.from_date limit 1;
        if exists (
            select from enrolment_order_line l
            where l.order_id = new.order_id and l.batch_id is not null and l.deleted_at is null
                and l.from_class_id is not distinct from new.from_class_id
        ) then
            raise exception 'signed' using errcode = 'check_violation',
                constraint = 'ck_enrolment_order_signed';
        end if;
    end if;
    return new;
end $$
""",
    f"""
create function portal_order_state() returns trigger language plpgsql security definer
    {SEARCH} as $$
begin
    update enrolment_order o set state = f.state
    from (
        select l.order_id, case
            when count(l.batch_id) = 0 then 'D' when count(l.batch_id) = count(*) then 'E' else 'P'
        end as state
        from enrolment_order_line l
        where l.deleted_at is null and l.order_id in (select n.order_id from new_rows n)
        group by l.order_id
    ) f
    where o.id = f.order_id and o.state <> f.state;
    return null;
end $$
""",
    *(
        f"create trigger enrolment_order_line_{event} after {event} on enrolment_order_line"
        " referencing new table as new_rows for each statement"
        " execute function portal_order_state()"
        for event in ("insert", "update")
    ),
)
ENDS = (
    "drop trigger enrolment_order_line_insert on enrolment_order_line",
    "drop trigger enrolment_order_line_update on enrolment_order_line",
    "drop function portal_order_state()",
    "drop trigger enrolment_order_signed on enrolment_order",
    f"""
create or replace function portal_order_begin() returns trigger language plpgsql {SEARCH} as $$
begin
    new.state := 'D';
    new.batch_id := null;
    return new;
end $$
""",
    f"""
create trigger enrolment_order_signed before update on enrolment_order
for each row when (old.state = 'E' and new.state = 'E' and ({FROZEN}))
execute function portal_order_signed()
""",
    f"""
create or replace function portal_order_line() returns trigger language plpgsql security definer
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
)
# The lines of orders that were drawn up before: the class by its name, the batch of the order.
LINES = """
update enrolment_order_line l set from_class_id = (
        select m.school_class_id from class_membership m
        where m.enrolment_id = l.enrolment_id and m.class_name = l.class_name
            and m.organisation_id = l.organisation_id and m.from_date < o.effective_on
        order by m.from_date desc limit 1
    ), batch_id = case when o.state = 'E' then o.batch_id end
from enrolment_order o where o.id = l.order_id
"""
BATCHES = """
update enrolment_order o set batch_id = (
    select max(l.batch_id) from enrolment_order_line l where l.order_id = o.id
)
where o.state = 'E'
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.add_column("enrolment_order_line", sa.Column("from_class_id", sa.BigInteger()))
    op.add_column("enrolment_order_line", sa.Column("batch_id", sa.Integer()))
    op.create_foreign_key(
        "fk_enrolment_order_line_from_class_id",
        "enrolment_order_line",
        "school_class",
        ["from_class_id", "organisation_id"],
        ["id", "organisation_id"],
        onupdate="CASCADE",
        ondelete="RESTRICT",
    )
    op.create_index(
        op.f("ix_enrolment_order_line_from_class_id"), "enrolment_order_line", ["from_class_id"]
    )
    op.allow_direct("enrolment_order_line", ("batch_id",))
    run("alter table enrolment_order_line disable trigger user")
    run(LINES)
    run("alter table enrolment_order_line enable trigger user")
    for statement in STATEMENTS:
        run(statement)
    op.drop_column("enrolment_order", "batch_id")


def downgrade() -> None:
    op.add_column("enrolment_order", sa.Column("batch_id", sa.Integer()))
    for statement in ENDS:
        run(statement)
    run("alter table enrolment_order disable trigger user")
    run(BATCHES)
    run("alter table enrolment_order enable trigger user")
    op.drop_column("enrolment_order_line", "batch_id")
    op.drop_column("enrolment_order_line", "from_class_id")
