"""What one act changed is taken back as a whole, and what others have done since stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from app.kernel.errors import Message, Missing, Refused
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.services import batches, keep
from app.services.undoing import Undone, undo
from tests.working import person, session_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.conftest import Portal

TITLE = Message("Правка сорока телефонов")


def phones(session: Session) -> dict[int, str | None]:
    return {
        row.id: row.phone for row in session.execute(select(Organisation.id, Organisation.phone))
    }


def change_all(portal: Portal, phone: str) -> int:
    """Give all organisations one telephone and add an organisation with an address."""
    with session_of(portal, person(portal, "operator")) as session:
        number = batches.begin(session, "bulk.edit", TITLE)
        session.execute(update(Organisation).values(phone=phone))
        made = Organisation(full_name="Новая школа", phone=phone)
        session.add(made)
        session.flush()
        session.add(OrganisationAddress(organisation_id=made.id, address_kind="F"))
        session.flush()
        session.commit()
    return number


def taken_back(portal: Portal, number: int, login: str = "operator", **options: bool) -> Undone:
    who = person(portal, login)
    with session_of(portal, who) as session:
        done = undo(session, number, who, **options)
        session.commit()
    return done


def test_a_batch_is_taken_back_whole(fresh_portal: Portal) -> None:
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        before = phones(session)
    number = change_all(fresh_portal, "+74812777777")
    done = taken_back(fresh_portal, number)
    assert done.trashed == {"organisation": 1, "organisation_address": 1}
    assert done.restored["organisation"] == len(before)
    assert not done.left.total()
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        assert phones(session) == before
        assert batches.undone_by(session, [number]) == {number: done.batch}
        lines = batches.counts(session, done.batch)
    assert ("organisation", "trash", 1) in lines
    with pytest.raises(Refused):
        taken_back(fresh_portal, number)


def test_an_undo_is_undone(fresh_portal: Portal) -> None:
    number = change_all(fresh_portal, "+74812777777")
    first = taken_back(fresh_portal, number)
    taken_back(fresh_portal, first.batch)
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        assert set(phones(session).values()) == {"+74812777777"}
        made = session.scalars(
            select(Organisation).where(Organisation.full_name == "Новая школа")
        ).one()
        assert session.scalars(
            select(OrganisationAddress).where(OrganisationAddress.organisation_id == made.id)
        ).one()


def test_what_was_changed_since_is_left_and_counted(fresh_portal: Portal) -> None:
    number = change_all(fresh_portal, "+74812777777")
    clerk = person(fresh_portal, "clerk")
    assert clerk.capacity
    school = clerk.capacity.organisation_id
    assert school
    with session_of(fresh_portal, clerk) as session:
        version = keep.fetch(session, Organisation, school).version
        keep.change(session, Organisation, school, {"phone": "+74812888888"}, version, clerk)
        session.commit()
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        made = session.scalars(
            select(Organisation).where(Organisation.full_name == "Новая школа")
        ).one()
        session.add(OrganisationAddress(organisation_id=made.id, address_kind="F", house="2"))
        session.flush()
        session.commit()
        made_id = made.id
    done = taken_back(fresh_portal, number)
    assert done.left == {"organisation": 2, "organisation_address": 0}
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        found = phones(session)
    assert found[school] == "+74812888888"
    assert made_id in found, "a row with somebody's address went to the trash"


def test_a_dry_run_counts_and_changes_nothing(fresh_portal: Portal) -> None:
    number = change_all(fresh_portal, "+74812777777")
    tried = taken_back(fresh_portal, number, dry_run=True)
    assert tried.total > 2
    with session_of(fresh_portal, person(fresh_portal, "operator")) as session:
        assert set(phones(session).values()) == {"+74812777777"}
        assert not batches.undone_by(session, [number])
    assert taken_back(fresh_portal, number).total == tried.total


def test_nobody_takes_back_what_they_may_not_write(fresh_portal: Portal) -> None:
    number = change_all(fresh_portal, "+74812777777")
    with pytest.raises(Missing):
        taken_back(fresh_portal, number, "clerk")
    with pytest.raises(Missing):
        taken_back(fresh_portal, number, "department")


def test_a_school_takes_back_its_own_batch(fresh_portal: Portal) -> None:
    clerk = person(fresh_portal, "clerk")
    assert clerk.capacity
    school = clerk.capacity.organisation_id
    assert school
    with session_of(fresh_portal, clerk) as session:
        row = keep.fetch(session, Organisation, school)
        before = row.phone
        number = batches.begin(session, "bulk.edit", TITLE, organisation=school)
        keep.change(session, Organisation, school, {"phone": "+74812999999"}, row.version, clerk)
        session.commit()
    with pytest.raises(Missing):
        taken_back(fresh_portal, number, "clerk2")
    assert taken_back(fresh_portal, number, "head").restored == {"organisation": 1}
    with session_of(fresh_portal, clerk) as session:
        assert keep.fetch(session, Organisation, school).phone == before  # type: ignore[attr-defined]


def test_the_next_act_does_not_belong_to_the_batch(fresh_portal: Portal) -> None:
    who = person(fresh_portal, "operator")
    with session_of(fresh_portal, who) as session:
        number = batches.begin(session, "bulk.edit", TITLE)
        session.execute(update(Organisation).values(phone="+74812777777"))
        session.commit()
        one = session.scalars(select(Organisation).limit(1)).one()
        one.phone = "+74812111111"
        session.flush()
        session.commit()
        lines = batches.lines(session, number, limit=1000)
        assert "+74812111111" not in {(line.after or {}).get("phone") for line in lines}
