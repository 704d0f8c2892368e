-- Made-up organisations number :first to :last with their lists, as the owner of the tables.
insert into organisation (uid, source, source_id, full_name, short_name, display_name, phone, email,
    site_url, head_name, head_position, org_type, org_kind, municipality_id, authority_id,
    region_code, settlement_kind, founder_level, inn, kpp, ogrn, oktmo, okopf, okfs, status,
    registry_number)
select gen_random_uuid(), 'bench', n::text,
    format('Муниципальное бюджетное общеобразовательное учреждение «%s № %s имени %s» (%s)',
           kind.word, n, hero.name, place.name),
    format('МБОУ «%s № %s»', kind.word, n),
    format('%s № %s, %s', kind.word, n, place.name),
    '+7481' || lpad((n % 10000000)::text, 7, '0'), format('school%s@example.com', n),
    format('https://school%s.example.com', n), hero.name || ' Анна Петровна', 'Директор', 'SCH',
    kind.code, place.id, place.authority, '67', (1 + n % 2)::text, '2',
    '67' || lpad(n::text, 8, '0'), '673001001', '10267' || lpad(n::text, 8, '0'), place.oktmo,
    '75403', '14', (case when n % 50 = 0 then '2' else '1' end), 'Б-' || n
from generate_series(cast(:first as bigint), cast(:last as bigint)) n
join (select row_number() over (order by m.oktmo) - 1 as number, count(*) over () as total,
             m.id, m.name, m.oktmo,
             (select min(o.id) from organisation o
              where o.municipality_id = m.id and o.org_type = 'AUT') as authority
      from municipality m) place on place.number = n % place.total
join (values (0, 'SOSH', 'Средняя школа'), (1, 'SOSH', 'Средняя школа'), (2, 'GYM', 'Гимназия'),
             (3, 'OOSH', 'Основная школа'), (4, 'LYC', 'Лицей'))
     kind (number, code, word) on kind.number = (n / 7) % 5
-- As in real names there are some words in every second row and many words in few rows.
join lateral (select case when n % 47 = 0 then 'Гагарина'
                     else (array['Алек', 'Бел', 'Вер', 'Гор', 'Дан', 'Ерм', 'Жар', 'Зим', 'Игн', 'Кал',
                                 'Лад', 'Мел', 'Нест', 'Орл', 'Пан', 'Рог', 'Сав', 'Тар', 'Уст', 'Фил',
                                 'Хар', 'Черн', 'Шум'])[1 + n % 23]
                          || (array['аева', 'акова', 'анина', 'арова', 'атова', 'ачева', 'аева', 'ева',
                                    'енко', 'еева', 'ерина', 'ецкого', 'ина', 'ихина', 'ицкого', 'ищева',
                                    'кина', 'лова', 'мова', 'нова', 'оева', 'олева', 'онова', 'орина',
                                    'осова', 'унова', 'урова', 'ушина', 'якова'])[1 + (n / 23) % 29]
                     end as name) hero on true;

insert into organisation_address (uid, organisation_id, address_kind, postal_index, region_code,
    municipality_id, locality, street, house, is_main, valid_from, full_text)
select gen_random_uuid(), o.id, a.kind, '214000', '67', o.municipality_id, 'г. Смоленск',
    'ул. Ленина', o.source_id, true, date '2020-09-01',
    format('214000, г. Смоленск, ул. Ленина, д. %s', o.source_id)
from organisation o cross join (values ('L'), ('F')) a (kind)
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_licence (uid, organisation_id, licence_number, granted_on, status_code,
    granted_by)
select gen_random_uuid(), o.id, 'Л035-01253-67/' || lpad(o.source_id, 8, '0'),
    date '2016-03-01' + (o.source_id::int % 3000), '1',
    'Министерство образования и науки Смоленской области'
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_accreditation (uid, organisation_id, registry_number, issued_by,
    status_code, decision_date, region_code, holder_full_name, holder_inn)
select gen_random_uuid(), o.id, 'А007-01253-67/' || lpad(o.source_id, 8, '0'),
    'Министерство образования и науки Смоленской области', '1', date '2015-05-12', '67',
    o.full_name, o.inn
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_founder (uid, organisation_id, founder_name)
select gen_random_uuid(), o.id, 'Администрация муниципального образования'
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_governing_body (uid, organisation_id, name)
select gen_random_uuid(), o.id, b.name
from organisation o cross join (values ('Педагогический совет'), ('Совет школы')) b (name)
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into education_program (uid, organisation_id, name)
select gen_random_uuid(), o.id, p.name
from organisation o cross join (values ('Начальное общее образование'),
    ('Основное общее образование'), ('Среднее общее образование')) p (name)
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_document (uid, organisation_id, doc_kind, title)
select gen_random_uuid(), o.id, d.kind, d.title
from organisation o cross join (values ('2', 'Правила внутреннего распорядка'),
    ('3', 'Коллективный договор')) d (kind, title)
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_agreement (uid, organisation_id, number)
select gen_random_uuid(), o.id, 'С-' || o.source_id
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last;

insert into organisation_language (uid, organisation_id, language_code)
select gen_random_uuid(), o.id, 'rus'
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last;

-- What lies in the trash: one licence of every twentieth organisation.
insert into organisation_licence (uid, organisation_id, licence_number, deleted_at)
select gen_random_uuid(), o.id, 'Л035-01253-67/' || lpad(o.source_id, 8, '0'),
    timestamptz '2026-01-01' + o.id * interval '1 second'
from organisation o
where o.source = 'bench' and o.source_id::bigint between :first and :last
    and o.source_id::bigint % 20 = 0;
