-- Some thousand learners from the staging tables into those of the portal.
insert into guardian (id, uid, person_uid, organisation_id, last_name, first_name, middle_name, phone,
    workplace, job_position)
select b.parent + p.number, pg_temp.made_uid(6, p.number), pg_temp.made_uid(14, p.number),
    b.organisation + p.school, p.last_name, p.first_name, p.middle_name, p.phone, 'ООО «Смоленский лён»', p.job_position
from made_parent p cross join base b order by p.number;

insert into student (id, uid, person_uid, organisation_id, last_name, first_name, middle_name, no_middle_name,
    birth_date, sex, citizenship_kind, citizenship_country, native_language_code,
    instruction_language_code, phone, no_phone, no_email, snils, snils_print, no_snils,
    school_class_id, class_name)
select b.pupil + p.number, p.uid, pg_temp.made_uid(15, p.number), b.organisation + p.school,
    p.last_name, p.first_name, p.middle_name, case when p.middle_name is not null then false end, p.birth_date, p.sex,
    p.citizenship_kind, p.citizenship_country, 'rus', 'rus', p.phone, p.no_phone,
    case when p.number % 5 > 1 then true end, p.snils, p.snils_print, p.no_snils,
    b.room + p.room, r.grade || r.letter
from made_pupil p join made_room r on r.number = p.room cross join base b
order by p.number;

insert into student_guardian (uid, organisation_id, student_id, guardian_id, relation_code,
    is_legal_representative, lives_together, contact_priority)
select pg_temp.made_uid(7, k.pupil * 2 + k.contact_priority - 1), b.organisation + p.school,
    b.pupil + k.pupil, b.parent + k.parent,
    k.relation_code, true, k.relation_code = '01', k.contact_priority
from made_kin k join made_pupil p on p.number = k.pupil cross join base b
order by k.pupil, k.contact_priority;

insert into student_identity_document (uid, organisation_id, student_id, doc_type_code, series,
    series_print, number, number_print, issued_by, issuer_code, issue_date, birth_record_number,
    is_current)
select p.paper_uid, b.organisation + p.school, b.pupil + p.number, p.doc_type_code, p.series,
    p.series_print, p.paper_number, p.number_print, p.issued_by, p.issuer_code, p.issue_date,
    p.birth_record_number, true
from made_pupil p cross join base b order by p.number;

insert into student_address (uid, organisation_id, student_id, address_kind, postal_index,
    region_code, municipality_id, locality, street, house, flat, valid_from, valid_to, full_text)
select pg_temp.made_uid(8, p.number), b.organisation + p.school, b.pupil + p.number,
    p.address_kind, '214000', '67', m.id, s.town, p.street, p.house, p.flat, b.began - 365 * (1 + p.number % 6)::int,
    case p.address_kind when 'T' then b.began - 90 end,
    format('214000, %s, %s, д. %s, кв. %s', s.town, p.street, p.house, p.flat)
from made_pupil p join made_school s on s.number = p.school
join municipality m on m.oktmo = s.oktmo cross join base b
order by p.number;
