with chosen as (
    select array_agg(id order by id) as others from organisation where source = 'bench' or source_id like 'school-%'
), lists as (
    select array_agg(id order by id) as licences from organisation_licence where organisation_id = :own
), asked as (
    insert into edit_request (organisation_id, state, reason, target_table, target_id, submitted_at, decided_at)
    select :own, 'approved', 'Приказ № ' || n, 'organisation', :own, now(), now() from generate_series(1, 2000) n returning id
), requests as (
    select array_agg(id) as numbers from asked
), people as (
    select min(id) filter (where username = 'operator') as operator, min(id) filter (where username = 'clerk') as clerk from ab_user
)
insert into activity (at, table_name, row_id, row_version, organisation_id, access_group, verb, before, after, user_id, capacity, via, transaction, request_id, proposed_on, decided_on, effective_on)
select
    now() - interval '30 seconds' * (:lines - n),
    case when n % 5 = 1 then 'organisation_licence' else 'organisation' end,
    case n % 5 when 0 then :own when 1 then licences[1 + n / 5 % array_length(licences, 1)] else others[1 + n % array_length(others, 1)] end,
    1 + n / 5,
    case when n % 5 in (0, 1) then :own else others[1 + n % array_length(others, 1)] end,
    'open',
    'update',
    jsonb_build_object(field, 'прежнее значение № ' || n),
    jsonb_build_object(field, 'новое значение № ' || n),
    case when n % 3 = 0 then clerk else operator end,
    case when n % 3 = 0 then 'clerk' else 'operator' end,
    case when n % 100000 = 0 then 'api' when n % 10 in (0, 1) then 'request' else 'form' end,
    n,
    case when n % 10 in (0, 1) then numbers[1 + n / 10 % 2000] end,
    case when n % 10 in (0, 1) then (now() - interval '30 seconds' * (:lines - n))::date - 9 end,
    case when n % 10 in (0, 1) then (now() - interval '30 seconds' * (:lines - n))::date - 4 end,
    case when n % 200000 = 0 then date '2199-06-01' when n % 10 in (0, 1) then (now() - interval '30 seconds' * (:lines - n))::date end
from (
    select n, case when n % 100000 = 0 then 'site_url' when n % 5 = 1 then 'granted_by' when n % 2 = 0 then 'phone' else 'email' end as field
    from generate_series(1, :lines) n order by n
) made, chosen, lists, people, requests
