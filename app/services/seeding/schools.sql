-- The schools, their programmes and classes. Keys are numbers of the region above a base.
create temporary table base on commit drop as
select
    (select max(year) from made_room) as year,
    make_date((select max(year) from made_room), 9, 1) as began,
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
select b.organisation + s.number, pg_temp.made_uid(1, s.number), 'seed', 'school-' || s.number, s.full_name,
    s.short_name, s.display_name, '+74815' || lpad(s.number::text, 6, '0'),
    'school' || s.number || '@example.com', 'https://school' || s.number || '.example.com',
    (array['Громова Елена Сергеевна', 'Белов Николай Иванович', 'Жукова Татьяна Алексеевна'])
        [1 + s.number % 3], 'Директор', 'SCH', s.kind, m.id,
    (select min(o.id) from organisation o where o.municipality_id = m.id and o.org_type = 'AUT'),
    '67', case when s.oktmo like '667%' then '1' else '2' end, '2', s.inn, '673001001', s.ogrn,
    s.oktmo, '75403', '14', '1', 'РО-2026-С' || lpad(s.number::text, 5, '0')
from made_school s join municipality m on m.oktmo = s.oktmo cross join base b
order by s.number;

insert into organisation_language (uid, organisation_id, language_code)
select pg_temp.made_uid(2, s.number), b.organisation + s.number, 'rus'
from made_school s cross join base b;

insert into organisation_address (uid, organisation_id, address_kind, postal_index, region_code,
    municipality_id, locality, street, house, is_main, valid_from, full_text)
select pg_temp.made_uid(3, s.number * 2 + (a.kind = 'F')::int), o.id, a.kind, '214000', '67',
    o.municipality_id, s.town, 'ул. Школьная', s.number::text, true, date '2020-09-01',
    format('214000, %s, ул. Школьная, д. %s', s.town, s.number)
from made_school s cross join base b join organisation o on o.id = b.organisation + s.number
cross join (values ('L'), ('F')) a (kind);

insert into education_program (id, uid, organisation_id, name, level_code, is_adapted,
    duration_months, approved_on, study_forms, language_code, uses_distance, is_network,
    is_accredited)
select b.program + s.number * 3 + l.place, pg_temp.made_uid(4, s.number * 3 + l.place),
    b.organisation + s.number,
    'Основная образовательная программа ' || l.words, l.level, false, l.months,
    b.began - 3, '1', 'rus', false, false, true
from made_school s cross join base b
cross join (values (0, '02', 48, 'начального общего образования'),
                   (1, '03', 60, 'основного общего образования'),
                   (2, '04', 24, 'среднего общего образования')) l (place, level, months, words);

insert into school_class (id, uid, organisation_id, name, school_year_id, grade, letter, program_id,
    shift, capacity, state, year_code, class_line)
select b.room + r.number, pg_temp.made_uid(5, r.number), b.organisation + r.school,
    r.grade || r.letter, y.id, r.grade, r.letter,
    b.program + r.school * 3 + case when r.grade < 5 then 0 when r.grade < 10 then 1 else 2 end,
    1 + (r.grade in (3, 6, 7))::int, 25, case when r.year = b.year then 'A' else 'C' end, y.code,
    r.line
from made_room r cross join base b
join school_year y on y.start_date = make_date(r.year, 9, 1) and y.deleted_at is null;
