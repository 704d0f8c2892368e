"""What is found and ordered under any policy: words of people a row each, orders as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

from app.kernel.record import Reading
from app.security.policies import show_words

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0041_enrolment_finding"
down_revision = "0040_enrolment_alike"
branch_labels = None
depends_on = None

PERSONS = {"student": "row_id", "guardian": ""}  # which column families are told
FULL_NAME = "last_name || ' ' || first_name || coalesce(' ' || middle_name, '')"
ORDERS = {
    "student": {"caption": FULL_NAME, "last_name": "last_name"},
    "guardian": {"caption": FULL_NAME, "last_name": "last_name"},
    "student_enrolment": {"caption": "student_name"},
    "transfer_request": {"caption": "student_name"},
    "school_class": {"name_key": "lpad(grade::text, 2, '0') || upper(letter)"},
    "organisation_bank_account": {"account_number": "account_number"},
}
BEFORE = {
    ("student", "caption"): "coalesce(full_name)",
    ("guardian", "caption"): "coalesce(full_name)",
    ("student_enrolment", "caption"): "coalesce(student_name)",
    ("transfer_request", "caption"): "coalesce(student_name)",
    ("school_class", "name_key"): "name_key",
}
NONE = {"date": "'9999-12-31'::date", "number": "-1"}
VALUES = (
    ("student", "birth_date", "date"),
    ("student_achievement", "event_date", "date"),
    ("student_enrolment", "admitted_on", "date"),
    ("class_membership", "from_date", "date"),
    ("education_event", "event_date", "date"),
    ("student_completed_program", "started_on", "date"),
    ("student_guardian", "contact_priority", "number"),
    ("enrolment_order", "order_date", "date"),
    ("calendar_day", "date", "date"),
    ("organisation_agreement", "signed_on", "date"),
    ("calendar_period", "start_date", "date"),
    ("organisation_document", "adopted_on", "date"),
    ("organisation_licence", "granted_on", "date"),
    ("organisation_accreditation", "decision_date", "date"),
    ("organisation_vacancy", "vacant", "number"),
)
UNLOGGED = "'search', 'uid'"
PUT = """
    insert into {0}_word (row_id, organisation_id, word, words)
    select n.id, n.organisation_id, w.word,
           ' ' || array_to_string(tsvector_to_array(n.search), ' ')
    from {1} n cross join lateral unnest(tsvector_to_array(n.search)) w(word)
    where n.deleted_at is null
"""
ADDED = """
create function portal_words_of_{0}() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    {1};
    return null;
end $$
"""
CHANGED = """
create function portal_new_words_of_{0}() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from {0}_word where row_id = old.id;
    if tg_op = 'UPDATE' then
        {1};
    end if;
    return null;
end $$
"""
ON_ADDED = """
create trigger {0}_words_added after insert on {0} referencing new table as new_rows
    for each statement execute function portal_words_of_{0}()
"""
ON_CHANGED = """
create trigger {0}_words_changed
    after update of last_name, first_name, middle_name, organisation_id, deleted_at on {0}
    for each row when ((old.search, old.organisation_id, old.deleted_at)
                       is distinct from (new.search, new.organisation_id, new.deleted_at))
    execute function portal_new_words_of_{0}()
"""
ON_REMOVED = """
create trigger {0}_words_removed after delete on {0}
    for each row execute function portal_new_words_of_{0}()
"""


def run(statement: str) -> None:
    """Send one statement as it stands."""
    op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    _write_orders()
    _index_values("(case when {0} is null then {1} else {0} end)")
    for person in PERSONS:
        _make_table(person)
    for statement in _statements(current_app.config["DB_ROLE_PREFIX"]):
        run(statement)


def _write_orders() -> None:
    """Columns in place of expressions: one pass over each table for all of them."""
    names = sorted({f"'order_of_{name}'" for orders in ORDERS.values() for name in orders})
    _redefine_log(UNLOGGED, f"{UNLOGGED}, {', '.join(names)}")
    for table, orders in ORDERS.items():
        for name in orders:
            op.drop_index(f"ix_{table}_{name}_order", table_name=table)
        added = ", ".join(
            f'add column order_of_{name} text collate "C" not null'
            f" generated always as (portal_key({value})) stored"
            for name, value in orders.items()
        )
        run(f"alter table {table} {added}")
        for name in orders:
            _index_order(table, name, f"order_of_{name}")


def _index_values(way: str) -> None:
    """Of COALESCE the server does not know that it tells nothing; of CASE it does."""
    for table, name, kind in VALUES:
        op.drop_index(f"ix_{table}_{name}_order", table_name=table)
        _index_order(table, name, way.format(name, NONE[kind]))


def _index_order(table: str, name: str, key: str) -> None:
    run(f"create index ix_{table}_{name}_order on {table} ({key}, id) where deleted_at is null")


def _redefine_log(now: str, then: str) -> None:
    """What is worked out for an order is no change of a row."""
    body = (
        op.get_bind()
        .exec_driver_sql("select pg_get_functiondef('portal_log'::regproc)")
        .scalar_one()
    )
    if body.count(now) != 1:
        message = f"portal_log does not say {now} once"
        raise RuntimeError(message)
    run(body.replace(now, then).replace("%", "%%"))


def _make_table(person: str) -> None:
    table = f"{person}_word"
    op.create_table(
        table,
        sa.Column("row_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_id", "word", name=op.f(f"pk_{table}")),
    )
    run(PUT.format(person, person))
    beside = ["row_id", "words"]
    op.create_index(f"ix_{table}_word", table, ["word"], postgresql_include=beside)
    op.create_index(
        f"ix_{table}_organisation", table, ["organisation_id", "word"], postgresql_include=beside
    )
    op.drop_index(f"ix_{person}_search", table_name=person)


def _statements(prefix: str) -> Iterator[str]:
    for person, learner in PERSONS.items():
        yield from show_words(f"{person}_word", prefix, reading=Reading.LEARNER, learner=learner)
        yield ADDED.format(person, PUT.format(person, "new_rows"))
        yield CHANGED.format(person, PUT.format(person, "(select new.*)"))
        for trigger in (ON_ADDED, ON_CHANGED, ON_REMOVED):
            yield trigger.format(person)
        for function in ("words_of", "new_words_of"):
            yield f"revoke all on function portal_{function}_{person}() from public"
        yield f"analyze {person}_word"


def downgrade() -> None:
    _index_values("coalesce({0}, {1})")
    for person in PERSONS:
        for name in ("added", "changed", "removed"):
            run(f"drop trigger {person}_words_{name} on {person}")
        for function in ("words_of", "new_words_of"):
            run(f"drop function portal_{function}_{person}()")
        op.drop_table(f"{person}_word")
        op.create_index(f"ix_{person}_search", person, ["search"], postgresql_using="gin")
    for table, orders in ORDERS.items():
        for name in orders:
            op.drop_index(f"ix_{table}_{name}_order", table_name=table)
            op.drop_column(table, f"order_of_{name}")
            key = BEFORE.get((table, name), name)
            _index_order(table, name, f'(portal_key({key}) collate "C")')
    names = sorted({f"'order_of_{name}'" for orders in ORDERS.values() for name in orders})
    _redefine_log(f"{UNLOGGED}, {', '.join(names)}", UNLOGGED)
