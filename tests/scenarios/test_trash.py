"""The trash of a list: what is there and whose, the way back alone and together with the parent."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from app.kernel.clock import now
from app.kernel.errors import Message, Missing, Refused
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.services import keep
from app.services.bulk import How
from app.services.bulk_trash import Binned, restore
from tests.working import person, session_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.conftest import Portal

LIST = "/registry/organisation/"
ADDRESSES = "/registry/organisation-address/"
HOW = How(Message("Из корзины"))


def post(client: FlaskClient, path: str, **data: Any) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(LIST).text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **data})


def binned(portal: Portal, name: str = "Школа упразднённая", **values: Any) -> tuple[int, int]:
    """An organisation with an address, both in the trash."""
    who = person(portal, "operator")
    with session_of(portal, who) as session:
        school = keep.add(session, Organisation, {"full_name": name, **values}, who)
        address = keep.add(session, OrganisationAddress, {"address_kind": "F"}, who, school)
        session.commit()
        session.refresh(school)
        keep.trash(session, OrganisationAddress, address.id, address.version, who)
        session.commit()
        session.refresh(school)
        keep.trash(session, Organisation, school.id, school.version, who)
        session.commit()
        return school.id, address.id


def test_a_row_comes_back_and_its_history_says_so(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    school, _address = binned(fresh_portal)
    assert client.get(f"{LIST}{school}").status_code == 404
    page = client.get(f"{LIST}trash").text
    assert "Школа упразднённая" in page
    assert "Орлова" in page
    assert "Школа упразднённая" not in client.get(f"{LIST}trash?q=гимназия").text
    assert "Школа упразднённая" in client.get(f"{LIST}trash?q=упразд").text
    answer = post(client, f"{LIST}restore", ids=str(school))
    assert answer.status_code == 303
    assert answer.location == f"{LIST}{school}"
    assert client.get(answer.location).status_code == 200
    assert "Восстановлено из корзины" in client.get(f"{LIST}{school}/history").text
    assert "Школа упразднённая" not in client.get(f"{LIST}trash").text
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        assert keep.fetch(session, Organisation, school).version == 4


def test_a_row_of_a_trashed_parent_says_so_and_comes_with_it(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    school, address = binned(fresh_portal)
    page = client.get(f"{ADDRESSES}trash").text
    assert "тоже в корзине" in page
    assert "Восстановить вместе" in page
    refused = post(client, f"{ADDRESSES}restore", ids=str(address))
    assert refused.location == f"{ADDRESSES}trash"
    assert "чему это принадлежит (Организация)" in client.get(refused.location).text
    assert client.get(f"{ADDRESSES}{address}").status_code == 404
    done = post(client, f"{ADDRESSES}restore", ids=str(address), parents="1")
    assert done.location == f"{ADDRESSES}{address}"
    assert client.get(f"{ADDRESSES}{address}").status_code == 200
    assert client.get(f"{LIST}{school}").status_code == 200


def test_a_number_that_was_given_anew_keeps_the_old_row_in_the_trash(fresh_portal: Portal) -> None:
    client, who = fresh_portal.client_as("operator"), person(fresh_portal, "operator")
    school, _address = binned(fresh_portal)
    with session_of(fresh_portal, who) as session:
        session.execute(
            text("update organisation set source = 'x', source_id = 'y' where id = :id"),
            {"id": school},
        )
        session.add(Organisation(full_name="Новая", source="x", source_id="y"))
        session.commit()
    answer = post(client, f"{LIST}restore", ids=str(school))
    assert answer.location == f"{LIST}trash"
    page = client.get(answer.location).text
    assert "Такая же запись уже есть среди действующих" in page
    assert "Школа упразднённая" in page


def test_several_come_back_as_a_batch_that_can_be_undone(fresh_portal: Portal) -> None:
    client = fresh_portal.client_as("operator")
    rows = [binned(fresh_portal, f"Школа упразднённая {n}")[0] for n in range(3)]
    ids = ",".join(map(str, [*rows, 999_999_999]))
    answer = post(client, f"{LIST}restore", ids=ids)
    assert answer.location.startswith("/batches/")
    page = client.get(answer.location).text
    assert "Из корзины: Организации" in page
    assert "Отменить пакет" in page
    again = post(client, f"{LIST}restore", ids=ids)
    assert again.location == f"{LIST}trash"
    assert "в корзине уже нет" in client.get(again.location).text


def test_the_trash_turns_its_pages(fresh_portal: Portal) -> None:
    client, who = fresh_portal.client_as("operator"), person(fresh_portal, "operator")
    with session_of(fresh_portal, who) as session:
        session.add_all(
            Organisation(full_name=f"Пробная {n:03}", deleted_at=now()) for n in range(120)
        )
        session.commit()
    seen: list[str] = []
    path = f"{LIST}trash"
    while path:
        page = client.get(path).text
        seen += re.findall(r"<span class=\"c\">(Пробная \d+)</span>", page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"{LIST}trash{more[1].replace('&amp;', '&')}" if more else ""
    assert len(seen) == len(set(seen)) == 120


def test_those_who_may_not_delete_have_no_trash(fresh_portal: Portal) -> None:
    school, _address = binned(fresh_portal)
    for login in ("clerk", "department", "commission"):
        client = fresh_portal.client_as(login)
        assert client.get(f"{LIST}trash").status_code == 403
        assert post(client, f"{LIST}restore", ids=str(school)).status_code == 403
    clerk = person(fresh_portal, "clerk")
    with session_of(fresh_portal, clerk) as session, pytest.raises(Refused):
        restore(session, Binned(Organisation, (school,)), clerk, HOW)


def test_a_list_row_is_not_added_while_its_parent_is_trashed(fresh_portal: Portal) -> None:
    who = person(fresh_portal, "operator")
    with session_of(fresh_portal, who) as session:
        school = Organisation(full_name="Уходящая")
        session.add(school)
        session.commit()
        ident, version = school.id, school.version
    outcome: list[str] = []

    def add() -> None:
        with session_of(fresh_portal, who) as session:
            parent = keep.fetch(session, Organisation, ident)
            ready.set()
            moved.wait(10)
            try:
                keep.add(session, OrganisationAddress, {"address_kind": "F"}, who, parent)
                session.commit()
                outcome.append("added")
            except Refused as error:
                outcome.append(str(error))

    ready, moved = threading.Event(), threading.Event()
    adding = threading.Thread(target=add)
    adding.start()
    ready.wait(10)
    with session_of(fresh_portal, who) as session:
        keep.trash(session, Organisation, ident, version, who)
        moved.set()
        session.commit()
    adding.join(20)
    assert len(outcome) == 1
    assert "удалили" in outcome[0]
    with session_of(fresh_portal, who) as session:
        with pytest.raises(Missing):
            keep.fetch(session, Organisation, ident)
        assert not session.scalars(
            select(OrganisationAddress.id).where(OrganisationAddress.organisation_id == ident)
        ).all()
