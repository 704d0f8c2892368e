-- Spells, classes, and what the triggers would have written of them: events, programmes.
truncate spell, stay;

insert into spell
select b.spell + p.number * 2 + 1, p.number * 2 + 1, b.organisation + p.school, p.number, p.school,
    case p.mode when 'M' then '02' when 'A' then '03' else '01' end,
    case when p.mode in ('M', 'A') then b.began
         else make_date(b.year - p.grade + (p.mode <> 'R')::int, 9, 1) end,
    (p.school % 90 + 10) || '-К'
from made_pupil p cross join base b
union all
select b.spell + p.number * 2, p.number * 2, b.organisation + p.past_school, p.number, p.school,
    '01', make_date(b.year - p.grade + 1, 9, 1), (p.past_school % 90 + 10) || '-К'
from made_pupil p cross join base b where p.mode = 'M'
order by 1;

insert into student_enrolment (id, uid, organisation_id, holder_id, student_id, student_name,
    admitted_on, admission_kind, admission_order_number, admission_order_date, study_form, is_main,
    left_on, leave_kind, leave_order_number, leave_order_date, destination_org_id)
select e.id, pg_temp.made_uid(9, e.number), e.school, b.organisation + e.holder,
    b.pupil + e.pupil, p.last_name || ' ' || p.first_name || coalesce(' ' || p.middle_name, ''), e.admitted_on, e.kind,
    e.ordered, e.admitted_on - 2, '1', true, l.left_on, l.kind, l.ordered, l.left_on - 3, l.school
from spell e join made_pupil p on p.number = e.pupil cross join base b
left join lateral (
    select b.began - 1 as left_on, '01' as kind, e.ordered, b.organisation + e.holder as school
    where e.school <> b.organisation + e.holder
) l on true
order by e.id;

insert into stay
select b.membership + p.number * 2, p.number * 2, b.organisation + p.past_school, p.number,
    p.school, b.spell + p.number * 2 + (p.mode <> 'M')::int, p.past_room, p.past_grade,
    (b.began - interval '1 year')::date, b.began - 1,
    case p.mode when 'M' then 'LV' when 'R' then 'RY' else 'PR' end,
    (p.past_school % 90 + 10) || '-К'
from made_pupil p cross join base b where p.past_room is not null
union all
select b.membership + p.number * 2 + 1, p.number * 2 + 1, b.organisation + p.school, p.number,
    p.school, b.spell + p.number * 2 + 1, p.room, p.grade, b.began, null, null, (p.school % 90 + 10) || '-К'
from made_pupil p cross join base b
order by 1;

insert into class_membership (id, uid, organisation_id, holder_id, student_id, enrolment_id,
    school_class_id, class_name, grade, school_year_id, from_date, to_date, end_reason,
    order_number)
select s.id, pg_temp.made_uid(10, s.number), s.school, b.organisation + s.holder,
    b.pupil + s.pupil, s.spell, b.room + s.room, r.grade || r.letter, s.grade, y.id, s.from_date, s.to_date, s.reason, s.ordered
from stay s join made_room r on r.number = s.room
join school_year y on y.start_date = make_date(r.year, 9, 1) and y.deleted_at is null
cross join base b
order by s.id;

insert into education_event (uid, organisation_id, holder_id, student_id, event_date, event_kind,
    description, source_table, source_id)
with said as materialized (
    select d.school, d.kind, d.admitted_on, d.ordered,
        left('Зачисление: ' || o.short_name || ', ' || portal_word('ADMISSION_KIND', d.kind)
             || portal_order_words(d.ordered, d.admitted_on - 2), 500) as words
    from (select distinct school, kind, admitted_on, ordered from spell) d
    join organisation o on o.id = d.school
), gone as materialized (
    select d.school, d.holder, d.ordered,
        left('Выбытие: ' || o.short_name || ', ' || portal_word('LEAVE_KIND', '01')
             || ': ' || t.short_name || portal_order_words(d.ordered, b.began - 4), 500) as words
    from (select distinct school, holder, ordered from spell) d cross join base b
    join organisation o on o.id = d.school
    join organisation t on t.id = b.organisation + d.holder and t.id <> o.id
)
select pg_temp.made_uid(11, e.number * 2), e.school, b.organisation + e.holder,
    b.pupil + e.pupil, e.admitted_on, case e.kind when '01' then 'ENROLLED' else 'TRANSFER_IN' end, w.words, 'student_enrolment', e.id
from spell e join said w using (school, kind, admitted_on, ordered) cross join base b
union all
select pg_temp.made_uid(11, e.number * 2 + 1), e.school, b.organisation + e.holder,
    b.pupil + e.pupil, b.began - 1, 'TRANSFER_OUT', w.words, 'student_enrolment', e.id
from spell e join gone w using (school, holder, ordered) cross join base b;

insert into education_event (uid, organisation_id, holder_id, student_id, event_date, event_kind,
    description, source_table, source_id)
with said as materialized (
    select d.*, v.kind, left(v.verb || ': ' || was.grade || was.letter || ' → ' || now.grade
        || now.letter || ', ' || y.code || portal_order_words(d.ordered, null), 500) as words
    from (select distinct f.room as past_room, t.room, f.reason, t.ordered
          from stay f join stay t on t.spell = f.spell and t.id = f.id + 1) d
    join made_room was on was.number = d.past_room
    join made_room now on now.number = d.room
    join school_year y on y.start_date = make_date(now.year, 9, 1) and y.deleted_at is null
    join (values ('PR', 'PROMOTED', 'Перевод в следующий класс'),
                 ('RY', 'REPEATED', 'Повторное обучение')) v (reason, kind, verb)
        on v.reason = d.reason
)
select pg_temp.made_uid(12, t.number), t.school, b.organisation + t.holder,
    b.pupil + t.pupil, t.from_date, w.kind, w.words, 'class_membership', t.id
from stay t join stay f on f.id = t.id - 1 and f.spell = t.spell
join said w on w.past_room = f.room and w.room = t.room and w.reason = f.reason
cross join base b;

insert into student_completed_program (uid, organisation_id, student_id, program_name, level_code,
    program_id, provider_id, is_adapted, started_on, finished_on, result_code)
select pg_temp.made_uid(13, s.number), b.organisation + s.holder, b.pupil + s.pupil, p.name,
    p.level_code, p.id, s.school, false, s.from_date, case when s.ends then s.to_date end, case when s.ends then '1' end
from (
    select s.*, s.to_date is not null and width_bucket(s.grade, array[5, 10])
            <> width_bucket(q.grade, array[5, 10]) as ends,
        s.to_date is not null or q.past_grade is null or width_bucket(q.past_grade, array[5, 10])
            <> width_bucket(q.grade, array[5, 10]) as begins
    from stay s join made_pupil q on q.number = s.pupil
) s cross join base b
join education_program p on p.id = b.program + (s.school - b.organisation) * 3
    + width_bucket(s.grade, array[5, 10])
where s.begins
order by s.id;
