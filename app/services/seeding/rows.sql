-- From the staging tables into those of the portal. Keys are numbers of the region above a base.
create temporary table base on commit drop as
select
    (select max(year) from portal_seed.room) as year,
    make_date((select max(year) from portal_seed.room), 9, 1) as began,
    greatest((select max(id) from organisation),
             pg_sequence_last_value('organisation_id_seq'), 0) as organisation,
    greatest((select max(id) from education_program),
             pg_sequence_last_value('education_program_id_seq'), 0) as program,
    greatest((select max(id) from school_class),
             pg_sequence_last_value('school_class_id_seq'), 0) as room,
    greatest((select max(id) from guardian), pg_sequence_last_value('guardian_id_seq'), 0) as parent,
    greatest((select max(id) from student), pg_sequence_last_value('student_id_seq'), 0) as pupil,
    greatest((select max(id) from student_enrolment),
             pg_sequence_last_value('student_enrolment_id_seq'), 0) as spell,
    greatest((select max(id) from class_membership),
             pg_sequence_last_value('class_membership_id_seq'), 0) as membership;

insert into organisation (id, uid, source, source_id, full_name, short_name, display_name, phone,
    email, site_url, head_name, head_position, org_type, org_kind, municipality_id, authority_id,
    region_code, settlement_kind, founder_level, inn, kpp, ogrn, oktmo, okopf, okfs, status,
    registry_number)
select b.organisation + s.number, gen_random_uuid(), 'seed', 'school-' || s.number, s.full_name,
    s.short_name, s.display_name, '+74815' || lpad(s.number::text, 6, '0'),
    'school' || s.number || '@example.com', 'https://school' || s.number || '.example.com',
    (array['Громова Елена Сергеевна', 'Белов Николай Иванович', 'Жукова Татьяна Алексеевна'])
        [1 + s.number % 3], 'Директор', 'SCH', s.kind, m.id,
    (select min(o.id) from organisation o where o.municipality_id = m.id and o.org_type = 'AUT'),
    '67', case when s.oktmo like '667%' then '1' else '2' end, '2', s.inn, '673001001', s.ogrn,
    s.oktmo, '75403', '14', '1', 'РО-2026-С' || lpad(s.number::text, 5, '0')
from portal_seed.school s join municipality m on m.oktmo = s.oktmo cross join base b
order by s.number;

insert into organisation_language (uid, organisation_id, language_code)
select gen_random_uuid(), b.organisation + s.number, 'rus'
from portal_seed.school s cross join base b;

insert into organisation_address (uid, organisation_id, address_kind, postal_index, region_code,
    municipality_id, locality, street, house, is_main, valid_from, full_text)
select gen_random_uuid(), o.id, a.kind, '214000', '67', o.municipality_id, s.town, 'ул. Школьная',
    s.number::text, true, date '2020-09-01',
    format('214000, %s, ул. Школьная, д. %s', s.town, s.number)
from portal_seed.school s cross join base b join organisation o on o.id = b.organisation + s.number
cross join (values ('L'), ('F')) a (kind);

insert into education_program (id, uid, organisation_id, name, level_code, is_adapted,
    duration_months, approved_on, study_forms, language_code, uses_distance, is_network,
    is_accredited)
select b.program + s.number * 3 + l.place, gen_random_uuid(), b.organisation + s.number,
    'Основная образовательная программа ' || l.words, l.level, false, l.months,
    b.began - 3, '1', 'rus', false, false, true
from portal_seed.school s cross join base b
cross join (values (0, '02', 48, 'начального общего образования'),
                   (1, '03', 60, 'основного общего образования'),
                   (2, '04', 24, 'среднего общего образования')) l (place, level, months, words);

insert into school_class (id, uid, organisation_id, name, school_year_id, grade, letter, program_id,
    shift, capacity, state, year_code, class_line)
select b.room + r.number, gen_random_uuid(), b.organisation + r.school, r.grade || r.letter, y.id,
    r.grade, r.letter,
    b.program + r.school * 3 + case when r.grade < 5 then 0 when r.grade < 10 then 1 else 2 end,
    1 + (r.grade in (3, 6, 7))::int, 25, case when r.year = b.year then 'A' else 'C' end, y.code,
    r.line
from portal_seed.room r cross join base b
join school_year y on y.start_date = make_date(r.year, 9, 1) and y.deleted_at is null;

insert into guardian (id, uid, organisation_id, last_name, first_name, middle_name, phone,
    workplace, job_position)
select b.parent + p.number, gen_random_uuid(), b.organisation + p.school, p.last_name, p.first_name,
    p.middle_name, p.phone, 'ООО «Смоленский лён»', p.job_position
from portal_seed.parent p cross join base b order by p.number;

insert into student (id, uid, organisation_id, last_name, first_name, middle_name, no_middle_name,
    birth_date, sex, citizenship_kind, citizenship_country, native_language_code,
    instruction_language_code, phone, no_phone, no_email, snils, snils_print, no_snils,
    school_class_id, class_name)
select b.pupil + p.number, p.uid, b.organisation + p.school, p.last_name, p.first_name,
    p.middle_name, case when p.middle_name is not null then false end, p.birth_date, p.sex,
    p.citizenship_kind, p.citizenship_country, 'rus', 'rus', p.phone, p.no_phone,
    case when p.number % 5 > 1 then true end, p.snils, p.snils_print, p.no_snils,
    b.room + p.room, r.grade || r.letter
from portal_seed.pupil p join portal_seed.room r on r.number = p.room cross join base b
order by p.number;

insert into student_guardian (uid, organisation_id, student_id, guardian_id, relation_code,
    is_legal_representative, lives_together, contact_priority)
select gen_random_uuid(), b.organisation + p.school, b.pupil + k.pupil, b.parent + k.parent,
    k.relation_code, true, k.relation_code = '01', k.contact_priority
from portal_seed.kin k join portal_seed.pupil p on p.number = k.pupil cross join base b
order by k.pupil, k.contact_priority;

insert into student_identity_document (uid, organisation_id, student_id, doc_type_code, series,
    series_print, number, number_print, issued_by, issuer_code, issue_date, birth_record_number,
    is_current)
select p.paper_uid, b.organisation + p.school, b.pupil + p.number, p.doc_type_code, p.series,
    p.series_print, p.paper_number, p.number_print, p.issued_by, p.issuer_code, p.issue_date,
    p.birth_record_number, true
from portal_seed.pupil p cross join base b order by p.number;

insert into student_address (uid, organisation_id, student_id, address_kind, postal_index,
    region_code, municipality_id, locality, street, house, flat, valid_from, valid_to, full_text)
select gen_random_uuid(), b.organisation + p.school, b.pupil + p.number, p.address_kind, '214000',
    '67', m.id, s.town, p.street, p.house, p.flat, b.began - 365 * (1 + p.number % 6)::int,
    case p.address_kind when 'T' then b.began - 90 end,
    format('214000, %s, %s, д. %s, кв. %s', s.town, p.street, p.house, p.flat)
from portal_seed.pupil p join portal_seed.school s on s.number = p.school
join municipality m on m.oktmo = s.oktmo cross join base b
order by p.number;
