"""Alembic environment: migrations act as the owner, one at a time, each in its own transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool, text

from app.extensions import db
from app.kernel.catalogue import include_in_migrations
from app.security.migrating import add_guards, rendered

LOCK = 493_2022  # any fixed number: the advisory lock of this portal's migrations


def _directives(environment: Any, revision: Any, directives: list[Any]) -> None:
    """Add the rights of new tables and columns, and let the new migration be the head."""
    add_guards(environment, revision, directives)
    if directives:
        (Path(__file__).parent / ".head").write_text(f"{directives[0].rev_id}\n")


def run() -> None:
    """Connect as the owner, take the lock, run what is missing."""
    engine = create_engine(current_app.config["OWNER_DATABASE_URI"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '10s'"))
        connection.execute(text("set statement_timeout = '30min'"))
        connection.execute(text("select pg_advisory_lock(:number)"), {"number": LOCK})
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=False,
            include_object=include_in_migrations,
            process_revision_directives=_directives,
            render_item=rendered,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        connection.execute(text("select pg_advisory_unlock(:number)"), {"number": LOCK})
        connection.commit()
    engine.dispose()


run()
