-- Where the made-up rows wait: COPY is taken here (no policies), and nobody else ever sees them.
create function pg_temp.made_uid(kind int, number bigint) returns uuid language sql immutable
    return ('01990000-00' || lpad(to_hex(kind), 2, '0') || '-7000-8000-'
            || lpad(to_hex(number), 12, '0'))::uuid;

create temporary table made_school (
    number bigint, kind text, full_name text, short_name text, display_name text, town text,
    oktmo text, inn text, ogrn text
) on commit drop;

create temporary table made_room (
    number bigint, school bigint, year int, grade int, letter text, line uuid
) on commit drop;

create temporary table made_pupil (
    number bigint, uid uuid, school bigint, grade int, room bigint, mode text,
    past_school bigint, past_room bigint, past_grade int,
    last_name text, first_name text, middle_name text, birth_date date, sex text,
    citizenship_kind text, citizenship_country text, phone text, no_phone boolean,
    snils text, snils_print text, no_snils boolean,
    paper_uid uuid, doc_type_code text, series text, series_print text, paper_number text,
    number_print text, issued_by text, issuer_code text, issue_date date, birth_record_number text,
    street text, house text, flat text, address_kind text
) on commit drop;

create temporary table made_parent (
    number bigint, school bigint, last_name text, first_name text, middle_name text, phone text,
    job_position text
) on commit drop;

create temporary table made_kin (
    pupil bigint, parent bigint, relation_code text, contact_priority int
) on commit drop;

create temporary table spell (
    id bigint, number bigint, school bigint, pupil bigint, holder bigint, kind text,
    admitted_on date, ordered text
) on commit drop;

create temporary table stay (
    id bigint, number bigint, school bigint, pupil bigint, holder bigint, spell bigint, room bigint,
    grade int, from_date date, to_date date, reason text, ordered text
) on commit drop;
