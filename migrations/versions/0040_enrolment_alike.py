"""Rows of persons that are alike are looked for once for all that a statement has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0040_enrolment_alike"
down_revision = "0039_enrolment_order_classes"
branch_labels = None
depends_on = None

PERSONS = ("student", "guardian")
# Whoever goes to the trash is nobody's double: a batch that is taken back asks for nothing here.
RENAMED = """
create or replace function portal_person_renamed() returns trigger language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    ids bigint[];
begin
    select array_agg(n.id order by n.id) into ids from old_rows o join new_rows n using (id)
    where n.deleted_at is null
        and (o.last_name, o.first_name, o.middle_name, o.birth_date, o.deleted_at)
            is distinct from (n.last_name, n.first_name, n.middle_name, n.birth_date, n.deleted_at);
    if ids is not null then
        perform portal_join_by_paper(tg_table_name, ids);
        perform portal_note_doubles(tg_table_name, ids);
    end if;
    return null;
end $$
"""
# Of rows that are joined in one statement each is moved from where the earlier ones have left it.
PAPER = """
create or replace function portal_join_by_paper(of_kind text, ids bigint[]) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    pair record;
    number bigint;
    former uuid;
    latter uuid;
begin
    for pair in
        select distinct on (n.id) n.kind as n_kind, n.id as n_id, n.uid as n_uid,
               n.organisation_id as n_organisation, o.kind as o_kind, o.id as o_id,
               o.uid as o_uid, o.organisation_id as o_organisation
        from person_row n
        join person_paper d on d.kind = n.kind and d.person_id = n.id
        join person_paper e on e.number_print = d.number_print
        join person_row o on o.kind = e.kind and o.id = e.person_id
        where n.kind = of_kind and n.id = any(ids) and n.deleted_at is null
              and o.deleted_at is null and o.uid <> n.uid and o.person_uid <> n.person_uid
              and o.birth_date = n.birth_date and o.name_key = n.name_key
              and (o.snils_print = n.snils_print) is not false
              and not exists (select from duplicate_candidate c where c.state = 'different'
                              and c.first_uid = least(n.uid, o.uid)
                              and c.second_uid = greatest(n.uid, o.uid))
        order by n.id, o.id
    loop
        select person_uid into former from person_row where uid = pair.n_uid;
        select person_uid into latter from person_row where uid = pair.o_uid;
        continue when former = latter;
        insert into duplicate_candidate as c (first_table, first_id, first_uid, second_table,
                                              second_id, second_uid, organisation_id, state)
        values (case when pair.n_uid < pair.o_uid then pair.n_kind else pair.o_kind end,
                case when pair.n_uid < pair.o_uid then pair.n_id else pair.o_id end,
                least(pair.n_uid, pair.o_uid),
                case when pair.n_uid < pair.o_uid then pair.o_kind else pair.n_kind end,
                case when pair.n_uid < pair.o_uid then pair.o_id else pair.n_id end,
                greatest(pair.n_uid, pair.o_uid),
                case when pair.n_organisation = pair.o_organisation then pair.n_organisation end,
                'same')
        on conflict (first_uid, second_uid) do update set state = 'same'
        returning c.id into number;
        insert into duplicate_decision (candidate_id, decision) values (number, 'same')
        returning id into number;
        perform portal_move_person(number, former, latter);
    end loop;
end $$
"""
RENAMED_BEFORE = """
create or replace function portal_person_renamed() returns trigger language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform portal_join_by_paper(tg_table_name, array[new.id]);
    perform portal_note_doubles(tg_table_name, array[new.id]);
    return null;
end $$
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    for statement in (*_dropped(), RENAMED, PAPER, *_for_statements()):
        run(statement)


def downgrade() -> None:
    """The function that joins stays: it does what it did, only in the right order."""
    for statement in (*_dropped(), RENAMED_BEFORE, *_for_rows()):
        run(statement)


def _dropped() -> Iterator[str]:
    for person in PERSONS:
        yield f"drop trigger {person}_alike_renamed on {person}"


def _for_statements() -> Iterator[str]:
    for person in PERSONS:
        yield (
            f"create trigger {person}_alike_renamed after update on {person} referencing"
            " old table as old_rows new table as new_rows for each statement"
            " execute function portal_person_renamed()"
        )


def _for_rows() -> Iterator[str]:
    names = "{0}.last_name, {0}.first_name, {0}.middle_name, {0}.birth_date, {0}.deleted_at"
    for person in PERSONS:
        yield (
            f"create trigger {person}_alike_renamed after update of last_name, first_name,"
            f" middle_name, birth_date, deleted_at on {person} for each row"
            f" when (({names.format('old')}) is distinct from ({names.format('new')}))"
            " execute function portal_person_renamed()"
        )
