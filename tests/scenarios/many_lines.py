"""A request of many lines, made past the portal: to be decided while it is watched or measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

FOUNDERS = 9
LINES = 3 + 3 * FOUNDERS
FOUND = (
    "with kept as (select f.organisation_id from organisation_founder f"
    "  where f.founder_name like '%% строк %%' or f.founder_name like 'Строк %%')"
    " insert into organisation_founder (uid, organisation_id, founder_name, head_name,"
    "  address_text) select gen_random_uuid(), o.id, 'Учредитель строк ' || n, 'Петров',"
    "  'г. Смоленск' from organisation o, generate_series(1, %s) n"
    "  where o.source_id = 'school-1' and not exists (select from kept)"
)
ASK = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table, target_id,"
    " submitted_at, due_on) select o.id, u.id, 'under_review', 'Приказ № 5', 'organisation', o.id,"
    " now(), current_date + 7 from organisation o, ab_user u"
    " where o.source_id = 'school-1' and u.username = 'clerk' returning id"
)
LINE = (
    "insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
    " field, base, base_version, wanted, open) select %s, {owner}, 'U', '{table}', t.id, f.name,"
    " nullif(to_jsonb(t) -> f.name, 'null'), t.version, to_jsonb(left('Строк ' || %s || ' '"
    " || t.id || ' ' || f.name, 200)), true"
    " from {table} t, unnest(%s::text[]) f(name) where {which}"
)
OF_SCHOOL = LINE.format(owner="t.id", table="organisation", which="t.source_id = 'school-1'")
OF_FOUNDERS = LINE.format(
    owner="t.organisation_id",
    table="organisation_founder",
    which="t.founder_name like '%% строк %%' or t.founder_name like 'Строк %%'",
)
STANDING = (
    "select r.state, (select count(*) from edit_request_line l where l.request_id = r.id"
    " and l.line_state = 'approved' and not l.open),"
    " (select count(*) from edit_request_line l left join organisation o on o.id = l.target_id"
    "  and l.target_table = 'organisation' left join organisation_founder f on f.id = l.target_id"
    "  and l.target_table = 'organisation_founder' where l.request_id = r.id"
    "  and coalesce(to_jsonb(o) -> l.field, to_jsonb(f) -> l.field) = l.wanted),"
    " (select count(distinct a.batch_id) from activity a where a.batch_id = r.batch_id)"
    " from edit_request r where r.id = %s"
)


def plant(connection: psycopg.Connection, turn: int) -> int:
    """A request of ``LINES`` lines about the first made-up school, under review."""
    connection.execute(FOUND.encode(), (FOUNDERS,))
    found = connection.execute(ASK).fetchone()
    assert found
    number = int(found[0])
    school = ["full_name", "short_name", "head_position"]
    connection.execute(OF_SCHOOL.encode(), (number, turn, school))
    founder = ["founder_name", "head_name", "address_text"]
    connection.execute(OF_FOUNDERS.encode(), (number, turn, founder))
    return number


def standing(connection: psycopg.Connection, request: int) -> tuple[str, int, int, int]:
    """State, approved lines, values that stand as asked for, batches that the log names."""
    found = connection.execute(STANDING.encode(), (request,)).fetchone()
    assert found
    return found[0], found[1], found[2], found[3]
