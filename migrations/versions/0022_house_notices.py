"""Notices of what happens to requests, when people want letters, and the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator

revision = "0022_house_notices"
down_revision = "0021_house_webhooks"
branch_labels = None
depends_on = None

SCOPED = ("region", "org", "teacher", "person", "case")
NOW = sa.text("now()")
MINE = "user_id = nullif(current_setting('app.user_id', true), '')::int"
OPERATOR = "current_setting('app.capacity', true) = 'operator'"
# Who is told of an event. Steps of the office: whoever asked and whoever sent it, while they still
# act for the organisation. Steps of the organisation: whoever considers the request, or while
# nobody does all who may decide on it; that nothing was written on its day is told to both sides.
# Whoever did it is told nothing, and has seen the rest.
TELL = """
create function portal_notice() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    day constant date := (now() at time zone 'Europe/Moscow')::date;
    school constant boolean := coalesce(current_setting('role', true), '') = '{org}';
    to_office constant boolean := new.action = any (array['submit', 'answer', 'recall',
        'unwritten'])
        or new.action = 'comment' and school;
    to_school constant boolean := new.action = any (array['take', 'ask', 'decide', 'part',
        'conflict', 'stale', 'scheduled', 'unwritten', 'applied', 'assign'])
        or new.action = 'comment' and not school;
    author int;
    assignee int;
    sent boolean;
begin
    select r.author_id, r.assignee_id, r.submitted_at is not null into author, assignee, sent
    from edit_request r where r.id = new.request_id;
    update notice n set read_at = now()
    where n.user_id = new.user_id and n.request_id = new.request_id and n.read_at is null;
    insert into notice (user_id, event_id, request_id, organisation_id)
    with office as (
        select d.id as user_id from portal_deciders(day) d where d.id is distinct from author
    ), asked as (
        select a.user_id from role_assignment a
        where a.organisation_id = new.organisation_id
          and day between coalesce(a.valid_from, day) and coalesce(a.valid_to, day)
          and (a.user_id = author or to_school and exists (
              select from edit_request_event e where e.request_id = new.request_id
              and e.action = 'submit' and e.user_id = a.user_id))
    ), told as (
        select assignee as user_id where sent and not to_office
        union select user_id from asked where to_school or not to_office
        union select o.user_id from office o where to_office and sent and (o.user_id = assignee
            or not exists (select from office other where other.user_id = assignee))
    )
    select u.id, new.id, new.request_id, new.organisation_id
    from told join ab_user u on u.id = told.user_id
    where u.active and u.id is distinct from new.user_id
      and not exists (select from service_account s where s.user_id = u.id)
    order by u.id;
    return null;
end $$
"""


def upgrade() -> None:
    _notices()
    _letters()
    prefix = current_app.config["DB_ROLE_PREFIX"]
    tell = TELL.replace("{org}", f"{prefix}org")
    op.get_bind().exec_driver_sql(tell.replace("%", "%%"))
    op.execute("revoke execute on function portal_notice() from public")
    op.execute(
        "create trigger edit_request_event_notice after insert on edit_request_event"
        " for each row execute function portal_notice()"
    )
    for statement in _rights(prefix):
        op.execute(statement)


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        _moment("created_at", given=True),
        _moment("read_at"),
        _moment("mailed_at"),
        _person("notice"),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_notice_{name}_id"),
                ondelete="CASCADE",
            )
            for name, table in (("event", "edit_request_event"), ("request", "edit_request"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_user_id", "notice", ["user_id", "id"])
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["user_id", "request_id"],
        postgresql_where=sa.text("read_at is null"),
    )
    op.create_index(
        "ix_notice_unmailed",
        "notice",
        ["user_id", "id"],
        postgresql_where=sa.text("mailed_at is null"),
    )
    op.create_index("ix_notice_event_id", "notice", ["event_id"])
    op.create_index("ix_notice_request_id", "notice", ["request_id"])
    op.create_table(
        "notice_setting",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mail", sa.String(4), server_default=sa.text("'day'"), nullable=False),
        sa.Column("language", sa.String(2), server_default=sa.text("'ru'"), nullable=False),
        sa.CheckConstraint("mail in ('now', 'day', 'none')", name=op.f("ck_notice_setting_mail")),
        _person("notice_setting"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_setting")),
    )


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("created_at", given=True),
        _moment("next_at", given=True),
        _moment("begun_at"),
        _moment("handed_at"),
        _moment("sent_at"),
        sa.Column("error", sa.String(500)),
        sa.CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'failed', 'unsure', 'kept')",
            name=op.f("ck_letter_state"),
        ),
        _person("letter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(
        "ix_letter_due",
        "letter",
        ["next_at", "id"],
        postgresql_where=sa.text("state in ('waiting', 'sending')"),
    )
    op.create_index("ix_letter_user_id", "letter", ["user_id"])
    op.create_index("ix_letter_created_at", "letter", ["created_at"])


def _moment(name: str, *, given: bool = False) -> sa.Column[object]:
    default = NOW if given else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not given)


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["ab_user.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )


def _rights(prefix: str) -> Iterator[str]:
    scoped = ", ".join(f"{prefix}{role}" for role in SCOPED)
    system, region = f"{prefix}system", f"{prefix}region"
    for table in ("notice", "notice_setting", "letter"):
        yield f"alter table {table} enable row level security"
        yield f"alter table {table} force row level security"
        yield (
            f"create policy {table}_owner on {table} to {prefix}owner"
            " using (true) with check (true)"
        )
        yield f"create policy {table}_system on {table} to {system} using (true) with check (true)"
    for table in ("notice", "notice_setting"):
        yield f"create policy {table}_read_mine on {table} for select to {scoped} using ({MINE})"
        yield (
            f"create policy {table}_change_mine on {table} for update to {scoped}"
            f" using ({MINE}) with check ({MINE})"
        )
    yield f"grant select, update (read_at) on notice to {scoped}"
    yield f"grant select, update (mailed_at), delete on notice to {system}"
    yield f"grant select (user_id, read_at) on notice to {prefix}auth"
    yield f"create policy notice_count on notice for select to {prefix}auth using (true)"
    yield f"grant select, insert, update (mail, language) on notice_setting to {scoped}"
    yield (
        f"create policy notice_setting_add_mine on notice_setting for insert to {scoped}"
        f" with check ({MINE})"
    )
    yield f"grant select on notice_setting to {system}"
    yield f"grant select (email, active) on ab_user to {system}"
    yield f"grant select, insert, update, delete on letter to {system}"
    yield f"grant select, update (state, next_at) on letter to {region}"
    yield f"create policy letter_read_operator on letter for select to {region} using ({OPERATOR})"
    yield (
        f"create policy letter_again_operator on letter for update to {region}"
        f" using ({OPERATOR} and state in ('failed', 'unsure'))"
        f" with check ({OPERATOR} and state = 'waiting')"
    )


def downgrade() -> None:
    op.execute("drop trigger edit_request_event_notice on edit_request_event")
    op.execute("drop function portal_notice()")
    op.drop_table("letter")
    op.drop_table("notice_setting")
    op.drop_table("notice")
    prefix = current_app.config["DB_ROLE_PREFIX"]
    op.execute(f"revoke select (email, active) on ab_user from {prefix}system")
