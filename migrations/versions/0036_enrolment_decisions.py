"""The operator says whether two rows are one human; what that writes can be taken back."""

from __future__ import annotations

from alembic import op
from flask import current_app

revision = "0036_enrolment_decisions"
down_revision = "0035_enrolment_orders"
branch_labels = None
depends_on = None

ONLY = """
    if current_setting('app.capacity', true) is distinct from 'operator'
            or current_setting('app.write', true) is distinct from 'on' then
        raise insufficient_privilege using message = 'people are joined by the operator';
    end if;
"""
# What a decision moves lies in lists that the operator may not read, such as those of health: so
# it is moved here, list by list, as foreign keys tell of them. What cannot stand beside what the
# other row has goes to the trash.
HAND_OVER = """
create function portal_hand_over(decision bigint, of_table text, gone bigint, stays bigint)
    returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    list record;
    line bigint;
    put_away boolean;
begin
    for list in
        select r.relname as name, a.attname as points from pg_constraint k
        join pg_class r on r.oid = k.conrelid
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
        where k.contype = 'f' and k.confrelid = of_table::regclass
              and exists (select from pg_attribute d where d.attrelid = k.conrelid
                          and d.attname = 'deleted_at')
        order by 1, 2
    loop
        for line in execute format('select id from %I where %I = $1 and deleted_at is null'
                                   ' order by id', list.name, list.points) using gone
        loop
            put_away := false;
            begin
                execute format('update %I set %I = $1 where id = $2', list.name, list.points)
                using stays, line;
            exception when unique_violation or exclusion_violation then
                execute format('update %I set deleted_at = now() where id = $1', list.name)
                using line;
                put_away := true;
            end;
            insert into duplicate_move (decision_id, table_name, row_id, column_name, trashed)
            values (decision, list.name, line, list.points, put_away);
        end loop;
    end loop;
    execute format('update %I set deleted_at = now() where id = $1', of_table) using gone;
    insert into duplicate_move (decision_id, table_name, row_id, trashed)
    values (decision, of_table, gone, true);
end $$
"""
DECIDE = f"""
create function portal_decide_double(candidate bigint, seen text, verdict text, stays text,
                                     why text, batch bigint, blanks text[])
    returns bigint language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    pair duplicate_candidate;
    first person_row;
    second person_row;
    number bigint;
    fresh constant uuid := gen_random_uuid();
begin
    {ONLY.strip()}
    select * into pair from duplicate_candidate where id = candidate for update;
    if pair.id is null or pair.state <> seen then
        return null;
    end if;
    perform from student where uid in (pair.first_uid, pair.second_uid) order by id for update;
    perform from guardian where uid in (pair.first_uid, pair.second_uid) order by id for update;
    select * into first from person_row where uid = pair.first_uid and deleted_at is null;
    select * into second from person_row where uid = pair.second_uid and deleted_at is null;
    if first.id is null or second.id is null then
        return null;
    end if;
    insert into duplicate_decision (candidate_id, decision, reason, decided_by, batch_id, filled)
    values (candidate, verdict, why, portal_user(), batch, blanks) returning id into number;
    update duplicate_candidate set state = verdict where id = candidate;
    if verdict = 'different' then
        if first.person_uid = second.person_uid then
            insert into duplicate_move (decision_id, table_name, row_id, person_before,
                                        person_after)
            values (number, second.kind, second.id, second.person_uid, fresh);
            execute format('update %I set person_uid = $1 where id = $2', second.kind)
            using fresh, second.id;
        end if;
        return number;
    end if;
    if stays = 'second' then
        select * into first from person_row where uid = pair.second_uid;
        select * into second from person_row where uid = pair.first_uid;
    end if;
    if first.person_uid <> second.person_uid then
        perform portal_move_person(number, second.person_uid, first.person_uid);
    end if;
    if first.kind = second.kind and first.organisation_id = second.organisation_id then
        update duplicate_decision set kept_table = first.kind, kept = first.id, emptied = second.id
        where id = number;
        perform portal_hand_over(number, first.kind, second.id, first.id);
    end if;
    return number;
end $$
"""
TAKE_BACK = f"""
create function portal_take_back(decided bigint, why text, batch bigint) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    d duplicate_decision;
    move duplicate_move;
begin
    {ONLY.strip()}
    perform from duplicate_candidate c join duplicate_decision t on t.candidate_id = c.id
    where t.id = decided for update of c;
    select * into d from duplicate_decision where id = decided and decision <> 'back'
        and decided_at > now() - interval '30 days';
    if d.id is null or exists (select from duplicate_decision where undoes = decided)
            or exists (select from duplicate_decision o where o.candidate_id = d.candidate_id
                       and o.id > d.id and o.decision <> 'back'
                       and not exists (select from duplicate_decision u where u.undoes = o.id))
    then
        return false;
    end if;
    for move in select * from duplicate_move where decision_id = decided order by id desc loop
        if move.person_before is not null then
            execute format('update %I set person_uid = $1 where id = $2 and person_uid = $3',
                           move.table_name)
            using move.person_before, move.row_id, move.person_after;
        elsif move.trashed then
            execute format('update %I set deleted_at = null where id = $1', move.table_name)
            using move.row_id;
        else
            execute format('update %1$I set %2$I = $1 where id = $2 and %2$I = $3',
                           move.table_name, move.column_name)
            using d.emptied, move.row_id, d.kept;
        end if;
    end loop;
    insert into duplicate_decision (candidate_id, decision, reason, decided_by, batch_id, undoes)
    values (d.candidate_id, 'back', why, portal_user(), batch, decided);
    update duplicate_candidate set state = 'open' where id = d.candidate_id;
    return true;
end $$
"""
OUTER = (
    "portal_decide_double(bigint, text, text, text, text, bigint, text[])",
    "portal_take_back(bigint, text, bigint)",
)
INNER = "portal_hand_over(bigint, text, bigint, bigint)"


def upgrade() -> None:
    region = f"{current_app.config['DB_ROLE_PREFIX']}region"
    for statement in (HAND_OVER, DECIDE, TAKE_BACK):
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
    for function in (*OUTER, INNER):
        op.get_bind().exec_driver_sql(f"revoke execute on function {function} from public")
    for function in OUTER:
        op.get_bind().exec_driver_sql(f"grant execute on function {function} to {region}")


def downgrade() -> None:
    for function in (*OUTER, INNER):
        op.get_bind().exec_driver_sql(f"drop function {function}")
