"""Many rows into the trash: what others point to stays, and only those who may delete do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.kernel.errors import Refused
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.services import keep
from app.services.browse import Query
from app.services.bulk_trash import trash
from app.services.undoing import undo
from tests.scenarios.test_bulk import HOW, LIST, confirm, figures, post
from tests.working import person, session_of

if TYPE_CHECKING:
    from tests.conftest import Portal


def test_what_others_point_to_stays_out_of_the_trash(fresh_portal: Portal) -> None:
    operator = person(fresh_portal, "operator")
    client = fresh_portal.client_as("operator")
    with session_of(fresh_portal, operator) as session:
        head = Organisation(full_name="Пробная головная")
        session.add(head)
        session.flush()
        session.add(Organisation(full_name="Пробная ветвь", parent_id=head.id))
        held = Organisation(full_name="Пробная с адресом")
        session.add(held)
        session.flush()
        session.add(OrganisationAddress(organisation_id=held.id, address_kind="F"))
        session.commit()
        head_id, held_id = head.id, held.id
    page = post(client, f"{LIST}bulk-trash", scope="filter", query="q=пробная").text
    assert figures(page)["Уйдёт в корзину"] == "2", "a head goes with its branch"
    assert "Сначала удаляют то, что к этому относится: Адреса" in page
    done = confirm(client, page, f"{LIST}bulk-trash")
    assert done.status_code == 303
    told = client.get(done.location).text
    assert "в корзину: 2" in told
    assert "изменено:" not in told
    assert "Вернётся из корзины: 2." in told, "what an undo would do"
    with session_of(fresh_portal, operator) as session:
        left = session.scalars(
            select(Organisation.id).where(Organisation.full_name.startswith("Пробная"))
        ).all()
        assert left == [held_id]
        undo(session, int(done.location.rsplit("/", 1)[1]), operator)
        session.commit()
        assert keep.fetch(session, Organisation, head_id)


def test_the_bar_offers_only_what_may_be_done(portal: Portal) -> None:
    operator, reader = portal.client_as("operator"), portal.client_as("department")
    page = operator.get(LIST).text
    assert f'formaction="{LIST}bulk"' in page
    assert f'formaction="{LIST}bulk-trash"' in page
    assert f'href="{LIST}trash"' in page
    page = reader.get(LIST).text
    assert "bulk" not in page
    assert f"{LIST}trash" not in page
    assert "bulk-trash" not in portal.client_as("clerk").get(LIST).text


def test_nobody_else_can_be_trashed_through_the_service(fresh_portal: Portal) -> None:
    clerk = person(fresh_portal, "clerk")
    with session_of(fresh_portal, clerk) as session, pytest.raises(Refused):
        trash(session, Query(Organisation), clerk, HOW)
