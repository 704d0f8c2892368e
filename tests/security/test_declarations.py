"""What a declaration may not say: nothing guarded gets out by a caption, a search or a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.kernel.catalogue import field_map, records
from app.kernel.record import Reading
from app.kernel.rights import policies_of, visible, writable
from app.security.database import DatabaseRole
from app.security.identity import Capacity, Identity
from app.security.matrix import ADDITIONS, MATRIX
from app.security.roles import FIELD_GROUPS, Level, RoleCode
from app.security.scopes import Scope
from app.views.base.ask import read

if TYPE_CHECKING:
    from app.kernel.record import Record

RECORDS = records()
GUARDED = [record for record in RECORDS if record.about.group != "open"]


def acting(role: RoleCode) -> Identity:
    """A person in a role, holding every permission there is."""
    capacity = Capacity(1, role, (), 1, None, "")
    every = frozenset(
        (name, record.__tablename__)
        for record in RECORDS
        for name in (
            "can_read",
            "can_create",
            "can_export",
            "can_write_direct",
            "can_write_request",
        )
    )
    scope = Scope(DatabaseRole.ORG, orgs=(1,), writable=(1,))
    return Identity(1, "x", "X", capacity, (capacity,), scope, every)


@pytest.mark.parametrize("record", RECORDS)
def test_what_everybody_sees_of_a_row_is_not_guarded(record: type[Record]) -> None:
    """Captions, hints, search and default order are used without asking for the access group."""
    about, fields = record.about, field_map(record)
    shown = {*about.caption, *about.hint, *about.search, about.order} & set(fields)
    assert {fields[name].group for name in shown} <= {"open", about.group}


@pytest.mark.parametrize("record", RECORDS)
def test_groups_and_rows_of_the_matrix_exist(record: type[Record]) -> None:
    about = record.about
    assert {about.group, *(f.group for f in field_map(record).values())} <= set(FIELD_GROUPS)
    assert {about.matrix[policy] for policy in policies_of(record)} <= {*MATRIX, *ADDITIONS}
    if about.group != "open":
        assert about.reading is not Reading.EVERYBODY
        assert {f.group for f in field_map(record).values() if f.typed} == {about.group}


@pytest.mark.parametrize("record", RECORDS)
def test_owner_of_a_row_is_typed_by_nobody(record: type[Record]) -> None:
    """Neither the organisation nor the parent of a row can be changed by a form."""
    for name in {record.about.owner, "organisation_id"} & set(field_map(record)):
        assert not field_map(record)[name].typed


@pytest.mark.parametrize("role", RoleCode)
@pytest.mark.parametrize("record", GUARDED)
def test_hidden_column_is_no_oracle(record: type[Record], role: RoleCode) -> None:
    """Without the access group no filter, no order and no input, whatever else is held."""
    person = acting(role)
    sees = FIELD_GROUPS[record.about.group].get(role, Level.NONE) is Level.FULL
    guarded = [f for f in field_map(record).values() if f.group == record.about.group]
    for declared in guarded:
        assert (declared in visible(record, person)) is sees
        assert (declared.name in writable(record, person, 1)) is (sees and declared.typed)
        for operator in declared.kind.operators:
            asked = MultiDict({f"{declared.name}__{operator}": ""})
            read(record, person, asked)  # an empty one asks for nothing
            asked = MultiDict({f"{declared.name}__{operator}": declared.kind.samples[0]})
            if sees:
                assert read(record, person, asked)
                continue
            with pytest.raises(BadRequest):
                read(record, person, asked)
        if not sees:
            with pytest.raises(BadRequest):
                read(record, person, MultiDict({"sort": declared.name}))


def test_capacity_that_is_none_sees_and_does_nothing() -> None:
    nobody = Identity(1, "x", "X", None, (), Scope(DatabaseRole.PERSON), frozenset())
    for record in RECORDS:
        assert visible(record, nobody) == ()
        assert not nobody.may("can_read", record.__tablename__)
    assert not nobody.reaches(1)
    assert not nobody.reaches(None)
