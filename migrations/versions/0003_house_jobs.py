"""The queue of background jobs: Procrastinate's own schema, open to the portal itself only."""

from __future__ import annotations

from alembic import op
from flask import current_app
from procrastinate.schema import SchemaManager

revision = "0003_house_jobs"
down_revision = "0002_house_rights"
branch_labels = None
depends_on = None

GRANTS = """
do $$
declare found record;
begin
    for found in select c.oid::regclass as name, c.relkind from pg_class c
            where relname like 'procrastinate%' and relkind in ('r', 'S') loop
        execute format('grant all on %s %s to {p}system',
            case found.relkind when 'S' then 'sequence' else 'table' end, found.name);
    end loop;
end $$
"""
REMOVE = """
do $$
declare found record;
begin
    for found in select oid::regclass as name from pg_class
            where relname like 'procrastinate%' and relkind = 'r' loop
        execute format('drop table %s cascade', found.name);
    end loop;
    for found in select oid::regprocedure as name from pg_proc
            where proname like 'procrastinate%' loop
        execute format('drop function if exists %s cascade', found.name);
    end loop;
    for found in select oid::regtype as name from pg_type
            where typname like 'procrastinate%' and typtype in ('e', 'c') loop
        execute format('drop type if exists %s cascade', found.name);
    end loop;
end $$
"""


def upgrade() -> None:
    # The pinned version's schema; a later version brings its own step in a migration of its own.
    _run(SchemaManager.get_schema())
    _run(GRANTS.replace("{p}", current_app.config["DB_ROLE_PREFIX"]))


def downgrade() -> None:
    _run(REMOVE)


def _run(statements: str) -> None:
    op.get_bind().connection.driver_connection.execute(statements)
