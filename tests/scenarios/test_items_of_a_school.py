"""The 22 items of section 3 on the page of a school, and the same count as an expression of SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.kernel.completeness import State, items_filled
from app.models.registry import Organisation
from app.models.registry_absences import OrganisationAbsence
from tests.scenarios.keeping import Keeper

if TYPE_CHECKING:
    from tests.conftest import Portal


@pytest.fixture
def clerk(portal: Portal) -> Keeper:
    return Keeper(portal, "clerk")


def tally(page: str) -> int:
    """How many items the page says are done."""
    found = re.search(r"пунктов: (\d+) из 22", page)
    assert found
    return int(found[1])


def test_a_school_sees_what_is_missing_declares_it_absent_and_fills_it(clerk: Keeper) -> None:
    school = clerk.school()
    card = f"/registry/organisation/{school}"
    before = tally(clerk.client.get(card).text)
    assert before > 15
    agreement = clerk.one(
        "select min(id) from organisation_agreement where organisation_id = %s", school
    )
    clerk.trash("organisation-agreement", agreement)
    page = clerk.client.get(card).text
    assert tally(page) == before - 1
    assert f'href="/registry/organisation-agreement/add?parent={school}"' in page
    clerk.add("organisation-absence", school, item_code="3.11")
    page = clerk.client.get(card).text
    assert tally(page) == before
    assert "сведений нет" in page
    clerk.add("organisation-agreement", school, number="5")
    page = clerk.client.get(card).text
    assert tally(page) == before - 1, "a row that says little is not what was declared absent"
    assert "1 из 6" in page


def test_a_missing_value_leads_to_its_input(clerk: Keeper) -> None:
    school = clerk.school()
    clerk.edit("organisation", school, site_url="")
    page = clerk.client.get(f"/registry/organisation/{school}").text
    assert f'href="/registry/organisation/{school}/edit#site_url"' in page


def test_the_expression_counts_as_the_page_does(portal: Portal) -> None:
    from app.extensions import db  # noqa: PLC0415 - only tests with a database
    from app.security.scopes import bind_scope, system_scope  # noqa: PLC0415

    operator = Keeper(portal, "operator")
    schools = [operator.school(number) for number in (1, 5, 11)]
    with portal.app.app_context():
        session = db.session()
        bind_scope(session, system_scope())
        counted = items_filled(Organisation, OrganisationAbsence)
        rows = session.execute(
            select(Organisation.id, counted).where(Organisation.id.in_(schools))
        ).all()
        db.session.remove()
    pages = {s: tally(operator.client.get(f"/registry/organisation/{s}").text) for s in schools}
    assert {row[0]: row[1] for row in rows} == pages
    assert len(set(pages.values())) > 1


def test_states_have_words_of_their_own() -> None:
    assert {state.value for state in State} == {"filled", "declared", "partly", "missing"}
