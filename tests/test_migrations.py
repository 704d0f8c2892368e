"""Migrations go up, down and up again, and agree with the models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from app.extensions import db
from app.kernel.catalogue import CAPTION, field_map, include_in_migrations, order_key, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.conftest import Portal

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
TABLES = text("select tablename from pg_tables where schemaname = 'public' order by 1")
POLICIES = text(
    "select tablename, policyname, cmd, roles::text, qual, with_check"
    " from pg_policies order by 1, 2"
)


@pytest.fixture
def owner(fresh_portal: Portal) -> Iterator[Connection]:
    engine = create_engine(fresh_portal.app.config["OWNER_DATABASE_URI"])
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_models_and_migrations_agree(fresh_portal: Portal, owner: Connection) -> None:
    with fresh_portal.app.app_context():
        context = MigrationContext.configure(
            owner, opts={"compare_type": True, "include_object": include_in_migrations}
        )
        assert compare_metadata(context, db.metadata) == []


def test_migrations_go_down_to_nothing_and_up_again(
    fresh_portal: Portal, owner: Connection
) -> None:
    tables = owner.execute(TABLES).scalars().all()
    policies = owner.execute(POLICIES).all()
    owner.rollback()
    with fresh_portal.app.app_context():
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
        assert owner.execute(TABLES).scalars().all() == ["alembic_version"]
        left = "select count(*) from pg_proc where pronamespace = 'public'::regnamespace"
        assert owner.scalar(text(left)) == 0
        owner.rollback()
        flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert owner.execute(TABLES).scalars().all() == tables
    assert owner.execute(POLICIES).all() == policies


def test_names_of_migrations_follow_the_rule() -> None:
    files = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    assert (MIGRATIONS / ".head").read_text().strip() == files[-1]
    for number, name in enumerate(files, 1):
        assert name.startswith(f"{number:04d}_")
        assert len(name) <= 32
        source = (MIGRATIONS / "versions" / f"{name}.py").read_text()
        assert f'revision = "{name}"' in source


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__tablename__)
def test_every_order_that_a_list_offers_has_its_index(record: type, owner: Connection) -> None:
    names = [n for n, f in field_map(record).items() if f.ordered]
    names += [CAPTION] if record.about.caption_label else []
    owner.execute(text("set local enable_seqscan = off"))
    owner.execute(text("set local enable_sort = off"))
    for name in names:
        key = str(order_key(record, name).compile(owner))
        query = f"from {record.__tablename__} where deleted_at is null order by {key}, id limit 5"
        plan = owner.execute(text(f"explain select id {query}"))
        lines = " ".join(row[0] for row in plan)
        assert f"ix_{record.__tablename__}_{name}_order" in lines


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__tablename__)
def test_every_trash_is_read_by_its_index(record: type, owner: Connection) -> None:
    owner.execute(text("set local enable_seqscan = off"))
    owner.execute(text("set local enable_sort = off"))
    query = f"from {record.__tablename__} where deleted_at is not null"
    plan = owner.execute(
        text(f"explain select id {query} order by deleted_at desc, id desc limit 51")
    )
    assert f"ix_{record.__tablename__}_trash" in " ".join(row[0] for row in plan)
