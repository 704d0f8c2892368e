"""A request of several lines, made past the portal: to be decided while something is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

FIELDS = ["full_name", "short_name", "display_name", "head_name", "head_position"]
LINES = len(FIELDS)
ASK = (
    "insert into edit_request (organisation_id, author_id, state, reason, target_table, target_id,"
    " submitted_at, due_on) select o.id, u.id, 'under_review', 'Приказ № 5', 'organisation', o.id,"
    " now(), current_date + 7 from organisation o, ab_user u"
    " where o.source_id = 'school-1' and u.username = 'clerk' returning id"
)
LINE = (
    "insert into edit_request_line (request_id, organisation_id, op, target_table, target_id,"
    " field, base, base_version, wanted, open) select %s, o.id, 'U', 'organisation', o.id, f.name,"
    " nullif(to_jsonb(o) -> f.name, 'null'), o.version,"
    " to_jsonb('Строка ' || %s || ' поля ' || f.name), true"
    " from organisation o, unnest(%s::text[]) f(name) where o.source_id = 'school-1'"
)
STANDING = (
    "select r.state, (select count(*) from edit_request_line l where l.request_id = r.id"
    " and l.line_state = 'approved' and not l.open),"
    " (select count(*) from edit_request_line l join organisation o on o.id = l.target_id"
    "  where l.request_id = r.id and to_jsonb(o) -> l.field = l.wanted),"
    " (select count(*) from activity a where a.batch_id = r.batch_id"
    "  and a.table_name = 'organisation')"
    " from edit_request r where r.id = %s"
)


def plant(connection: psycopg.Connection, turn: int) -> int:
    """A request of ``LINES`` lines about the first made-up school, under review."""
    found = connection.execute(ASK).fetchone()
    assert found
    connection.execute(LINE.encode(), (found[0], turn, FIELDS))
    return int(found[0])


def standing(connection: psycopg.Connection, request: int) -> tuple[str, int, int, int]:
    """State, approved lines, values that stand as asked for, writes that the log names."""
    found = connection.execute(STANDING.encode(), (request,)).fetchone()
    assert found
    return found[0], found[1], found[2], found[3]
