"""Row scope: a frozen value computed before the transaction, told to the database at its begin.

The database keeps the promise (policies on ``app.orgs`` and friends, see ``policies``); here is
only the telling. A session without a scope is the bare login role, which may read no record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session, with_loader_criteria

from app.kernel.record import Record
from app.security.database import DatabaseRole, role_name

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import ORMExecuteState, SessionTransaction

KEY = "scope"
PATIENCE = "10s"  # a page waits for a row that somebody holds; then it asks to try again
LONGEST_STATEMENT = "30s"  # of a page; a question that takes longer is asked wrongly
LONGEST_PAUSE = "1min"  # between two statements of a page
LONGEST_SEND = "10min"  # between two statements of an export, whose reader may be slow
TELL = text(
    "select set_config('role', :role, true), set_config('app.orgs', :orgs, true),"
    " set_config('app.writable', :writable, true),"
    " set_config('app.overseen', :overseen, true), set_config('app.write', :write, true),"
    " set_config('app.students', :students, true),"
    " set_config('app.groups', :groups, true), set_config('app.user_id', :user_id, true),"
    " set_config('app.capacity', :capacity, true), set_config('app.via', :via, true),"
    " set_config('transaction_read_only', :looking, true),"
    " set_config('lock_timeout', :patience, true),"
    " set_config('statement_timeout', :statement, true),"
    " set_config('idle_in_transaction_session_timeout', :pause, true)"
)
_LONGER = text(
    "select set_config('statement_timeout', '0', true),"
    " set_config('idle_in_transaction_session_timeout', :pause, true)"
)

WAITED_FOR = {"form", "api"}  # somebody waits for the answer


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts and over which rows.

    ``orgs``: organisations whose own rows may be read; ``writable``: those whose rows may be
    written by a capacity bound to organisations; ``overseen``: those of which a municipal authority
    keeps what is an authority's to say; ``students``: learners a teacher teaches or a family has;
    ``write``: whether a region-wide capacity may write at all; ``groups``: access groups of guarded
    records; ``via``: form, import, job, cli; ``looking``: the database lets nothing be written.
    """

    role: DatabaseRole
    orgs: tuple[int, ...] = ()
    writable: tuple[int, ...] = ()
    overseen: tuple[int, ...] = ()
    students: tuple[int, ...] = ()
    write: bool = False
    groups: frozenset[str] = field(default_factory=frozenset)
    user_id: int | None = None
    capacity: str = ""
    via: str = "form"
    looking: bool = False

    def settings(self, prefix: str) -> dict[str, str]:
        """The transaction-local settings the policies and triggers read, and its patience."""
        page = self.via in WAITED_FOR
        return {
            "role": role_name(self.role, prefix),
            "orgs": array(self.orgs),
            "writable": array(self.writable),
            "overseen": array(self.overseen),
            "students": array(self.students),
            "write": "on" if self.write else "off",
            "groups": array(sorted(self.groups)),
            "user_id": "" if self.user_id is None else str(self.user_id),
            "capacity": self.capacity,
            "via": self.via,
            "looking": "on" if self.looking else "off",
            "patience": PATIENCE if page else "0",
            "statement": LONGEST_STATEMENT if page else "0",
            "pause": LONGEST_PAUSE if page else "0",
        }


def array(values: tuple[int, ...] | list[str]) -> str:
    """A PostgreSQL array literal of numbers or plain words."""
    return "{" + ",".join(str(value) for value in values) + "}"


def system_scope(via: str = "job", user_id: int | None = None) -> Scope:
    """The portal itself: jobs, imports and commands of the operator of the server."""
    return Scope(
        DatabaseRole.SYSTEM,
        write=True,
        groups=frozenset({"bank"}),
        user_id=user_id,
        capacity="system",
        via=via,
    )


def bind_scope(session: Session, scope: Scope) -> None:
    """Give the session its scope; a second, different one is a mistake of the programmer.

    Raises ``RuntimeError`` when the session already acts in another scope.
    """
    bound = session.info.get(KEY)
    if bound is not None and bound != scope:
        message = "a session acts in one scope"
        raise RuntimeError(message)
    session.info[KEY] = scope


def scope_of(session: Session) -> Scope | None:
    """The scope the session acts in."""
    return session.info.get(KEY)


def take_time(session: Session) -> None:
    """Let the present transaction of an export run on, as long as its reader goes on reading."""
    session.execute(_LONGER, {"pause": LONGEST_SEND})


def listen(session_factory: Any, prefix: str) -> None:
    """Tell the database the scope at the begin of every transaction of these sessions."""

    def tell(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
        if transaction.nested:
            return
        scope = scope_of(session)
        if scope is not None:
            connection.execute(TELL, scope.settings(prefix))

    event.listen(session_factory, "after_begin", tell)
    event.listen(session_factory, "do_orm_execute", _hide_trash)


def _hide_trash(state: ORMExecuteState) -> None:
    """Rows in the trash are out of every query unless ``include_trash`` is asked for."""
    if state.is_column_load or state.execution_options.get("include_trash", False):
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(
            with_loader_criteria(
                Record, lambda record: record.deleted_at.is_(None), include_aliases=True
            )
        )
