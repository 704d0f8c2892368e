"""A parent who stays with another child goes along whole: what is sealed is sealed anew."""

from __future__ import annotations

from alembic import op
from flask import current_app

revision = "0045_enrolment_parents"
down_revision = "0044_access_views"
branch_labels = None
depends_on = None

SEARCH = "set search_path = pg_catalog, public, pg_temp"
# Gives what could not be copied, sealed to the rows that stay; nobody is there twice.
WHOLE = f"""
create function portal_transfer(request bigint) returns jsonb language plpgsql security definer
    {SEARCH} as $$
declare
    r transfer_request;
    spell student_enrolment;
    links student_guardian[];
    link student_guardian;
    parent guardian;
    opened bigint;
    known bigint;
    stays boolean;
    copied jsonb := '[]';
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
        select * into parent from guardian where id = link.guardian_id;
        stays := exists (select from student_guardian where guardian_id = parent.id);
        select id into known from guardian
        where organisation_id = r.to_organisation_id and person_uid = parent.person_uid
            and deleted_at is null order by id limit 1;
        if known is not null and not stays then
            update guardian set deleted_at = now() where id = parent.id;
        elsif known is null and stays then
            insert into guardian (uid, organisation_id, person_uid, last_name, first_name,
                middle_name, birth_date, workplace, job_position, phone, email)
            values (gen_random_uuid(), r.to_organisation_id, parent.person_uid,
                parent.last_name, parent.first_name, parent.middle_name, parent.birth_date,
                parent.workplace, parent.job_position, parent.phone, parent.email)
            returning id into known;
            copied := copied || jsonb_build_object('id', known, 'snils', parent.snils, 'papers',
                coalesce((select jsonb_agg(to_jsonb(d) order by d.id)
                          from guardian_identity_document d
                          where d.guardian_id = parent.id and d.deleted_at is null), '[]'));
        elsif known is null then
            update guardian set organisation_id = r.to_organisation_id where id = parent.id;
        end if;
        link.guardian_id := coalesce(known, parent.id);
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
    return copied;
end $$
"""
BEFORE = f"""
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
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    _redefine(WHOLE)


def downgrade() -> None:
    _redefine(BEFORE)


def _redefine(function: str) -> None:
    run("drop function portal_transfer(bigint)")
    run(function)
    run("revoke execute on function portal_transfer(bigint) from public")
    prefix = current_app.config["DB_ROLE_PREFIX"]
    run(f"grant execute on function portal_transfer(bigint) to {prefix}org")
