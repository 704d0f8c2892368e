"""Faults 2, 3, 18, 20, 22, 23, 24 of Flask-AppBuilder: start, tables, routes, record pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app.kernel.catalogue import include_in_migrations, records
from app.kernel.rights import ACCOUNTS, LOGS, POLICIES, REQUESTS
from tests.faults.sides import DONE, Side, mended

if TYPE_CHECKING:
    from tests.conftest import Portal

STOCK = re.compile(
    r"/(back|lang|download|action|action_post|chart|swagger|users|roles|userstats\w*|resetpassword"
    r"|resetmypassword|registeruser\w*|list_widget|menu|api)(/|$)"
)


@mended
def test_a_migration_made_from_the_models_drops_no_table(side: Side) -> None:
    """2: Flask-Migrate sees no model and would drop whatever there is."""
    metadata = side.app.extensions["sqlalchemy"].metadata
    with side.engine.connect() as connection:
        options = {"include_object": include_in_migrations}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, metadata)
    dropped = [change[1].name for change in found if change[0] == "remove_table"]
    assert "organisation" not in dropped
    assert not dropped


@mended
def test_starting_writes_no_permissions(side: Side) -> None:
    """3: every start writes a permission for every method of every view."""
    known = {REQUESTS, POLICIES, LOGS, ACCOUNTS, *(record.__tablename__ for record in records())}
    written = {row[0] for row in side.sql("select name from ab_view_menu")}
    assert written <= known


@mended
def test_no_stock_page_is_reachable(side: Side) -> None:
    """4, 15, 18, 20, 23, 24: charts, downloads, actions, the stack of pages to go back to."""
    rules = [rule.rule for rule in side.app.url_map.iter_rules()]
    ours = ("/api/", "/api/v1/", "/doubles/") if side.mended else ()
    assert not [rule for rule in rules if STOCK.search(rule) and not rule.startswith(ours)]
    assert not [rule for rule in rules if "/security/" in rule and side.mended]


@mended
def test_no_stock_view_answers(side: Side) -> None:
    """4: a view of the framework itself is registered somewhere."""
    for view in side.app.view_functions.values():
        owner = getattr(view, "__self__", None)
        if owner is not None:
            assert type(owner).__module__.startswith("app.views"), type(owner)


@mended
def test_nothing_comes_from_the_framework_s_folder(side: Side) -> None:
    """18: scripts of the framework, one of which loads charts from another host."""
    rules = [rule.rule for rule in side.app.url_map.iter_rules()]
    assert not [rule for rule in rules if "appbuilder" in rule]


@mended
def test_names_on_a_record_page_are_unique(side: Side) -> None:
    """20: two related lists with actions have the same names and post to the wrong view."""
    text = side.page(side.client(), side.path("show", side.organisation("school-10")))
    names = re.findall(r'\sid="([^"]+)"', text)
    assert len(names) == len(set(names))


@mended
def test_lists_of_a_record_stay_when_it_is_to_be_deleted(side: Side) -> None:
    """22: deleting a parent loads and detaches all of its children, or says nothing of use."""
    client = side.client()
    ident = side.organisation("school-11")
    with side.statements() as sent:
        if side.mended:
            form = side.form(client, side.path("show", ident), "version")
            path = f"{side.path('show', ident)}/trash"
            answer = client.post(path, data=form, follow_redirects=True)
        else:
            answer = client.post(
                f"/plainorganisationview/delete/{ident}",
                data=side.token(side.page(client, side.path("edit", ident))),
                follow_redirects=True,
            )
    assert not [text for text in sent if text.startswith("UPDATE organisation_")]
    assert "Лицензии" in answer.text
    assert side.sql("select deleted_at from organisation where id = %s", ident) == [(None,)]


@mended
def test_the_pages_of_two_tabs_do_not_mix(side: Side) -> None:
    """24: after saving one lands where the other tab was."""
    client = side.client()
    ident = side.organisation("school-12")
    path = side.path("edit", ident)
    side.page(client, side.path("list"))
    values = side.form(client, path)
    side.page(client, side.path("licences"))
    answer = client.post(path, data=values)
    if answer.status_code not in DONE:
        raise RuntimeError("not saved")
    assert answer.headers["Location"].endswith(side.path("show", ident))


@mended
def test_a_list_can_be_taken_away_as_a_file(side: Side) -> None:
    """24: there is no export."""
    text = side.page(side.client(), side.path("list"))
    assert "xlsx" in text


def test_a_table_is_declared_once() -> None:
    """22: two classes of one table melt into each other without a word."""
    from sqlalchemy.exc import InvalidRequestError  # noqa: PLC0415 - beside the models

    from app.kernel.record import Record  # noqa: PLC0415 - after the environment is set

    def again() -> Any:
        class Municipality(Record):
            __tablename__ = "municipality"

        return Municipality

    with pytest.raises(InvalidRequestError, match="already defined"):
        again()


def test_stamps_need_no_request_and_no_person(portal: Portal) -> None:
    """22: what no person writes cannot be written: commands and imports fail."""
    insert = (
        "insert into municipality (uid, oktmo, name)"
        " values (gen_random_uuid(), '66999000', 'Проба')"
        " returning version, created_at is not null, created_at = updated_at, created_by"
    )
    with portal.cluster.connect(portal.database, "portal_test_owner") as connection:
        row = connection.execute(insert).fetchone()
    assert row == (1, True, True, None)


def test_no_relation_is_loaded_with_its_record() -> None:
    """6: whatever points to a large table is asked for by a picker, never loaded as a whole."""
    for record in records():
        assert not inspect(record).relationships
