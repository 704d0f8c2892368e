"""No way through SQLAlchemy or below it leads a clerk to the bank details of another school."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg import errors
from sqlalchemy import Row, select, text, update
from sqlalchemy.exc import DBAPIError, InvalidRequestError, SQLAlchemyError
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.models.registry import Organisation
from app.models.registry_addresses import OrganisationAddress
from app.models.registry_bank import OrganisationBankAccount as Account
from app.security.database import DatabaseRole
from app.security.scopes import Scope, bind_scope, scope_of, system_scope
from tests.security.access_paths import NAMED, READ, WRITE
from tests.security.raw import school, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.conftest import Portal

DENIED = "permission denied"


@pytest.fixture
def bare(portal: Portal) -> Iterator[Session]:
    """A session nobody has given a scope."""
    with portal.app.app_context():
        session = db.session()
        yield session
        session.rollback()


@pytest.fixture
def clerk(portal: Portal, bare: Session) -> Session:
    """A session in the scope of the clerk of the first school."""
    own = school(portal, "school-1")
    bind_scope(
        bare,
        Scope(
            DatabaseRole.ORG,
            orgs=(own,),
            writable=(own,),
            groups=frozenset({"bank"}),
            user_id=5,
            capacity="clerk",
        ),
    )
    return bare


@pytest.fixture
def foreign(portal: Portal) -> int:
    """The account of a school that is not the clerk's."""
    with portal.cluster.connect(portal.database) as base:
        found: int = value(
            base,
            "select id from organisation_bank_account where organisation_id = %s",
            school(portal, "school-3"),
        )
        return found


def organisation_of(row: Any) -> int | None:
    """The organisation a result speaks of: an entity's, or the first column."""
    while isinstance(row, Row | tuple):
        row = row[0]
    return row.organisation_id if isinstance(row, Account) else row


def content(portal: Portal) -> str:
    """A hash of all bank details."""
    with portal.cluster.connect(portal.database) as base:
        found: str = value(
            base,
            "select md5(string_agg(t::text, '|' order by id)) from organisation_bank_account t",
        )
        return found


@pytest.mark.parametrize("path", READ)
def test_path_shows_own_rows_only(path: str, portal: Portal, clerk: Session, foreign: int) -> None:
    own = school(portal, "school-1")
    seen = {organisation_of(row) for row in READ[path](clerk, foreign)} - {None}
    assert seen == {own}


@pytest.mark.parametrize("path", NAMED)
def test_foreign_row_by_its_number_is_nothing(path: str, clerk: Session, foreign: int) -> None:
    assert NAMED[path](clerk, foreign) is None


@pytest.mark.parametrize("path", WRITE)
def test_path_writes_nothing(path: str, portal: Portal, clerk: Session, foreign: int) -> None:
    """Bank details are changed by the operator: a school writes neither foreign nor own ones."""
    before = content(portal)
    with pytest.raises((SQLAlchemyError, errors.Error)) as caught:
        WRITE[path](clerk, foreign)
    clerk.rollback()
    told = f"{caught.type.__name__}: {caught.value}"
    assert DENIED in told or isinstance(caught.value, InvalidRequestError), told
    assert content(portal) == before


@pytest.mark.parametrize("path", READ)
def test_session_without_a_scope_reads_nothing(path: str, bare: Session, foreign: int) -> None:
    with pytest.raises((DBAPIError, errors.Error), match=DENIED):
        list(READ[path](bare, foreign))


def test_bulk_update_changes_the_own_row_only(portal: Portal, clerk: Session) -> None:
    own = school(portal, "school-1")
    changed = clerk.execute(
        update(Organisation).values(fax="+74812000000").returning(Organisation.id)
    ).scalars()
    assert list(changed) == [own]
    assert clerk.execute(update(Organisation.__table__).values(fax=None)).rowcount == 1
    foreign = clerk.get(Organisation, school(portal, "school-3"))
    assert foreign is not None
    foreign.phone = "+74812000000"
    with pytest.raises(StaleDataError):
        clerk.flush()


def test_second_scope_on_a_session_is_a_mistake(clerk: Session) -> None:
    bound = scope_of(clerk)
    assert bound is not None
    bind_scope(clerk, bound)
    for other in (system_scope(), Scope(DatabaseRole.REGION, write=True)):
        with pytest.raises(RuntimeError):
            bind_scope(clerk, other)
    assert scope_of(clerk) == bound


def test_scope_does_not_outlive_the_session(clerk: Session) -> None:
    """The next user of the connection begins without a role and without settings."""
    clerk.execute(select(Account)).all()
    clerk.commit()
    db.session.remove()
    fresh = db.session()
    assert scope_of(fresh) is None
    told = "select current_user, current_setting('app.orgs', true)"
    role, orgs = fresh.execute(text(told)).one()
    assert role.endswith("login")
    assert not orgs


def test_scope_is_told_again_after_commit_rollback_and_savepoint(clerk: Session) -> None:
    role = text("select current_user::text")
    for end in (clerk.commit, clerk.rollback):
        assert str(clerk.scalar(role)).endswith("org")
        end()
    with clerk.begin_nested():
        assert str(clerk.scalar(role)).endswith("org")
    assert str(clerk.scalar(role)).endswith("org")


def test_trash_is_hidden_unless_asked_for(portal: Portal, clerk: Session) -> None:
    own = school(portal, "school-1")
    with portal.cluster.connect(portal.database) as base:
        gone = value(
            base,
            "update organisation_address set deleted_at = now() where id = (select min(id) from"
            " organisation_address where organisation_id = %s) returning id",
            own,
        )
    other = aliased(OrganisationAddress)
    ways = {
        "entity": select(OrganisationAddress.id),
        "alias": select(other.id),
        "join": select(other.id).join(Organisation, Organisation.id == other.organisation_id),
        "self-join": select(other.id).join(OrganisationAddress, OrganisationAddress.id == other.id),
        "subquery": select(select(OrganisationAddress.id).subquery()),
        "in": select(Organisation.id).where(
            Organisation.id.in_(
                select(OrganisationAddress.organisation_id).where(OrganisationAddress.id == gone)
            )
        ),
    }
    for name, statement in ways.items():
        found = set(clerk.scalars(statement))
        assert gone not in found, name
        assert bool(found) is (name != "in"), name
    assert clerk.get(OrganisationAddress, gone) is None
    asked = clerk.scalars(ways["entity"], execution_options={"include_trash": True})
    assert gone in set(asked)
