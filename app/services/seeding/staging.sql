-- Where the made-up rows wait: without policies, so that COPY is taken; seen by the owner alone.
drop schema if exists portal_seed cascade;

create schema portal_seed;

create unlogged table portal_seed.school (
    number bigint, kind text, full_name text, short_name text, display_name text, town text,
    oktmo text, inn text, ogrn text
);

create unlogged table portal_seed.room (
    number bigint, school bigint, year int, grade int, letter text, line uuid
);

create unlogged table portal_seed.pupil (
    number bigint, uid uuid, school bigint, grade int, room bigint, mode text,
    past_school bigint, past_room bigint, past_grade int,
    last_name text, first_name text, middle_name text, birth_date date, sex text,
    citizenship_kind text, citizenship_country text, phone text, no_phone boolean,
    snils text, snils_print text, no_snils boolean,
    paper_uid uuid, doc_type_code text, series text, series_print text, paper_number text,
    number_print text, issued_by text, issuer_code text, issue_date date, birth_record_number text,
    street text, house text, flat text, address_kind text
);

create unlogged table portal_seed.parent (
    number bigint, school bigint, last_name text, first_name text, middle_name text, phone text,
    job_position text
);

create unlogged table portal_seed.kin (
    pupil bigint, parent bigint, relation_code text, contact_priority int
);
