"""One human, one person: equal documents join rows, equal names are put before the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0033_enrolment_doubles"
down_revision = "0032_access_second_step"
branch_labels = None
depends_on = None

PERSONS = ("student", "guardian")
ORGS = "organisation_id = any (nullif(current_setting('app.orgs', true), '')::bigint[])"
TABLES = ("duplicate_candidate", "duplicate_decision", "duplicate_move")

# Whoever reads a view is under the policies of what lies below it.
ROWS = """
create view person_row with (security_invoker = true) as
select 'student'::text as kind, id, uid, person_uid, organisation_id, full_name, birth_date,
       portal_person(last_name, first_name, middle_name) as name_key, snils_print, deleted_at
from student
union all
select 'guardian'::text, id, uid, person_uid, organisation_id, full_name, birth_date,
       portal_person(last_name, first_name, middle_name), snils_print, deleted_at
from guardian
"""
PAPERS = """
create view person_paper with (security_invoker = true) as
select 'student'::text as kind, student_id as person_id, number_print
from student_identity_document where deleted_at is null and is_current is not false
union all
select 'guardian'::text, guardian_id, number_print
from guardian_identity_document where deleted_at is null and is_current is not false
"""

# Rule 3 of domain.md 2.2: a name and a day of birth alone join nobody.
NOTE = """
create function portal_note_doubles(of_kind text, ids bigint[]) returns void language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into duplicate_candidate (first_table, first_id, first_uid, second_table, second_id,
                                     second_uid, organisation_id)
    select case when n.uid < o.uid then n.kind else o.kind end,
           case when n.uid < o.uid then n.id else o.id end, least(n.uid, o.uid),
           case when n.uid < o.uid then o.kind else n.kind end,
           case when n.uid < o.uid then o.id else n.id end, greatest(n.uid, o.uid),
           case when n.organisation_id = o.organisation_id then n.organisation_id end
    from person_row n join person_row o on o.birth_date = n.birth_date and o.name_key = n.name_key
         and o.uid <> n.uid and o.person_uid <> n.person_uid and o.deleted_at is null
    where n.kind = of_kind and n.id = any(ids) and n.deleted_at is null
    on conflict (first_uid, second_uid) do nothing;
end $$
"""
# Rule 2: the number of a document in force beside them does, unless somebody has said otherwise.
PAPER = """
create function portal_join_by_paper(of_kind text, ids bigint[]) returns void language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    pair record;
    number bigint;
begin
    for pair in
        select distinct on (n.id) n.kind as n_kind, n.id as n_id, n.uid as n_uid, n.person_uid,
               n.organisation_id as n_organisation, o.kind as o_kind, o.id as o_id,
               o.uid as o_uid, o.person_uid as known, o.organisation_id as o_organisation
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
        perform portal_move_person(number, pair.person_uid, pair.known);
    end loop;
end $$
"""
MOVE = """
create function portal_move_person(decision bigint, former uuid, latter uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into duplicate_move (decision_id, table_name, row_id, person_before, person_after)
    select decision, kind, id, former, latter from person_row where person_uid = former;
    update student set person_uid = latter where person_uid = former;
    update guardian set person_uid = latter where person_uid = former;
end $$
"""
ADDED = """
create function portal_person_added() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform portal_note_doubles(tg_table_name, (select array_agg(id) from new_rows
                                                where birth_date is not null));
    return null;
end $$
"""
RENAMED = """
create function portal_person_renamed() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform portal_join_by_paper(tg_table_name, array[new.id]);
    perform portal_note_doubles(tg_table_name, array[new.id]);
    return null;
end $$
"""
MOVED = """
create function portal_person_moved() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update duplicate_candidate c set organisation_id = (
        select new.organisation_id from person_row o
        where o.uid = case when c.first_uid = new.uid then c.second_uid else c.first_uid end
              and o.organisation_id = new.organisation_id)
    where new.uid in (c.first_uid, c.second_uid);
    return null;
end $$
"""
SHOWN = """
create function portal_paper_added() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_argv[0] = 'student' then
        perform portal_join_by_paper('student', (select array_agg(distinct student_id)
                                                 from new_rows));
    else
        perform portal_join_by_paper('guardian', (select array_agg(distinct guardian_id)
                                                  from new_rows));
    end if;
    return null;
end $$
"""
RENEWED = """
create function portal_paper_changed() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform portal_join_by_paper(tg_argv[0], array[case tg_argv[0]
        when 'student' then (to_jsonb(new) ->> 'student_id')::bigint
        else (to_jsonb(new) ->> 'guardian_id')::bigint end]);
    return null;
end $$
"""
# Whose number was a mistake is somebody of their own again, unless somebody has decided.
SAME = """
create or replace function portal_same_person() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    known uuid;
begin
    select person_uid into known from person_row
    where snils_print = new.snils_print and uid <> new.uid limit 1;
    if known is not null then
        new.person_uid := known;
    elsif tg_op = 'UPDATE' and old.snils_print is not null
            and exists (select from person_row where person_uid = new.person_uid
                        and uid <> new.uid and snils_print = old.snils_print)
            and not exists (select from duplicate_candidate where state = 'same'
                            and new.uid in (first_uid, second_uid)) then
        new.person_uid := gen_random_uuid();
    end if;
    return new;
end $$
"""
BEFORE = """
create or replace function portal_same_person() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    known uuid;
begin
    select person_uid into known from (
        select person_uid, uid from student where snils_print = new.snils_print
        union all select person_uid, uid from guardian where snils_print = new.snils_print
    ) found where found.uid <> new.uid limit 1;
    if known is not null then
        new.person_uid := known;
    elsif tg_op = 'UPDATE' and exists (
        select from (
            select uid from student where person_uid = new.person_uid
            union all select uid from guardian where person_uid = new.person_uid
        ) same where same.uid <> new.uid) then
        new.person_uid := gen_random_uuid();
    end if;
    return new;
end $$
"""
# That there is such a number in the region, and no word of whose: it is what the number is for.
KNOWN = """
create function portal_snils_known(print text) returns boolean language sql stable
    security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from person_row where snils_print = print and deleted_at is null)
$$
"""
FUNCTIONS = (ROWS, PAPERS, NOTE, MOVE, PAPER, ADDED, RENAMED, MOVED, SHOWN, RENEWED, SAME, KNOWN)
INNER = (
    "portal_note_doubles(text, bigint[])",
    "portal_join_by_paper(text, bigint[])",
    "portal_move_person(bigint, uuid, uuid)",
    "portal_snils_known(text)",
)
TRIGGERS = ("person_added()", "person_renamed()", "person_moved()", "paper_added()",
            "paper_changed()")  # fmt: skip


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    _make_tables()
    prefix = current_app.config["DB_ROLE_PREFIX"]
    for statement in (*FUNCTIONS, *_triggers(), *_rights(prefix)):
        run(statement)


def _make_tables() -> None:
    now = sa.text("now()")
    op.create_table(
        "duplicate_candidate",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("first_table", sa.String(20), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("first_uid", sa.Uuid(), nullable=False),
        sa.Column("second_table", sa.String(20), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("second_uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("state", sa.String(10), server_default=sa.text("'open'"), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'same', 'different')", name=op.f("ck_duplicate_candidate_state")
        ),
        sa.CheckConstraint("first_uid < second_uid", name=op.f("ck_duplicate_candidate_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_duplicate_candidate_organisation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidate")),
    )
    for name, columns, unique in (
        ("uq_duplicate_candidate_pair", ["first_uid", "second_uid"], True),
        ("ix_duplicate_candidate_second_uid", ["second_uid"], False),
        ("ix_duplicate_candidate_state", ["state", "id"], False),
        ("ix_duplicate_candidate_organisation_id", ["organisation_id"], False),
    ):
        op.create_index(name, "duplicate_candidate", columns, unique=unique)
    op.create_table(
        "duplicate_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(2000)),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("batch_id", sa.BigInteger()),
        sa.Column("kept_table", sa.String(20)),
        sa.Column("kept", sa.BigInteger()),
        sa.Column("emptied", sa.BigInteger()),
        sa.Column(
            "filled",
            postgresql.ARRAY(sa.String(63)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("undoes", sa.BigInteger()),
        sa.CheckConstraint(
            "decision in ('same', 'different', 'back')",
            name=op.f("ck_duplicate_decision_decision"),
        ),
        *_keys(
            "duplicate_decision",
            ("candidate_id", "duplicate_candidate.id", "RESTRICT"),
            ("decided_by", "ab_user.id", "SET NULL"),
            ("batch_id", "change_batch.id", None),
            ("undoes", "duplicate_decision.id", None),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_decision")),
    )
    op.create_index(
        op.f("ix_duplicate_decision_candidate_id"), "duplicate_decision", ["candidate_id"]
    )
    op.create_index(
        "uq_duplicate_decision_undoes",
        "duplicate_decision",
        ["undoes"],
        unique=True,
        postgresql_where=sa.text("undoes is not null"),
    )
    op.create_table(
        "duplicate_move",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.String(63), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("column_name", sa.String(63)),
        sa.Column("person_before", sa.Uuid()),
        sa.Column("person_after", sa.Uuid()),
        sa.Column("trashed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_keys("duplicate_move", ("decision_id", "duplicate_decision.id", "RESTRICT")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_move")),
    )
    op.create_index(op.f("ix_duplicate_move_decision_id"), "duplicate_move", ["decision_id"])


def _keys(table: str, *keys: tuple[str, str, str | None]) -> Iterator[sa.ForeignKeyConstraint]:
    for column, target, after in keys:
        name = op.f(f"fk_{table}_{column}")
        yield sa.ForeignKeyConstraint([column], [target], name=name, ondelete=after)


def _triggers() -> Iterator[str]:
    changed = "is distinct from"
    names = "{0}.last_name, {0}.first_name, {0}.middle_name, {0}.birth_date, {0}.deleted_at"
    paper = "{0}.number_print, {0}.is_current, {0}.deleted_at"
    for person in PERSONS:
        yield (
            f"create trigger {person}_alike_added after insert on {person} referencing new table as"
            " new_rows for each statement execute function portal_person_added()"
        )
        yield (
            f"create trigger {person}_alike_renamed after update of last_name, first_name,"
            f" middle_name, birth_date, deleted_at on {person} for each row"
            f" when (({names.format('old')}) {changed} ({names.format('new')}))"
            " execute function portal_person_renamed()"
        )
        yield (
            f"create trigger {person}_alike_moved after update of organisation_id on {person}"
            f" for each row when (old.organisation_id {changed} new.organisation_id)"
            " execute function portal_person_moved()"
        )
        yield (
            f"create trigger {person}_alike_paper_added after insert on {person}_identity_document"
            " referencing new table as new_rows for each statement"
            f" execute function portal_paper_added('{person}')"
        )
        yield (
            f"create trigger {person}_alike_paper_changed after update of number_print, is_current,"
            f" deleted_at on {person}_identity_document for each row when"
            f" (({paper.format('old')}) {changed} ({paper.format('new')}))"
            f" execute function portal_paper_changed('{person}')"
        )


def _rights(prefix: str) -> Iterator[str]:
    """The operator's office reads the pairs, a school those of its own rows; functions write."""
    for table in TABLES:
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        for role in ("region", "system"):
            yield f"grant select on {table} to {prefix}{role}"
            yield (
                f"create policy {table}_read_{role} on {table} for select to {prefix}{role}"
                " using (true)"
            )
    yield f"grant select on duplicate_candidate to {prefix}org"
    yield (
        "create policy duplicate_candidate_read_org on duplicate_candidate for select"
        f" to {prefix}org using ({ORGS})"
    )
    readers = ", ".join(f"{prefix}{role}" for role in ("region", "org", "system"))
    for view in ("person_row", "person_paper"):
        yield f"grant select on {view} to {readers}"
    for function in INNER:
        yield f"revoke execute on function {function} from public"
    yield f"grant execute on function portal_snils_known(text) to {readers}"


def downgrade() -> None:
    for person in PERSONS:
        for event in ("added", "renamed", "moved"):
            run(f"drop trigger {person}_alike_{event} on {person}")
        for event in ("added", "changed"):
            run(f"drop trigger {person}_alike_paper_{event} on {person}_identity_document")
    run(BEFORE)
    for function in (*(f"portal_{name}" for name in TRIGGERS), *INNER):
        run(f"drop function {function}")
    for view in ("person_paper", "person_row"):
        run(f"drop view {view}")
    for table in reversed(TABLES):
        op.drop_table(table)
