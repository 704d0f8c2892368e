"""No row is left under one in the trash or pointing to one, and no batch closed for its owners."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from app.kernel.errors import Message, Refused
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.models.registry_curricula import Curriculum
from app.models.registry_programs import EducationProgram
from app.services import batches, keep
from app.services.browse import Query
from app.services.bulk import How
from app.services.bulk_edit import edit
from app.services.bulk_trash import Binned, restore, trash
from app.services.undoing import Undone, undo
from tests.working import person, session_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.security.identity import Identity
    from tests.conftest import Portal

HOW = How(Message("Правка"))


@pytest.fixture
def operator(fresh_portal: Portal) -> Identity:
    return person(fresh_portal, "operator")


def school_of(session: Session, who: Identity, name: str = "Школа новая") -> Organisation:
    row = keep.add(session, Organisation, {"full_name": name}, who)
    assert isinstance(row, Organisation)
    return row


def address_of(session: Session, who: Identity, school: Organisation) -> OrganisationAddress:
    row = keep.add(session, OrganisationAddress, {"address_kind": "F"}, who, school)
    assert isinstance(row, OrganisationAddress)
    return row


def bin_school(session: Session, school: Organisation, who: Identity) -> None:
    session.refresh(school)
    keep.trash(session, Organisation, school.id, school.version, who)
    session.commit()


def hanging(portal: Portal) -> list[tuple[int, int]]:
    """Live addresses and branches whose organisation is in the trash."""
    with portal.cluster.connect(portal.database) as base:
        return base.execute(
            "select a.id, o.id from organisation o join"
            " (select id, organisation_id as above, deleted_at from organisation_address"
            "  union all select id, parent_id, deleted_at from organisation) a on a.above = o.id"
            " where a.deleted_at is null and o.deleted_at is not null"
        ).fetchall()


def test_a_row_stays_in_the_trash_while_what_it_belongs_to_is_there(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        school = school_of(session, operator)
        kept, other = (address_of(session, operator, school) for _ in range(2))
        second = school_of(session, operator, "Школа вторая")
        alone = address_of(session, operator, second)
        session.commit()
        ids = (kept.id, other.id, alone.id)
        done = trash(session, Query(OrganisationAddress, ids=ids), operator, HOW)
        session.commit()
        bin_school(session, school, operator)
        taken = undo(session, done.batch, operator)
        session.commit()
    assert taken.restored["organisation_address"] == 1
    assert taken.left["organisation_address"] == 2
    assert not hanging(fresh_portal)


def test_what_was_brought_back_stays_while_something_new_belongs_to_it(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        first, second = (school_of(session, operator, name) for name in ("Первая", "Вторая"))
        session.commit()
        bin_school(session, first, operator)
        bin_school(session, second, operator)
        done = restore(session, Binned(Organisation, (first.id, second.id)), operator, HOW)
        session.commit()
        address_of(session, operator, first)
        session.commit()
        taken = undo(session, done.batch, operator)
        session.commit()
    assert taken.restored["organisation"] == 1
    assert taken.left["organisation"] == 1
    assert not hanging(fresh_portal)


def test_a_restored_school_goes_again_with_its_restored_address(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        school = school_of(session, operator)
        address = address_of(session, operator, school)
        session.commit()
        keep.trash(session, OrganisationAddress, address.id, address.version, operator)
        bin_school(session, school, operator)
        chosen = Binned(OrganisationAddress, (address.id,), parents=True)
        done = restore(session, chosen, operator, HOW)
        session.commit()
        taken = undo(session, done.batch, operator)
        session.commit()
    assert taken.restored == {"organisation": 1, "organisation_address": 1}
    assert not taken.left.total()
    assert not hanging(fresh_portal)


def test_a_link_does_not_come_back_to_what_is_in_the_trash(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        head = school_of(session, operator, "Головная")
        branch = school_of(session, operator, "Ветвь")
        branch.parent_id = head.id
        session.commit()
        chosen = Query(Organisation, ids=(branch.id,))
        done = edit(session, chosen, {"parent_id": None}, operator, HOW)
        session.commit()
        bin_school(session, head, operator)
        with pytest.raises(Refused, match="Отменить уже нечего"):
            undo(session, done.batch, operator)
        session.rollback()
        assert not batches.undone_by(session, [done.batch]), "nothing was taken back"
    assert not hanging(fresh_portal)


def test_a_head_goes_after_its_branches(fresh_portal: Portal, operator: Identity) -> None:
    with session_of(fresh_portal, operator) as session:
        number = batches.begin(session, "import.accreditation", HOW.title)
        head = school_of(session, operator, "Головная")
        branch = school_of(session, operator, "Ветвь")
        smaller = school_of(session, operator, "Ветвь ветви")
        branch.parent_id, smaller.parent_id = head.id, branch.id
        session.commit()
        taken = undo(session, number, operator)
        session.commit()
        assert taken.trashed["organisation"] == 3
        assert not taken.left.total()
        undo(session, taken.batch, operator)
        session.commit()
        assert keep.fetch(session, Organisation, smaller.id)
        assert keep.fetch(session, Organisation, head.id)


def test_an_address_added_at_that_very_moment_keeps_its_school(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        number = batches.begin(session, "import.accreditation", HOW.title)
        school_id = school_of(session, operator).id
        school_of(session, operator, "Школа вторая")
        session.commit()
    found: list[Undone] = []

    def take_back() -> None:
        with session_of(fresh_portal, operator) as session:
            found.append(undo(session, number, operator))
            session.commit()

    with session_of(fresh_portal, operator) as session:
        school = keep.fetch(session, Organisation, school_id)
        assert isinstance(school, Organisation)
        address_of(session, operator, school)
        undoing = threading.Thread(target=take_back)
        undoing.start()
        wait_for_a_lock(fresh_portal)
        session.commit()
        undoing.join()
    assert found[0].trashed["organisation"] == 1
    assert found[0].left["organisation"] == 1
    assert not hanging(fresh_portal)


def wait_for_a_lock(portal: Portal) -> None:
    """Until somebody in the database waits for somebody else."""
    with portal.cluster.connect(portal.database) as base:
        base.autocommit = True
        for _ in range(3_000):
            waits = base.execute(
                "select exists (select from pg_locks where not granted), pg_sleep(0.01)"
            ).fetchone()
            if waits and waits[0]:
                return
    pytest.fail("nobody waits")


def test_an_authority_does_not_close_the_batch_of_a_school(fresh_portal: Portal) -> None:
    clerk, authority = person(fresh_portal, "clerk"), person(fresh_portal, "municipal")
    assert clerk.capacity
    school = clerk.capacity.organisation_id
    assert school
    with session_of(fresh_portal, clerk) as session:
        number = batches.begin(session, "bulk.edit", HOW.title, organisation=school)
        row = keep.fetch(session, Organisation, school)
        keep.change(session, Organisation, school, {"phone": "+74812999999"}, row.version, clerk)
        session.commit()
    with session_of(fresh_portal, authority) as session:
        assert batches.find(session, number), "it sees what its schools do"
        with pytest.raises(Refused):
            undo(session, number, authority)
    page = fresh_portal.client_as("municipal").get(f"/batches/{number}")
    assert page.status_code == 200
    assert f"/batches/{number}/undo" not in page.text
    with session_of(fresh_portal, clerk) as session:
        assert undo(session, number, clerk).restored == {"organisation": 1}
        session.commit()
        phone = session.scalar(select(Organisation.phone).where(Organisation.id == school))
        assert phone != "+74812999999"


def test_an_undo_that_can_do_nothing_is_refused_and_may_be_tried_again(
    fresh_portal: Portal, operator: Identity
) -> None:
    with session_of(fresh_portal, operator) as session:
        school = school_of(session, operator)
        session.commit()
        chosen = Query(Organisation, ids=(school.id,))
        done = edit(session, chosen, {"phone": "+74812777777"}, operator, HOW)
        session.commit()
        session.execute(
            text("update organisation set phone = null where id = :i"), {"i": school.id}
        )
        session.commit()
        with pytest.raises(Refused, match="Отменить уже нечего"):
            undo(session, done.batch, operator)
        session.rollback()
        session.execute(
            text("update organisation set phone = '+74812777777' where id = :i"), {"i": school.id}
        )
        session.commit()
        assert undo(session, done.batch, operator).restored == {"organisation": 1}


def test_a_plan_does_not_come_to_point_to_a_programme_that_goes_at_that_moment(
    fresh_portal: Portal,
) -> None:
    clerk = person(fresh_portal, "clerk")
    assert clerk.capacity
    school_id = clerk.capacity.organisation_id
    assert school_id
    with session_of(fresh_portal, clerk) as session:
        school = keep.fetch(session, Organisation, school_id)
        programme = keep.add(session, EducationProgram, {"name": "Уходящая"}, clerk, school)
        plan = keep.add(session, Curriculum, {"name": "План"}, clerk, school)
        session.commit()
        ident, version = programme.id, programme.version
        plan_id, plan_version = plan.id, plan.version
    refused: list[str] = []

    def point() -> None:
        with session_of(fresh_portal, clerk) as session:
            try:
                keep.change(
                    session, Curriculum, plan_id, {"program_id": ident}, plan_version, clerk
                )
                session.commit()
            except keep.Problems as error:
                refused.append(str(error.problems[0].field))

    with session_of(fresh_portal, clerk) as session:
        keep.trash(session, EducationProgram, ident, version, clerk)
        pointing = threading.Thread(target=point)
        pointing.start()
        wait_for_a_lock(fresh_portal)
        session.commit()
        pointing.join()
    assert refused == ["program_id"]
